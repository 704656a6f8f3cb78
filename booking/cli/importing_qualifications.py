"""`import-qualifications` takes over who has learnt what from a CSV file: first as a dry run, then in earnest."""

from collections import Counter
from pathlib import Path

import click
from flask.cli import with_appcontext

from booking import clock, wording
from booking.core.errors import DomainError
from booking.db import writing
from booking.services.qualification_import import Fate, Outcome, Row, read_rows, take_in

LANGUAGE = "en"
WORDS = {
    Fate.NEW: ("would be granted", "granted"),
    Fate.SAME: ("there already", "there already"),
    Fate.REFUSED: ("refused", "refused"),
}


class _OnlyTried(Exception):
    """Takes everything back at the end of a dry run."""


@click.command("import-qualifications")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write/--dry-run", default=False, help="Write; without it, nothing is changed.")
@with_appcontext
def import_qualifications(file: Path, *, write: bool) -> None:
    """Grant qualifications from FILE (.csv); a dry run unless --write is given.

    Columns: email, qualification, granted_on; also expires_on, level, site (a slug, where two sites share a name).
    Exits with 1 when lines were refused. Safe to run again.
    """
    try:
        outcomes = _outcomes(read_rows(file.read_bytes()), write=write)
    except DomainError as refusal:
        raise click.ClickException(wording.error_sentence(refusal, LANGUAGE)) from refusal
    for outcome in outcomes:
        click.echo(_line(outcome, write=write))
    counted = Counter(outcome.fate for outcome in outcomes)
    told = ", ".join(f"{counted[fate]} {WORDS[fate][write]}" for fate in Fate if counted[fate]) or "no lines"
    click.echo(f"{told}." if write else f"{told}. Nothing was written; use --write to do it.")
    if counted[Fate.REFUSED]:
        raise SystemExit(1)


def _outcomes(rows: list[Row], *, write: bool) -> list[Outcome]:
    """All in one transaction, which a dry run takes back: what is refused leaves no trace, the rest is kept."""
    outcomes: list[Outcome] = []
    try:
        with writing() as session:
            outcomes += take_in(session, clock.now(), rows)
            if not write:
                raise _OnlyTried
    except _OnlyTried:
        return outcomes
    return outcomes


def _line(outcome: Outcome, *, write: bool) -> str:
    row = outcome.row
    why = f"({wording.error_sentence(outcome.error, LANGUAGE)})" if outcome.error else ""
    return "  ".join(filter(None, (f"{row.number:>5}", WORDS[outcome.fate][write].ljust(16), row.email, why)))
