"""`python -m bench.rehearsal`: a changed maximum length, rehearsed over 100,000 bookings, past and to come."""

import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bench import houses
from booking import clock, create_app
from booking.db import db
from booking.models import Site
from booking.services.drafts import Draft
from booking.services.rehearsal import Rehearsed, by_organisation, rehearse
from booking.services.rule_changes import Asked
from booking.services.scopes import district
from tests.support import databases

HOME = Path(tempfile.gettempdir()) / "samrom-bench"  # the same filled databases as `python -m bench`
BOOKINGS = 100_000
MINUTES = 45  # an hour, as most of the crowd's bookings last, becomes too long
console = Console()


def main(kinds: tuple[str, ...]) -> None:
    """Both databases, one after the other, or those that are named."""
    with houses.opened(HOME, kinds):
        for kind in kinds:
            with houses.filled(kind, HOME, BOOKINGS, console) as url:
                _bench(kind, url)


def _bench(kind: str, url: str) -> None:
    app = create_app(databases.a_config(url, demo=True))
    columns = ("changed", "rehearsed", "would be refused", "organisations", "seconds", "of CPU", "first judged after")
    table = Table(*columns, title=kind)
    with app.app_context():
        for minutes in (MINUTES, 240):
            result, seconds, cpu, first = _rehearsed(minutes)
            met = by_organisation(db.session(), result.refused)
            figures = (f"{each:,}" for each in (result.judged, len(result.refused), len(met)))
            table.add_row(f"at most {minutes} min", *figures, f"{seconds:.1f}", f"{cpu:.1f}", f"{first:.1f} s")
        db.session.remove()
        db.engine.dispose()
    console.print(table)


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
    main(tuple(sys.argv[1:]) or databases.KINDS)
