"""How much a feed's reader may know: of each booking whether its title is theirs to read, of requests their turn."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking
from booking.permissions import Actor
from booking.services import inbox
from booking.services.feed_keys import Kind
from booking.services.feeds import Feed
from booking.services.glimpses import glimpses

AT_ONCE = 500
LONGEST_DAY = timedelta(hours=25)


def readable(
    session: Session, now: datetime, actor: Actor | None, feed: Feed, booking_ids: Sequence[int]
) -> Collection[int] | None:
    """The bookings whose titles the reader may read now; None for all, as of one's own and of what one answers.

    What is said holds for the day: nobody who asks whether anything is new is to keep a title beyond its time.
    """
    if feed.kind in (Kind.MEMBER, Kind.APPROVALS):
        return None
    found: set[int] = set()
    until = feed.since + LONGEST_DAY
    for start in range(0, len(booking_ids), AT_ONCE):
        ids = booking_ids[start : start + AT_ONCE]
        if feed.kind is Kind.EVENTS:
            found |= {id_ for id_, each in glimpses(session, now, None, ids, until).items() if each.is_public}
        else:
            found |= {id_ for id_, each in glimpses(session, now, actor, ids, until).items() if each.may_open}
    return found


def waiting(session: Session, now: datetime, actor: Actor, booking_ids: Sequence[int]) -> dict[int, bool]:
    """Of these requests those that are for the actor to answer, and whether they wait for the actor now."""
    rows = session.scalars(select(Booking).where(Booking.id.in_(sorted(booking_ids)))).all()
    return inbox.for_actor(session, now, actor, rows)
