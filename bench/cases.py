"""What is measured, on the demo district: the judge, making a booking, and the pages members wait for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from bench import series
from booking import clock
from booking.core.errors import BookingRefused
from booking.core.request import Item, WallSpan
from booking.db import db, writing
from booking.models import Member, Resource
from booking.permissions import Actor
from booking.services.actors import actor_for_member
from booking.services.bookings import preview, request_booking
from booking.services.wishes import Wish

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True)
class Case:
    """Something to time; `target` is milliseconds of CPU, None where none is set yet."""

    name: str
    work: Callable[[], object]
    runs: int = 50
    target: float | None = None


def cases(app: Flask) -> Iterator[Case]:
    """Each case, the floors first; runs inside the application's context."""
    room, actor, monday = _room(), _actor(), _coming_monday()
    yield Case("floor: one indexed read", _one_read, runs=200)
    yield Case("floor: bare write of one row", _bare_write, runs=50)
    yield Case("verdict on one request, facts read", lambda: _preview(room, actor, monday), target=1.5)
    yield Case("make a booking, service", _booker(room, actor, monday), runs=20, target=4.5)
    client = app.test_client()
    day = monday.date().isoformat()
    yield Case("floor: a page without data", lambda: _get(client, "/healthz"), runs=100)
    yield Case("day page, whole district", lambda: _get(client, f"/day?date={day}"), runs=20, target=7)
    yield Case(
        "find for 8 people", lambda: _get(client, f"/find?date={day}&start=10:00&length=60&people=8"), runs=20, target=8
    )
    yield from _of_series(actor, monday)


def _of_series(actor: Actor, monday: datetime) -> Iterator[Case]:
    """Last, as it brings a crowd along."""
    series.crowd_in()
    for dates in (52, 104):
        yield Case(f"series of {dates}, every date, 100k", series.previewer(actor, monday, dates), runs=5, target=1000)
        yield Case(
            f"series of {dates}, looked at and saved, 100k", series.saver(actor, monday, dates), runs=5, target=1000
        )


def _room() -> int:
    return db.session.scalars(select(Resource.id).where(Resource.slug == "klimaskap")).one()


def _actor() -> Actor:
    member = db.session.scalars(select(Member.id).where(Member.email == "medlem1@example.invalid")).one()
    actor = actor_for_member(db.session(), clock.now(), member)
    if actor is None:
        raise LookupError("the demo member is not active")
    return actor


def _coming_monday() -> datetime:
    today = clock.now().astimezone(OSLO).replace(hour=10, minute=0, second=0, tzinfo=None)
    return today + timedelta(days=7 - today.weekday())


def _one_read() -> None:
    db.session.remove()
    db.session.execute(text("SELECT name FROM resource WHERE id = 1")).scalar()


def _bare_write() -> None:
    with writing() as session:
        session.execute(text("UPDATE feed_counter SET rev = rev + 1 WHERE scope_kind = 'site' AND scope_id = 1"))


def _preview(room: int, actor: Actor, starts: datetime) -> None:
    db.session.remove()
    wish = Wish((Item(room),), WallSpan(starts, starts + timedelta(hours=1)))
    preview(db.session(), clock.now(), wish, actor.member_id)


def _booker(room: int, actor: Actor, monday: datetime) -> Callable[[], None]:
    """Books hour after hour far ahead, each time a new one."""
    hours = count()

    def book() -> None:
        starts = monday + timedelta(days=28, hours=next(hours))
        try:
            with writing() as session:
                wish = Wish((Item(room),), WallSpan(starts, starts + timedelta(hours=1)))
                request_booking(session, clock.now(), actor, wish, door="bench")
        except BookingRefused as refusal:
            raise RuntimeError(f"the benchmark's own booking was refused: {refusal.verdict.codes}") from refusal

    return book


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
