"""Runs the migrations on either database, for `flask init` and for Flask-Migrate's `flask db`.

On SQLite foreign keys are off meanwhile (a rebuilt parent table would delete its children) and checked afterwards;
the overlap guards are made anew after every run, because rebuilding a table drops its triggers without a word.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

from booking.db import Base
from migrations.guards import create_guards, drop_guards

LOCK = 7_266_765  # any number that nobody else of us uses


def the_engine() -> Engine:
    """The one that was handed over, or the application's own."""
    given: Engine | None = context.config.attributes.get("engine")
    return given or current_app.extensions["migrate"].db.engine


def foreign_keys(connection: Connection, state: str) -> None:
    """SQLite ignores the pragma inside a transaction, so it runs on the bare connection."""
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}")


def run(connection: Connection) -> None:
    """One transaction for the whole run, on PostgreSQL and on SQLite."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        wait_for_our_turn(connection)
        drop_guards(connection)
        context.run_migrations()
        create_guards(connection)
        require_whole_keys(connection)


def wait_for_our_turn(connection: Connection) -> None:
    """Two servers that start at once migrate one after the other; on SQLite the write transaction sees to it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def require_whole_keys(connection: Connection) -> None:
    """Raises RuntimeError, which takes everything back, when a row points at nothing."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"Foreign keys are broken after the migration: {broken[:5]}")


with the_engine().execution_options(writing=True).connect() as connection:
    foreign_keys(connection, "OFF")
    try:
        run(connection)
    finally:
        foreign_keys(connection, "ON")
