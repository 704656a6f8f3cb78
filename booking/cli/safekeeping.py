"""`backup`, `restore` and `copy-to`: keeping the data safe and moving it to another database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from booking import clock
from booking.cli.progress import Steps
from booking.db import db, prepare, writing
from booking.services import backup_health, backups, checks, copying, migrating


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path | None) -> None:
    """Write the whole database to FILE (or a dated file in BACKUP_DIR), while the service runs."""
    target = file or _dated_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        backups.back_up(db.engine, target)
    except backups.BackupFailed as failure:
        raise click.ClickException(str(failure)) from failure
    click.echo(f"Backed up to {target} ({target.stat().st_size / 1024:.0f} kB).")
    _note(backup_health.BACKUP)


def _note(job: str) -> None:
    """So that `check` knows how old the youngest backup is. What was done stands, also where this cannot be written:
    before a migration the table may not be there yet.
    """
    try:
        with writing() as session:
            backup_health.note(session, clock.now(), job)
    except SQLAlchemyError as trouble:
        click.echo(f"This could not be noted ({type(trouble).__name__}), so `check` does not know of it.", err=True)


def _dated_file() -> Path:
    ending = "db" if db.engine.dialect.name == "sqlite" else "dump"
    return Path(current_app.extensions["samrom"].backup_dir) / f"samrom-{clock.now():%Y%m%dT%H%M%SZ}.{ending}"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def restore(file: Path, *, yes: bool) -> None:
    """Put the backup in FILE in the place of the database; the service must be stopped."""
    if not yes:
        click.confirm("Replace everything in the database by this backup?", abort=True)
    try:
        backups.restore(db.engine, file)
    except backups.BackupFailed as failure:
        raise click.ClickException(str(failure)) from failure
    with Session(db.engine) as session:
        wrong = checks.check(session)
    click.echo(f"Restored from {file}.")
    if wrong:
        raise click.ClickException("\n".join(["The restored data are not all well:", *wrong]))
    _note(backup_health.RESTORE)
    click.echo("All is well.")


@click.command("copy-to")
@click.argument("url")
@with_appcontext
def copy_to(url: str) -> None:
    """Copy everything to the empty database at URL, for example from SQLite to PostgreSQL; stop the service first."""
    try:
        with _opened(url) as target:
            rows = _copy(db.engine, target)
    except (copying.CannotCopy, ArgumentError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except SQLAlchemyError as failure:
        raise click.ClickException(f"Nothing was copied: {failure}") from failure
    click.echo(f"Copied {rows} rows. Set DATABASE_URL to the new address and start the service.")


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url, hide_parameters=True)
    prepare(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _copy(origin: Engine, target: Engine) -> int:
    """Nobody writes to the origin meanwhile, and the target shows nothing before all of it is there and well."""
    with Session(origin) as session:
        _require_well(checks.check(session), "The data here are not all well, and were not copied")
    if migrating.version(target) is None:
        migrating.upgrade(target)
    with (
        origin.execution_options(**_snapshot(origin)).begin() as source,
        target.execution_options(writing=True).begin() as arriving,
        Steps() as steps,
    ):
        rows = copying.copy_all(source, arriving, steps.report)
        with Session(arriving, join_transaction_mode="create_savepoint") as session:
            _require_well(checks.check(session), "The copy is not all well, and was taken back")
    return rows


def _snapshot(engine: Engine) -> dict[str, object]:
    """What makes all reads of one transaction see the same moment."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {"writing": True}


def _require_well(wrong: list[str], sentence: str) -> None:
    if wrong:
        raise copying.CannotCopy("\n".join([f"{sentence}:", *wrong]))
