"""Raises the counters that tell a feed it has changed; the very last rows a transaction locks, in one fixed order.

They wait for the end, because what is done in a transaction may be many small things, each with counters of its own,
and two who raise a few, do more, and raise others would wait for each other in a ring.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, case, event, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from booking.models import FeedCounter

FeedScope = tuple[str, int]  # ("member", 7), ("resource", 3), ("organisation", 2), ("site", 1), ("events", 1)
RIGHTS: FeedScope = ("rights", 0)  # who may read what
REQUESTS: FeedScope = ("approvals", 0)  # all that wait for an answer
WAITING = "feed counters to raise"
counter: Any = FeedCounter.__table__


def _statement(dialect: str) -> Insert:
    """Adds one; the time never goes back, whatever an import's `now` is."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = insert(counter).values(rev=literal(1))
    later = case((counter.c.changed_at > row.excluded.changed_at, counter.c.changed_at), else_=row.excluded.changed_at)
    return row.on_conflict_do_update(
        index_elements=["scope_kind", "scope_id"], set_={"rev": counter.c.rev + 1, "changed_at": later}
    )


STATEMENTS = {dialect: _statement(dialect) for dialect in ("sqlite", "postgresql")}  # built once: it is dear


def raise_counters(session: Session, now: datetime, scopes: Iterable[FeedScope]) -> None:
    """Adds one to each scope's counter when the transaction commits, however often it is asked to."""
    waiting: dict[FeedScope, datetime] = session.info.setdefault(WAITING, {})
    waiting.update({scope: max(now, waiting.get(scope, now)) for scope in scopes})


@event.listens_for(Session, "before_commit")
def _raise_all(session: Session) -> None:
    """What a savepoint changed waits for the end as well."""
    if session.in_nested_transaction() or not session.info.get(WAITING):
        return
    session.flush()
    raised = sorted(session.info.pop(WAITING).items())
    rows = [{"scope_kind": kind, "scope_id": id_, "changed_at": now} for (kind, id_), now in raised]
    session.execute(STATEMENTS[session.get_bind().dialect.name], rows)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """A savepoint that is taken back takes nothing off: what was done before it still has to be told."""
    if rolled_back.parent is None:
        session.info.pop(WAITING, None)
