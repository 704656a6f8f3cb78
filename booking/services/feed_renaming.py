"""What calendars show of a place changes by its name: its coming bookings count as modified, what is past stays."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking, BookingItem
from booking.services import feed_counters, feed_fragments
from booking.services.locks import lock


def renamed(session: Session, now: datetime, resource_ids: Collection[int]) -> None:
    """LAST-MODIFIED rises with what is seen (RFC 5545, 3.8.7.3): some programs look at nothing else."""
    ids = sorted(resource_ids)
    lock(session, resource_ids=ids)  # else a change of one of these bookings could wait for us, and we for it
    concerned = select(BookingItem.booking_id).where(BookingItem.resource_id.in_(ids), BookingItem.ends_at > now)
    rows = session.scalars(select(Booking).where(Booking.id.in_(concerned)).order_by(Booking.id)).all()
    for row in rows:
        row.modified_at = max(now, row.modified_at + timedelta(seconds=1))
    feed_fragments.changed(session, now, [row.id for row in rows])
    feed_counters.raise_counters(session, now, [("resource", id_) for id_ in ids])
