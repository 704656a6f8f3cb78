"""Reads what calendars elsewhere say into busy times: who reads which, what was found, and what went wrong.

What was read last stands until a newer reading takes its place, whole, under the locks of the units. A failure never
frees anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from booking.core.errors import DomainError
from booking.core.timespan import TimeSpan
from booking.core.web_address import WebAddress
from booking.ical.reading import ForeignEvent, Reading
from booking.models import ExternalBusy, ExternalCalendar, Resource, ResourceState, Site
from booking.models.ids import new_public_id
from booking.services import external_clashes
from booking.services.external_events import Own, key_of
from booking.services.locks import lock
from booking.services.outages_known import reached_by

EVERY = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
BEHIND, AHEAD = timedelta(days=1), timedelta(days=400)
AS_A_WHOLE = timedelta(days=1)  # so often at least, as what repeats is known only so far ahead
CLAIMED_FOR = timedelta(minutes=3)
UNKNOWN_ZONE = "import.unknown_zone"

Use = tuple[str, str, datetime, datetime, bool]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A calendar that is ours to read: by its address, or the file that was uploaded.

    `etag` and `last_modified` are what an earlier answer said of itself, and empty when all is to be read anew.
    """

    calendar_id: int
    claim: str
    zone: ZoneInfo
    within: TimeSpan
    address: WebAddress | None
    upload: bytes | None
    etag: str | None
    last_modified: str | None


def claim(session: Session, now: datetime) -> Claimed | None:
    """The calendar that has waited longest; nobody else reads it meanwhile. None when none is due."""
    waiting = (
        select(ExternalCalendar, Site.timezone)
        .join(Resource, Resource.id == ExternalCalendar.resource_id)
        .join(Site, Site.id == Resource.site_id)
        .where(
            ExternalCalendar.due_at <= now,
            or_(ExternalCalendar.claimed_until.is_(None), ExternalCalendar.claimed_until <= now),
            Resource.state != ResourceState.RETIRED,
        )
        .order_by(ExternalCalendar.due_at, ExternalCalendar.id)
        .limit(1)
        .with_for_update(of=ExternalCalendar, skip_locked=True)
    )
    found = session.execute(waiting).one_or_none()
    if found is None:
        return None
    row, zone = found
    row.claimed_until, row.claim = now + CLAIMED_FOR, new_public_id()
    is_recent = row.read_at is not None and now - row.read_at < AS_A_WHOLE
    return Claimed(
        row.id,
        row.claim,
        ZoneInfo(zone),
        TimeSpan(now - BEHIND, now + AHEAD),
        WebAddress.read(row.address) if row.address is not None else None,
        row.upload,
        row.etag if is_recent else None,
        row.last_modified if is_recent else None,
    )


def stays_as_it_was(session: Session, now: datetime, claimed: Claimed, jitter: float) -> None:
    """The server says that nothing is new."""
    row = _ours(session, claimed)
    if row is not None:
        _succeeded(row, now, jitter)


def take_over(
    session: Session,
    now: datetime,
    claimed: Claimed,
    reading: Reading,
    jitter: float,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
) -> None:
    """What was read takes the place of what was known, at once; managers are told of bookings it newly clashes with.

    `jitter` is around 1, so that calendars are not all asked for at the same moment. Nothing happens when the calendar
    has been removed, changed or claimed by somebody else meanwhile.
    """
    resource_id = session.scalar(
        select(ExternalCalendar.resource_id).where(ExternalCalendar.id == claimed.calendar_id)
    )  # fmt: skip
    if resource_id is None:
        return
    reached = reached_by(session, resource_id)
    lock(session, resource_ids=reached)
    row = _ours(session, claimed)
    if row is None:
        return
    before = external_clashes.clashing(session, now, row.id, reached)
    _replace(session, row, _uses(session, reached, reading, claimed.within))
    session.flush()
    new = external_clashes.clashing(session, now, row.id, reached) - before
    external_clashes.tell_managers(session, now, row, new)
    row.skipped = _skipped(reading)
    row.etag, row.last_modified = etag, last_modified
    row.read_at, row.covers_until = now, claimed.within.ends_at
    _succeeded(row, now, jitter)


def failed(session: Session, now: datetime, claimed: Claimed, why: DomainError, jitter: float) -> None:
    """Everything that was known stays; the next try waits the longer, the oftener it has failed.

    A file is read once: what cannot be read now will not be readable later, and is not kept.
    """
    row = _ours(session, claimed)
    if row is None:
        return
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.failure = {"code": why.code, **why.facts}
    row.tried_at = now
    wait = min(EVERY * 2 ** min(row.failures, 10), LONGEST_WAIT)
    _let_go(row, now + wait * jitter)


def _ours(session: Session, claimed: Claimed) -> ExternalCalendar | None:
    mine = select(ExternalCalendar).where(
        ExternalCalendar.id == claimed.calendar_id, ExternalCalendar.claim == claimed.claim
    )
    return session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def _succeeded(row: ExternalCalendar, now: datetime, jitter: float) -> None:
    row.tried_at = row.succeeded_at = now
    row.failing_since, row.failure, row.failures = None, None, 0
    _let_go(row, now + EVERY * jitter)


def _let_go(row: ExternalCalendar, next_at: datetime) -> None:
    row.due_at = next_at if row.address is not None else None
    row.upload, row.claim, row.claimed_until = None, None, None


def _uses(session: Session, reached: tuple[int, ...], reading: Reading, within: TimeSpan) -> set[Use]:
    """Everything that takes time inside the window and is no booking of ours; only when, not what for."""
    events = [each for each in reading.events if not each.cancelled and each.span.overlaps(within)]
    own = Own(session, reached, (key_of(each.uid) for each in events))
    return {_use(each, within) for each in events if not own.has(key_of(each.uid), each.recurrence)}


def _use(event: ForeignEvent, within: TimeSpan) -> Use:
    starts_at = max(event.span.starts_at, within.starts_at).replace(microsecond=0)
    ends_at = min(event.span.ends_at, within.ends_at).replace(microsecond=0)
    ends_at = max(ends_at, starts_at + timedelta(seconds=1))
    return key_of(event.uid), event.recurrence, starts_at, ends_at, event.tentative


def _replace(session: Session, row: ExternalCalendar, found: set[Use]) -> None:
    """What is as it was is left alone: most readings change little, and this happens every quarter of an hour."""
    stored = {
        (busy.uid, busy.recurrence, busy.starts_at, busy.ends_at, busy.is_tentative): busy.id
        for busy in session.execute(
            select(
                ExternalBusy.id, ExternalBusy.uid, ExternalBusy.recurrence, ExternalBusy.starts_at,
                ExternalBusy.ends_at, ExternalBusy.is_tentative,
            ).where(ExternalBusy.calendar_id == row.id)
        )
    }  # fmt: skip
    gone = sorted(id_ for use, id_ in stored.items() if use not in found)
    for n in range(0, len(gone), 5_000):
        session.execute(delete(ExternalBusy).where(ExternalBusy.id.in_(gone[n : n + 5_000])))
    new = sorted(found - stored.keys())
    names = ("uid", "recurrence", "starts_at", "ends_at", "is_tentative")
    common = {"calendar_id": row.id, "resource_id": row.resource_id}
    if new:
        session.execute(insert(ExternalBusy), [common | dict(zip(names, use, strict=True)) for use in new])


def _skipped(reading: Reading) -> dict[str, int]:
    """How many events take no time, or could not be read, by the code of why; and those whose zone nobody knows."""
    codes = [each.code for each in reading.troubles]
    codes += [UNKNOWN_ZONE for each in reading.events if each.unknown_zone]
    return {code: codes.count(code) for code in sorted(set(codes))}
