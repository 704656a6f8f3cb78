"""`import` takes bookings over from a CSV or ICS file: first as a dry run, then in earnest, and again at any time."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import with_appcontext
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from booking import clock, wording
from booking.cli.import_files import read_rows
from booking.cli.progress import Steps
from booking.core.errors import BookingRefused, DomainError
from booking.db import db, prepare, writing
from booking.services.importing import Fate, Outcome, Plan, Row, counted, plan_import, take_in

LANGUAGE = "en"
WORDS = {
    Fate.NEW: ("would be booked", "booked"),
    Fate.CHANGED: ("would be changed", "changed"),
    Fate.CANCELLED: ("would be cancelled", "cancelled"),
    Fate.UNCHANGED: ("unchanged", "unchanged"),
    Fate.SKIPPED: ("skipped", "skipped"),
    Fate.REFUSED: ("refused", "refused"),
}
COLUMNS = (
    "row",
    "uid",
    "recurrence",
    "verdict",
    "starts",
    "ends",
    "title",
    "email",
    "codes",
    "reasons",
    "alternatives",
)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--resource", "slug", required=True, help="The slug of the resource the bookings are of.")
@click.option("--member", "email", default="", help="Whose they are when a row names nobody we know.")
@click.option("--organisation", default="", help="The slug of the organisation they are for.")
@click.option("--override", default=None, help="Why bookings are taken over in spite of the rules that allow it.")
@click.option("--write/--dry-run", default=False, help="Write; without it, nothing is changed.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write all findings to a CSV file.")
@with_appcontext
def import_(
    file: Path,
    slug: str,
    email: str,
    organisation: str,
    override: str | None,
    *,
    write: bool,
    report: Path | None,
) -> None:
    """Import bookings of one resource from FILE (.csv or .ics); a dry run unless --write is given.

    Exits with 1 when rows were refused. Safe to run again: the same UID is the same booking.
    """
    now = clock.now()
    try:
        with Session(db.engine) as session:
            plan = plan_import(session, now, slug, email, organisation, override)
        rows = read_rows(file.name, file.read_bytes(), plan.card.zone, now)
    except DomainError as refusal:
        raise click.ClickException(wording.error_sentence(refusal, LANGUAGE)) from refusal
    outcomes = _followed(rows, _written(now, plan, rows) if write else _tried(now, plan, rows))
    for outcome in outcomes:
        click.echo(_line(outcome, write=write))
    if report is not None:
        _write_report(report, outcomes, plan)
    click.echo(_summary(outcomes, write=write))
    if any(outcome.fate is Fate.REFUSED for outcome in outcomes):
        raise SystemExit(1)


def _followed(rows: Sequence[Row], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """All outcomes, with a bar while they come."""
    done = []
    with Steps() as steps:
        for outcome in outcomes:
            done.append(outcome)
            steps.report("rows", len(done), len(rows))
    return done


def _written(now: datetime, plan: Plan, rows: Sequence[Row]) -> Iterator[Outcome]:
    """Each row in a transaction of its own: others can book meanwhile, and what is done stays done."""
    for row in rows:
        try:
            with writing() as session:
                outcome = take_in(session, now, plan, row)
        except DomainError as refusal:
            outcome = Outcome(row, Fate.REFUSED, refusal)
        yield outcome


def _tried(now: datetime, plan: Plan, rows: Sequence[Row]) -> Iterator[Outcome]:
    """The same, all in one transaction that is taken back, so that rows meet each other too."""
    with _bench() as engine, Session(engine.execution_options(writing=True)) as session:
        for row in rows:
            yield take_in(session, now, plan, row)
        session.rollback()


@contextmanager
def _bench() -> Iterator[Engine]:
    """Where a dry run works: a copy of a SQLite database, which has one writer only; PostgreSQL itself."""
    if db.engine.dialect.name != "sqlite":
        yield db.engine
        return
    with TemporaryDirectory() as folder:
        copy = create_engine(f"sqlite:///{folder}/copy.db")
        prepare(copy)
        with db.engine.connect() as source, copy.connect() as target:
            source.connection.driver_connection.backup(target.connection.driver_connection)  # type: ignore[union-attr]
        try:
            yield copy
        finally:
            copy.dispose()


def _line(outcome: Outcome, *, write: bool) -> str:
    row = outcome.row
    told = [f"{row.number:>5}", WORDS[outcome.fate][write].ljust(16), _when(outcome), row.title]
    reasons = [*outcome.codes, *([row.note] if row.note else [])]
    return "  ".join(filter(None, [*told, f"({', '.join(reasons)})" if reasons else ""]))


def _when(outcome: Outcome) -> str:
    wall = outcome.row.wall
    return f"{wall.starts:%Y-%m-%d %H:%M}–{wall.ends:%H:%M}" if wall else ""


def _write_report(path: Path, outcomes: Sequence[Outcome], plan: Plan) -> None:
    """Everything about every row; a table that spreadsheet programs open with its letters as they are."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for outcome in outcomes:
            table.writerow([_harmless(str(value)) for value in _report_row(outcome, plan)])


def _report_row(outcome: Outcome, plan: Plan) -> tuple[object, ...]:
    row, wall = outcome.row, outcome.row.wall
    starts, ends = (f"{wall.starts:%Y-%m-%d %H:%M}", f"{wall.ends:%Y-%m-%d %H:%M}") if wall else ("", "")
    codes = " ".join([*outcome.codes, *([row.note] if row.note else [])])
    ways = "; ".join(
        f"{each.card.slug} {wording.when_compact(each.span, LANGUAGE, each.card.zone)}" for each in outcome.alternatives
    )
    if isinstance(outcome.error, BookingRefused) and not ways and plan.card.contact:
        ways = f"ask {plan.card.contact}"
    about = (row.number, row.uid, row.recurrence, outcome.fate, starts, ends, row.title, row.email)
    return (*about, codes, _reasons(outcome, plan), ways)


def _reasons(outcome: Outcome, plan: Plan) -> str:
    return wording.error_sentence(outcome.error, LANGUAGE, plan.card.zone) if outcome.error else ""


def _harmless(value: str) -> str:
    """A cell that no spreadsheet program takes for a formula: these texts come from elsewhere."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _summary(outcomes: Sequence[Outcome], *, write: bool) -> str:
    parts = [f"{number} {WORDS[fate][write]}" for fate, number in counted(outcomes).items() if number]
    told = ", ".join(parts) or "no rows"
    return f"{told}." if write else f"{told}. Nothing was written; use --write to do it."
