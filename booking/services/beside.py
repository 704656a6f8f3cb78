"""Reads what lies beside the resources asked about: the member's own bookings, names, and who shares their units."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from booking.core.facts import OwnBooking
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Booking, BookingItem, Resource, ResourceUnit

LONGEST = timedelta(days=366)  # no booking lasts longer, so none that began earlier can matter
IDS: BindParameter[Any] = bindparam("ids", expanding=True)

OWN = (
    select(Booking.id, Booking.starts_at, Booking.ends_at, BookingItem.resource_id, Resource.name)
    .join(BookingItem, BookingItem.booking_id == Booking.id)
    .join(Resource, Resource.id == BookingItem.resource_id)
    .where(
        Booking.member_id == bindparam("member"),
        Booking.live,
        Booking.starts_at < bindparam("window_to", type_=UTCDateTime),
        Booking.starts_at > bindparam("earliest", type_=UTCDateTime),
        Booking.ends_at > bindparam("window_from", type_=UTCDateTime),
        Booking.id != bindparam("without"),
    )
    .order_by(Booking.starts_at, Booking.id, BookingItem.id)
)
NAMES = select(Resource.id, Resource.name).where(Resource.id.in_(IDS))


def own_bookings(
    session: Session, member_id: int, window: TimeSpan, without_booking_id: int | None
) -> list[OwnBooking]:
    """The member's bookings inside the window, of whatever resource."""
    values = {
        "member": member_id,
        "window_from": window.starts_at,
        "window_to": window.ends_at,
        "earliest": window.starts_at - LONGEST,
        "without": without_booking_id or 0,
    }
    found: dict[int, OwnBooking] = {}
    for id_, starts_at, ends_at, resource_id, name in session.execute(OWN, values):
        known = found.get(id_)
        ids = (known.resource_ids if known else frozenset()) | {resource_id}
        names = f"{known.name}, {name}" if known else name
        found[id_] = OwnBooking(id_, TimeSpan(starts_at, ends_at), ids, names)
    return list(found.values())


def names_of(session: Session, resource_ids: Collection[int]) -> dict[int, str]:
    """The names of resources that are mentioned without being asked about."""
    if not resource_ids:
        return {}
    return {row.id: row.name for row in session.execute(NAMES, {"ids": sorted(resource_ids)})}


def sharing_units(session: Session, resource_ids: Iterable[int]) -> tuple[int, ...]:
    """The resources themselves, and all that a booking of them takes too: the whole of a part, the parts of a whole."""
    ids = sorted(set(resource_ids))
    theirs = select(ResourceUnit.unit_id).where(ResourceUnit.resource_id.in_(ids))
    rows = session.scalars(select(ResourceUnit.resource_id).where(ResourceUnit.unit_id.in_(theirs)).distinct())
    return tuple(sorted({*ids, *rows}))
