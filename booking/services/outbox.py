"""The outbox: mail is written in the transaction of what it tells of, claimed by one worker at a time, and then sent.

At least once: a worker that dies between sending and noting it leaves a message that is sent again, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Insert, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from booking.models import OutboxMessage
from booking.models.ids import new_public_id

WAITING, SENT, DEAD, DROPPED = "waiting", "sent", "dead", "dropped"
LEASE = timedelta(minutes=5)  # longer than any conversation with a mail server may take
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVE_UP = timedelta(days=2)
KEPT = timedelta(days=90)
SILENT = "no mail from this transaction"
table: Any = OutboxMessage.__table__


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in a worker's hands; the fields are the row's."""

    id: int
    public_id: str
    kind: str
    member_id: int | None
    email: str
    booking_id: int | None
    series_id: int | None
    facts: Mapping[str, Any] = field(hash=False)
    text: str | None
    created_at: datetime
    rendered: bytes | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be sent, for admins; `error` holds no address."""

    public_id: str
    kind: str
    member_id: int | None
    email: str
    created_at: datetime
    ended_at: datetime
    attempts: int
    error: str


def _statement(dialect: str) -> Insert:
    """What is said only once is passed over the second time."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing(index_elements=["once"]).returning(table.c.public_id)


STATEMENTS = {dialect: _statement(dialect) for dialect in ("sqlite", "postgresql")}  # built once: it is dear


def posts_mail(session: Session) -> bool:
    """Whether mail is written at all: this installation sends some, and nobody asked for silence."""
    options = session.get_bind().get_execution_options()
    return bool(options.get("posts_mail")) and not session.info.get(SILENT)


def stay_silent(session: Session) -> None:
    """No mail comes of what this session does: an import, or the demo."""
    session.info[SILENT] = True


def post(
    session: Session,
    now: datetime,
    kind: str,
    *,
    to: int | None = None,
    email: str = "",
    booking_id: int | None = None,
    series_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    text: str | None = None,
    once: str | None = None,
) -> str | None:
    """Writes a message in the caller's transaction; its public id, or None where no mail is sent.

    `to` is a member, `email` the address of somebody without an account. `once` names what is said only once: when it
    has been said, nothing is written, and None is returned.
    """
    if not posts_mail(session):
        return None
    values: dict[str, Any] = {
        "public_id": new_public_id(), "kind": kind, "member_id": to, "email": email, "booking_id": booking_id,
        "series_id": series_id, "facts": dict(facts or {}), "text": text, "once": once, "created_at": now,
        "due_at": now, "attempts": 0, "state": WAITING, "error": "",
    }  # fmt: skip
    written: str | None = session.scalar(STATEMENTS[session.get_bind().dialect.name], values)
    return written


def claim(session: Session, now: datetime) -> Claimed | None:
    """Takes the message that has been due longest, for the length of the lease; None when nothing is due.

    Messages to one person about one booking or series keep their order: a later one waits for an earlier one.
    """
    row = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.state == WAITING, OutboxMessage.due_at <= now, _is_free(now), ~_waits_for_another())
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxMessage)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    row.claimed_until = now + LEASE
    return Claimed(
        row.id, row.public_id, row.kind, row.member_id, row.email, row.booking_id, row.series_id, row.facts, row.text,
        row.created_at, row.rendered,
    )  # fmt: skip


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now)


def _waits_for_another() -> ColumnElement[bool]:
    earlier = aliased(OutboxMessage)
    same = or_(earlier.booking_id == OutboxMessage.booking_id, earlier.series_id == OutboxMessage.series_id)
    return exists(
        select(earlier.id).where(
            earlier.member_id == OutboxMessage.member_id,
            earlier.state == WAITING,
            earlier.id < OutboxMessage.id,
            same,
        )
    )


def keep_rendered(session: Session, message_id: int, rendered: bytes) -> bytes:
    """Keeps the bytes before they are handed over, so that a second delivery is the same; those that are kept."""
    kept = func.coalesce(OutboxMessage.rendered, rendered)
    row = update(OutboxMessage).where(OutboxMessage.id == message_id).values(rendered=kept)
    return session.scalar(row.returning(OutboxMessage.rendered)) or rendered


def mark_sent(session: Session, now: datetime, message_id: int) -> None:
    """The mail server has taken it; what was written and rendered is not kept any longer."""
    _end(session, now, message_id, SENT, rendered=None, text=None)


def drop(session: Session, now: datetime, message_id: int) -> None:
    """There is nothing to tell any more, or nobody to tell it to."""
    _end(session, now, message_id, DROPPED, rendered=None, text=None)


def bury(session: Session, now: datetime, message_id: int, error: str) -> None:
    """It cannot be sent; admins see it among the dead letters."""
    _end(session, now, message_id, DEAD, error=error[:200], attempts=OutboxMessage.attempts + 1)


def put_off(session: Session, now: datetime, message_id: int, error: str, jitter: float) -> bool:
    """Tries again later: after 1, 2, 4 … 60 minutes, give or take a quarter; True when two days were enough.

    `jitter` lies between 0 and 1, so that not everything comes back at once.
    """
    row = session.get_one(OutboxMessage, message_id, populate_existing=True, with_for_update=True)
    if row.state != WAITING:
        return False  # the claim had ended, and another has dealt with it
    if now - row.created_at >= GIVE_UP:
        bury(session, now, message_id, error)
        return True
    pause = min(SHORTEST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE) * (0.75 + jitter / 2)
    row.attempts, row.error, row.claimed_until, row.due_at = row.attempts + 1, error[:200], None, now + pause
    return False


def _end(session: Session, now: datetime, message_id: int, state: str, **values: Any) -> None:
    """Whoever's claim has ended meanwhile takes nothing back; only that it was sent is true in any case."""
    ended = {"state": state, "ended_at": now, "claimed_until": None, **values}
    mine = [OutboxMessage.id == message_id, *([OutboxMessage.state != SENT] if state != SENT else [])]
    session.execute(update(OutboxMessage).where(*mine).values(ended))


def first_to(session: Session, message: Claimed) -> str | None:
    """The public id of the first message to the same person about the same booking or series, unless it is this."""
    if message.member_id is None or (message.booking_id is None and message.series_id is None):
        return None
    about = OutboxMessage.series_id if message.series_id else OutboxMessage.booking_id
    first = (
        select(OutboxMessage.public_id)
        .where(OutboxMessage.member_id == message.member_id, about == (message.series_id or message.booking_id))
        .where(OutboxMessage.id < message.id, OutboxMessage.state != DROPPED)
    )
    return session.scalar(first.order_by(OutboxMessage.id).limit(1))


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest unsent message waits."""
    waiting = OutboxMessage.state == WAITING
    return session.scalar(select(func.min(OutboxMessage.created_at)).where(waiting))


def dead_letters(session: Session, *, most: int = 100) -> list[DeadLetter]:
    """Those that could not be sent, newest first."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.state == DEAD).order_by(OutboxMessage.id.desc()).limit(most)
    )
    return [
        DeadLetter(
            row.public_id, row.kind, row.member_id, row.email, row.created_at, row.ended_at or row.created_at,
            row.attempts, row.error,
        )
        for row in rows
    ]  # fmt: skip


def try_again(session: Session, now: datetime, public_id: str) -> bool:
    """Puts a dead letter back, for two days more; False when there is no such letter."""
    alive = {"state": WAITING, "ended_at": None, "created_at": now, "due_at": now, "attempts": 0, "error": ""}
    wanted = update(OutboxMessage).where(OutboxMessage.public_id == public_id, OutboxMessage.state == DEAD)
    return bool(session.execute(wanted.values(alive).returning(OutboxMessage.id)).first())


def forget_old(session: Session, now: datetime) -> int:
    """Removes what was sent, dropped or given up three months ago; how many."""
    old = delete(OutboxMessage).where(OutboxMessage.ended_at < now - KEPT).returning(OutboxMessage.id)
    return len(session.execute(old).all())
