"""Raises the counters that tell a feed it has changed; always the last rows a transaction locks."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import FeedCounter

FeedScope = tuple[str, int]  # ("member", 7), ("resource", 3), ("organisation", 2), ("site", 1)


def raise_counters(session: Session, now: datetime, scopes: Iterable[FeedScope]) -> None:
    """Adds one to each scope's counter, in one fixed order; its time never goes back, whatever an import's `now` is."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.flush()
    for kind, id_ in sorted(set(scopes)):
        row = insert(FeedCounter).values(scope_kind=kind, scope_id=id_, rev=1, changed_at=now)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["scope_kind", "scope_id"],
                set_={"rev": FeedCounter.rev + 1, "changed_at": _later(row.excluded.changed_at)},
            )
        )


def _later(changed_at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return case((FeedCounter.changed_at > changed_at, FeedCounter.changed_at), else_=changed_at)
