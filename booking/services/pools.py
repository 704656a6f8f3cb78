"""Finds units in a pool, and lets bookings that have not begun change units when only that makes room."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from booking.core.facts import ResourceFacts
from booking.core.pool import Held, Move, Seating, seat
from booking.core.timespan import TimeSpan
from booking.models import Allocation, BookingItem, Unit
from booking.services import journal
from booking.services.taken import held_between

ITEM = BookingItem.__table__


def seat_in_pool(
    session: Session, now: datetime, resource: ResourceFacts, busy: TimeSpan, quantity: int, keep: Collection[int] = ()
) -> tuple[int, ...]:
    """Units of the pool for this window, none when it is full; others have changed units where that was needed.

    Call it under the pool's lock. Most requests find units that are free throughout; those of the facts will do then.
    """
    held = [Held(taken.booking_id, taken.unit_id, taken.busy, pinned=True) for taken in resource.taken]
    seating = None if keep else seat(resource.units, held, busy, quantity, now)
    if seating is None:
        seating = seat(resource.units, _whole(session, resource, busy), busy, quantity, now, keep)
        _apply(session, now, resource.id, seating)
    return seating.units if seating else ()


def _whole(session: Session, resource: ResourceFacts, busy: TimeSpan) -> list[Held]:
    """All that holds units of the pool from the window on, as far as one holding reaches into the next."""
    until = busy.ends_at
    while True:
        rows = held_between(session, resource.units, TimeSpan(busy.starts_at, until))
        last = max([until, *(row.busy_to for row in rows)])
        if last == until:
            return [
                Held(row.item_id, row.unit_id, TimeSpan(row.busy_from, row.busy_to), row.resource_id != resource.id)
                for row in rows
            ]
        until = max(last, until + (until - busy.starts_at))


def _apply(session: Session, now: datetime, resource_id: int, seating: Seating | None) -> None:
    if seating is None or not seating.moves:
        return
    items = {move.item_id: move for move in seating.moves}
    rows = session.execute(
        select(ITEM.c.id, ITEM.c.booking_id, ITEM.c.busy_from, ITEM.c.busy_to).where(ITEM.c.id.in_(items))
    )
    known = {row.id: row for row in rows}
    session.execute(delete(Allocation).where(tuple_(Allocation.item_id, Allocation.unit_id).in_(_pairs(seating.moves))))
    taken = [
        {"item_id": id_, "unit_id": unit, "resource_id": resource_id, "live": True,
         "busy_from": known[id_].busy_from, "busy_to": known[id_].busy_to}
        for id_, move in items.items() for unit in sorted(move.takes)
    ]  # fmt: skip
    session.execute(insert(Allocation), taken)
    pointing = update(BookingItem).where(BookingItem.id == bindparam("item")).values(held_unit_id=bindparam("unit"))
    session.connection().execute(pointing, [{"item": id_, "unit": min(move.takes)} for id_, move in items.items()])
    for id_, move in items.items():
        journal.record(
            session,
            now,
            None,
            "booking.reseated",
            ("booking", known[id_].booking_id),
            door="service",
            before={"units": sorted(move.gives)},
            after={"units": sorted(move.takes)},
        )


def _pairs(moves: Iterable[Move]) -> list[tuple[int, int]]:
    return [(move.item_id, unit) for move in moves for unit in sorted(move.gives)]


def unit_names(session: Session, booking_id: int) -> dict[int, list[str]]:
    """The units a booking holds, by name, for each of its resources."""
    names: dict[int, list[str]] = {}
    rows = session.execute(
        select(Allocation.resource_id, Unit.name)
        .join(Unit, Unit.id == Allocation.unit_id)
        .join(BookingItem, BookingItem.id == Allocation.item_id)
        .where(BookingItem.booking_id == booking_id)
        .order_by(Unit.id)
    )
    for resource_id, name in rows:
        names.setdefault(resource_id, []).append(name)
    return names


def held_units(session: Session, booking_id: int) -> dict[int, tuple[int, ...]]:
    """The units a booking holds, by id, for each of its resources."""
    rows = session.execute(
        select(Allocation.resource_id, Allocation.unit_id)
        .join(BookingItem, BookingItem.id == Allocation.item_id)
        .where(BookingItem.booking_id == booking_id)
        .order_by(Allocation.unit_id)
    )
    held: dict[int, tuple[int, ...]] = {}
    for resource_id, unit_id in rows:
        held[resource_id] = (*held.get(resource_id, ()), unit_id)
    return held
