"""`make bench`: one table of what things cost at several sizes on both databases, with targets and what falls short.

`python -m bench --size 10k,100k,1m --database sqlite,postgresql --only judge,day --home FOLDER`
"""

import logging
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from flask import Flask
from rich.console import Console

from bench import houses, race
from bench.cases import Case, of_finding, of_the_day, of_the_judge
from bench.doors import RATE, TARGET, through_http
from bench.report import Line, Report
from bench.series import of_series
from bench.timing import Figure, measured
from bench.verdicts import of_verdicts
from booking import create_app
from booking.db import db
from tests.support import databases

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
GROUPS = ("create", "judge", "day", "find", "series", "race")
ROUNDS = 30
console = Console()


def main() -> None:
    """Each database at each size, the smallest first."""
    asked = _asked()
    report = Report(asked.size)
    with houses.opened(asked.home, asked.database):
        for kind in asked.database:
            for size in asked.size:
                with houses.filled(kind, asked.home, SIZES[size], console) as url:
                    for line in _lines(url, asked):
                        console.print(f"{kind} {size}: {line.name}: {line.cpu:.2f} ms CPU", style="dim")
                        report.add(kind, size, line)
    console.print(report.table())
    if "race" in asked.only:
        race.main(ROUNDS, asked.database)


def _asked() -> Namespace:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=_among(tuple(SIZES)), default=tuple(SIZES), help="how many bookings there are")
    parser.add_argument("--database", type=_among(databases.KINDS), default=databases.KINDS)
    parser.add_argument("--only", type=_among(GROUPS), default=GROUPS, help=", ".join(GROUPS))
    home = Path(tempfile.gettempdir()) / "samrom-bench"
    parser.add_argument("--home", type=Path, default=home, help=f"where filled databases are kept, {home}")
    return parser.parse_args()


def _among(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Reads a list with commas."""

    def some(text: str) -> tuple[str, ...]:
        chosen = set(text.split(","))
        if not chosen <= set(known):
            raise ValueError(text)
        return tuple(each for each in known if each in chosen)

    return some


def _lines(url: str, asked: Namespace) -> Iterator[Line]:
    app = create_app(databases.a_config(url, demo=True))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with app.app_context():
        if "create" in asked.only:
            yield from _through_http(url, asked.home)
        seen: dict[str, Figure] = {}
        for case in _cases(app, asked.only):
            figure = seen[case.name] = measured(case.work, runs=case.runs)
            about = f"{figure.cpu / seen[case.floor].cpu:.1f}× its floor" if case.floor else case.about()
            yield Line(case.name, figure.cpu, figure.wall, case.target, about, case.in_wall_time)
        db.session.remove()
        db.engine.dispose()


def _cases(app: Flask, groups: tuple[str, ...]) -> Iterator[Case]:
    if "judge" in groups:
        yield from of_the_judge()
        yield from of_verdicts()
    if "day" in groups:
        yield from of_the_day(app)
    if "find" in groups:
        yield from of_finding(app)
    if "series" in groups:
        yield from of_series()


def _through_http(url: str, folder: Path) -> Iterator[Line]:
    floor, made = through_http(url, folder)
    yield Line("floor: bare guarded route, 8 clients", floor.cpu, floor.wall, None, f"{floor.rate:.0f}/s")
    target = TARGET if url.startswith("postgresql") else None
    about = f"{made.rate:.0f}/s" + (f" (of {RATE}/s)" if target else "")
    yield Line("create through HTTP, 8 clients", made.cpu, made.wall, target, about)


if __name__ == "__main__":
    main()
