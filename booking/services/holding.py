"""Writes what a booking holds: its items, and one allocation for each unit."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.blocking import busy_window, free_units
from booking.core.facts import Facts, ResourceFacts
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.models import Allocation, BookingItem


def hold(session: Session, booking_id: int, span: TimeSpan, items: Iterable[Item], facts: Facts) -> None:
    """Inserts the items and takes their units. The facts must be read under the lock and have been judged."""
    for item in items:
        resource = facts.resources[item.resource_id]
        units = chosen_units(span, resource, item.quantity)
        busy = busy_window(span, resource)
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
    starts_at = busy_window(span, resource).starts_at

    def idle_since(unit: int) -> tuple[float, int]:
        ended = [
            each.busy.ends_at for each in resource.taken if each.unit_id == unit and each.busy.ends_at <= starts_at
        ]
        return (-max(ended).timestamp() if ended else 0.0, unit)

    return tuple(sorted(free_units(span, resource), key=idle_since)[:quantity])


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
