"""Feed keys: the secrets in feeds' addresses. Made once, kept only as hashes, and taken back by their member."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import FeedCounter, FeedKey, Member
from booking.permissions import Actor
from booking.services import journal, submissions
from booking.services.feed_counters import REQUESTS, RIGHTS, raise_counters
from booking.services.locks import lock

FORM = "feed_key"
MOST_KEYS = 20
LONGEST_NAME = 60
ALARMS = (5, 10, 15, 30, 60, 120, 1440)  # minutes before
NOTED_EVERY = timedelta(hours=1)


class Detail(StrEnum):
    """How much a feed tells about each booking."""

    FULL = "full"
    TITLE = "title"
    BUSY = "busy"


class Kind(StrEnum):
    """Whose bookings a feed shows: one's own, a resource's, an organisation's, a site's, requests, public events."""

    MEMBER = "member"
    RESOURCE = "resource"
    ORGANISATION = "organisation"
    SITE = "site"
    APPROVALS = "approvals"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a member asks for: a name to know the key by, how much it tells, in which language, and of what.

    `scope_id` is the id of the resource, organisation or site, and nothing for one's own bookings and for requests.
    """

    name: str
    detail: Detail
    language: str
    kind: Kind = Kind.MEMBER
    scope_id: int = 0
    with_buffers: bool = False
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as its member's page lists it; `changes` are those since its calendar last looked."""

    public_id: str
    name: str
    detail: Detail
    created_at: datetime
    last_fetched_at: datetime | None
    kind: Kind = Kind.MEMBER
    scope_id: int = 0
    program: str = ""
    changes: int = 0


def hash_secret(secret: str) -> str:
    """What is stored instead of a secret, which is random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_key(session: Session, now: datetime, actor: Actor, wanted: Wanted, form_key: str) -> str | None:
    """The new key's secret, which nobody can read again; whether the actor may follow it, the caller has asked.

    The same form sent twice makes one key: it gets a new secret as long as no calendar has used the old one, which was
    then lost on its way; None when one has. Raises InvalidInput and KeyReused.
    """
    lock(session, member_ids=[actor.member_id])
    content = {name: str(value) for name, value in asdict(wanted).items()}
    earlier = submissions.earlier_result(session, actor.member_id, FORM, form_key, content)
    if earlier is not None:
        raise_counters(session, now, [RIGHTS])  # whoever knows the lost secret forgets it
        return _another_secret(_own(session, actor, earlier))
    _check(session, actor, wanted)
    secret, key_hash = _new_secret()
    about = {name: value for name, value in asdict(wanted).items() if name not in ("kind", "scope_id")}
    row = FeedKey(**about, member_id=actor.member_id, key_hash=key_hash, created_at=now)
    row.scope_kind = wanted.kind
    row.scope_id = actor.member_id if wanted.kind is Kind.MEMBER else wanted.scope_id
    session.add(row)
    session.flush()
    submissions.remember(session, now, actor.member_id, FORM, form_key, content, row.public_id)
    after = {"detail": wanted.detail.value, "language": wanted.language, "scope": [row.scope_kind, row.scope_id]}
    journal.record(session, now, actor.member_id, "feed_key.made", (FORM, row.id), after=after, text=wanted.name)
    return secret


def keys_of(session: Session, member_id: int) -> list[KeyLine]:
    """The member's keys that work, newest first."""
    counted = case((FeedKey.scope_kind == REQUESTS[0], REQUESTS[1]), else_=FeedKey.scope_id)
    shown = and_(FeedCounter.scope_kind == FeedKey.scope_kind, FeedCounter.scope_id == counted)
    rows = session.execute(
        _working(member_id)
        .add_columns(FeedCounter.rev)
        .outerjoin(FeedCounter, shown)
        .order_by(FeedKey.created_at.desc(), FeedKey.id.desc())
    )
    return [_line(row, rev) for row, rev in rows]


def usual_detail(session: Session, member_id: int) -> Detail:
    """What the member wants new feeds to show unless they say otherwise."""
    return Detail(session.scalars(select(Member.detail_level).where(Member.id == member_id)).one())


def revoke(session: Session, now: datetime, actor: Actor, public_id: str) -> str:
    """Makes the key's address a dead end for ever; returns its name. Raises NotFound for what is not one's own."""
    row = _own(session, actor, public_id)
    if row.revoked_at is None:
        row.revoked_at = now
        journal.record(session, now, actor.member_id, "feed_key.revoked", (FORM, row.id), text=row.name)
    return row.name


def is_fetch_due(last_fetched_at: datetime | None, rev_seen: int | None, rev: int, now: datetime) -> bool:
    """Whether a fetch is worth a write: one an hour, or after a change, so that the changes since can be told."""
    return last_fetched_at is None or rev_seen != rev or now - last_fetched_at >= NOTED_EVERY


def note_fetch(session: Session, now: datetime, key_id: int, rev: int, program: str) -> None:
    """Remembers when a calendar last asked, which, and what it knows, unless another process just did."""
    row = session.get(FeedKey, key_id)
    if row is not None and is_fetch_due(row.last_fetched_at, row.rev_seen, rev, now):
        row.last_fetched_at, row.rev_seen = now, rev
        row.program = program or row.program


def _line(row: FeedKey, rev: int | None) -> KeyLine:
    changes = (rev or 0) - row.rev_seen if row.rev_seen is not None else 0
    return KeyLine(
        row.public_id, row.name, Detail(row.detail), row.created_at, row.last_fetched_at,
        Kind(row.scope_kind), row.scope_id, row.program, max(changes, 0),
    )  # fmt: skip


def _check(session: Session, actor: Actor, wanted: Wanted) -> None:
    if not 0 < len(wanted.name) <= LONGEST_NAME:
        raise InvalidInput("name", "feed_key.name", {"longest": LONGEST_NAME})
    if wanted.alarm_minutes is not None and wanted.alarm_minutes not in ALARMS:
        raise InvalidInput("alarm", "setting.not_a_choice")
    count = select(func.count()).select_from(_working(actor.member_id).subquery())
    if session.scalars(count).one() >= MOST_KEYS:
        raise InvalidInput("name", "feed_key.too_many", {"most": MOST_KEYS})


def _new_secret() -> tuple[str, str]:
    """128 random bits, and what is stored of them."""
    secret = secrets.token_urlsafe(16)
    return secret, hash_secret(secret)


def _another_secret(row: FeedKey) -> str | None:
    if row.revoked_at is not None or row.last_fetched_at is not None:
        return None
    secret, row.key_hash = _new_secret()
    return secret


def _own(session: Session, actor: Actor, public_id: str) -> FeedKey:
    row = session.scalar(select(FeedKey).where(FeedKey.public_id == public_id, FeedKey.member_id == actor.member_id))
    if row is None:
        raise NotFound
    return row


def _working(member_id: int) -> Select[FeedKey]:
    return select(FeedKey).where(FeedKey.member_id == member_id, FeedKey.revoked_at.is_(None))
