"""What the tests themselves stand on: fresh databases of both kinds, no network, warnings as errors."""

import socket
import urllib.request
import warnings

import pytest
from sqlalchemy import text

from booking.db import db
from tests.support.network import NetworkIsOff


def tables(app) -> int:
    with app.app_context():
        return len(db.inspect(db.engine).get_table_names())


def test_a_fresh_database_has_the_tables_of_the_migrations(app):
    assert tables(app) > 10


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_writes_another_does_not_see(app, change, turn):
    with change() as session:
        session.execute(text("CREATE TABLE left_behind (id INTEGER)"))

    with change() as session:
        assert session.execute(text("SELECT count(*) FROM left_behind")).scalar() == 0


def test_postgresql_is_a_real_one(postgresql_url):
    assert postgresql_url.startswith("postgresql://")


def test_another_machine_cannot_be_reached():
    with pytest.raises(NetworkIsOff):
        urllib.request.urlopen("http://example.invalid")
    with pytest.raises(NetworkIsOff), socket.socket() as wire:
        wire.connect(("192.0.2.1", 80))


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning):
        warnings.warn("careless", UserWarning, stacklevel=1)
