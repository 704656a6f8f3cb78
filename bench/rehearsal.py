"""`python -m bench.rehearsal`: a changed maximum length, rehearsed over 100,000 bookings, past and to come."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bench.crowd import crowd
from booking import clock, create_app
from booking.db import db, writing
from booking.models import Booking, Site
from booking.services.drafts import Draft
from booking.services.past_bookings import LOOKED_BACK
from booking.services.rehearsal import Rehearsed, by_organisation, rehearse
from booking.services.rule_changes import Asked
from booking.services.scopes import district
from tests.support import databases, once

BOOKINGS = 100_000
MINUTES = 45  # an hour, as most of the crowd's bookings last, becomes too long
console = Console()


def main(kinds: list[str]) -> None:
    """Both databases, one after the other, or those that are named."""
    once.open_home()
    try:
        for kind in kinds or databases.KINDS:
            with TemporaryDirectory() as folder:
                _bench(kind, Path(folder))
    finally:
        once.close_home()


def _bench(kind: str, folder: Path) -> None:
    with databases.fresh(kind, folder, name="demo", fill=databases.with_demo, demo=True) as url:
        app = create_app(databases.a_config(url, demo=True))
        with app.app_context():
            _fill()
            table = Table(
                "rehearsed", "would be refused", "organisations", "seconds", "of CPU", "first judged after", title=kind
            )
            for minutes in (MINUTES, 240):
                result, seconds, cpu, first = _rehearsed(minutes)
                met = by_organisation(db.session(), result.refused)
                figures = (result.judged, len(result.refused), len(met))
                table.add_row(*(f"{each:,}" for each in figures), f"{seconds:.1f}", f"{cpu:.1f}", f"{first:.1f} s")
            db.session.remove()
            db.engine.dispose()
    console.print(table)


def _fill() -> None:
    """So many within what a rehearsal looks at: the crowd goes further back, so it is made larger until they do."""
    now = clock.now()
    while _looked_at() < BOOKINGS:
        with writing() as session:
            if not crowd(session, now, BOOKINGS - _looked_at() + 1000):
                console.print(f"There is room for {_looked_at():,} bookings only.")
                return


def _looked_at() -> int:
    db.session.remove()
    begun = Booking.starts_at >= clock.now() - LOOKED_BACK
    return db.session.scalar(select(func.count()).select_from(Booking).where(Booking.live, begun)) or 0


def _rehearsed(minutes: int) -> tuple[Rehearsed, float, float, float]:
    """The result, the seconds it took, those of CPU, and those until the first word of progress."""
    db.session.remove()
    session, now = db.session(), clock.now()
    sites = session.scalars(select(Site.id)).all()
    asked = Asked({"R21": {"minutes": minutes, "merge_gap_minutes": 0}})
    began, busy = time.perf_counter(), time.process_time()
    first, result = 0.0, None
    for state in rehearse(session, now, district(session), Draft({("site", id_): asked for id_ in sites}, {})):
        first = first or (time.perf_counter() - began if state.reached else 0.0)
        result = state
    if result is None:
        raise LookupError("a rehearsal always ends with a result")
    return result, time.perf_counter() - began, time.process_time() - busy, first


if __name__ == "__main__":
    main(sys.argv[1:])
