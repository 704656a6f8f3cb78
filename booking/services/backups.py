"""Backups of the whole database into one file, and back: SQLite by its own backup, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess  # nosec B404
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Engine, text

MOMENTS = 30  # tenths of a second that a closed connection may take to be gone
TABLES_OUT = """DO $$ DECLARE name text; BEGIN
FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'
LOOP EXECUTE 'DROP TABLE IF EXISTS public.' || name || ' CASCADE'; END LOOP; END $$"""
SQLITE_MAGIC, DUMP_MAGIC = b"SQLite format 3\0", b"PGDMP"


class BackupFailed(Exception):
    """Why there is no backup, or why nothing was restored, in a sentence."""


def back_up(engine: Engine, file: Path) -> None:
    """Writes a consistent copy while the service runs. Raises BackupFailed, and leaves no half file behind."""
    if file.exists():
        raise BackupFailed(f"{file} exists already; name another file.")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # it holds everything: for its owner alone
    try:
        if engine.dialect.name == "sqlite":
            _copy_sqlite(Path(engine.url.database or ""), part)
        else:
            _run(["pg_dump", "--format=custom", f"--file={part}", f"--dbname={_address(engine.url)}"], engine.url)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def restore(engine: Engine, file: Path) -> None:
    """Puts a backup in the database's place, all or nothing. Raises BackupFailed."""
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    is_sqlite = engine.dialect.name == "sqlite"
    with file.open("rb") as opened:
        if not opened.read(16).startswith(SQLITE_MAGIC if is_sqlite else DUMP_MAGIC):
            raise BackupFailed(f"{file} is no backup of a {engine.dialect.name} database.")
    require_alone(engine)
    if is_sqlite:
        _replace_sqlite(file, Path(engine.url.database or ""))
    else:
        _replace_postgresql(file, engine.url)


def require_alone(engine: Engine) -> None:
    """Raises BackupFailed while a service or anybody else has the database open."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        in_use = _sqlite_in_use(Path(engine.url.database or ""))
    else:
        in_use = _postgresql_in_use(engine)
    engine.dispose()
    if in_use:
        raise BackupFailed("The database is in use: stop the service first.")


def _postgresql_in_use(engine: Engine) -> bool:
    """A server process outlives its closed connection by a moment, so only who stays counts."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(MOMENTS):
            if not connection.execute(others).scalar():
                return False
            connection.execute(text("SELECT pg_sleep(0.1)"))
    return True


def _sqlite_in_use(path: Path) -> bool:
    """Leaving the write-ahead log needs the file for oneself, and leaves no log beside it that could be mixed in."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
    return False


def _copy_sqlite(origin: Path, copy: Path) -> None:
    if not origin.is_file():
        raise BackupFailed(f"There is no database at {origin}.")
    with closing(sqlite3.connect(origin)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file is all there is to keep
        found = target.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupFailed(f"The copy of {origin} is not sound: {found}.")
    _settle(copy)


def _replace_sqlite(file: Path, path: Path) -> None:
    """The new file is whole and on the disk before it takes the old one's name."""
    arriving = path.with_name(f"{path.name}.arriving")
    arriving.unlink(missing_ok=True)
    arriving.touch(mode=path.stat().st_mode & 0o777 if path.exists() else 0o600)
    try:
        _copy_sqlite(file, arriving)
        arriving.replace(path)
        _settle(path.parent)
    except sqlite3.DatabaseError as unsound:
        raise BackupFailed(f"{file} is not sound: {unsound}.") from unsound
    finally:
        arriving.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Waits until a file's content, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace_postgresql(file: Path, url: URL) -> None:
    """One transaction drops the tables and reads the dump, so that a failure leaves the old data."""
    script = file.with_name(f"{file.name}.sql")
    script.unlink(missing_ok=True)
    script.touch(mode=0o600)  # it holds everything in plain words: for its owner alone
    try:
        _run(["pg_restore", "--no-owner", "--no-privileges", "--no-comments", f"--file={script}", str(file)], url)
        once = ["--single-transaction", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        _run(["psql", *once, f"--dbname={_address(url)}", f"--command={TABLES_OUT}", f"--file={script}"], url)
    finally:
        script.unlink(missing_ok=True)


def _address(url: URL) -> str:
    """The address as PostgreSQL's tools read it, without the password, which the process list would show."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string()


def _run(command: list[str], url: URL) -> None:
    tool = shutil.which(command[0])
    if tool is None:
        raise BackupFailed(
            f"{command[0]} is missing: install PostgreSQL’s client programs (apt install postgresql-client)."
        )
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(  # nosec B603
        [tool, *command[1:]], env={**os.environ, **secret}, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise BackupFailed(f"{command[0]} failed: {done.stderr.strip()}")
