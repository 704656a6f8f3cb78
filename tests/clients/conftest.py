"""The corpora, made once a run on each database, and their feeds, fetched over HTTP once a worker."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask

from booking.db import db, writing
from tests.clients.corpus import every_case, two_thousand
from tests.clients.scene import NOW
from tests.clients.subscriptions import SUBSCRIPTIONS
from tests.conftest import an_app
from tests.support import databases
from tests.support.parsers import Occurrence

FILLS = {"cases": every_case, "crowd": two_thousand}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came over HTTP, and what must be in it."""

    data: bytes
    expected: set[Occurrence]


@pytest.fixture(scope="session", params=databases.KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Both databases."""
    return request.param


@pytest.fixture(scope="session")
def apps(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Flask]]:
    """The application on each corpus."""
    folder = tmp_path_factory.mktemp("corpora")
    with ExitStack() as open_:
        yield {
            name: open_.enter_context(
                an_app(open_.enter_context(databases.fresh(kind, folder, name=f"calendars_{name}", fill=fill)))
            )
            for name, fill in FILLS.items()
        }


@pytest.fixture(scope="session")
def feeds(apps: Mapping[str, Flask]) -> Mapping[str, Fetched]:
    """Every subscription's feed at one instant."""
    with time_machine.travel(NOW, tick=False):
        return {name: _fetched(apps[each.corpus], name) for name, each in SUBSCRIPTIONS.items()}


def _fetched(app: Flask, name: str) -> Fetched:
    subscription = SUBSCRIPTIONS[name]
    with app.app_context(), writing() as session:
        path = subscription.path(session, NOW)
    with app.app_context():
        expected = subscription.expected(db.session(), NOW)
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return Fetched(answer.data, expected)
