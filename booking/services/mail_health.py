"""Whether mail goes out: a line when something waits too long, and when no worker lives."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.services import jobs, outbox

MOST_WAITING = timedelta(minutes=15)
MOST_SILENT = timedelta(minutes=5)  # it leaves word twice a minute
MINUTE = timedelta(minutes=1)


def health(session: Session, now: datetime) -> Iterator[str]:
    """Nothing where this installation sends no mail."""
    if not outbox.posts_mail(session):
        return
    run = jobs.last_run(session, jobs.WORKER)
    alive_at = run.ended_at if run else None
    if alive_at is None:
        yield "Mail: the worker has never run; start it (flask --app wsgi worker)."
    elif now - alive_at > MOST_SILENT:
        yield f"Mail: the worker has been silent for {(now - alive_at) // MINUTE} minutes (flask --app wsgi worker)."
    oldest = outbox.oldest_waiting(session)
    if oldest is not None and now - oldest > MOST_WAITING:
        yield f"Mail: a message has waited for {(now - oldest) // MINUTE} minutes; see the worker's log."
