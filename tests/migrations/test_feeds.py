"""The migration of feeds, up and down with keys, closures and bookings in the tables."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from booking.db import prepare
from booking.models import BookingFragment
from booking.services import feed_fragments, migrating
from tests.support import databases
from tests.support.raw_sql import Raw, places, whole

KEY = (
    "INSERT INTO feed_key"
    " (id, public_id, member_id, scope_kind, scope_id, name, key_hash, detail, language, created_at)"
    " VALUES (1, 'k1', 1, 'member', 1, 'Phone', 'hash', 'full', 'nb', {09:00})"
)
CLOSURE = (
    "INSERT INTO closure (id, public_id, scope_kind, scope_id, starts_at, ends_at, name)"
    " VALUES (1, 'c1', 'site', 1, {12:00}, {13:00}, 'Flytting')"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request, tmp_path):
    """A database at the migration before, with a key, a closure and a booking."""
    url = f"sqlite:///{tmp_path}/before.db" if request.param == "sqlite" else databases.empty_postgres()
    engine = create_engine(url)
    prepare(engine)
    migrating.upgrade(engine)
    migrating.downgrade(engine, "0017")
    raw = Raw(engine)
    raw.run(*places(), *whole(1, "10:00", "11:00"), KEY, CLOSURE)
    yield raw
    engine.dispose()


def test_keys_and_closures_stay_as_they_are_and_bookings_get_their_text(before):
    migrating.upgrade(before.engine)

    key = "SELECT name, with_buffers, alarm_minutes, rev_seen, program FROM feed_key"
    assert before.rows(key) == [("Phone", False, None, None, "")]
    assert before.rows("SELECT name, set_at FROM closure") == [("Flytting", None)]
    with Session(before.engine.execution_options(writing=True)) as session, session.begin():
        assert feed_fragments.fill(session) == 1
    with Session(before.engine) as session:
        assert session.query(BookingFragment).one().core.startswith(b"UID:b1@x\r\n")


def test_going_back_leaves_what_was_there(before):
    migrating.upgrade(before.engine)
    with Session(before.engine.execution_options(writing=True)) as session, session.begin():
        feed_fragments.fill(session)

    migrating.downgrade(before.engine, "0017")

    assert before.rows("SELECT name, key_hash FROM feed_key") == [("Phone", "hash")]
    assert before.rows("SELECT name FROM closure") == [("Flytting",)]
    assert before.rows("SELECT count(*) FROM booking") == [(1,)]
