"""What a series costs amid a hundred thousand bookings: every date weighed, and the whole saved."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from bench.crowd import crowd
from booking import clock
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.db import db, writing
from booking.models import Resource, RuleSetting
from booking.permissions import Actor
from booking.services.series import preview, save
from booking.services.series_wishes import SKIP, SeriesWish
from booking.services.wishes import Wish

BOOKINGS = 100_000


def crowd_in() -> None:
    """Many bookings, and rules that let a series run for a year."""
    now = clock.now()
    with writing() as session:
        crowd(session, now, BOOKINGS)
        site_id = session.scalars(select(Resource.site_id).where(Resource.slug == "sorgenfri")).one()
        for rule, params in (("R18", {"days": 800}), ("R28", {"most_occurrences": 200, "most_days": 800})):
            row = RuleSetting(scope_kind="site", scope_id=site_id, rule=rule, params=params)
            row.valid_from = row.set_at = now
            session.add(row)


def previewer(actor: Actor, monday: datetime, dates: int) -> Callable[[], object]:
    """Twice a week for half a year or a whole, some of the dates taken."""
    wish = _wish(monday.replace(hour=11), dates)

    def look() -> object:
        db.session.remove()
        return preview(db.session(), clock.now(), actor.member_id, wish)

    return look


def saver(actor: Actor, monday: datetime, dates: int) -> Callable[[], None]:
    """Quarter of an hour after quarter of an hour, what is in the way left out."""
    quarters = count()

    def book() -> None:
        starts = monday.replace(hour=17) + timedelta(minutes=15 * next(quarters))
        wish = _wish(starts, dates, timedelta(minutes=15))
        with writing() as session:
            lines = preview(session, clock.now(), actor.member_id, wish).problems
            decided = SeriesWish(wish.wish, wish.rule, {line.day: SKIP for line in lines})
            save(session, clock.now(), actor, decided, door="bench")

    return book


def _wish(starts: datetime, dates: int, length: timedelta = timedelta(minutes=45)) -> SeriesWish:
    room = db.session.scalars(select(Resource.id).where(Resource.slug == "sorgenfri")).one()
    rule = Recurrence(Every.WEEK, weekdays=(0, 3), count=dates)
    return SeriesWish(Wish((Item(room),), WallSpan(starts, starts + length)), rule)
