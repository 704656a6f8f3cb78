"""An installation that sends mail, and the server that gets it."""

import pytest

from booking import create_app
from booking.db import db
from tests.support.databases import a_config
from tests.support.people import EnglishVisitor, two_organisations
from tests.support.postbox import a_postbox


@pytest.fixture
def postbox():
    with a_postbox() as box:
        yield box


@pytest.fixture
def mailing(database_url, postbox):
    """The application that sends mail, with its people, on both databases."""
    app = create_app(a_config(database_url, mail_server=postbox.server, mail_from="samrom@example.invalid"))
    app.testing = True
    app.test_client_class = EnglishVisitor
    two_organisations(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(mailing):
    return mailing.test_client()
