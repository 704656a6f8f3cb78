"""What is measured inside one process: the judge, the pages members wait for, finding, and their floors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from flask import Flask
from jinja2 import Template
from sqlalchemy import bindparam, select, text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.houses import measured_day
from booking import clock
from booking.core.errors import BookingRefused
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.models import Member, Resource
from booking.permissions import Actor
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.busy_times import busy_times
from booking.services.find import Search, find
from booking.services.find_times import WideSearch, find_times
from booking.services.holidays import holiday
from booking.services.wishes import Wish

OSLO = ZoneInfo("Europe/Oslo")
ROOM = "femti-7"
BEYOND = 100  # days
CELLS = Template(
    "{% for row in rows %}<tr><th>{{ row }}</th>{% for cell in cells %}"
    '<td colspan="{{ cell }}"><a class="cell" href="/{{ row }}/{{ cell }}">{{ cell }}</a></td>{% endfor %}</tr>'
    "{% endfor %}",
    autoescape=True,
)


@dataclass(frozen=True, slots=True)
class Case:
    """Something to time. The target is milliseconds of CPU unless told; `about` says more of what was made.

    It is told as so many times the `floor`, a case before it in the same run, where one is named.
    """

    name: str
    work: Callable[[], object]
    runs: int = 20
    target: float | None = None
    about: Callable[[], str] = str
    in_wall_time: bool = False
    floor: str = ""


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    """The wall clock on the measured day, or so many days later."""
    return datetime.combine(measured_day(), time(hour, minute)) + timedelta(days=day)


def beyond_the_crowd(hour: int, number: int) -> datetime:
    """The wall clock on one of the weekdays, public holidays left out, that the crowd does not reach."""
    days = (measured_day() + timedelta(days=n) for n in count(BEYOND))
    open_days = (day for day in days if day.weekday() < 5 and holiday("NO", day) is None)
    return datetime.combine(next(islice(open_days, number, None)), time(hour))


def room_id(slug: str = ROOM) -> int:
    return db.session.scalars(select(Resource.id).where(Resource.slug == slug)).one()


def an_actor(email: str = "medlem1@example.invalid") -> Actor:
    member = db.session.scalars(select(Member.id).where(Member.email == email)).one()
    actor = actor_for_member(db.session(), clock.now(), member)
    if actor is None:
        raise LookupError("the demo member is not active")
    return actor


def of_the_judge() -> Iterator[Case]:
    """One booking by the service, and what is least of reading and writing."""
    yield Case("floor: one indexed read", _one_read, runs=200)
    yield Case("floor: write of one row", _bare_write, runs=50)
    yield Case("make a booking, by the service", _booker(room_id(), an_actor()), runs=20)


def of_the_day(app: Flask) -> Iterator[Case]:
    """Whole pages as they leave the application, compressed."""
    day = f"/day?date={measured_day().isoformat()}&site="
    page, large = _Page(app, f"{day}femti"), _Page(app, f"{day}tohundre")
    yield Case("floor: page without data", _Page(app, "/healthz").get, runs=50)
    yield Case("floor: template of 50 × 8 cells", _template, runs=20)
    yield Case("day page, 50 resources", page.get, runs=10, target=7, about=page.size)
    yield Case("day page, 200 resources", large.get, runs=5, about=large.size)


def of_finding(app: Flask) -> Iterator[Case]:
    """An hour now, and any of fourteen days."""
    wanted = "start=10:00&length=60&people=8&site=femti&kind=space"
    page = _Page(app, f"/find?date={measured_day().isoformat()}&{wanted}")
    units = _units()
    fortnight = tuple(measured_day() + timedelta(days=n) for n in range(14))
    within = TimeSpan(at(0).astimezone(OSLO), at(0, day=14).astimezone(OSLO))
    wide = WideSearch(fortnight, timedelta(hours=8), timedelta(hours=18), timedelta(minutes=90))
    yield Case("find now, 50 rooms, 8 people: the service", _find_now)
    yield Case("find now, 50 rooms, 8 people: the page", page.get, target=8, about=page.size)
    yield Case("floor: index scan, 500 × 14 days", lambda: _scan(units, within), runs=5)
    yield Case("floor: the same rows as numbers", lambda: busy_times(_session(), units, within), runs=5)
    yield Case("find over 500 resources × 14 days", lambda: _find_times(wide), runs=3, target=50)


def _session() -> object:
    db.session.remove()
    return db.session()


def _one_read() -> None:
    _session().execute(text("SELECT name FROM resource WHERE id = 1")).scalar()


def _bare_write() -> None:
    with writing() as session:
        session.execute(text("UPDATE feed_counter SET rev = rev + 1 WHERE scope_kind = 'site' AND scope_id = 1"))


def _booker(room: int, actor: Actor) -> Callable[[], None]:
    """Books one quarter after the other, far ahead of the crowd, each time a new one."""
    quarters = count()

    def book() -> None:
        n = next(quarters)
        starts = beyond_the_crowd(8 + n % 8, n // 8)
        try:
            with writing() as session:
                wish = Wish((Item(room),), WallSpan(starts, starts + timedelta(hours=1)))
                request_booking(session, clock.now(), actor, wish, door="bench")
        except BookingRefused as refusal:
            raise RuntimeError(f"the benchmark's own booking was refused: {refusal.verdict.codes}") from refusal

    return book


def _find_now() -> object:
    site = db.session.scalars(select(Resource.site_id).where(Resource.slug == ROOM)).one()
    return find(_session(), clock.now(), None, Search(WallSpan(at(10), at(11)), 8, site_id=site, kind="space"))


def _find_times(wide: WideSearch) -> None:
    found = find_times(_session(), clock.now(), None, wide)
    if not found.fits or found.suitable < 500:
        raise RuntimeError(f"the search looked at {found.suitable} resources and found {len(found.fits)}")


def _units() -> list[int]:
    return list(db.session.scalars(text("SELECT id FROM unit ORDER BY id DESC LIMIT 500")))


SCAN = text(
    "SELECT count(*), min(busy_from), max(busy_to) FROM allocation"
    " WHERE unit_id IN :units AND busy_from >= :first AND busy_from < :last"
).bindparams(bindparam("units", expanding=True))


def _scan(units: list[int], within: TimeSpan) -> None:
    ends = (within.starts_at, within.ends_at)
    if db.engine.dialect.name == "sqlite":
        ends = tuple(int(each.timestamp()) for each in ends)
    _session().execute(SCAN, {"units": units, "first": ends[0], "last": ends[1]}).one()


def _template() -> str:
    return CELLS.render(rows=range(50), cells=range(8))


class _Page:
    """One address, asked for as a browser does; what came last is kept to tell its size."""

    def __init__(self, app: Flask, path: str) -> None:
        self.app, self.body = app, b""
        self.environ = EnvironBuilder(path=path, headers={"Accept-Encoding": "br", "Accept-Language": "nb"})

    def get(self) -> None:
        answer, status, _headers = run_wsgi_app(self.app.wsgi_app, self.environ.get_environ(), buffered=True)
        self.body = b"".join(answer)
        if not status.startswith("200"):
            raise RuntimeError(f"{self.environ.path} answered {status}")

    def size(self) -> str:
        return f"{len(self.body) / 1000:.1f} kB"
