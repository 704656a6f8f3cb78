"""Reads what is taken: which units are held, when, by which booking."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from booking.core.facts import Taken
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Allocation, Booking, BookingItem, Unit

UNITS: BindParameter[Any] = bindparam("units", expanding=True)
FROM, TO = bindparam("window_from", type_=UTCDateTime), bindparam("window_to", type_=UTCDateTime)
allocation = Allocation.__table__
COLUMNS = [allocation.c[name] for name in ("item_id", "unit_id", "resource_id", "busy_from", "busy_to")]


def _beginning_within() -> Select[Any]:
    inside = (allocation.c.busy_from >= FROM, allocation.c.busy_from < TO)
    return select(*COLUMNS).where(allocation.c.unit_id.in_(UNITS), *inside)


def _running_already() -> Select[Any]:
    """A unit's rows are disjoint, so only its last row before the window can reach into it: one index probe each."""
    earlier, unit = allocation.alias("earlier"), Unit.__table__
    last = (
        select(func.max(earlier.c.busy_from))
        .where(earlier.c.unit_id == unit.c.id, earlier.c.busy_from < FROM)
        .correlate(unit)
        .scalar_subquery()
    )
    joined = unit.join(allocation, (allocation.c.unit_id == unit.c.id) & (allocation.c.busy_from == last))
    return select(*COLUMNS).select_from(joined).where(unit.c.id.in_(UNITS), allocation.c.busy_to > FROM)


def _statement() -> Select[Any]:
    held = union_all(_beginning_within(), _running_already()).subquery("held")
    item, booking = BookingItem.__table__, Booking.__table__
    joined = held.join(item, item.c.id == held.c.item_id).join(booking, booking.c.id == item.c.booking_id)
    return (
        select(
            held.c.unit_id, held.c.resource_id, held.c.busy_from, held.c.busy_to,
            item.c.starts_at, item.c.ends_at, booking.c.id, booking.c.member_id, booking.c.state,
        )
        .select_from(joined)
        .where(booking.c.id != bindparam("without"))
        .order_by(held.c.unit_id, held.c.busy_from)
    )  # fmt: skip


HELD = union_all(_beginning_within(), _running_already())
STATEMENT = _statement()  # built once: building it costs more than running it


def taken_by_unit(
    session: Session, unit_ids: Iterable[int], window: TimeSpan, without_booking_id: int | None = None
) -> dict[int, list[tuple[int, Taken]]]:
    """For each unit what holds it inside the window, with the resource it was booked through, in order of time."""
    values = {
        "units": sorted(set(unit_ids)),
        "window_from": window.starts_at,
        "window_to": window.ends_at,
        "without": without_booking_id or 0,
    }
    taken: dict[int, list[tuple[int, Taken]]] = {}
    for row in session.execute(STATEMENT, values):
        unit, resource_id, busy_from, busy_to, starts_at, ends_at, booking_id, member_id, state = row
        busy, span = TimeSpan(busy_from, busy_to), TimeSpan(starts_at, ends_at)
        each = Taken(unit, busy, span, booking_id, member_id, requested=state == "requested")
        taken.setdefault(unit, []).append((resource_id, each))
    return taken


def taken_within(
    session: Session, unit_ids: Iterable[int], windows: Iterable[TimeSpan]
) -> dict[int, list[tuple[int, Taken]]]:
    """The same for several windows; what reaches into two of them is told once."""
    ids, taken = sorted(set(unit_ids)), dict[int, dict[tuple[int, Taken], None]]()
    for window in windows:
        for unit, held in taken_by_unit(session, ids, window).items():
            taken.setdefault(unit, {}).update(dict.fromkeys(held))
    return {unit: list(held) for unit, held in taken.items()}


def held_between(session: Session, unit_ids: Iterable[int], window: TimeSpan) -> Sequence[Row[Any]]:
    """The allocations of these units inside the window, as rows."""
    values = {"units": sorted(set(unit_ids)), "window_from": window.starts_at, "window_to": window.ends_at}
    return session.execute(HELD, values).all()
