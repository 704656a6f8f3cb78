"""What was acknowledged, as each process notes it down, and bookings as the database tells of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem
from booking.services.wishes import Wish
from tests.factories import OSLO

DONE, CRASHED = "done", "crashed"


@dataclass(frozen=True, slots=True)
class Told:
    """A booking in one of its versions."""

    public_id: str
    version: int
    state: str
    starts_at: datetime
    ends_at: datetime
    title: str
    items: tuple[tuple[int, int], ...] = ()

    def is_as(self, wish: Wish) -> bool:
        """Whether it is what was wished for."""
        items = tuple((item.resource_id, item.quantity) for item in wish.items)
        return (TimeSpan(self.starts_at, self.ends_at), self.items) == (wish.wall.resolve(OSLO), items)


@dataclass(frozen=True, slots=True)
class Record:
    """One deed: what it was, what came of it ("done", the code of a refusal, or "crashed"), and what was told then.

    `kept` are the bookings that maintenance was laid over; `trouble` says what should not have happened.
    """

    deed: str
    outcome: str
    title: str
    told: tuple[Told, ...] = ()
    kept: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(slots=True)
class Doing:
    """What a deed has done within its transaction: the bookings it touched, each with the wish it should now fulfil."""

    touched: dict[str, Wish | None] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def tell(session: Session, public_ids: Collection[str] | None = None) -> list[Told]:
    """These bookings as they stand, or all of them."""
    columns = (Booking.public_id, Booking.version, Booking.state, Booking.starts_at, Booking.ends_at, Booking.title)
    query = (
        select(*columns, BookingItem.resource_id, BookingItem.quantity)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .order_by(Booking.id, BookingItem.id)
    )
    if public_ids is not None:
        query = query.where(Booking.public_id.in_(public_ids))
    found: dict[str, tuple[Told, list[tuple[int, int]]]] = {}
    for *about, resource_id, quantity in session.execute(query):
        told = Told(*about)
        found.setdefault(told.public_id, (told, []))[1].append((resource_id, quantity))
    return [
        Told(t.public_id, t.version, t.state, t.starts_at, t.ends_at, t.title, tuple(items))
        for t, items in found.values()
    ]
