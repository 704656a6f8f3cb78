"""Writes what a booking holds: its items, and one allocation for each unit."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.blocking import busy_window, units_needed
from booking.core.errors import BookingConflict
from booking.core.facts import Facts, ResourceFacts
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.models import Allocation, BookingItem


def hold(session: Session, booking_id: int, span: TimeSpan, items: Iterable[Item], facts: Facts) -> None:
    """Inserts the items and takes their units. The facts must be read under the lock and have been judged.

    Raises BookingConflict when too few units are left, which a change that makes nothing worse may run into.
    """
    for item in items:
        resource = facts.resources[item.resource_id]
        units = chosen_units(span, resource, item.quantity)
        if not units or len(units) < units_needed(resource, item.quantity):
            raise BookingConflict
        busy = held_window(span, resource, units)
        common = {"resource_id": resource.id, "live": True, "busy_from": busy.starts_at, "busy_to": busy.ends_at}
        item_id = session.execute(
            insert(BookingItem)
            .values(
                booking_id=booking_id,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                quantity=item.quantity,
                held_unit_id=units[0],
                **common,
            )
            .returning(BookingItem.id)
        ).scalar_one()
        session.execute(insert(Allocation), [{"item_id": item_id, "unit_id": unit, **common} for unit in units])


def chosen_units(span: TimeSpan, resource: ResourceFacts, quantity: int) -> tuple[int, ...]:
    """All units of a resource; of a pool those whose last use ended latest, which keeps long gaps whole."""
    if not resource.is_pool:
        return resource.units
    busy = busy_window(span, resource)

    def idle_since(unit: int) -> tuple[bool, float, int]:
        others = [each.busy for each in resource.taken if each.unit_id == unit]
        ended = [each.ends_at for each in others if each.ends_at <= busy.starts_at]
        crowded = any(each.overlaps(busy) for each in others)
        return (crowded, -max(ended).timestamp() if ended else 0.0, unit)

    held = {each.unit_id for each in resource.taken if each.busy.overlaps(span)}
    return tuple(sorted(set(resource.units) - held, key=idle_since)[:quantity])


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
