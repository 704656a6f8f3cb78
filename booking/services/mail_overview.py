"""How mail is doing, for those who look after the service: what waits, what was sent, and what could not be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.errors import NotFound
from booking.models import Member, OutboxMessage
from booking.permissions import Actor, require
from booking.services import jobs, journal, outbox
from booking.services.mail_health import MOST_SILENT
from booking.services.outbox import DEAD, SENT, WAITING, DeadLetter

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DeadLine:
    """A message that could not be sent, and whom it was for: never what it said."""

    letter: DeadLetter
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts and instants; None where there is none."""

    worker_seen_at: datetime | None
    worker_is_silent: bool
    waiting: int
    oldest_at: datetime | None
    sent_in_a_day: int
    dead_count: int
    dead: tuple[DeadLine, ...]


def overview(session: Session, now: datetime, actor: Actor) -> Overview:
    """Raises NotAllowed."""
    require(actor, "site.inspect")
    run = jobs.last_run(session, jobs.WORKER)
    seen = (run.ended_at or run.started_at) if run else None
    return Overview(
        worker_seen_at=seen,
        worker_is_silent=seen is None or now - seen > MOST_SILENT,
        waiting=_count(session, OutboxMessage.state == WAITING),
        oldest_at=outbox.oldest_waiting(session),
        sent_in_a_day=_count(session, OutboxMessage.state == SENT, OutboxMessage.ended_at > now - DAY),
        dead_count=dead_count(session),
        dead=tuple(_dead(session)),
    )


def dead_count(session: Session) -> int:
    """How many messages could not be sent."""
    return _count(session, OutboxMessage.state == DEAD)


def try_again(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Puts a dead letter back among those that wait. Raises NotAllowed, NotFound."""
    _act(session, now, actor, public_id, "mail.tried_again", lambda row: outbox.try_again(session, now, row.public_id))


def drop(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Gives a dead letter up for good. Raises NotAllowed, NotFound."""
    _act(session, now, actor, public_id, "mail.dropped", lambda row: outbox.drop(session, now, row.id))


def _act(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    action: str,
    change: Callable[[OutboxMessage], object],
) -> None:
    require(actor, "site.administer")
    wanted = select(OutboxMessage).where(OutboxMessage.public_id == public_id, OutboxMessage.state == DEAD)
    row = session.scalar(wanted.with_for_update())
    if row is None:
        raise NotFound(kind="message")
    after = {"kind": row.kind, "member_id": row.member_id}
    journal.record(session, now, actor.member_id, action, ("message", row.id), after=after)
    change(row)


def _dead(session: Session) -> list[DeadLine]:
    letters = outbox.dead_letters(session)
    ids = {letter.member_id for letter in letters if letter.member_id}
    people = {row.id: row for row in session.scalars(select(Member).where(Member.id.in_(ids)))}
    found = []
    for letter in letters:
        person = people.get(letter.member_id or 0)
        found.append(DeadLine(letter, person.name if person else "", person.email if person else letter.email))
    return found


def _count(session: Session, *where: object) -> int:
    wanted = select(func.count()).select_from(OutboxMessage).where(*where)  # type: ignore[arg-type]
    return session.scalar(wanted) or 0
