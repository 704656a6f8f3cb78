"""An application that sends mail to a real SMTP server, on both databases."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from booking import create_app
from booking.db import db
from booking.jobs.sending import send_due
from tests.support.calendar_server import CalendarServer, serving
from tests.support.databases import a_config
from tests.support.postbox import Delivered, Postbox, a_postbox


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server that takes everything until it is told otherwise."""
    with a_postbox() as box:
        yield box


@pytest.fixture
def app(database_url: str, postbox: Postbox) -> Iterator[Flask]:
    """The application without pages; it hands its mail to the postbox."""
    config = a_config(database_url, mail_server=postbox.server, mail_from="samrom@booking.example")
    app = create_app(config, blueprints=())
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def plain_app(app: Flask) -> Flask:
    """`change` writes through the same application."""
    return app


Send = Callable[..., list[Delivered]]


@pytest.fixture
def send(app: Flask, postbox: Postbox) -> Send:
    """`send(now)` lets the worker send what is due then; what arrived by it."""

    def send(now: object) -> list[Delivered]:
        before = len(postbox.delivered)
        with app.app_context():
            send_due(now)
        return postbox.delivered[before:]

    return send


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    """A calendar server behind real TLS."""
    with serving() as running:
        yield running
