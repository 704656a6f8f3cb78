"""Whether there is a backup young enough: each is noted when it is done, and so is that the data came back from one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from booking.models import Member
from booking.services import jobs

BACKUP, RESTORE = "backup", "restore"
NIGHTLY = timedelta(hours=26)  # a nightly backup may be two hours late


def note(session: Session, now: datetime, job: str) -> None:
    """That a backup was made, or put back, just now."""
    jobs.begin(session, now, job)
    session.flush()
    jobs.end(session, now, job, {})


def health(session: Session, now: datetime) -> Iterator[str]:
    """A line when the last backup is too old, or none was made since the first account; a demo needs none.

    Data that were put back are as safe as the file they came from, until they too have had a night.
    """
    backup, restore = (jobs.last_run(session, job) for job in (BACKUP, RESTORE))
    safe = [run.ended_at for run in (backup, restore) if run and run.ended_at]
    since = max(safe) if safe else session.scalar(select(func.min(Member.created_at)).where(Member.is_demo == false()))
    if since is None or now - since <= NIGHTLY:
        return
    hours = int((now - since) / timedelta(hours=1))
    if backup is None:
        yield f"Backup: none was made in {hours} hours; one should be made every night (flask --app wsgi backup)."
    else:
        yield f"Backup: the last is {hours} hours old; one should be made every night (flask --app wsgi backup)."
