"""What a transaction will tell by mail: a list that is kept beside it until the commit, when `mailing` posts from it.

Waiting to the end lets many small things become one mail; what a savepoint takes back is taken off the list as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.util import identity_key

from booking.models import Booking
from booking.services import outbox

WAITING = "mail to post"


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell a member; `by` is who did it, None where the name stays hidden or it was the clock."""

    now: datetime
    member_id: int
    kind: str
    by: int | None
    booking_id: int | None = None
    fault_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    text: str | None = None
    within: tuple[SessionTransaction, ...] = ()
    row: object = field(default=None, compare=False)  # keeps the booking from being read once more at the commit


@dataclass(frozen=True, slots=True)
class Asked:
    """Bookings that wait for an answer."""

    now: datetime
    booking_ids: tuple[int, ...]
    within: tuple[SessionTransaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A series whose dates or pattern were written anew."""

    now: datetime
    series_id: int
    within: tuple[SessionTransaction, ...] = ()


Entry = News | Asked | Redrawn


def tell(
    session: Session,
    now: datetime,
    member_id: int,
    kind: str,
    by: int | None,
    *,
    booking_id: int | None = None,
    fault_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    text: str | None = None,
) -> None:
    """Tells it when the transaction commits."""
    if outbox.posts_mail(session):
        row = session.identity_map.get(identity_key(Booking, booking_id)) if booking_id else None
        within = _transactions(session)
        _add(session, News(now, member_id, kind, by, booking_id, fault_id, dict(facts or {}), text, within, row))


def ask(session: Session, now: datetime, booking_ids: Iterable[int]) -> None:
    """Tells those on duty, when the transaction commits, which of these wait for their answer."""
    if outbox.posts_mail(session):
        _add(session, Asked(now, tuple(booking_ids), _transactions(session)))


def redraw(session: Session, now: datetime, series_ids: Iterable[int]) -> None:
    """Brings calendars in line with these series, also of holders who are told nothing."""
    if outbox.posts_mail(session):
        for id_ in sorted(set(series_ids)):
            _add(session, Redrawn(now, id_, _transactions(session)))


def take(session: Session) -> list[Entry]:
    """All that waits, which waits no longer."""
    entries: list[Entry] = session.info.pop(WAITING, [])
    return entries


def _add(session: Session, entry: Entry) -> None:
    session.info.setdefault(WAITING, []).append(entry)


def _transactions(session: Session) -> tuple[SessionTransaction, ...]:
    """The transaction and every savepoint around what is being done, the innermost first."""
    found, current = [], session.get_nested_transaction() or session.get_transaction()
    while current is not None:
        found.append(current)
        current = current.parent
    return tuple(found)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """What is taken back is not told."""
    waiting: list[Entry] = session.info.get(WAITING, [])
    waiting[:] = [each for each in waiting if rolled_back not in each.within]
