"""Which calendars elsewhere have not been read for too long: what pages say of them, and what `check` does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from booking.db import UTCDateTime
from booking.models import ExternalCalendar, Resource, ResourceState
from booking.services.outages_known import reaching

STALE = timedelta(hours=2)
FAILING = timedelta(hours=24)
OVERDUE = timedelta(hours=2)  # nobody has even tried: the worker stands still


@dataclass(frozen=True, slots=True)
class Stale:
    """A calendar whose times may be out of date; `read_at` is None when it never was read."""

    calendar: str
    read_at: datetime | None


def _statement() -> Select[Any]:
    calendar = ExternalCalendar.__table__
    heard = func.coalesce(calendar.c.succeeded_at, calendar.c.added_at)
    wanted = reaching(calendar).add_columns(calendar.c.name, calendar.c.succeeded_at)
    return wanted.where(calendar.c.address.is_not(None), heard < bindparam("before", type_=UTCDateTime))


STATEMENT = _statement()


def stale_calendars(session: Session, now: datetime, resource_ids: Iterable[int]) -> dict[int, tuple[Stale, ...]]:
    """By the resource they reach; only those with any. A file grows no older than it was."""
    rows = session.execute(STATEMENT, {"ids": sorted(set(resource_ids)), "before": now - STALE})
    found: dict[int, tuple[Stale, ...]] = {}
    for row in rows:
        found[row.reached] = (*found.get(row.reached, ()), Stale(row.name, row.succeeded_at))
    return found


@dataclass(frozen=True, slots=True)
class Failing:
    """A calendar that cannot be read, since when, and when it was read last."""

    public_id: str
    name: str
    resource_id: int
    since: datetime
    read_at: datetime | None


def failing_calendars(session: Session, resource_ids: Iterable[int]) -> list[Failing]:
    """Those of these resources, the longest first."""
    rows = session.scalars(
        select(ExternalCalendar)
        .where(ExternalCalendar.resource_id.in_(sorted(set(resource_ids))), ExternalCalendar.failing_since.is_not(None))
        .order_by(ExternalCalendar.failing_since, ExternalCalendar.id)
    )
    return [
        Failing(row.public_id, row.name, row.resource_id, row.failing_since, row.succeeded_at)
        for row in rows
        if row.failing_since is not None
    ]


def health(session: Session, now: datetime) -> Iterator[str]:
    """A line for each calendar that has failed for a day, and one when nobody reads them."""
    fetched = (
        select(ExternalCalendar, Resource.slug)
        .join(Resource, Resource.id == ExternalCalendar.resource_id)
        .where(ExternalCalendar.address.is_not(None), Resource.state != ResourceState.RETIRED)
    )
    failing = fetched.where(ExternalCalendar.failing_since <= now - FAILING)
    for row, slug in session.execute(failing.order_by(ExternalCalendar.id)):
        hours = int((now - (row.failing_since or now)) / timedelta(hours=1))
        code = (row.failure or {}).get("code", "")
        yield f"Calendar “{row.name}” of {slug}: cannot be read, for {hours} hours now ({code}); its last times stand."
    overdue = len(session.execute(fetched.where(ExternalCalendar.due_at <= now - OVERDUE)).all())
    if overdue:
        yield f"Calendars elsewhere: {overdue} wait to be read; run the worker, or flask --app wsgi fetch-calendars."
