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

booking, item, resource = Booking.__table__, BookingItem.__table__, Resource.__table__
unit, other = ResourceUnit.__table__, ResourceUnit.__table__.alias("other")
OWN = (
    select(booking.c.id, booking.c.starts_at, booking.c.ends_at, item.c.resource_id, resource.c.name)
    .select_from(
        booking.join(item, item.c.booking_id == booking.c.id).join(resource, resource.c.id == item.c.resource_id)
    )
    .where(
        booking.c.member_id == bindparam("member"),
        booking.c.live,
        booking.c.starts_at < bindparam("window_to", type_=UTCDateTime),
        booking.c.starts_at > bindparam("earliest", type_=UTCDateTime),
        booking.c.ends_at > bindparam("window_from", type_=UTCDateTime),
        booking.c.id != bindparam("without"),
    )
    .order_by(booking.c.starts_at, booking.c.id, item.c.id)
)
NAMES = select(resource.c.id, resource.c.name).where(resource.c.id.in_(IDS))
SHARING = (
    select(other.c.resource_id)
    .select_from(unit.join(other, other.c.unit_id == unit.c.unit_id))
    .where(unit.c.resource_id.in_(IDS))
    .distinct()
)


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
    return tuple(sorted({*ids, *session.scalars(SHARING, {"ids": ids})}))
