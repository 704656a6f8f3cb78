"""Fixtures of the walks: one server with the demo district for each worker, and people at their browsers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import steps
from tests.conftest import OpenPage
from tests.support import databases, server


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """A server with the demo district, one for each worker: each test that writes has its own member and day."""
    folder = tmp_path_factory.mktemp("district")
    with (
        databases.fresh("sqlite", folder, name="demo", fill=databases.with_demo, demo=True) as url,
        server.serving(url, folder, SAMROM_DEMO="1") as running,
    ):
        yield running


Person = Callable[..., Page]


@pytest.fixture
def person(open_page: OpenPage, demo_server: server.Server) -> Person:
    """`person("medlem7", width=390)` is somebody signed in, at a browser of their own."""

    def person(who: str = "", **settings: object) -> Page:
        page = open_page(demo_server.url, **settings)
        if who:
            steps.be_signed_in(page, demo_server.url, who)
        return page

    return person
