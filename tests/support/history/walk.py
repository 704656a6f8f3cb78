"""One process's way through the history: deed after deed, each in a transaction of its own, each noted down."""

import random
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking import create_app
from booking.core.errors import DomainError
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.models import Booking
from booking.permissions import Actor
from booking.services.actors import actor_for_member
from booking.services.standing import Standing, standing_of
from tests.factories import OSLO
from tests.support import databases
from tests.support.history.records import CRASHED, DONE, Doing, Record, tell
from tests.support.history.world import PARTS, WHOLE, Clock, World, the_world

Act = Callable[[Session], Doing]
Some = TypeVar("Some")
QUARTER = timedelta(minutes=15)
AHEAD = 30  # hours that people plan ahead: little, so that they meet
RECENT = 300  # bookings that people still come back to
KITS = (("studio", "camera"), ("camera", "studio"), ("vest", "camera"), ("camera", "hall"), ("desks", "benches"))


@dataclass(slots=True)
class Walk:
    """Who walks, with their own chance; `now` and `title` are those of the deed that is being done."""

    world: World
    clock: Clock
    number: int
    chance: random.Random
    now: datetime = field(init=False)
    title: str = field(init=False)

    def one_of(self, things: Sequence[Some]) -> Some:
        return self.chance.choice(things)

    def sometimes(self, share: float) -> bool:
        return self.chance.random() < share

    def span(self, most_quarters: int = 10) -> TimeSpan:
        """Some time soon, on a quarter of an hour, that has not begun."""
        hour = self.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        starts_at = hour + self.chance.randrange(AHEAD * 4) * QUARTER
        return TimeSpan(starts_at, starts_at + self.chance.randint(1, most_quarters) * QUARTER)

    def items(self) -> tuple[Item, ...]:
        """A room, a hall or its part, some of a pool, or several things at once."""
        kind = self.chance.random()
        if kind < 0.2:
            return self._items(*self.one_of(KITS))
        if kind < 0.3:
            return self._items("microscope", "benches")
        if kind < 0.6:
            return self._items(self.one_of((WHOLE, *PARTS)))
        return self._items(self.one_of(("studio", "camera", "desks", "benches", "desks")))

    def _items(self, *slugs: str) -> tuple[Item, ...]:
        return tuple(Item(self.world.things[slug], self.quantity(slug)) for slug in slugs)

    def quantity(self, slug: str) -> int:
        return self.chance.randint(1, max(1, self.world.pools.get(slug, 1) // 2))

    def actor(self, session: Session, member_id: int) -> Actor:
        actor = actor_for_member(session, self.now, member_id)
        if actor is None:
            raise LookupError(f"member {member_id} is not active")
        return actor

    def somebody_for(self, standing: Standing) -> int:
        """Most often the holder, else a colleague, or the admin."""
        colleagues = self.world.organisations[self.world.organisation_of(standing.row.member_id)]
        return self.one_of((*[standing.row.member_id] * 6, self.one_of(colleagues), self.world.admin))

    def some_booking(self, *, live: bool = True, of_series: bool = False, running: bool = False) -> Standing | None:
        """One of the newest that is not over, as it stands before any lock."""
        newest = db.session.scalar(select(func.max(Booking.id))) or 0
        query = select(Booking.id).where(Booking.id > newest - RECENT, Booking.live.is_(live))
        query = query.where(Booking.ends_at > self.now)
        if of_series:
            query = query.where(Booking.series_id.is_not(None), Booking.starts_at > self.now)
        if running:
            query = query.where(Booking.starts_at <= self.now)
        ids = db.session.scalars(query.order_by(Booking.id)).all()
        return standing_of(db.session(), db.session.get_one(Booking, self.one_of(ids))) if ids else None


Prepare = Callable[[Walk], Act | None]
Deeds = dict[str, tuple[int, Prepare]]  # how often, and what is done


@dataclass(frozen=True, slots=True)
class Route:
    """How one process goes: where, by which seed, and how far (so many deeds, or until a moment)."""

    url: str
    seed: str
    number: int
    deeds: int | None
    until: float | None


def go(route: Route, clock: Clock, deeds: Deeds) -> list[Record]:
    """Walks to the end; everything that was noted down on the way."""
    app = create_app(databases.a_config(route.url))
    names, weights = list(deeds), [weight for weight, _ in deeds.values()]
    records: list[Record] = []
    with app.app_context():
        walk = Walk(the_world(db.session()), clock, route.number, random.Random(f"{route.seed}/{route.number}"))
        for step in count():
            if step == route.deeds or (route.until is not None and time.monotonic() > route.until):
                break
            name = walk.chance.choices(names, weights)[0]
            walk.now, walk.title = clock.now(), f"{route.number}.{step}"
            records.append(_do(walk, name, deeds[name][1]))
            clock.tick()
        db.session.remove()
        db.engine.dispose()
    return records


def _do(walk: Walk, name: str, prepare: Prepare) -> Record:
    """Looks, then acts; between the two the world may change."""
    try:
        act = prepare(walk)
        if act is None:
            return Record(name, "nothing to do", walk.title)
        with writing() as session:
            doing = act(session)
            session.flush()
            told = tell(session, doing.touched)
    except DomainError as refusal:
        return Record(name, refusal.code, walk.title)
    except Exception:
        return Record(name, CRASHED, walk.title, trouble=traceback.format_exc())
    wishes = [(each, doing.touched[each.public_id]) for each in told]
    amiss = [f"{each} is not {wish}" for each, wish in wishes if wish is not None and not each.is_as(wish)]
    return Record(name, DONE, walk.title, tuple(told), doing.kept, "; ".join(amiss))


def wall(span: TimeSpan) -> WallSpan:
    return WallSpan.of(span, OSLO)
