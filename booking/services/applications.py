"""Requests that compete for the same time: they hold nothing, and one of them becomes a booking when it is chosen.

A booking that holds nothing cannot be `requested`: the database sees to that. So its row stands as `expired`, which
it would be anyway if nobody chose it, and an open application beside it says that it is still asked for.
"""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.core.blocking import busy_window
from booking.core.facts import Facts
from booking.core.kits import as_kit
from booking.core.lifecycle import State
from booking.core.params import Overlap
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.models import Application, Booking, BookingItem
from booking.services.holding import give_back, hold

STANDS_AS = State.EXPIRED


def compete(facts: Facts, items: tuple[Item, ...]) -> bool:
    """Whether requests for any of these let others ask for the same time; those for a pool never do."""
    resources = [facts.of(item.resource_id) for item in items]
    return any(not each.is_pool and not each.values("R05", Overlap).pending_blocks for each in resources)


def enter(
    session: Session, now: datetime, booking_id: int, span: TimeSpan, items: tuple[Item, ...], facts: Facts
) -> None:
    """Notes what is asked for, without holding any of it."""
    facts = as_kit(items, facts)
    for item in items:
        busy = busy_window(span, facts.of(item.resource_id))
        session.execute(
            insert(BookingItem).values(
                booking_id=booking_id,
                live=False,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                resource_id=item.resource_id,
                quantity=item.quantity,
                busy_from=busy.starts_at,
                busy_to=busy.ends_at,
            )
        )
    row = session.get(Application, booking_id) or Application(booking_id=booking_id, made_at=now)
    row.state, row.decided_at = "open", None
    session.add(row)
    session.flush()


def is_open(session: Session, booking_id: int) -> bool:
    """Whether the booking is an application that nobody has decided."""
    open_ = select(Application.booking_id).where(Application.booking_id == booking_id, Application.state == "open")
    return session.scalar(open_) is not None


def close(session: Session, now: datetime, booking_id: int, state: str) -> None:
    """What became of it."""
    row = session.get_one(Application, booking_id)
    row.state, row.decided_at = state, now


def choose(session: Session, now: datetime, row: Booking, items: tuple[Item, ...], facts: Facts) -> None:
    """Makes it a booking that holds its time. Raises BookingConflict when the guard refuses."""
    close(session, now, row.id, "chosen")
    give_back(session, row.id)
    row.state, row.live = State.CONFIRMED, True
    session.flush()
    hold(session, row.id, row.span, items, facts)
