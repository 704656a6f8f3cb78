"""Writes what a booking holds: its items, and one allocation for each unit."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.blocking import busy_window
from booking.core.errors import BookingConflict
from booking.core.facts import Facts, ResourceFacts
from booking.core.kits import as_kit
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.models import Allocation, BookingItem
from booking.services.pools import seat_in_pool

# Built once, and on tables: building a statement costs more than running it.
item_table: Any = BookingItem.__table__
allocation_table: Any = Allocation.__table__
NEW_ITEM = insert(item_table).returning(item_table.c.id)
NEW_ALLOCATION = insert(allocation_table)


def hold(
    session: Session,
    booking_id: int,
    span: TimeSpan,
    items: tuple[Item, ...],
    facts: Facts,
    keep: Mapping[int, tuple[int, ...]] | None = None,
) -> None:
    """Inserts the items and takes their units. The facts must be read under the lock and have been judged.

    `keep` are the units, by resource, of a booking that has begun and stays where it is. Raises BookingConflict when
    too few units are left, which a change that makes nothing worse may run into.
    """
    session.flush()
    facts = as_kit(items, facts)
    for item in items:
        resource = facts.of(item.resource_id)
        units, busy = _taken(session, span, resource, item.quantity, facts, (keep or {}).get(resource.id, ()))
        if not units:
            raise BookingConflict
        common = {"resource_id": resource.id, "live": True, "busy_from": busy.starts_at, "busy_to": busy.ends_at}
        about = {"booking_id": booking_id, "quantity": item.quantity, "held_unit_id": units[0]}
        when = {"starts_at": span.starts_at, "ends_at": span.ends_at}
        item_id = session.execute(NEW_ITEM, {**about, **when, **common}).scalar_one()
        session.execute(NEW_ALLOCATION, [{"item_id": item_id, "unit_id": unit, **common} for unit in units])


def _taken(
    session: Session, span: TimeSpan, resource: ResourceFacts, quantity: int, facts: Facts, keep: tuple[int, ...]
) -> tuple[tuple[int, ...], TimeSpan]:
    """The units to take, and for how long: all of a room; of a pool any that can be had."""
    if not resource.is_pool:
        return resource.units, held_window(span, resource, resource.units)
    for busy in (busy_window(span, resource), span):  # the second for a change that is older than the set-up
        units = seat_in_pool(session, facts.now, resource, busy, quantity, keep)
        if units:
            return units, busy
    return (), span


def held_window(span: TimeSpan, resource: ResourceFacts, units: Collection[int]) -> TimeSpan:
    """The span with set-up and clean-up, as far as its neighbours leave room.

    They do for a new booking. One made before the rules asked for more room keeps what it has when it is changed.
    """
    busy = busy_window(span, resource)
    others = [each.busy for each in resource.taken if each.unit_id in units]
    before = [each.ends_at for each in others if each.ends_at <= span.starts_at]
    after = [each.starts_at for each in others if each.starts_at >= span.ends_at]
    return TimeSpan(max([busy.starts_at, *before]), min([busy.ends_at, *after]))


def give_back(session: Session, booking_id: int) -> None:
    """Deletes the booking's items; their allocations go along. For a change that takes new ones at once."""
    session.execute(delete(BookingItem).where(BookingItem.booking_id == booking_id))


def let_go(session: Session, booking_id: int) -> None:
    """Deletes the allocations and keeps the items as history; the booking itself must follow in this transaction."""
    ids = select(BookingItem.id).where(BookingItem.booking_id == booking_id)
    session.execute(delete(Allocation).where(Allocation.item_id.in_(ids)))


def forget_units(session: Session, booking_id: int) -> None:
    """After the booking has stopped being live: its items point at no unit any more."""
    session.execute(update(BookingItem).where(BookingItem.booking_id == booking_id).values(held_unit_id=None))
