"""Counts for the admin's first page."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models import BookingItem


def coming_bookings(session: Session, now: datetime, resource_ids: Iterable[int]) -> int:
    """How many live bookings of these resources have not ended; a booking of several counts once."""
    ids = sorted(set(resource_ids))
    counted = select(func.count(BookingItem.booking_id.distinct())).where(
        BookingItem.resource_id.in_(ids), BookingItem.live, BookingItem.ends_at > now
    )
    return session.scalar(counted) or 0
