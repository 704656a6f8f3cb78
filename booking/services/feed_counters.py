"""Raises the counters that tell a feed it has changed; always the last rows a transaction locks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, case, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import FeedCounter

FeedScope = tuple[str, int]  # ("member", 7), ("resource", 3), ("organisation", 2), ("site", 1)
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
    """Adds one to each scope's counter, in one fixed order."""
    rows = [{"scope_kind": kind, "scope_id": id_, "changed_at": now} for kind, id_ in sorted(set(scopes))]
    session.flush()
    if rows:
        session.execute(STATEMENTS[session.get_bind().dialect.name], rows)
