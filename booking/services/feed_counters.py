"""Raises the counters that tell a feed it has changed; the very last rows a transaction locks, in one fixed order.

They wait for the end, because what is done in a transaction may be many small things, each with counters of its own,
and two who raise a few, do more, and raise others would wait for each other in a ring.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, case, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import FeedCounter

FeedScope = tuple[str, int]  # ("member", 7), ("resource", 3), ("organisation", 2), ("site", 1)
WAITING = "feed counters to raise"


def raise_counters(session: Session, now: datetime, scopes: Iterable[FeedScope]) -> None:
    """Adds one to each scope's counter when the transaction commits, however often it is asked to."""
    waiting: dict[FeedScope, datetime] = session.info.setdefault(WAITING, {})
    waiting.update({scope: max(now, waiting.get(scope, now)) for scope in scopes})


@event.listens_for(Session, "before_commit")
def _raise_all(session: Session) -> None:
    """A time never goes back, whatever an import's `now` is. What a savepoint changed waits for the end as well."""
    if session.in_nested_transaction() or not session.info.get(WAITING):
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.flush()
    for (kind, id_), now in sorted(session.info.pop(WAITING).items()):
        row = insert(FeedCounter).values(scope_kind=kind, scope_id=id_, rev=1, changed_at=now)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["scope_kind", "scope_id"],
                set_={"rev": FeedCounter.rev + 1, "changed_at": _later(row.excluded.changed_at)},
            )
        )


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(WAITING, None)


def _later(changed_at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return case((FeedCounter.changed_at > changed_at, FeedCounter.changed_at), else_=changed_at)
