"""`python -m bench.feeds`: what a feed costs that is unchanged, kept, or put together anew, at three lengths.

Each is a ratio to a route with one indexed read, asked of the same server in the same run; the cost of an event is a
ratio to the icalendar library's own work on the same events.
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import icalendar
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from bench.asking import Rate, asked
from bench.feed_town import SIZES, found_feeds
from bench.timing import database_processes, descendants
from booking import create_app
from booking.db import db, writing
from booking.feeds.words import words_of
from booking.ical import calendar as calendar_format
from booking.services import feed_content, feeds
from booking.services.feeds import House
from tests.support import databases, once, server

TARGETS = {("304", 50): 0.8, ("kept", 50): 0.6}
console = Console()


def main() -> int:
    """0 when the targets were reached on every database that was asked for."""
    parser = ArgumentParser(prog="python -m bench.feeds", description=__doc__)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each thing is asked for")
    given = parser.parse_args()
    once.open_home()
    try:
        with TemporaryDirectory() as folder:
            return max(_one(kind, Path(folder), given.seconds) for kind in given.database or databases.KINDS)
    finally:
        once.close_home()


def _one(kind: str, folder: Path, seconds: float) -> int:
    table = Table("what", "events", "a second", "ms CPU", "octets", "rate / floor", "CPU / floor", "target", title=kind)
    missed = 0
    with databases.fresh(kind, folder, name="feeds") as url:
        app = create_app(databases.a_config(url))
        with app.app_context():
            with writing() as session:
                paths = found_feeds(session, datetime.now(tz=UTC))  # noqa: TID251 - the town is that of today
            backends = database_processes()
            for what, events, rate, floor in _rates(url, folder, paths, seconds, backends):
                target = TARGETS.get((what, events))
                ratio = rate.per_second / floor.per_second
                missed += target is not None and ratio < target
                figures = [f"{rate.per_second:.0f}", f"{rate.cpu:.2f}", str(rate.octets), f"{ratio:.2f}"]
                table.add_row(what, str(events), *figures, f"{rate.cpu / floor.cpu:.2f}", f"{target or ''}")
            console.print(table)
            _per_event(paths)
            db.session.remove()
            db.engine.dispose()
    return 1 if missed else 0


def _rates(
    url: str, folder: Path, paths: dict[int, str], seconds: float, backends: list[int]
) -> Iterator[tuple[str, int, Rate, Rate]]:
    env = {"SAMROM_DEMO": "1", "LOG_LEVEL": "WARNING", "BENCH_MOST_EVENTS": str(max(SIZES))}
    for with_bodies in (True, False):
        more = {} if with_bodies else {"BENCH_NO_BODIES": "1"}
        with server.serving(url, folder, workers=1, app="bench.wsgi:app", **env, **more) as running:
            pids = [*descendants(running.process.pid), *backends]

            def ask(path: str, status: int, run: server.Server = running, of: list[int] = pids, **headers: str) -> Rate:
                return asked(run.url, path, of, seconds=seconds, status=status, **headers)

            for events, path in paths.items():
                floor = ask("/bench/one-read", 200)
                if with_bodies:
                    yield "floor", events, floor, floor
                    yield "304", events, ask(path, 304, If_None_Match="*"), floor
                    yield "kept", events, ask(path, 200, Accept_Encoding="gzip"), floor
                    yield "kept, not packed", events, ask(path, 200), floor
                else:
                    yield "anew", events, ask(path, 200, Accept_Encoding="gzip"), floor


def _per_event(paths: dict[int, str]) -> None:
    """CPU for each event of a feed that is put together, beside the library that knows nothing of rows."""
    table = Table("events", "ours, ms", "icalendar to_ical, ms", "icalendar build + to_ical, ms", "ratios")
    zone = ZoneInfo("Europe/Oslo")
    calendar_format.MOST_OCTETS = 100_000_000
    with Session(db.engine) as session:
        for events, path in paths.items():
            now = datetime.now(tz=UTC)  # noqa: TID251 - as above
            known = feeds.open_feed(session, now, path[7:29], zone)
            if known is None:
                raise RuntimeError(path)
            feed = known.feed
            words, house = words_of(feed.kind, feed.language), House("http://localhost", zone, "Samrom")
            body = feed_content.content(session, now, feed, words, house, events) or b""
            ours = _cpu(lambda f=feed, w=words, h=house, n=events, t=now: feed_content.content(session, t, f, w, h, n))
            calendar = icalendar.Calendar.from_ical(body)
            written, built = _cpu(calendar.to_ical), _cpu(lambda c=calendar: _built(c).to_ical())
            each = [figure * 1000 / events for figure in (ours, written, built)]
            ratios = f"{ours / written:.3f} of to_ical, {ours / built:.3f} of build + to_ical"
            table.add_row(str(events), *(f"{figure:.4f}" for figure in each), ratios)
    console.print(table)


def _built(calendar: icalendar.Calendar) -> icalendar.Calendar:
    """The same events, made by the library's own means."""
    made = icalendar.Calendar()
    for event in calendar.walk("VEVENT"):
        copy = icalendar.Event()
        for name in ("UID", "SUMMARY", "LOCATION", "URL", "STATUS", "TRANSP", "SEQUENCE"):
            copy.add(name, str(event[name]))
        for name in ("DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED"):
            copy.add(name, event[name].dt)
        made.add_component(copy)
    return made


def _cpu(work: object, runs: int = 3) -> float:
    figures = []
    for _ in range(runs):
        began = time.process_time()
        work()  # type: ignore[operator]
        figures.append(time.process_time() - began)
    return sorted(figures)[len(figures) // 2]


if __name__ == "__main__":
    sys.exit(main())
