"""Brings a database to this code's schema, or back; the database need not be the application's own."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from migrations.guards import missing_guards

FOLDER = Path(__file__).parents[2] / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations that are missing, all in one transaction."""
    command.upgrade(_settings(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Takes migrations back; `base` leaves no table of ours."""
    command.downgrade(_settings(engine), revision)


def version(engine: Engine) -> str | None:
    """The migration the database stands at; None when it has none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def guards_missing(engine: Engine) -> bool:
    """Whether an overlap guard has gone, or there is no table to guard yet; migrating makes guards anew."""
    with engine.connect() as connection:
        return bool(missing_guards(connection))


def _settings(engine: Engine) -> Config:
    """`migrations/env.py` takes the engine from here, and from Flask-Migrate when a developer runs `flask db`."""
    settings = Config(FOLDER / "alembic.ini", attributes={"engine": engine})
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return settings
