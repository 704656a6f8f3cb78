"""What time does to requests: those nobody answers go to the next wider scope, and end when they have none left.

Reading counts with it anyway (`approval_steps.in_force`, `facts`); here it is written down: by the nightly job, by a
command, and by whoever wants the time of a request that has ended (`clear_the_way`), so that no job can be late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.models import Application, ApprovalStep, Booking, BookingItem
from booking.services import mail_waiting
from booking.services.approval_steps import Step, as_json, steps_of, timed_out
from booking.services.beside import sharing_units
from booking.services.locks import lock
from booking.services.requests import add_decision, end_request, is_waiting
from booking.services.standing import standing_of


@dataclass(frozen=True, slots=True)
class Settled:
    """How many questions went on to a wider scope, and how many requests ended unanswered."""

    escalated: int = 0
    expired: int = 0


def settle_overdue(session: Session, now: datetime) -> Settled:
    """Writes down what time has done to every request, under their locks. Twice is the same as once."""
    waiting = [row for row in _waiting(session) if _is_overdue(session, now, row)]
    items = select(BookingItem.resource_id).where(BookingItem.booking_id.in_([row.id for row in waiting]))
    lock(session, member_ids=[row.member_id for row in waiting], resource_ids=session.scalars(items))
    return settle(session, now, [row.id for row in waiting])


def clear_the_way(session: Session, now: datetime, resource_ids: Iterable[int]) -> Settled:
    """Ends the requests for any of these that time has ended; the caller holds the locks of their units."""
    ids = sharing_units(session, resource_ids)
    asking = select(BookingItem.booking_id).where(BookingItem.resource_id.in_(ids), BookingItem.live)
    dead = timed_out(session, now, Booking.id.in_(asking))
    return settle(session, now, [row.id for row in dead]) if dead else Settled()


def settle(session: Session, now: datetime, booking_ids: Iterable[int]) -> Settled:
    """The same for some; the caller holds the locks of their units."""
    wanted = select(Booking).where(Booking.id.in_(sorted(booking_ids))).order_by(Booking.id)
    rows = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    waiting = [row for row in rows if is_waiting(session, row)]
    escalated = expired = 0
    for row, steps in ((row, steps_of(session, now, [row]).get(row.id, [])) for row in waiting):
        if any(step.has_expired for step in steps) or row.starts_at <= now:
            for step in steps:
                add_decision(session, now, (row.id, step.id), (None, None), "expired")
            end_request(session, now, None, standing_of(session, row), "expired")
            expired += 1
        else:
            moved = sum(_escalate(session, row.id, step) for step in steps)
            escalated += moved
            if moved:
                mail_waiting.ask(session, now, [row.id])
    return Settled(escalated, expired)


def _waiting(session: Session) -> list[Booking]:
    open_ = select(Application.booking_id).where(Application.state == "open")
    requested = select(Booking).where(Booking.state == State.REQUESTED)
    applied = select(Booking).where(Booking.id.in_(open_))
    return [*session.scalars(requested.order_by(Booking.id)), *session.scalars(applied.order_by(Booking.id))]


def _is_overdue(session: Session, now: datetime, row: Booking) -> bool:
    steps = steps_of(session, now, [row]).get(row.id, [])
    return row.starts_at <= now or any(step.has_expired or step.moved for step in steps)


def _escalate(session: Session, booking_id: int, step: Step) -> int:
    """A step for each level that was reached; the round stays."""
    row = session.get_one(ApprovalStep, step.id)
    number = session.scalar(select(func.max(ApprovalStep.round)).where(ApprovalStep.booking_id == booking_id))
    rows = [
        {
            "booking_id": booking_id,
            "resource_id": row.resource_id,
            "round": number,
            "level": level,
            "mode": row.mode,
            "working_days": row.working_days,
            "on_timeout": row.on_timeout,
            "findings": [as_json(each) for each in step.findings],
            "asked_at": asked_at,
            "until_at": until_at,
        }
        for level, asked_at, until_at in step.moved
    ]
    if rows:
        session.execute(insert(ApprovalStep), rows)
    return len(rows)
