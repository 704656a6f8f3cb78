"""Whether the database is the one this code was written for."""

from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

HEAD = Path(__file__).parents[2] / "migrations" / "HEAD"


@cache
def head() -> str:
    """The newest migration this code knows."""
    return HEAD.read_text().strip()


def problem(session: Session) -> str | None:
    """What stands in the way of serving, in a few words; None when nothing does."""
    if not session.connection().dialect.has_table(session.connection(), "alembic_version"):
        return "database not initialised"
    version = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version == head() else f"migrations at {version}, not at {head()}"
