"""What a process knows of a key saves it reading, and never outlives what ends the key."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from booking.db import db
from booking.models import Member
from booking.services import feed_keys, members
from booking.services.actors import actor_for_member
from booking.services.feed_keys import Kind
from tests.feeds.conftest import NOW, a_key, book


def warmed(subscriber, path=None) -> str:
    """The ETag, after fetches enough that the process knows the key."""
    for _ in range(3):
        answer = subscriber.get(path)
    return answer.headers["ETag"]


def statements(subscriber, **headers) -> list[str]:
    said: list[str] = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    with subscriber.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert subscriber.get(**headers).status_code == 304
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return [each for each in said if each.startswith("SELECT")]


def test_an_unchanged_feed_of_a_known_key_is_one_read_of_counters(subscriber):
    etag = warmed(subscriber)

    (read,) = statements(subscriber, If_None_Match=etag)

    assert "feed_counter" in read
    assert "feed_key" not in read


def revoke(session, subscriber, _travel):
    actor = actor_for_member(session, NOW, subscriber.member_id)
    feed_keys.revoke(session, NOW, actor, feed_keys.keys_of(session, subscriber.member_id)[-1].public_id)


def put_out(session, subscriber, _travel):
    members.put_out(session, NOW, None, session.get(Member, subscriber.member_id))


def let_end(session, subscriber, travel):
    session.get(Member, subscriber.member_id).ends_on = NOW.date()
    travel.shift(timedelta(days=1))


@pytest.mark.parametrize("end", [revoke, put_out, let_end])
def test_a_key_that_has_ended_is_forgotten_by_every_process(subscriber, change, travel, end):
    etag = warmed(subscriber)

    with change() as session:
        end(session, subscriber, travel)

    assert subscriber.get(If_None_Match=etag).status_code == 404
    assert subscriber.get().status_code == 404


def test_a_change_is_seen_through_what_is_known(subscriber, change):
    etag = warmed(subscriber)

    with change() as session:
        book(session, subscriber, title="Styremøte")

    assert subscriber.get(If_None_Match=etag).status_code == 200
    assert subscriber.told() == {"Styremøte": "CONFIRMED"}


def test_a_room_and_a_member_of_the_same_number_are_not_taken_for_each_other(subscriber, change):
    with change() as session:
        path = a_key(session, subscriber.member_id, kind=Kind.RESOURCE, scope_id=subscriber.room_id)
        room_id, member_id = subscriber.room_id, subscriber.member_id
    assert room_id == member_id
    own, room = warmed(subscriber), warmed(subscriber, path)

    with change() as session:
        book(session, subscriber)

    assert subscriber.get(If_None_Match=own).status_code == 200
    assert subscriber.get(path, If_None_Match=room).status_code == 200


def test_a_lost_secret_that_was_replaced_opens_nothing_though_it_was_known(subscriber, change):
    """The form is sent twice because its answer was lost, and whoever has the first address has fetched with it."""
    wanted = feed_keys.Wanted("Laptop", feed_keys.Detail.FULL, "en")
    with change() as session:
        actor = actor_for_member(session, NOW, subscriber.member_id)
        first = feed_keys.make_key(session, NOW, actor, wanted, "one-form")
    warmed(subscriber, f"/feeds/{first}.ics")
    with change() as session:
        session.query(feed_keys.FeedKey).update({"last_fetched_at": None})  # as if no fetch could be noted
        second = feed_keys.make_key(session, NOW, actor, wanted, "one-form")

    assert subscriber.get(f"/feeds/{first}.ics").status_code == 404
    assert subscriber.get(f"/feeds/{second}.ics").status_code == 200
