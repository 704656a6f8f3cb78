"""Whether the database is the one this code was written for, and safe to serve from."""

from functools import cache
from pathlib import Path

from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from booking.models import Member
from migrations.guards import missing_guards, missing_links

HEAD = Path(__file__).parents[2] / "migrations" / "HEAD"


@cache
def head() -> str:
    """The newest migration this code knows."""
    return HEAD.read_text().strip()


def problem(session: Session, *, demo: bool) -> str | None:
    """What stands in the way of serving, in a few words; None when nothing does."""
    connection = session.connection()
    at_fault = schema_problem(connection)
    if at_fault:
        return at_fault
    missing = missing_guards(connection) + missing_links(connection)
    if missing:
        return f"guards missing: {', '.join(missing)}"
    return None if demo or not demo_accounts(session) else "demo accounts outside demo mode"


def schema_problem(connection: Connection) -> str | None:
    """Whether the migrations have run, and run to the end."""
    if not inspect(connection).has_table("alembic_version"):
        return "database not initialised"
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is None:
        return "database not initialised"
    return None if version == head() else f"migrations at {version}, not at {head()}"


def demo_accounts(session: Session) -> int:
    """How many members have a password that everybody can read in the documentation."""
    if not inspect(session.connection()).has_table(Member.__tablename__):
        return 0
    return session.scalar(select(func.count()).select_from(Member).where(Member.is_demo)) or 0
