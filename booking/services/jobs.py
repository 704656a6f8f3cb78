"""When each job last ran, and whether that is too long ago."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models import JobRun, Qualification
from booking.services import external_health

RECHECK, WORKER = "recheck", "worker"
NIGHTLY = timedelta(hours=36)  # a night may be missed by a restart, two may not


def begin(session: Session, now: datetime, job: str) -> None:
    """Notes that it has begun; what it did before stays until it ends."""
    row = session.get(JobRun, job)
    if row is None:
        session.add(JobRun(job=job, started_at=now, did={}))
    else:
        row.started_at, row.ended_at = now, None


def end(session: Session, now: datetime, job: str, did: dict[str, Any]) -> None:
    """Notes what it did."""
    row = session.get_one(JobRun, job)
    row.ended_at, row.did = now, did


def last_run(session: Session, job: str) -> JobRun | None:
    """The last time it began."""
    return session.get(JobRun, job)


def beat(session: Session, now: datetime, job: str) -> None:
    """Notes that a job that never ends is alive."""
    row = session.get(JobRun, job)
    if row is None:
        session.add(JobRun(job=job, started_at=now, ended_at=now, did={}))
    else:
        row.ended_at = now


def health(session: Session, now: datetime) -> Iterator[str]:
    """A line for each job that should have run and has not; before there is a qualification, none is needed."""
    run = last_run(session, RECHECK)
    since = run.started_at if run else session.scalar(select(func.min(Qualification.created_at)))
    if since is not None and now - since > NIGHTLY:
        hours = int((now - since) / timedelta(hours=1))
        yield f"Job {RECHECK}: has not run for {hours} hours; it should run every night (flask --app wsgi {RECHECK})."
    elif run is not None and run.ended_at is None and now - run.started_at > timedelta(hours=6):
        yield f"Job {RECHECK}: began at {run.started_at:%Y-%m-%d %H:%M} UTC and has not ended; run it again."
    yield from external_health.health(session, now)
