"""Reads what is taken: which units are held, when, by which booking."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session, aliased

from booking.core.facts import Taken
from booking.core.timespan import TimeSpan
from booking.models import Allocation, Booking, BookingItem, Unit


def taken_by_unit(
    session: Session, unit_ids: Iterable[int], window: TimeSpan, without_booking_id: int | None = None
) -> dict[int, list[tuple[int, Taken]]]:
    """For each unit what holds it inside the window, with the resource it was booked through, in order of time."""
    ids = sorted(set(unit_ids))
    held = union_all(_beginning_within(ids, window), _running_already(ids, window)).subquery()
    rows = session.execute(
        select(
            held.c.unit_id, held.c.resource_id, held.c.busy_from, held.c.busy_to,
            BookingItem.starts_at, BookingItem.ends_at, Booking.id, Booking.member_id, Booking.state,
        )
        .join(BookingItem, BookingItem.id == held.c.item_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(Booking.id != (without_booking_id or 0))
        .order_by(held.c.unit_id, held.c.busy_from)
    )  # fmt: skip
    taken: dict[int, list[tuple[int, Taken]]] = {}
    for unit, resource_id, busy_from, busy_to, starts_at, ends_at, booking_id, member_id, state in rows:
        busy, span = TimeSpan(busy_from, busy_to), TimeSpan(starts_at, ends_at)
        each = Taken(unit, busy, span, booking_id, member_id, requested=state == "requested")
        taken.setdefault(unit, []).append((resource_id, each))
    return taken


def _columns() -> tuple[Any, ...]:
    return (Allocation.item_id, Allocation.unit_id, Allocation.resource_id, Allocation.busy_from, Allocation.busy_to)


def _beginning_within(ids: list[int], window: TimeSpan) -> Select[Any]:
    return select(*_columns()).where(
        Allocation.unit_id.in_(ids),
        Allocation.busy_from >= window.starts_at,
        Allocation.busy_from < window.ends_at,
    )


def _running_already(ids: list[int], window: TimeSpan) -> Select[Any]:
    """A unit's rows are disjoint, so only its last row before the window can reach into it: one index probe each."""
    earlier = aliased(Allocation)
    last = (
        select(func.max(earlier.busy_from))
        .where(earlier.unit_id == Unit.id, earlier.busy_from < window.starts_at)
        .correlate(Unit)
        .scalar_subquery()
    )
    return (
        select(*_columns())
        .select_from(Unit)
        .join(Allocation, (Allocation.unit_id == Unit.id) & (Allocation.busy_from == last))
        .where(Unit.id.in_(ids), Allocation.busy_to > window.starts_at)
    )
