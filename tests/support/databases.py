"""Fresh databases for tests: migrated once per run, then copied for each test, on SQLite and on PostgreSQL."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import flask_migrate
import psycopg
from flask import Flask

from booking import create_app
from booking.db import db
from config import Config
from tests.support import postgres
from tests.support.once import home, once

Fill = Callable[[Flask], None]
KINDS = ("sqlite", "postgresql")


def a_config(database_url: str, **changes: object) -> Config:
    """A configuration for tests: cheap passwords, a fixed secret, no demo."""
    settings = {"secret_key": "only-for-tests-" * 3, "password_cost": "tests", "base_url": "http://localhost"}
    return Config(database_url=database_url, **{**settings, **changes})


def nothing_more(app: Flask) -> None:
    """The filling of an empty database: only the migrations' own rows."""


def with_demo(app: Flask) -> None:
    """The filling of an empty database with the demo district, by its own command."""
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 0, done.output


@contextmanager
def fresh(
    kind: str, folder: Path, *, name: str = "empty", fill: Fill = nothing_more, demo: bool = False
) -> Iterator[str]:
    """The address of a new database with the schema and what `fill` puts in; the filling is done once per `name`."""
    if kind == "sqlite":
        path = folder / f"{name}-{uuid4().hex[:8]}.db"
        shutil.copyfile(once(f"sqlite-{name}", lambda: _sqlite_template(name, fill, demo=demo)), path)
        yield f"sqlite:///{path}"
    else:
        with _copied_postgres(once(f"postgresql-{name}", lambda: _postgres_template(name, fill, demo=demo))) as url:
            yield url


def empty_postgres() -> str:
    """The address of a new PostgreSQL database without any table; it goes when the run ends."""
    return _create_database(f"bare_{uuid4().hex}", "template1")


def _sqlite_template(name: str, fill: Fill, *, demo: bool) -> str:
    path = home() / f"{name}.db"
    _build(f"sqlite:///{path}", fill, demo=demo)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the one file is all there is to copy
    connection.close()
    return str(path)


def _postgres_template(name: str, fill: Fill, *, demo: bool) -> str:
    _build(_create_database(f"template_{name}", "template1"), fill, demo=demo)
    return f"template_{name}"


def _build(url: str, fill: Fill, *, demo: bool) -> None:
    app = create_app(a_config(url, demo=demo))
    with app.app_context():
        flask_migrate.upgrade()
        fill(app)
        db.engine.dispose()


@contextmanager
def _copied_postgres(template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    yield _create_database(name, template)
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _create_database(name: str, template: str) -> str:
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
    return _server().replace("/postgres?", f"/{name}?")


def _server() -> str:
    return once("postgresql", lambda: postgres.start(home() / "postgres"))
