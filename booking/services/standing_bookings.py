"""Bookings that stand and have not ended, read in bulk as the judge needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.details import Details
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem


@dataclass(frozen=True, slots=True)
class StandingBooking:
    """A live booking as the judge needs it."""

    id: int
    span: TimeSpan
    site_id: int
    items: tuple[Item, ...]
    people: int | None
    member_id: int
    organisation_id: int | None
    details: Details

    @property
    def resource_ids(self) -> tuple[int, ...]:
        return tuple(item.resource_id for item in self.items)

    def request(self, zone: ZoneInfo) -> Request:
        """The booking as if it were wished for again."""
        wall = WallSpan.of(self.span, zone)
        return Request(wall, self.items, self.people, self.member_id, self.organisation_id, details=self.details)


def standing_bookings(session: Session, now: datetime, *wanted: ColumnElement[bool]) -> list[StandingBooking]:
    """Live bookings that have not ended, with all their items, in order of time."""
    rows = session.execute(
        select(
            Booking.id, Booking.starts_at, Booking.ends_at, Booking.site_id, Booking.people, Booking.member_id,
            Booking.organisation_id, Booking.details, BookingItem.resource_id, BookingItem.quantity,
        )
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(Booking.live, Booking.ends_at > now, *wanted)
        .order_by(Booking.starts_at, Booking.id, BookingItem.id)
    )  # fmt: skip
    found: dict[int, StandingBooking] = {}
    for id_, starts_at, ends_at, site_id, people, member_id, organisation_id, details, resource_id, quantity in rows:
        items = (*found[id_].items, Item(resource_id, quantity)) if id_ in found else (Item(resource_id, quantity),)
        asked = Details.from_json(details or {})
        span = TimeSpan(starts_at, ends_at)
        found[id_] = StandingBooking(id_, span, site_id, items, people, member_id, organisation_id, asked)
    return list(found.values())


def of_resources(resource_ids: Iterable[int], now: datetime) -> ColumnElement[bool]:
    """Bookings of which at least one item is of these resources; of those that have not ended, for speed."""
    ids = sorted(set(resource_ids))
    items = select(BookingItem.booking_id).where(
        BookingItem.resource_id.in_(ids), BookingItem.live, BookingItem.ends_at > now
    )
    return Booking.id.in_(items)


__all__ = ["StandingBooking", "of_resources", "standing_bookings"]
