"""What a series costs: every date weighed, and the whole saved; one date is taken."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import insert

from bench.cases import Case, an_actor, at, room_id
from booking import clock
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.db import db, writing
from booking.models import JournalEntry
from booking.permissions import Actor
from booking.services.bookings import request_booking
from booking.services.series import preview, save
from booking.services.series_wishes import SKIP, SeriesWish
from booking.services.wishes import Wish

QUARTER = timedelta(minutes=15)
LATER = 70  # days until the date that is taken


def of_series() -> Iterator[Case]:
    """Once a week for a year, and twice a week."""
    room, actor = room_id("femti-11"), an_actor()
    _take(room, an_actor("medlem2@example.invalid"), at(17, day=LATER))
    yield Case("floor: insert of 52 rows", _insert, runs=10)
    for dates, target, in_wall_time in ((52, 30, False), (104, 1000, True)):
        look, book = _previewer(room, actor, dates), _saver(room, actor, dates)
        yield Case(f"series of {dates}: preview", look, 3, target, in_wall_time=in_wall_time)
        yield Case(f"series of {dates}: save", book, 3, target, in_wall_time=in_wall_time)


def _take(room: int, actor: Actor, starts: datetime) -> None:
    """One date of every series is taken."""
    with writing() as session:
        wish = Wish((Item(room),), WallSpan(starts, starts + timedelta(hours=4)))
        request_booking(session, clock.now(), actor, wish, door="bench")


def _previewer(room: int, actor: Actor, dates: int) -> Callable[[], None]:
    wish = _wish(room, at(17), dates)

    def look() -> None:
        db.session.remove()
        weighed = preview(db.session(), clock.now(), actor.member_id, wish)
        if not weighed.problems:
            raise RuntimeError("the date that is taken was not seen")

    return look


def _saver(room: int, actor: Actor, dates: int) -> Callable[[], None]:
    """Room after room, member after member; what is in the way is left out."""
    numbers, others = count(), [room_id(f"tohundre-{n}") for n in range(100)]
    members = [an_actor(f"medlem{n}@example.invalid") for n in range(3, 33)]
    weighed = preview(db.session(), clock.now(), actor.member_id, _wish(room, at(17), dates))
    choices = {line.day: SKIP for line in weighed.problems}

    def book() -> None:
        n = next(numbers)
        wish = _wish(others[n % 100], at(17 if dates <= 52 else 20), dates)
        with writing() as session:
            save(
                session, clock.now(), members[n % len(members)], SeriesWish(wish.wish, wish.rule, choices), door="bench"
            )

    return book


def _wish(room: int, starts: datetime, dates: int) -> SeriesWish:
    weekdays = (starts.weekday(),) if dates <= 52 else (starts.weekday(), starts.weekday() + 3)
    rule = Recurrence(Every.WEEK, weekdays=weekdays, count=dates)
    return SeriesWish(Wish((Item(room),), WallSpan(starts, starts + QUARTER)), rule)


def _insert() -> None:
    """The least that saving 52 bookings costs: as many rows of the journal."""
    now = clock.now()
    row = {"at": now, "action": "bench", "subject_kind": "bench", "subject_id": 0, "door": "bench"}
    with writing() as session:
        session.execute(insert(JournalEntry), [row] * 52)
