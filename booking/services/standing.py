"""A booking as it stands: its row, what it holds, and the one way to find it, with or without locking it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.details import Details
from booking.core.errors import NotFound
from booking.core.request import Item, Request, WallSpan
from booking.models import Booking, BookingItem, Organisation
from booking.permissions import Actor, BookingSubject, require
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.delegations import delegate_ids
from booking.services.locks import lock, lock_for
from booking.services.wishes import Wish


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking's row, locked with its units, and what is known of its resources."""

    row: Booking
    items: tuple[Item, ...]
    cards: dict[int, ResourceCard]
    members_may_change: bool = False
    delegates: frozenset[int] = frozenset()

    @property
    def resource_ids(self) -> tuple[int, ...]:
        """The resources it holds or held."""
        return tuple(item.resource_id for item in self.items)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the site."""
        return next(iter(self.cards.values())).zone

    @property
    def wish(self) -> Wish:
        """The booking as it stands, as if it were wished for again."""
        wall = WallSpan.of(self.row.span, self.zone)
        row = self.row
        details = Details.from_json(row.details or {})
        return Wish(self.items, wall, row.title, row.people, row.organisation_id, row.visibility, details=details)

    @property
    def request(self) -> Request:
        """What the judge would have been asked."""
        return self.wish.request(self.row.member_id)

    @property
    def subject(self) -> BookingSubject:
        """The subject of permissions."""
        parts = tuple(frozenset(card.scopes) for card in self.cards.values())
        scopes = frozenset(scope for part in parts for scope in part)
        row, shared = self.row, self.members_may_change
        return BookingSubject(row.member_id, row.organisation_id, row.visibility, scopes, shared, parts, self.delegates)


def found(session: Session, actor: Actor, public_id: str, permission: str, *, fresh: bool = False) -> Standing:
    """The booking, if the actor holds the permission. Raises NotFound, NotAllowed."""
    query = select(Booking).where(Booking.public_id == public_id)
    row = session.scalar(query.execution_options(populate_existing=fresh))
    if row is None:
        raise NotFound(kind="booking")
    standing = standing_of(session, row)
    require(actor, permission, standing.subject)
    return standing


def standing_of(session: Session, row: Booking) -> Standing:
    """The booking as it stands; the caller asks who may know."""
    items = tuple(
        Item(resource_id, quantity)
        for resource_id, quantity in session.execute(
            select(BookingItem.resource_id, BookingItem.quantity)
            .where(BookingItem.booking_id == row.id)
            .order_by(BookingItem.id)
        )
    )
    cards = resources_by_id(session, [item.resource_id for item in items])
    organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
    shared = organisation is not None and organisation.members_may_change
    delegates = delegate_ids(session, row.member_id) if row.booked_by_id != row.member_id else frozenset()
    return Standing(row, items, cards, shared, delegates)


def locked(
    session: Session,
    actor: Actor,
    public_id: str,
    permission: str,
    wish: Wish | None,
    *,
    also_member: int | None = None,
) -> Standing:
    """Locks everything the booking holds and the wish would take, then reads the booking as it is now."""
    peek = found(session, actor, public_id, permission)
    holder_id = peek.row.member_id
    if wish is not None:
        lock_for(session, wish, (holder_id,), peek.resource_ids)
    else:
        members = [holder_id, *([also_member] if also_member else [])]
        lock(session, member_ids=members, resource_ids=peek.resource_ids)
    return found(session, actor, public_id, permission, fresh=True)
