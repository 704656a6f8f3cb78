"""Running servers on the corpora, whose clocks stand in the corpus' time, and the programs beside them."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from booking.db import db, writing
from tests.clients.conftest import FILLS
from tests.clients.scene import NOW, Scene, a_scene, back_on_scene
from tests.clients.subscriptions import Subscription
from tests.conftest import an_app
from tests.real_clients.programs import PROGRAMS, Kind, Program
from tests.support import databases, server
from tests.support.parsers import Occurrence

FROM, TO = NOW - timedelta(days=400), NOW + timedelta(days=400)
PATIENCE = 40
APP = "tests.real_clients.wsgi:app"


@dataclass(frozen=True, slots=True)
class Place:
    """A server that answers, and its database by the back door."""

    app: Flask
    running: server.Server
    paths: dict[int, str] = field(default_factory=dict)

    def address(self, subscription: Subscription) -> str:
        """The feed's address, made when it is first asked for."""
        if id(subscription) not in self.paths:
            with self.app.app_context(), writing() as session:
                self.paths[id(subscription)] = subscription.path(session, NOW)
        return self.running.url + self.paths[id(subscription)]

    def expected(self, subscription: Subscription) -> set[Occurrence]:
        """What is to be seen now."""
        with self.app.app_context():
            found = subscription.expected(db.session(), NOW)
            db.session.remove()
        return found

    @contextmanager
    def scene(self, at: datetime = NOW) -> Iterator[Scene]:
        """Kari does something while the server runs."""
        with self.app.app_context(), writing() as session:
            yield back_on_scene(session, at)

    def answers(self) -> list[int]:
        """The status of every answer that a feed's reader has got, from the server's own log."""
        lines = (json.loads(line) for line in self.running.log.read_text().splitlines() if line.startswith("{"))
        return [line["status"] for line in lines if line.get("path", "").startswith("/feeds/")]

    def wait_for_answers(self, count: int) -> None:
        """Until so many have been given; fails when that takes too long."""
        deadline = time.monotonic() + PATIENCE
        while len(self.answers()) < count:
            assert time.monotonic() < deadline, f"only {self.answers()}"
            time.sleep(0.1)


@contextmanager
def a_place(folder: Path, name: str, fill: databases.Fill) -> Iterator[Place]:
    """On SQLite; it takes a few seconds."""
    folder.mkdir()
    with (
        databases.fresh("sqlite", folder, name=name, fill=fill) as url,
        an_app(url) as app,
        server.serving(url, folder, app=APP, SAMROM_TEST_NOW=NOW.isoformat()) as running,
    ):
        yield Place(app, running)


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Place]]:
    """One server for each corpus; tests only read there."""
    folder = tmp_path_factory.mktemp("places")
    with ExitStack() as open_:
        yield {
            name: open_.enter_context(a_place(folder / name, f"calendars_{name}", fill)) for name, fill in FILLS.items()
        }


def with_people(app: Flask) -> None:
    """Only the people, and a room to tell their category by."""
    with app.app_context(), writing() as session:
        a_scene(session).room()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A server for one test, where hardly anything is booked."""
    with a_place(tmp_path / "place", "calendars_people", with_people) as place:
        yield place


@pytest.fixture(params=PROGRAMS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each of the programs in turn."""
    return PROGRAMS[request.param]


@pytest.fixture
def program(kind: Kind, tmp_path: Path) -> Iterator[Program]:
    """Newly started, with nothing of its own."""
    with kind.start(tmp_path) as program:
        yield program


Shows = Callable[[set[Occurrence]], float]


@pytest.fixture
def shows(program: Program, kind: Kind) -> Shows:
    """`shows(expected)` waits until the program shows just that; how many seconds it took. Fails with what differs."""

    def shows(expected: set[Occurrence]) -> float:
        wanted = expected if kind.keeps_uids else {each._replace(uid="") for each in expected}
        began = time.monotonic()
        seen: set[Occurrence] = set()
        while time.monotonic() < began + PATIENCE:
            seen = program.occurrences(FROM, TO)
            if seen == wanted:
                return time.monotonic() - began
            time.sleep(0.1)
        missing, too_much = (sorted(map(str, each))[:10] for each in (wanted - seen, seen - wanted))
        pytest.fail(f"missing {len(wanted - seen)}: {missing}\ntoo much {len(seen - wanted)}: {too_much}")

    return shows
