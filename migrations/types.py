"""Column types and columns that differ by database, for use in migrations only."""

import sqlalchemy as sa
from alembic import op


def instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """An instant: TIMESTAMPTZ on PostgreSQL, epoch seconds on SQLite."""
    kind = sa.DateTime(timezone=True) if is_postgresql() else sa.BigInteger()
    return sa.Column(name, kind, nullable=nullable)


def is_postgresql() -> bool:
    """Whether this migration runs on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def whole_minute(name: str) -> str:
    """SQL that is true when the instant has no seconds and is finite."""
    if is_postgresql():
        return f"isfinite({name}) AND extract(epoch from {name}) % 60 = 0"
    return f"typeof({name}) = 'integer' AND {name} % 60 = 0"
