"""When a room is taken, as plain busy times for programs that only ask for those (RFC 5545, 3.6.4)."""

from sqlalchemy.orm import Session

from booking.core.timespan import SpanSet, TimeSpan
from booking.ical.freebusy import freebusy
from booking.services.feed_keys import Kind
from booking.services.feed_shown import shown
from booking.services.feeds import Feed

MOST = 5000


def content(session: Session, feed: Feed) -> bytes | None:
    """None for what is not a room."""
    if feed.kind is not Kind.RESOURCE:
        return None
    rows = shown(session, feed, MOST)
    spans = {
        kind: SpanSet(TimeSpan(row.starts_at, row.ends_at) for row in rows if row.state == state)
        for kind, state in (("BUSY", "confirmed"), ("BUSY-TENTATIVE", "requested"))
    }
    return freebusy(f"{feed.uid}-busy", feed.window, feed.modified_at, spans)
