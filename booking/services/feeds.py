"""Which feed a secret opens, and how new it is: known from one read, before any booking is touched.

Everything a feed says is decided by its counter, its key and the week it is asked in. So its ETag needs no booking,
and two readings in the same week are byte for byte the same.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.ical.calendar import TEMPLATE
from booking.models import FeedCounter, FeedKey, Member
from booking.services.actors import is_active
from booking.services.feed_keys import Detail, hash_secret

BACK = FORTH = timedelta(days=365)
WEEK = timedelta(days=7)
SECRET = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that somebody holds a working key to."""

    key_id: int
    uid: str
    scope_kind: str
    scope_id: int
    detail: Detail
    language: str
    rev: int
    changed_at: datetime
    week: datetime  # the Monday that the window and the tombstones are counted from
    last_fetched_at: datetime | None

    @property
    def window(self) -> TimeSpan:
        """Which bookings may be shown; moves once a week."""
        return TimeSpan(self.week - BACK, self.week + WEEK + FORTH)

    @property
    def modified_at(self) -> datetime:
        """When what the feed says could last have changed."""
        return max(self.changed_at, self.week)


@dataclass(frozen=True, slots=True)
class Words:
    """The few words in a feed that are not the members' own, in the key's language."""

    name: str
    description: str
    cancelled: str  # put before the title
    busy: str  # stands for the title
    on_hold: str = ""  # put before the title


@dataclass(frozen=True, slots=True)
class House:
    """Where the service lives, and the zone it thinks in."""

    base_url: str
    zone: ZoneInfo


def open_feed(session: Session, now: datetime, secret: str, zone: ZoneInfo) -> Feed | None:
    """None when no working key has this secret, or its member is out."""
    if not SECRET.fullmatch(secret):
        return None
    wanted = hash_secret(secret)
    same_scope = and_(FeedCounter.scope_kind == FeedKey.scope_kind, FeedCounter.scope_id == FeedKey.scope_id)
    row = session.execute(
        select(FeedKey, Member, FeedCounter)
        .join(Member, Member.id == FeedKey.member_id)
        .outerjoin(FeedCounter, same_scope)
        .where(FeedKey.key_hash == wanted, FeedKey.revoked_at.is_(None), FeedKey.scope_kind == "member")
    ).one_or_none()
    if row is None:
        return None
    key, member, counter = row
    if not hmac.compare_digest(key.key_hash, wanted) or not is_active(member, now, zone):
        return None
    return _feed(key, counter, _monday(now))


def etag(feed: Feed, words: Words, house: House) -> str:
    """Changes whenever the content could have; `changed_at` tells counters apart around a restored backup."""
    parts = (feed.scope_kind, feed.scope_id, feed.rev, feed.changed_at, feed.week, feed.detail, feed.uid, TEMPLATE)
    content = repr((*map(str, parts), words, house.base_url, house.zone.key))
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _feed(key: FeedKey, counter: FeedCounter | None, week: datetime) -> Feed:
    return Feed(
        key_id=key.id,
        uid=key.public_id,
        scope_kind=key.scope_kind,
        scope_id=key.scope_id,
        detail=Detail(key.detail),
        language=key.language,
        rev=counter.rev if counter else 0,
        changed_at=max(key.created_at, counter.changed_at) if counter else key.created_at,
        week=week,
        last_fetched_at=key.last_fetched_at,
    )


def _monday(now: datetime) -> datetime:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())
