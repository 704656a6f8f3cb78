"""Tells those on duty, and whoever stands in for them, that a request waits for their answer; each of them once."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.models import ApprovalDelegation, Booking
from booking.services import outbox
from booking.services.approval_steps import steps_of

KIND = "request"


def post(session: Session, now: datetime, booking_ids: Collection[int]) -> None:
    """One message to each for all dates of a series. Once for each version of a booking, so that a question that goes
    on to a wider scope is new only to those who are asked then.
    """
    wanted = select(Booking).where(Booking.id.in_(sorted(set(booking_ids)))).order_by(Booking.starts_at, Booking.id)
    rows = session.scalars(wanted).all()
    steps = steps_of(session, now, rows)
    asked: dict[tuple[int, str], list[Booking]] = {}
    for row in rows:
        called = {each for step in steps.get(row.id, ()) if not step.is_settled for each in step.called - step.approved}
        for member_id in sorted(called | _stand_ins(session, now, called)):
            if member_id not in (row.member_id, row.booked_by_id):
                about = f"series {row.series_id}" if row.series_id else f"booking {row.id}"
                asked.setdefault((member_id, about), []).append(row)
    for (member_id, _), bookings in asked.items():
        first = bookings[0]
        facts = (
            {"by": first.member_id, "dates": [each.id for each in bookings]}
            if bookings[1:]
            else {"by": first.member_id}
        )
        once = f"request:{first.id}:{first.version}:{member_id}"
        outbox.post(session, now, KIND, to=member_id, booking_id=first.id, facts=facts, once=once)


def _stand_ins(session: Session, now: datetime, called: Iterable[int]) -> set[int]:
    """Those who answer for one of these now, whatever they are asked."""
    found = select(ApprovalDelegation.to_id).where(
        ApprovalDelegation.from_id.in_(sorted(called)),
        ApprovalDelegation.booking_id.is_(None),
        ApprovalDelegation.starts_at <= now,
        ApprovalDelegation.ends_at > now,
        or_(ApprovalDelegation.ended_at.is_(None), ApprovalDelegation.ended_at > now),
    )
    return set(session.scalars(found))


__all__ = ["KIND", "post"]
