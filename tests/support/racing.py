"""Many members ask for the same thing at the same instant, over and over, and every answer is kept."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from booking import clock
from booking.db import prepare, writing
from booking.models import ResourceUnit
from booking.services import checks
from tests.factories import a_member, a_room, a_site
from tests.support.people import PASSWORD, with_password
from tests.support.visitor import Answer, Visitor

RACERS = 32
DESKS = 5
CROWD, BENCHES = 40, 12
Entry = tuple[str, dict[str, str]]  # the resource's slug, and the times


@dataclass(frozen=True, slots=True)
class Race:
    """What each racer asks for on a day, and how many of them can have it."""

    entry: Callable[[int, date], Entry]
    winners: int = 1


@dataclass(slots=True)
class Outcome:
    """All answers of all rounds."""

    rounds: list[list[Answer]] = field(default_factory=list)

    @property
    def winners(self) -> list[int]:
        """How many got it in each round."""
        return [sum(answer.status == 303 for answer in answers) for answers in self.rounds]

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answers in self.rounds for answer in answers)

    @property
    def unexplained(self) -> list[Answer]:
        """Refusals that do not say that the time is taken."""
        refused = (answer for answers in self.rounds for answer in answers if answer.status != 303)
        return [answer for answer in refused if answer.status not in (409, 422) or answer.codes != ["R05.overlap"]]


def at(day: date, start: str, end: str) -> dict[str, str]:
    return {"date": day.isoformat(), "start": start, "end": end}


def same_hour(_racer: int, day: date) -> Entry:
    return "vest", at(day, "10:00", "11:00")


def overlapping_hours(racer: int, day: date) -> Entry:
    """Sixteen different times; each contains 10:45 to 11:00."""
    start, end = divmod(racer % 16, 4)
    return "vest", at(day, f"10:{15 * start:02}", f"11:{15 * end:02}")


def hall_or_part(racer: int, day: date) -> Entry:
    """Half of them ask for the hall, the others for a part of it that starts later."""
    return ("hall", at(day, "10:00", "11:00")) if racer % 2 else ("vest", at(day, "10:30", "11:30"))


def any_desk(_racer: int, day: date) -> Entry:
    return "desks", at(day, "10:00", "11:00")


def any_bench(_racer: int, day: date) -> Entry:
    return "benches", at(day, "10:00", "11:00")


def kit_in_either_order(racer: int, day: date) -> Entry:
    """Half of them ask for the room with the camera, the others for the camera with the room."""
    first, second = ("vest", "camera") if racer % 2 else ("camera", "vest")
    return first, {**at(day, "10:00", "11:00"), "with": second}


A_BENCH = Race(any_bench, winners=BENCHES)
A_KIT = Race(kit_in_either_order)
RACES = {
    "the same hour": Race(same_hour),
    "hours that overlap": Race(overlapping_hours),
    "a hall or its part": Race(hall_or_part),
    "one of five desks": Race(any_desk, winners=DESKS),
}


def with_racers(app: Flask) -> None:
    """Fills an empty database: a hall in two parts, two pools, a camera, and 40 members with a password."""
    with app.app_context(), writing() as session:
        site = a_site(session, slug="arena")
        vest, ost = (a_room(session, site, slug=slug, name=slug) for slug in ("vest", "ost"))
        hall = a_room(session, site, units=0, slug="hall", name="hall")
        for part in (vest, ost):
            unit = session.query(ResourceUnit.unit_id).filter_by(resource_id=part.id).scalar()
            session.add(ResourceUnit(resource_id=hall.id, unit_id=unit))
        a_room(session, site, units=DESKS, slug="desks", name="desks", is_pool=True)
        a_room(session, site, units=BENCHES, slug="benches", name="benches", is_pool=True)
        a_room(session, site, slug="camera", name="camera", kind="instrument", seats=None)
        for racer in range(CROWD):
            a_member(session, email=email(racer), name=f"Racer {racer}", password_hash=with_password())


def email(racer: int) -> str:
    return f"racer{racer}@example.invalid"


def line_up(url: str, racers: int = RACERS) -> list[Visitor]:
    """Everybody signs in, one after the other, as one address may not try too often at once, and opens a form."""
    visitors = [Visitor(url) for _ in range(racers)]
    for racer, visitor in enumerate(visitors):
        visitor.sign_in(email(racer), PASSWORD)
        visitor.open_form("vest")
    return visitors


def run(race: Race, visitors: list[Visitor], rounds: int, first_day: int = 7) -> Outcome:
    """Each round is another day."""
    outcome, today = Outcome(), clock.now().date()
    for number in range(rounds):
        day = today + timedelta(days=first_day + number)
        outcome.rounds.append(at_once(visitors, lambda racer, day=day: race.entry(racer, day)))
    return outcome


def at_once(visitors: list[Visitor], entry: Callable[[int], Entry]) -> list[Answer]:
    """Nobody sends before everybody is ready to."""
    line = threading.Barrier(len(visitors))

    def ask(racer: int) -> Answer:
        slug, times = entry(racer)
        form = visitors[racer].filled_form(**times)
        line.wait(timeout=60)
        return visitors[racer].book(slug, form)

    with ThreadPoolExecutor(len(visitors)) as threads:
        return list(threads.map(ask, range(len(visitors))))


@contextmanager
def behind(url: str) -> Iterator[Engine]:
    """The database behind the server's back."""
    engine = create_engine(url)
    prepare(engine)
    yield engine
    engine.dispose()


def wrong_with(url: str) -> list[str]:
    """What `check` finds."""
    with behind(url) as engine, Session(engine) as session:
        return checks.check(session)


def count(url: str, table: str) -> int:
    with behind(url) as engine, engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
