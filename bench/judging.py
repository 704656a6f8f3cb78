"""`python -m bench.judging`: a verdict with its facts, for one request and for 104 dates, beside the bare insert."""

import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bench import series
from bench.timing import measured
from booking import clock, create_app
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.models import Member, Resource
from booking.services.actors import actor_for_member
from booking.services.bookings import preview
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking
from tests.support import databases, once

console = Console()
FAR = timedelta(days=3000)  # where the inserts go, out of everybody's way
hours = count()


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
    table = Table("what", "CPU ms", "of the bare insert", title=kind)
    with databases.fresh(kind, folder, name="demo", fill=databases.with_demo, demo=True) as url:
        app = create_app(databases.a_config(url, demo=True))
        with app.app_context():
            _measure(table)
            db.session.remove()
            db.engine.dispose()
    console.print(table)


def _measure(table: Table) -> None:
    member = db.session.scalars(select(Member.id).where(Member.email == "medlem1@example.invalid")).one()
    room = db.session.scalars(select(Resource.id).where(Resource.slug == "klimaskap")).one()
    actor = actor_for_member(db.session(), clock.now(), member)
    if actor is None:
        raise LookupError("the demo member is not active")
    monday = _coming_monday()
    wish = Wish((Item(room),), WallSpan(monday, monday + timedelta(hours=1)))
    for dates, runs in ((1, 20), (104, 5)):
        bare = measured(lambda dates=dates: _insert(room, member, dates), runs=runs, warm_up=1).cpu
        if dates == 1:
            judged = measured(lambda: _judge(wish, member), runs=50).cpu
        else:
            series.crowd_in()
            judged = measured(series.previewer(actor, monday, dates), runs=3, warm_up=1).cpu
        table.add_row(f"bare insert of {dates}", f"{bare:.2f}", "1.0")
        table.add_row(f"verdict with facts, {dates} dates", f"{judged:.2f}", f"{judged / bare:.1f}")


def _judge(wish: Wish, member: int) -> None:
    db.session.remove()
    preview(db.session(), clock.now(), wish, member)


def _insert(room_id: int, member_id: int, dates: int) -> None:
    """So many bookings as rows alone, unit by unit as the guards want them, in one transaction."""
    with writing() as session:
        room, member = session.get_one(Resource, room_id), session.get_one(Member, member_id)
        for _ in range(dates):
            starts_at = clock.now().replace(minute=0, second=0, microsecond=0) + FAR + timedelta(hours=next(hours))
            a_booking(session, on=room, member=member, span=TimeSpan(starts_at, starts_at + timedelta(hours=1)))


def _coming_monday() -> datetime:
    today = clock.now().astimezone(OSLO).replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None)
    return today + timedelta(days=7 - today.weekday())


if __name__ == "__main__":
    main(sys.argv[1:])
