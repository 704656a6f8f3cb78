"""Runs the migrations for Flask-Migrate on either database.

On SQLite foreign keys are off meanwhile (a rebuilt parent table would delete its children) and checked afterwards;
the overlap guards are made anew after every run, because rebuilding a table drops its triggers without a word.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from migrations.guards import create_guards, drop_guards

target = current_app.extensions["migrate"].db


def foreign_keys(connection: Connection, state: str) -> None:
    """SQLite ignores the pragma inside a transaction, so it runs on the bare connection."""
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}")


def run(connection: Connection) -> None:
    """One transaction for the whole run, on PostgreSQL and on SQLite."""
    context.configure(
        connection=connection,
        target_metadata=target.metadata,
        compare_type=True,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        drop_guards(connection)
        context.run_migrations()
        create_guards(connection)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"Foreign keys are broken after the migration: {broken[:5]}")


engine = target.engine.execution_options(writing=True)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        foreign_keys(connection, "OFF")
    try:
        run(connection)
    finally:
        if connection.dialect.name == "sqlite":
            foreign_keys(connection, "ON")
