"""Reminders: posted for what begins within the time each holder chose, once for each booking, start and time.

Who chose nothing gets none: an invitation or a feed has put the booking into their calendar, which reminds by itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.models import Booking, MailChoice
from booking.services import outbox
from booking.services.mail_choices import OFFERED_REMINDERS, choices_of, wants
from booking.services.outbox import Claimed

KIND = "reminder"
MINUTE = timedelta(minutes=1)


def post_due(session: Session, now: datetime) -> int:
    """Posts what is due; how many. Twice, by two workers or by a clock that went back, is the same as once."""
    if not outbox.posts_mail(session):
        return 0
    members = [each.member_id for each in session.scalars(select(MailChoice)) if each.reminders]
    chosen = {id_: each for id_, each in choices_of(session, members).items() if wants(each, KIND)}
    coming = session.scalars(
        select(Booking)
        .where(Booking.member_id.in_(sorted(chosen)), Booking.state == State.CONFIRMED)
        .where(Booking.starts_at > now, Booking.starts_at <= now + max(OFFERED_REMINDERS))
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    return sum(_post(session, now, row, chosen[row.member_id].reminders) for row in coming)


def _post(session: Session, now: datetime, row: Booking, reminders: Iterable[timedelta]) -> bool:
    """The shortest time that has come, and no reminder of what was booked when that had come already."""
    due = [ahead for ahead in sorted(reminders) if row.created_at <= row.starts_at - ahead <= now]
    if not due:
        return False
    minutes, start = due[0] // MINUTE, row.starts_at.isoformat()
    said = outbox.post(
        session, now, KIND,
        to=row.member_id, booking_id=row.id,
        facts={"starts_at": start, "minutes": minutes}, once=f"{KIND}:{row.id}:{start}:{minutes}",
    )  # fmt: skip
    return said is not None


def still_due(session: Session, now: datetime, message: Claimed) -> bool:
    """Whether the booking begins as it did when the reminder was posted, for the same holder, and has not begun."""
    row = session.get(Booking, message.booking_id) if message.booking_id else None
    return (
        row is not None
        and row.state == State.CONFIRMED
        and row.member_id == message.member_id
        and row.starts_at.isoformat() == message.facts["starts_at"]
        and row.starts_at > now
    )
