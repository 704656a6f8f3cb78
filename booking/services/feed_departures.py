"""What has left a feed without being cancelled: moved to another room, handed over, or booked for others.

Calendars keep what they have once seen, so the feed goes on showing it, as cancelled, for as long as cancelled
bookings are shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from booking.ical.event import ended
from booking.models import FeedDeparture
from booking.permissions import ScopeKey
from booking.services.feed_rendering import Rendered

KEPT_FOR = timedelta(days=60)  # twice as long as they are shown


@dataclass(frozen=True, slots=True)
class Left:
    """A booking as it is now, and how it stood in the feeds that it has left."""

    booking: Rendered
    sequence: int
    core: bytes
    summary: bytes
    scopes: frozenset[ScopeKey]


def note(session: Session, now: datetime, left: Collection[Left]) -> None:
    """A row for each feed, with a SEQUENCE above what was shown there; what is long past is cleared away."""
    if not left:
        return
    for each in left:
        sequence = max(each.sequence + 1, each.booking.sequence)
        core = ended(each.core, sequence, each.booking.modified_at)
        for kind, scope_id in sorted(each.scopes):
            row = FeedDeparture(scope_kind=kind, scope_id=scope_id, booking_id=each.booking.booking_id)
            row.departed_at, row.core, row.summary = now, core, each.summary if kind == "member" else None
            session.add(row)
    session.flush()
    scopes = sorted({scope for each in left for scope in each.scopes})
    of_feeds = tuple_(FeedDeparture.scope_kind, FeedDeparture.scope_id).in_(scopes)
    session.execute(delete(FeedDeparture).where(of_feeds, FeedDeparture.departed_at < now - KEPT_FOR))


def forget(session: Session, scopes: Mapping[int, frozenset[ScopeKey]]) -> None:
    """A booking that is in a feed has not left it, whatever was noted; nor is the same said twice."""
    rows = session.scalars(select(FeedDeparture).where(FeedDeparture.booking_id.in_(sorted(scopes)))).all()
    for row in rows:
        if (row.scope_kind, row.scope_id) in scopes[row.booking_id]:
            session.delete(row)
    if rows:
        session.flush()
