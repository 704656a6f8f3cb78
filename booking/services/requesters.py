"""What the one who asks has booked before, for whoever is to answer: counts, and nothing about what for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.models import Booking, BookingItem


@dataclass(frozen=True, slots=True)
class Record:
    """How many bookings the member has had here and anywhere, and how many requests were declined."""

    here: int = 0
    anywhere: int = 0
    declined: int = 0


def records(session: Session, now: datetime, rows: Iterable[Booking]) -> dict[int, Record]:
    """By booking: the record of its holder with what it asks for, in three queries."""
    listed = list(rows)
    members = sorted({row.member_id for row in listed})
    been = (Booking.member_id.in_(members), Booking.state == State.CONFIRMED, Booking.ends_at <= now)
    anywhere = _counted(session, select(Booking.member_id, func.count()).where(*been).group_by(Booking.member_id))
    no = (Booking.member_id.in_(members), Booking.state == State.DECLINED)
    declined = _counted(session, select(Booking.member_id, func.count()).where(*no).group_by(Booking.member_id))
    here = {
        (member_id, resource_id): number
        for member_id, resource_id, number in session.execute(
            select(Booking.member_id, BookingItem.resource_id, func.count())
            .join(BookingItem, BookingItem.booking_id == Booking.id)
            .where(*been)
            .group_by(Booking.member_id, BookingItem.resource_id)
        )
    }
    wanted = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id).where(
            BookingItem.booking_id.in_([row.id for row in listed])
        )
    ).all()
    holders = {row.id: row.member_id for row in listed}
    most = dict.fromkeys(holders, 0)
    for booking_id, resource_id in wanted:
        most[booking_id] = max(most[booking_id], here.get((holders[booking_id], resource_id), 0))
    return {
        row.id: Record(most[row.id], anywhere.get(row.member_id, 0), declined.get(row.member_id, 0)) for row in listed
    }


def _counted(session: Session, statement: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(statement)}
