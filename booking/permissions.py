"""Who may do what: one table from a permission's name to predicates on the actor and the subject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from booking.core.errors import NotAllowed

ScopeKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in member as plain facts for permissions; never used to judge a booking's rules."""

    member_id: int
    name: str
    email: str
    language: str | None = None
    site_role: str = "member"
    organisations: Mapping[int, str] = field(default_factory=dict, hash=False)  # id -> member, student, admin
    manages: frozenset[ScopeKey] = frozenset()
    approves: frozenset[ScopeKey] = frozenset()
    session_id: int | None = None

    @property
    def is_site_admin(self) -> bool:
        """May administer everything."""
        return self.site_role == "site_admin"

    @property
    def is_auditor(self) -> bool:
        """May read everything an admin sees, and change nothing."""
        return self.site_role == "auditor"

    @property
    def manages_anything(self) -> bool:
        """Manages at least one scope."""
        return self.is_site_admin or bool(self.manages)

    @property
    def administers_organisation(self) -> bool:
        """Is an admin of at least one organisation."""
        return "admin" in self.organisations.values()


@dataclass(frozen=True, slots=True)
class Place:
    """A scope and the scopes around it: a resource lies within its category, building and site."""

    scopes: frozenset[ScopeKey]


@dataclass(frozen=True, slots=True)
class BookingSubject:
    """What permissions need to know of a booking; `parts` are the scopes of each of its resources."""

    member_id: int
    organisation_id: int | None
    visibility: str
    scopes: frozenset[ScopeKey]
    members_may_change: bool = False
    parts: tuple[frozenset[ScopeKey], ...] = ()
    delegates: frozenset[int] = frozenset()  # of the holder, where one of them has booked it


@dataclass(frozen=True, slots=True)
class OrganisationSubject:
    """What permissions need to know of an organisation."""

    id: int


Subject = Place | BookingSubject | OrganisationSubject | None
Predicate = Callable[[Actor, Subject], bool]


def site_admin(actor: Actor, _subject: Subject) -> bool:
    """Administers everything."""
    return actor.is_site_admin


def auditor(actor: Actor, _subject: Subject) -> bool:
    """Reads everything."""
    return actor.is_auditor


def manager(actor: Actor, subject: Subject) -> bool:
    """Manages the place, or a booking's place; without a subject, manages anything."""
    if isinstance(subject, Place | BookingSubject):
        return bool(actor.manages & subject.scopes)
    return subject is None and bool(actor.manages)


def approver(actor: Actor, subject: Subject) -> bool:
    """Answers requests for the place, or for some part of a booking; without a subject, for anything."""
    if isinstance(subject, Place | BookingSubject):
        return bool(actor.approves & subject.scopes)
    return subject is None and bool(actor.approves)


def manager_of_all(actor: Actor, subject: Subject) -> bool:
    """Manages every resource of the booking: of a kit, a manager of one part decides nothing about the others."""
    if not isinstance(subject, BookingSubject):
        return manager(actor, subject)
    return all(actor.manages & part for part in subject.parts or (subject.scopes,))


def organisation_admin(actor: Actor, subject: Subject) -> bool:
    """Is an admin of the organisation, or of a booking's organisation; without a subject, of any."""
    if isinstance(subject, OrganisationSubject):
        return actor.organisations.get(subject.id) == "admin"
    if isinstance(subject, BookingSubject):
        return actor.organisations.get(subject.organisation_id or 0) == "admin"
    return subject is None and actor.administers_organisation


def holder(actor: Actor, subject: Subject) -> bool:
    """Holds the booking."""
    return isinstance(subject, BookingSubject) and subject.member_id == actor.member_id


def delegate(actor: Actor, subject: Subject) -> bool:
    """May book in the holder's name, who has this booking from a delegate."""
    return isinstance(subject, BookingSubject) and actor.member_id in subject.delegates


def colleague(actor: Actor, subject: Subject) -> bool:
    """Belongs to the booking's organisation, which may see its bookings unless they are private."""
    if not isinstance(subject, BookingSubject) or subject.visibility == "private":
        return False
    return subject.organisation_id in actor.organisations


def open_to_members(_actor: Actor, subject: Subject) -> bool:
    """The booking's title is for every member to see, and perhaps for everybody else as well."""
    return isinstance(subject, BookingSubject) and subject.visibility in ("members", "public")


def trusted_colleague(actor: Actor, subject: Subject) -> bool:
    """Belongs to the booking's organisation, which lets all its members change what they may see."""
    return isinstance(subject, BookingSubject) and subject.members_may_change and colleague(actor, subject)


PERMISSIONS: dict[str, tuple[Predicate, ...]] = {
    "admin.enter": (site_admin, auditor, manager, organisation_admin),
    "site.administer": (site_admin,),
    "site.inspect": (site_admin, auditor),
    "resource.manage": (site_admin, manager),
    "resource.inspect": (site_admin, auditor, manager),
    "organisation.administer": (site_admin, organisation_admin),
    "organisation.inspect": (site_admin, auditor, organisation_admin),
    "booking.see": (
        holder,
        delegate,
        colleague,
        open_to_members,
        manager,
        approver,
        organisation_admin,
        site_admin,
        auditor,
    ),
    "booking.change": (holder, delegate, organisation_admin, trusted_colleague, manager_of_all, site_admin),
    "booking.cancel": (holder, delegate, organisation_admin, trusted_colleague, manager_of_all, site_admin),
    "booking.hand_over": (holder, organisation_admin, trusted_colleague, manager_of_all, site_admin),
    "booking.own": (holder, delegate, organisation_admin, trusted_colleague),
    "booking.manage": (manager_of_all, site_admin),
    "booking.follow": (
        holder,
        delegate,
        organisation_admin,
        trusted_colleague,
        manager,
        approver,
        site_admin,
        auditor,
    ),
    "request.decide": (site_admin, approver),
    "booking.answer": (holder,),
}


def can(actor: Actor | None, permission: str, subject: Subject = None) -> bool:
    """Whether one of the permission's predicates holds; a permission that is not in the table is a bug (KeyError)."""
    predicates = PERMISSIONS[permission]
    return actor is not None and any(predicate(actor, subject) for predicate in predicates)


def require(actor: Actor, permission: str, subject: Subject = None) -> None:
    """Raises NotAllowed unless the actor holds the permission."""
    if not can(actor, permission, subject):
        raise NotAllowed(permission=permission)
