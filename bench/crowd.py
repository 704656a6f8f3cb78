"""Fills the demo district with many more bookings, quickly and validly: hour by hour, every room, every weekday."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from booking.models import Allocation, Booking, BookingItem, Member, Resource, ResourceUnit
from booking.models.ids import new_public_id

AT_ONCE = 5_000
HOURS = (6, 7, 11, 12, 13, 14)  # UTC; the late morning is left for what is measured, on most days
BUSY_MORNING = 9  # every so many days the late morning is taken too


def crowd(session: Session, now: datetime, bookings: int) -> int:
    """Adds about so many bookings around now, beside what there is; how many were added."""
    rooms = _rooms(session)
    member_id = session.scalars(select(Member.id).order_by(Member.id.desc()).limit(1)).one()
    busy = _busy(session)
    slots = (slot for slot in _slots(now, rooms) if (slot[0], slot[2]) not in busy)
    made = 0
    while chunk := list(islice(slots, min(AT_ONCE, bookings - made))):
        _insert(session, chunk, member_id)
        made += len(chunk)
    return made


def _rooms(session: Session) -> list[tuple[int, int, int]]:
    """Resource, unit and site of everything that is one unit and shares it with nobody."""
    alone = select(ResourceUnit.unit_id).group_by(ResourceUnit.unit_id).having(func.count() == 1)
    single = select(ResourceUnit.resource_id).group_by(ResourceUnit.resource_id).having(func.count() == 1)
    rows = session.execute(
        select(Resource.id, ResourceUnit.unit_id, Resource.site_id)
        .join(ResourceUnit, ResourceUnit.resource_id == Resource.id)
        .where(ResourceUnit.unit_id.in_(alone), Resource.id.in_(single))
        .order_by(Resource.id)
    )
    return [(resource_id, unit_id, site_id) for resource_id, unit_id, site_id in rows]


def _busy(session: Session) -> set[tuple[int, datetime]]:
    """Unit and hour of everything that is held, with an hour around it."""
    held: set[tuple[int, datetime]] = set()
    for unit_id, busy_from, busy_to in session.execute(
        select(Allocation.unit_id, Allocation.busy_from, Allocation.busy_to)
    ):
        at = busy_from.replace(minute=0) - timedelta(hours=1)
        while at < busy_to:
            held.add((unit_id, at))
            at += timedelta(hours=1)
    return held


def _slots(now: datetime, rooms: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, datetime, int]]:
    """Unit, resource, start and site, day after day from now on, then backwards."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in [*range(1, 420), *range(-1, -4000, -1)]:
        day = today + timedelta(days=number)
        if day.weekday() > 4:
            continue
        hours = (*HOURS, 9, 10) if number % BUSY_MORNING == 0 else HOURS
        for resource_id, unit_id, site_id in rooms:
            for hour in hours:
                yield unit_id, resource_id, day + timedelta(hours=hour), site_id


def _insert(session: Session, slots: list[tuple[int, int, datetime, int]], member_id: int) -> None:
    first_booking = (session.scalar(select(func.max(Booking.id))) or 0) + 1
    first_item = (session.scalar(select(func.max(BookingItem.id))) or 0) + 1
    bookings, items, allocations = [], [], []
    for number, (unit_id, resource_id, starts_at, site_id) in enumerate(slots):
        ends_at, item_id = starts_at + timedelta(hours=1), first_item + number
        when = {"live": True, "starts_at": starts_at, "ends_at": ends_at}
        busy = {"busy_from": starts_at, "busy_to": ends_at, "resource_id": resource_id}
        bookings.append(
            {
                "id": first_booking + number,
                "public_id": new_public_id(),
                "uid": f"{new_public_id()}@bench",
                "site_id": site_id,
                "member_id": member_id,
                "booked_by_id": member_id,
                "state": "confirmed",
                "sequence": 0,
                "created_at": starts_at,
                "modified_at": starts_at,
                **when,
            }
        )
        items.append({"id": item_id, "booking_id": first_booking + number, "held_unit_id": unit_id, **when, **busy})
        allocations.append({"item_id": item_id, "unit_id": unit_id, "live": True, **busy})
    session.execute(insert(Booking), bookings)
    session.execute(insert(BookingItem), items)
    session.execute(insert(Allocation), allocations)
