"""Fixtures for all tests: databases on both engines, the application, live servers and browser pages.

The application and Playwright are imported by the fixtures that need them: tests of the pure core start at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import pytest

from tests.support import browser as chromium
from tests.support import network, once, server

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session


def pytest_configure(config: pytest.Config) -> None:
    """The controller opens the run's shared folder; workers inherit it."""
    if not hasattr(config, "workerinput"):
        once.open_home()
    network.keep_local()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller stops what the run has started."""
    if not hasattr(config, "workerinput"):
        once.close_home()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What drives a browser is marked by its fixture, so that `-m 'not browser'` leaves it out.

    What drives installed calendar programs runs only when `-m` asks for it.
    """
    if "clients" not in config.getoption("markexpr"):
        items[:] = [item for item in items if item.get_closest_marker("clients") is None]
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


# --- databases and the application -----------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database; the test runs once on each engine."""
    from tests.support import databases

    with databases.fresh(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> Iterator[str]:
    """A fresh migrated SQLite database."""
    from tests.support import databases

    with databases.fresh("sqlite", tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(tmp_path: Path) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    from tests.support import databases

    with databases.fresh("postgresql", tmp_path) as url:
        yield url


@contextmanager
def an_app(url: str, *, with_pages: bool = True) -> Iterator[Flask]:
    """The application; never inside an app context, or all requests of a test would share one session."""
    from booking import create_app
    from booking.db import db
    from tests.support import databases

    config = databases.a_config(url)
    app = create_app(config) if with_pages else create_app(config, blueprints=())
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The application; the test runs once on SQLite and once on PostgreSQL."""
    with an_app(database_url) as app:
        yield app


@pytest.fixture
def sqlite_app(sqlite_url: str) -> Iterator[Flask]:
    """The application on SQLite only, for pages and forms."""
    with an_app(sqlite_url) as app:
        yield app


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    """A visitor to `sqlite_app`."""
    return sqlite_app.test_client()


Change = Callable[[], AbstractContextManager["Session"]]


@pytest.fixture
def plain_app(request: pytest.FixtureRequest, database_url: str) -> Iterator[Flask]:
    """The test's own `app`, or one without pages for a test that asks only services: most of an app is its routes."""
    if "app" in request.fixturenames:
        yield request.getfixturevalue("app")
    else:
        with an_app(database_url, with_pages=False) as app:
            yield app


@pytest.fixture
def change(plain_app: Flask) -> Change:
    """`with change() as session:` is one write transaction on both engines, committed at the end."""
    from booking.db import writing

    @contextmanager
    def change() -> Iterator[Session]:
        with plain_app.app_context(), writing() as session:
            yield session

    return change


# --- servers and browsers --------------------------------------------------------------------------------------------


class Serve(Protocol):
    """How tests start servers."""

    def __call__(
        self, database_url: str, *, workers: int = 1, port: int | None = None, **env: str
    ) -> server.Server: ...


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`serve(url, workers=4)` starts a real server; all are stopped after the test."""
    with ExitStack() as running:

        def serve(database_url: str, **settings: object) -> server.Server:
            return running.enter_context(server.serving(database_url, tmp_path, **settings))

        yield serve


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """A server with the demo district on SQLite, one for each test module; tests of a module share its data."""
    from tests.support import databases

    folder = tmp_path_factory.mktemp("demo")
    with (
        databases.fresh("sqlite", folder, name="demo", fill=databases.with_demo, demo=True) as url,
        server.serving(url, folder, SAMROM_DEMO="1") as running,
    ):
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**chromium.launch_options())
        yield started
        started.close()


class OpenPage(Protocol):
    """How tests open pages."""

    def __call__(
        self,
        base_url: str,
        *,
        width: int = 1280,
        scripts: bool = True,
        scheme: Literal["light", "dark"] = "light",
        locale: str = "en-GB",
    ) -> Page: ...


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """`open_page(server.url, width=390, scripts=False, scheme="dark")`; script errors and CSP slips fail the test."""
    slips: list[str] = []
    with ExitStack() as contexts:

        def open_page(
            base_url: str, *, width: int = 1280, scripts: bool = True, scheme: str = "light", locale: str = "en-GB"
        ) -> Page:
            context = browser.new_context(
                base_url=base_url,
                viewport={"width": width, "height": 900},
                java_script_enabled=scripts,
                color_scheme=scheme,
                locale=locale,
                timezone_id="Europe/Oslo",
                reduced_motion="reduce",
            )
            contexts.callback(context.close)
            context.set_default_timeout(10_000)
            page = context.new_page()
            page.on("pageerror", lambda error: slips.append(str(error)))
            page.on("console", lambda said: slips.append(said.text) if chromium.is_slip(said.type, said.text) else None)
            return page

        yield open_page
    assert not slips, f"the page's console complains: {slips}"


@pytest.fixture
def page(open_page: OpenPage, demo_server: server.Server) -> Page:
    """A desktop page on the demo district, in English, with scripts."""
    return open_page(demo_server.url)
