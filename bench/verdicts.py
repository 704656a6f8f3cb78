"""What verdicts cost beside the bare insert of one booking: of one request, and of every date of a long series."""

from collections.abc import Callable, Iterator
from itertools import count

from sqlalchemy import insert, select

from bench.cases import OSLO, Case, an_actor, at, beyond_the_crowd, room_id
from bench.series import QUARTER
from booking import clock
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.db import db, writing
from booking.models import Booking, Resource, ResourceUnit
from booking.models.ids import new_public_id
from booking.permissions import Actor
from booking.services import bookings, series
from booking.services.holding import NEW_ALLOCATION, NEW_ITEM
from booking.services.series_wishes import SeriesWish
from booking.services.wishes import Wish

FLOOR = "floor: insert of one booking"
DATES = 104
NEW_BOOKING = insert(Booking.__table__).returning(Booking.__table__.c.id)


def of_verdicts() -> Iterator[Case]:
    """The insert comes first, so that the others can be told as so many times it."""
    actor, wish = an_actor(), Wish((Item(room_id()),), WallSpan(at(10), at(11)))
    evening = Wish((Item(room_id("femti-48")),), WallSpan(at(18), at(18, 30)))
    weekdays = (at(18).weekday(), at(18).weekday() + 3)
    dates = SeriesWish(evening, Recurrence(Every.WEEK, weekdays=weekdays, count=DATES))
    yield Case(FLOOR, _inserter(room_id("femti-49"), actor), runs=50)
    yield Case("the judge with its facts", lambda: _judge(wish, actor), runs=50, target=1.5, floor=FLOOR)
    yield Case(f"the judge of a series of {DATES}", lambda: _judge_all(dates, actor), runs=3, floor=FLOOR)


def _judge(wish: Wish, actor: Actor) -> None:
    db.session.remove()
    bookings.preview(db.session(), clock.now(), wish, actor.member_id)


def _judge_all(dates: SeriesWish, actor: Actor) -> None:
    db.session.remove()
    weighed = series.preview(db.session(), clock.now(), actor.member_id, dates)
    if len(weighed.lines) != DATES:
        raise RuntimeError(f"{len(weighed.lines)} dates were judged")


def _inserter(room: int, actor: Actor) -> Callable[[], None]:
    """A booking, its item and its allocation, and nothing more; quarter after quarter, where nobody else is."""
    first, quarters = beyond_the_crowd(0, 0).replace(tzinfo=OSLO), count()
    site = db.session.scalars(select(Resource.site_id).where(Resource.id == room)).one()
    unit = db.session.scalars(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == room)).one()
    whose = {"site_id": site, "member_id": actor.member_id, "booked_by_id": actor.member_id, "state": "confirmed"}

    def write() -> None:
        now, starts_at = clock.now(), first + next(quarters) * QUARTER
        ends_at, name = starts_at + QUARTER, new_public_id()
        when = {"live": True, "starts_at": starts_at, "ends_at": ends_at}
        busy = {"live": True, "resource_id": room, "busy_from": starts_at, "busy_to": ends_at}
        known_by = {"public_id": name, "uid": f"{name}@bench", "created_at": now, "modified_at": now}
        with writing() as session:
            booking = session.execute(NEW_BOOKING, {**known_by, **whose, **when}).scalar_one()
            item = {"booking_id": booking, "quantity": 1, "held_unit_id": unit, **when, **busy}
            item_id = session.execute(NEW_ITEM, item).scalar_one()
            session.execute(NEW_ALLOCATION, {"item_id": item_id, "unit_id": unit, **busy})

    return write
