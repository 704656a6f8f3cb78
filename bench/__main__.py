"""`make bench`: prints one table for each database, with targets and what falls short."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from rich.console import Console
from rich.table import Table

from bench.cases import cases
from bench.timing import measured
from booking import create_app
from booking.db import db
from tests.support import databases, once

console = Console()


def main() -> None:
    """Both databases, one after the other."""
    once.open_home()
    try:
        for kind in databases.KINDS:
            with TemporaryDirectory() as folder:
                _bench(kind, Path(folder))
    finally:
        once.close_home()


def _bench(kind: str, folder: Path) -> None:
    table = Table("what", "CPU ms", "wall ms", "target", "", title=f"{kind}, the demo district")
    with (
        console.status(f"Measuring on {kind} …"),
        databases.fresh(kind, folder, name="demo", fill=databases.with_demo, demo=True) as url,
    ):
        app = create_app(databases.a_config(url, demo=True))
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        with app.app_context():
            for case in cases(app):
                figure = measured(case.work, runs=case.runs)
                short = case.target is not None and figure.cpu > case.target
                target = "" if case.target is None else f"{case.target:g}"
                table.add_row(case.name, f"{figure.cpu:.2f}", f"{figure.wall:.2f}", target, "short" if short else "")
            db.session.remove()
            db.engine.dispose()
    console.print(table)


if __name__ == "__main__":
    main()
