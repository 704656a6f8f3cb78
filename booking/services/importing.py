"""Takes bookings over from a calendar elsewhere, row by row, through the same judge and services as every door.

A row is known again by its resource, its UID and, of a repeated event, its date: what has not changed is left alone,
what has changed is changed. What lies in the past is judged as if asked for in good time before it began.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, DomainError, InvalidInput
from booking.core.params import Notice
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, ImportedBooking, Member, Organisation
from booking.permissions import Actor
from booking.services import outbox
from booking.services.addresses import normal
from booking.services.alternatives import Alternative, alternatives
from booking.services.bookings import request_booking
from booking.services.catalogue import ResourceCard, resource_by_slug
from booking.services.changes import cancel_booking, change_booking
from booking.services.external_events import key_of, make_way
from booking.services.facts import gather_facts
from booking.services.handing_over import hand_over_booking
from booking.services.locks import lock_for
from booking.services.wishes import Wish

DOOR = "import"
LONGEST_TITLE = 200
LONGEST_OWN_UID = 80
MOST_PEOPLE = 9999


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One booking as a file tells it. `trouble` is the code of why it could not be read; `note` of what to look at."""

    number: int
    uid: str
    wall: WallSpan | None
    title: str = ""
    people: int | None = None
    email: str = ""
    recurrence: str = ""
    cancelled: bool = False
    trouble: str = ""
    note: str = ""
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, with every reason and the ways out of a refusal."""

    row: Row
    fate: Fate
    error: DomainError | None = None
    alternatives: tuple[Alternative, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons, or the one code of what could not be read."""
        if isinstance(self.error, BookingRefused):
            return tuple(dict.fromkeys(each.code for each in self.error.verdict.refusals))
        return (self.error.code,) if self.error else ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the rows go, and whose they are when they do not say; `lead` is how long before its start one asks."""

    card: ResourceCard
    member_id: int | None
    organisation_id: int | None
    lead: timedelta
    override: str | None = None  # why the rules do not count for what the file holds


def plan_import(
    session: Session, now: datetime, slug: str, email: str, organisation: str, override: str | None = None
) -> Plan:
    """Raises NotFound, and InvalidInput for a member or an organisation that does not exist."""
    card = resource_by_slug(session, slug)
    member_id = _member_id(session, email) if email else None
    organisation_id = session.scalar(select(Organisation.id).where(Organisation.slug == organisation))
    if email and member_id is None:
        raise InvalidInput("member", "import.no_such_member")
    if organisation and organisation_id is None:
        raise InvalidInput("organisation", "import.no_such_organisation")
    window = TimeSpan(now, now + timedelta(hours=1))
    facts = gather_facts(session, now, member_id=member_id, resource_ids=[card.id], window=window)
    notice = facts.resources[card.id].values("R17", Notice).hours or 0
    return Plan(card, member_id, organisation_id, timedelta(days=1, hours=notice), override)


def take_in(session: Session, now: datetime, plan: Plan, row: Row) -> Outcome:
    """Makes, changes, cancels or leaves the booking that this row is; a refusal leaves everything as it was.

    Nobody gets mail of it.
    """
    outbox.stay_silent(session)
    if row.trouble:
        error = InvalidInput("row", row.trouble)
        return Outcome(row, Fate.SKIPPED if row.harmless else Fate.REFUSED, error)
    try:
        with session.begin_nested():
            fate = _take_in(session, now, plan, row)
    except BookingRefused as refused:
        return Outcome(row, Fate.REFUSED, refused, tuple(_ways_out(session, now, plan, row)))
    except DomainError as refused:
        return Outcome(row, Fate.REFUSED, refused)
    skipped = fate is Fate.SKIPPED
    return Outcome(row, fate, InvalidInput("row", "import.cancelled_here") if skipped else None)


def counted(outcomes: Iterable[Outcome]) -> dict[Fate, int]:
    """How many rows had each fate."""
    fates = [outcome.fate for outcome in outcomes]
    return {fate: fates.count(fate) for fate in Fate}


def _take_in(session: Session, now: datetime, plan: Plan, row: Row) -> Fate:
    wish, holder_id = _wish(plan, row), _holder(session, plan, row)
    span = _span(plan, wish)
    known = _known(session, plan, row)
    asked_at = min(now, span.starts_at - plan.lead)
    if known is not None:
        asked_at = min(asked_at, known.starts_at - plan.lead)
        return _again(session, asked_at, plan, row, known, wish, span, holder_id)
    if row.cancelled:
        return Fate.UNCHANGED
    uid = row.uid if not row.recurrence and _is_free(session, row.uid) else None
    actor = _operator(session, holder_id)
    lock_for(session, wish, (holder_id,))
    make_way(session, plan.card.id, row.uid, row.recurrence)
    booked = request_booking(session, asked_at, actor, replace(wish, uid=uid), door=DOOR, override=plan.override)
    booking_id = session.scalars(select(Booking.id).where(Booking.public_id == booked.public_id)).one()
    session.add(
        ImportedBooking(resource_id=plan.card.id, uid=key_of(row.uid), recurrence=row.recurrence, booking_id=booking_id)
    )
    session.flush()
    return Fate.NEW


def _again(
    session: Session,
    asked_at: datetime,
    plan: Plan,
    row: Row,
    known: Booking,
    wish: Wish,
    span: TimeSpan,
    holder_id: int,
) -> Fate:
    """The booking has been imported before."""
    if row.cancelled:
        if not known.live:
            return Fate.UNCHANGED
        actor = _operator(session, known.member_id)
        cancel_booking(session, asked_at, actor, known.public_id, door=DOOR, override=plan.override)
        return Fate.CANCELLED
    if not known.live:
        return Fate.SKIPPED
    wish = replace(
        wish,
        people=wish.people or known.people,
        organisation_id=wish.organisation_id or known.organisation_id,
        visibility=known.visibility,
    )
    handed = known.member_id != holder_id
    if handed:
        actor = _operator(session, known.member_id)
        hand_over_booking(session, asked_at, actor, known.public_id, holder_id, door=DOOR, override=plan.override)
    as_known = (known.span, known.title, known.people, known.organisation_id)
    if as_known == (span, wish.title, wish.people, wish.organisation_id):
        return Fate.CHANGED if handed else Fate.UNCHANGED
    actor = _operator(session, holder_id)
    change_booking(
        session, asked_at, actor, known.public_id, wish,
        version=known.version, door=DOOR, override=plan.override,
    )  # fmt: skip
    return Fate.CHANGED


def _wish(plan: Plan, row: Row) -> Wish:
    """Raises InvalidInput for what no booking can be."""
    if row.wall is None:
        raise InvalidInput("start", "import.broken")
    if row.wall.starts.second or row.wall.ends.second:
        raise InvalidInput("start", "import.seconds")
    if row.people is not None and not 1 <= row.people <= MOST_PEOPLE:
        raise InvalidInput("people", "import.people")
    title = " ".join(row.title.split())[:LONGEST_TITLE]
    return Wish((Item(plan.card.id),), row.wall, title, row.people, plan.organisation_id)


def _span(plan: Plan, wish: Wish) -> TimeSpan:
    """When it is; times that do not exist go to the judge, and stand for an hour from their start."""
    span = wish.wall.resolve(plan.card.zone)
    if isinstance(span, TimeSpan):
        return span
    starts_at = wish.wall.starts.replace(tzinfo=plan.card.zone).astimezone(UTC)
    return TimeSpan(starts_at, starts_at + timedelta(hours=1))


def _holder(session: Session, plan: Plan, row: Row) -> int:
    """Whose it is: the member it names, or else the one the operator named. Raises InvalidInput."""
    holder_id = (_member_id(session, row.email) if row.email else None) or plan.member_id
    if holder_id is None:
        raise InvalidInput("email", "import.no_such_member" if row.email else "import.nobody")
    return holder_id


def _member_id(session: Session, email: str) -> int | None:
    return session.scalar(select(Member.id).where(Member.email == (normal(email) or "")))


def _operator(session: Session, member_id: int) -> Actor:
    """Who runs commands may do what a site admin may; the journal names whose booking it is, and the door."""
    name, email = session.execute(select(Member.name, Member.email).where(Member.id == member_id)).one()
    return Actor(member_id, name, email, site_role="site_admin")


def _known(session: Session, plan: Plan, row: Row) -> Booking | None:
    """The booking that this row became before. Raises InvalidInput when it has been moved to another resource."""
    at = select(ImportedBooking.booking_id).where(
        ImportedBooking.resource_id == plan.card.id,
        ImportedBooking.uid == key_of(row.uid),
        ImportedBooking.recurrence == row.recurrence,
    )
    known = session.scalar(select(Booking).where(Booking.id.in_(at)))
    if known is None:
        return None
    holding = session.scalars(select(BookingItem.resource_id).where(BookingItem.booking_id == known.id)).all()
    if list(holding) != [plan.card.id]:
        raise InvalidInput("row", "import.elsewhere")
    return known


def _is_free(session: Session, uid: str) -> bool:
    """Whether the booking itself can have it: an event that invites two rooms has one UID, and two bookings here."""
    return len(uid) <= LONGEST_OWN_UID and session.scalar(select(Booking.id).where(Booking.uid == uid)) is None


def _ways_out(session: Session, now: datetime, plan: Plan, row: Row) -> list[Alternative]:
    """Times and resources that would be accepted in its place: for what is to come from now on, else as of then."""
    wish, holder_id = _wish(plan, row), _holder(session, plan, row)
    span = _span(plan, wish)
    at = now if span.starts_at > now else span.starts_at - plan.lead
    known = _known(session, plan, row)
    return alternatives(session, at, holder_id, wish, without_booking_id=known.id if known is not None else None)
