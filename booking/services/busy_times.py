"""Reads when units are busy as plain seconds, for sweeps over many resources and days; who and why is not read."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    cast,
    func,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from booking.core.free_starts import Stretch
from booking.core.lifecycle import State
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Allocation, Booking, BookingItem, Unit

FROM, TO = bindparam("window_from", type_=UTCDateTime), bindparam("window_to", type_=UTCDateTime)
allocation = Allocation.__table__


def _seconds(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """All of a unit in one value: tens of thousands of rows cost far more than the numbers in them."""
    if dialect == "sqlite":
        return func.group_concat(type_coerce(column, BigInteger), type_=String)
    return func.array_agg(cast(func.extract("epoch", column), BigInteger))


def _numbers(value: str | list[int]) -> list[int]:
    return sorted(map(int, value.split(",")) if isinstance(value, str) else value)


def _statement(dialect: str, *, confirmed: bool) -> Select[Any]:
    """What begins in the window, and each unit's last row before it: a unit's rows are disjoint."""
    units: Any = bindparam("units", expanding=True)
    earlier, unit = allocation.alias("earlier"), Unit.__table__
    last = (
        select(func.max(earlier.c.busy_from))
        .where(earlier.c.unit_id == unit.c.id, earlier.c.busy_from < FROM)
        .correlate(unit)
        .scalar_subquery()
    )
    columns = [allocation.c.item_id, allocation.c.unit_id, allocation.c.busy_from, allocation.c.busy_to]
    within = select(*columns).where(
        allocation.c.unit_id.in_(units), allocation.c.busy_from >= FROM, allocation.c.busy_from < TO
    )
    joined = unit.join(allocation, (allocation.c.unit_id == unit.c.id) & (allocation.c.busy_from == last))
    running = select(*columns).select_from(joined).where(unit.c.id.in_(units), allocation.c.busy_to > FROM)
    held = union_all(within, running).subquery("held")
    statement = select(held.c.unit_id, _seconds(held.c.busy_from, dialect), _seconds(held.c.busy_to, dialect))
    if confirmed:
        item, booking = BookingItem.__table__, Booking.__table__
        both = held.join(item, item.c.id == held.c.item_id).join(booking, booking.c.id == item.c.booking_id)
        statement = statement.select_from(both).where(booking.c.state == State.CONFIRMED)
    return statement.group_by(held.c.unit_id)


STATEMENTS = {
    (dialect, confirmed): _statement(dialect, confirmed=confirmed)
    for dialect in ("sqlite", "postgresql")
    for confirmed in (False, True)
}


def busy_times(
    session: Session, unit_ids: Iterable[int], window: TimeSpan, *, confirmed: bool = False
) -> dict[int, list[Stretch]]:
    """For each unit when it is held inside the window, in order; with `confirmed`, requests do not count.

    What a unit holds never overlaps, so its n-th beginning belongs to its n-th end.
    """
    ids = sorted(set(unit_ids))
    if not ids:
        return {}
    values = {"units": ids, "window_from": window.starts_at, "window_to": window.ends_at}
    statement = STATEMENTS[session.get_bind().dialect.name, confirmed]
    rows = session.execute(statement, values).all()
    return {unit: list(zip(_numbers(begin), _numbers(end), strict=True)) for unit, begin, end in rows}
