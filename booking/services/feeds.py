"""Which feed a secret opens, and how new it is: known from one read, before any booking is touched.

Everything a feed says is decided by its counter, its key, and the week or day it is asked in. So its ETag needs no
booking, and two readings in the same week (of others' bookings: on the same day) are byte for byte the same.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.ical.calendar import TEMPLATE
from booking.models import FeedCounter, FeedKey, Member, Site
from booking.services.actors import is_active, local_today
from booking.services.feed_counters import REQUESTS, RIGHTS
from booking.services.feed_keys import Detail, Kind, hash_secret

YEAR, MONTH, WEEK = timedelta(days=365), timedelta(days=30), timedelta(days=7)
SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
PUBLIC_LANGUAGE = "nb"
key, member = FeedKey.__table__, Member.__table__
counter, rights = FeedCounter.__table__.alias("shown"), FeedCounter.__table__.alias("rights")
COUNTED = case((key.c.scope_kind == REQUESTS[0], REQUESTS[1]), else_=key.c.scope_id)
BY_SECRET = (
    select(key.c.id, key.c.public_id, key.c.member_id, key.c.scope_kind, key.c.scope_id, key.c.key_hash)
    .add_columns(key.c.detail, key.c.language, key.c.with_buffers, key.c.alarm_minutes, key.c.created_at)
    .add_columns(key.c.last_fetched_at, key.c.rev_seen, key.c.program, member.c.ends_on, member.c.deactivated_at)
    .add_columns(counter.c.rev, counter.c.changed_at, rights.c.rev.label("rights"))
    .add_columns(rights.c.changed_at.label("rights_at"))
    .select_from(
        key.join(member, member.c.id == key.c.member_id)
        .outerjoin(counter, and_(counter.c.scope_kind == key.c.scope_kind, counter.c.scope_id == COUNTED))
        .outerjoin(rights, and_(rights.c.scope_kind == RIGHTS[0], rights.c.scope_id == RIGHTS[1]))
    )
    .where(key.c.key_hash == bindparam("wanted"), key.c.revoked_at.is_(None))
)

counts = FeedCounter.__table__
COUNTERS = select(counts.c.scope_kind, counts.c.rev, counts.c.changed_at).where(
    or_(
        and_(counts.c.scope_kind == bindparam("kind"), counts.c.scope_id == bindparam("id")),
        and_(counts.c.scope_kind == RIGHTS[0], counts.c.scope_id == RIGHTS[1]),
    )
)


@dataclass(frozen=True, slots=True)
class Options:
    """What a key's member has chosen to see beside the bookings themselves."""

    with_buffers: bool = False
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the last fetch."""

    at: datetime | None
    rev: int | None
    program: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that somebody holds a working key to, or one that is open to everybody (without a reader)."""

    key_id: int
    uid: str
    reader_id: int | None
    kind: Kind
    scope_id: int
    detail: Detail
    language: str
    options: Options
    rev: int
    rights: int
    changed_at: datetime
    week: datetime  # the Monday that the window and the tombstones are counted from
    since: datetime  # how long two readings are alike: see `_since`
    seen: Seen

    @property
    def window(self) -> TimeSpan:
        """Which bookings may be shown; moves once a week."""
        back = YEAR if self.kind is Kind.MEMBER else MONTH
        return TimeSpan(self.week - back, self.week + WEEK + YEAR)

    @property
    def modified_at(self) -> datetime:
        """When what the feed says could last have changed."""
        return max(self.changed_at, self.since)


@dataclass(frozen=True, slots=True)
class Known:
    """A feed that was opened, and what that holds for: the rights as they stood, and the local day."""

    feed: Feed
    rights: int
    day: date


@dataclass(frozen=True, slots=True)
class Words:
    """The few words in a feed that are not the members' own, in the key's language."""

    name: str  # with a place for {what} and {site}
    description: str
    cancelled: str  # put before the title
    busy: str  # stands for the title
    on_hold: str = ""  # put before the title
    answered: str = ""  # put before the title of a request
    maintenance: str = ""  # put before its reason
    set_up: str = ""
    clean_up: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """Where the service lives, what it is called, and the zone it thinks in."""

    base_url: str
    zone: ZoneInfo
    name: str = ""


def open_feed(session: Session, now: datetime, secret: str, zone: ZoneInfo) -> Known | None:
    """None when no working key has this secret, or its member is out."""
    if not SECRET.fullmatch(secret):
        return None
    wanted = hash_secret(secret)
    row = session.execute(BY_SECRET, {"wanted": wanted}).one_or_none()
    if row is None or not hmac.compare_digest(row.key_hash, wanted) or not is_active(row, now, zone):
        return None
    return Known(_feed(row, now, zone), row.rights or 0, local_today(now, zone))


def as_known(session: Session, now: datetime, known: Known, zone: ZoneInfo) -> Feed | None:
    """The feed as its counter stands now, from one read of counters; None when the key has to be read anew.

    Whatever ends a key, or what its member may read, raises the counter of rights; and rights end with days.
    """
    feed = known.feed
    id_ = REQUESTS[1] if feed.kind is Kind.APPROVALS else feed.scope_id
    rows = {row.scope_kind: row for row in session.execute(COUNTERS, {"kind": feed.kind.value, "id": id_})}
    of_rights, counted = rows.get(RIGHTS[0]), rows.get(feed.kind.value)
    if (of_rights.rev if of_rights else 0) != known.rights or local_today(now, zone) != known.day:
        return None
    week = _monday(now)
    return replace(
        feed,
        rev=counted.rev if counted else 0,
        changed_at=max(feed.changed_at, counted.changed_at) if counted else feed.changed_at,
        week=week,
        since=week if feed.kind is Kind.MEMBER else _since(feed.kind, now, zone),
    )


def open_events(session: Session, now: datetime, slug: str, zone: ZoneInfo) -> Feed | None:
    """A site's public programme, for which nobody needs a key; None where there is no such site."""
    row = session.execute(
        select(Site.id, FeedCounter.rev, FeedCounter.changed_at)
        .outerjoin(FeedCounter, and_(FeedCounter.scope_kind == Kind.EVENTS, FeedCounter.scope_id == Site.id))
        .where(Site.slug == slug)
    ).one_or_none()
    if row is None:
        return None
    rules = session.get(FeedCounter, RIGHTS)
    changed = [each for each in (row.changed_at, rules.changed_at if rules else None) if each is not None]
    return Feed(
        key_id=0,
        uid=f"events-{slug}",
        reader_id=None,
        kind=Kind.EVENTS,
        scope_id=row.id,
        detail=Detail.FULL,
        language=PUBLIC_LANGUAGE,
        options=Options(),
        rev=row.rev or 0,
        rights=rules.rev if rules else 0,
        changed_at=max(changed, default=_monday(now)),
        week=_monday(now),
        since=_today(now, zone),
        seen=Seen(None, None, ""),
    )


def etag(feed: Feed, words: Words, house: House) -> str:
    """Changes whenever the content could have; `changed_at` tells counters apart around a restored backup."""
    what = (
        f"{feed.uid} {feed.kind} {feed.scope_id} {feed.detail} {feed.options.with_buffers} {feed.options.alarm_minutes}"
    )
    when = f"{feed.rev} {feed.rights} {feed.changed_at.timestamp()} {feed.since.timestamp()}"
    return hashlib.sha256(f"{what} {when} {_fingerprint(words, house)}".encode()).hexdigest()[:32]


@lru_cache(maxsize=64)
def _fingerprint(words: Words, house: House) -> str:
    return repr((words, house.base_url, house.zone.key, house.name, TEMPLATE))


def _feed(row: Row[Any], now: datetime, zone: ZoneInfo) -> Feed:
    is_own = row.scope_kind == Kind.MEMBER
    changed = (row.created_at, row.changed_at, None if is_own else row.rights_at)
    week = _monday(now)
    return Feed(
        key_id=row.id,
        uid=row.public_id,
        reader_id=row.member_id,
        kind=Kind(row.scope_kind),
        scope_id=row.scope_id,
        detail=Detail(row.detail),
        language=row.language,
        options=Options(row.with_buffers, row.alarm_minutes),
        rev=row.rev or 0,
        rights=0 if is_own else row.rights or 0,
        changed_at=max(each for each in changed if each is not None),
        week=week,
        since=week if is_own else _since(row.scope_kind, now, zone),
        seen=Seen(row.last_fetched_at, row.rev_seen, row.program),
    )


def _since(kind: str, now: datetime, zone: ZoneInfo) -> datetime:
    """How long two readings are alike: who is asked to answer changes by the hour, who may read what by the day."""
    if kind == Kind.APPROVALS:
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return _today(now, zone)


def _monday(now: datetime) -> datetime:
    day = now.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=day.weekday())


def _today(now: datetime, zone: ZoneInfo) -> datetime:
    """The local midnight."""
    return datetime.combine(local_today(now, zone), time(), zone).astimezone(UTC)
