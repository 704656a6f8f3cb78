"""Writes many bookings at once, in a handful of statements: bookings, items, allocations and their journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.blocking import busy_window
from booking.core.errors import BookingConflict
from booking.core.facts import Facts
from booking.core.lifecycle import State
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.models import Allocation, Booking, BookingItem, JournalEntry, Series
from booking.models.ids import new_public_id
from booking.services.bookings import UID_HOST
from booking.services.holding import held_window
from booking.services.pools import seat_in_pool

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What one booking is to hold: by resource the units taken when it was judged, and the facts around it."""

    booking_id: int
    span: TimeSpan
    items: tuple[Item, ...]
    units: Mapping[int, tuple[int, ...]]
    facts: Facts


def new_series(
    session: Session, now: datetime, member_id: int | None, recipe: Mapping[str, object], follows_id: int | None = None
) -> Series:
    """A new recipe for a member; the bookings come after."""
    row = Series(
        public_id=new_public_id(),
        uid=f"{new_public_id()}@{UID_HOST}",
        recipe=dict(recipe),
        follows_id=follows_id,
        member_id=member_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def insert_bookings(session: Session, rows: Sequence[Row]) -> list[int]:
    """New bookings, live and not yet holding anything; their ids in the order of the rows."""
    if not rows:
        return []
    full = [
        {**row, "public_id": new_public_id(), "uid": f"{new_public_id()}@{UID_HOST}", "live": True, "version": 1}
        for row in rows
    ]
    made = session.execute(insert(Booking).returning(Booking.id, Booking.public_id), full)
    by_public_id = {public_id: id_ for id_, public_id in made}
    return [by_public_id[row["public_id"]] for row in full]


def hold_all(session: Session, held: Iterable[Held]) -> None:
    """Items and allocations for all of them. Raises BookingConflict when one finds too few units left."""
    items: list[Row] = []
    units: dict[tuple[int, int], tuple[int, ...]] = {}
    for each in held:
        for item in each.items:
            resource = each.facts.resources[item.resource_id]
            chosen = _chosen(session, each, item)
            if not chosen:
                raise BookingConflict
            busy = held_window(each.span, resource, chosen)
            units[each.booking_id, item.resource_id] = chosen
            items.append(
                {
                    "booking_id": each.booking_id,
                    "live": True,
                    "starts_at": each.span.starts_at,
                    "ends_at": each.span.ends_at,
                    "resource_id": item.resource_id,
                    "quantity": item.quantity,
                    "busy_from": busy.starts_at,
                    "busy_to": busy.ends_at,
                    "held_unit_id": chosen[0],
                }
            )
    if not items:
        return
    returned = (
        BookingItem.id,
        BookingItem.booking_id,
        BookingItem.resource_id,
        BookingItem.busy_from,
        BookingItem.busy_to,
    )
    made = session.execute(insert(BookingItem).returning(*returned), items).all()
    allocations = [
        {
            "item_id": row.id,
            "unit_id": unit,
            "resource_id": row.resource_id,
            "live": True,
            "busy_from": row.busy_from,
            "busy_to": row.busy_to,
        }
        for row in made
        for unit in units[row.booking_id, row.resource_id]
    ]
    session.execute(insert(Allocation), allocations)


def _chosen(session: Session, held: Held, item: Item) -> tuple[int, ...]:
    """The units taken when it was judged; in a pool without enough of them, what others can make room for."""
    resource = held.facts.resources[item.resource_id]
    chosen = held.units.get(item.resource_id, ())
    if not resource.is_pool:
        return chosen or resource.units
    if len(chosen) >= item.quantity:
        return chosen
    return seat_in_pool(session, held.facts.now, resource, busy_window(held.span, resource), item.quantity)


def give_back_all(session: Session, booking_ids: Iterable[int]) -> None:
    """Deletes the items of these bookings; their allocations go along."""
    ids = sorted(set(booking_ids))
    session.execute(delete(BookingItem).where(BookingItem.booking_id.in_(ids)))


def cancel_all(session: Session, now: datetime, rows: Sequence[Row]) -> None:
    """Gives back what these hold and keeps them as history; a row has id, version, sequence and modified_at."""
    ids = sorted(row["id"] for row in rows)
    items = select(BookingItem.id).where(BookingItem.booking_id.in_(ids))
    session.execute(delete(Allocation).where(Allocation.item_id.in_(items)))
    gone = {"state": State.CANCELLED.value, "live": False, "cancelled_at": now}
    update_bookings(session, [{**row, **gone} for row in rows])
    session.execute(update(BookingItem).where(BookingItem.booking_id.in_(ids)).values(held_unit_id=None))


def update_bookings(session: Session, rows: Sequence[Row]) -> None:
    """Changes bookings by `id`; all rows name the same columns. What the session has read of them is read afresh."""
    if not rows:
        return
    session.flush()
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    statement = update(Booking).where(Booking.id == bindparam("wanted")).values(values)
    session.connection().execute(
        statement,
        [{"wanted": row["id"], **{f"new_{name}": row[name] for name in values}} for row in rows],
    )
    session.expire_all()


def record_all(session: Session, entries: Sequence[Row]) -> None:
    """Journal entries in one statement."""
    if entries:
        empty: Row = {"before": None, "after": None, "text": None}
        session.execute(insert(JournalEntry), [{**empty, **entry} for entry in entries])


def entry(
    now: datetime, actor_id: int, action: str, booking_id: int, door: str, **values: Mapping[str, object] | str | None
) -> Row:
    """One line of the journal about a booking, for `record_all`."""
    about = {"actor_id": actor_id, "action": action, "subject_kind": "booking", "subject_id": booking_id}
    return {"at": now, "door": door, **about, **values}


def values_of(state: State, span: TimeSpan, items: tuple[Item, ...], **more: object) -> dict[str, object]:
    """How a booking stands, as the journal holds it."""
    return {
        "state": state.value,
        "starts_at": span.starts_at.isoformat(),
        "ends_at": span.ends_at.isoformat(),
        "resources": [item.resource_id for item in items],
        **more,
    }


__all__ = [
    "Held", "Row", "cancel_all", "entry", "give_back_all", "hold_all", "insert_bookings", "new_series", "record_all",
    "update_bookings", "values_of",
]  # fmt: skip
