"""A furnished house on a Monday morning, for the tests of what members do."""

import pytest
import time_machine

from tests.support.house import NOW, furnish
from tests.support.people import sign_in


@pytest.fixture
def monday():
    """The instant of the tests, which may move it."""
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def house(monday, sqlite_app):
    return furnish(sqlite_app)


@pytest.fixture
def kari(house):
    """Kari's browser, signed in."""
    browser = house.app.test_client()
    sign_in(browser, "Kari")
    return browser


@pytest.fixture
def ola(house):
    browser = house.app.test_client()
    sign_in(browser, "Ola")
    return browser


@pytest.fixture
def visitor(house):
    return house.app.test_client()
