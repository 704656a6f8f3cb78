"""The databases that are measured: each is filled once, kept in bench's own folder, and copied for each run."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import flask_migrate
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.crowd import crowd
from bench.town import found
from booking import clock, create_app
from booking.db import db, writing
from tests.support import databases, postgres

SHAPE = 2  # raise it when what is filled in changes
COPY = f"run_{os.getpid()}"
HEAD = Path(__file__).parents[1] / "migrations" / "HEAD"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
    "timezone": "UTC",
}


def measured_day() -> date:
    """The coming Monday."""
    today = clock.now().date()
    return today + timedelta(days=7 - today.weekday())


@contextmanager
def opened(home: Path, kinds: tuple[str, ...]) -> Iterator[None]:
    """Bench's folder, with PostgreSQL running in it when it is asked for."""
    home.mkdir(parents=True, exist_ok=True)
    begun = "postgresql" in kinds and _start(home / "postgres")
    try:
        yield
    finally:
        if begun:
            postgres.stop(home / "postgres", "fast")


@contextmanager
def filled(kind: str, home: Path, size: int, console: Console) -> Iterator[str]:
    """The address of a copy of the database with so many bookings; the copy goes when the work is done."""
    name = f"town_{size}_{measured_day():%Y%m%d}_{HEAD.read_text().strip()}_{SHAPE}"
    if kind == "sqlite":
        yield from _sqlite(home, name, size, console)
    else:
        yield from _postgres(home, name, size, console)


def _sqlite(home: Path, name: str, size: int, console: Console) -> Iterator[str]:
    kept, copy = home / f"{name}.db", home / f"{COPY}.db"
    if not kept.exists():
        for old in home.glob(f"town_{size}_*.db*"):
            old.unlink()
        begun = home / "begun.db"
        _forget(begun)
        _fill(f"sqlite:///{begun}", size, console)
        connection = sqlite3.connect(begun)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the one file is all there is to copy
        connection.close()
        begun.rename(kept)
    shutil.copyfile(kept, copy)
    try:
        yield f"sqlite:///{copy}"
    finally:
        _forget(copy)


def _forget(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        each.unlink(missing_ok=True)


def _postgres(home: Path, name: str, size: int, console: Console) -> Iterator[str]:
    server = f"postgresql://test@/postgres?host={home / 'postgres' / 'data'}"

    def at(database: str) -> str:
        return server.replace("/postgres?", f"/{database}?")

    with psycopg.connect(server, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()}
        if name not in known:
            for old in ["begun", *(each for each in known if each.startswith(f"town_{size}_"))]:
                connection.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
            connection.execute("CREATE DATABASE begun")
            _fill(at("begun"), size, console)
            with psycopg.connect(at("begun"), autocommit=True) as begun:
                begun.execute("VACUUM ANALYZE")  # as autovacuum does in the course of a day
            connection.execute(f"ALTER DATABASE begun RENAME TO {name}")
        connection.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {COPY} TEMPLATE {name} STRATEGY FILE_COPY")
        try:
            yield at(COPY)
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")


def _fill(url: str, size: int, console: Console) -> None:
    """The schema with its guards, the demo district, the town and its crowd."""
    app = create_app(databases.a_config(url, demo=True))
    with app.app_context():
        flask_migrate.upgrade()
        databases.with_demo(app)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar, writing() as session:
            found(session, clock.now())
            task = bar.add_task(f"Filling {db.engine.dialect.name}", total=size)
            crowd(session, measured_day(), size, lambda done: bar.advance(task, done))
        db.session.remove()
        db.engine.dispose()


def _start(home: Path) -> bool:
    """A cluster of bench's own, made the first time; False when it runs already.

    Unlike the tests' own it syncs to disk, as a real one does.
    """
    data = home / "data"
    if not data.exists():
        postgres.start(home, SETTINGS)
        return True
    folder = Path((home / "bin").read_text())
    running = subprocess.run(
        [folder / "pg_ctl", "-D", data, "status"], **postgres.identity(), check=False, capture_output=True
    )
    if running.returncode != 0:
        postgres.as_server(folder / "pg_ctl", "-D", data, "-l", data / "log", "-w", "start")
    return running.returncode != 0
