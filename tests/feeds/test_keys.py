"""Feed keys: what opens nothing, what is kept of a secret, and when a fetch is noted."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from booking.models import FeedKey
from booking.permissions import Actor
from booking.services import feed_keys
from booking.services.feed_keys import Wanted
from tests.factories import a_member
from tests.feeds.conftest import NOW, a_key

KARI = {"name": "Kari", "email": "kari@example.invalid"}


def test_wrong_revoked_and_malformed_addresses_are_all_the_same(subscriber, change):
    with change() as session:
        member = a_member(session)
        ended = a_key(session, member.id)
        actor = Actor(member.id, **KARI)
        feed_keys.revoke(session, NOW, actor, feed_keys.keys_of(session, member.id)[0].public_id)
    hash_itself = feed_keys.hash_secret(subscriber.path[7:29])

    answers = [
        subscriber.get(path)
        for path in (
            ended,
            f"/feeds/{'x' * 22}.ics",
            "/feeds/short.ics",
            f"/feeds/{hash_itself}.ics",
            subscriber.path.removesuffix(".ics"),
            f"{subscriber.path}/more",
            f"/feeds/{'æ' * 22}.ics",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({re.sub("X-Request-ID.*", "", str(answer.headers)) for answer in answers}) == 1


def test_a_member_cannot_end_another_members_address(subscriber, change):
    with change() as session:
        mine = session.scalars(select(FeedKey.public_id)).one()
        ola = a_member(session)
        with pytest.raises(feed_keys.NotFound):
            feed_keys.revoke(session, NOW, Actor(ola.id, "Ola", "ola@example.invalid"), mine)

    assert subscriber.get().status_code == 200


def test_the_secret_is_stored_only_as_a_hash_and_is_in_no_log(subscriber, change, capsys):
    secret = subscriber.path.removeprefix("/feeds/").removesuffix(".ics")

    subscriber.get()
    subscriber.app.test_client().post(subscriber.path)

    logged = capsys.readouterr().err
    assert [json.loads(line)["path"] for line in logged.splitlines()] == ["/feeds/***", "/feeds/***"]
    assert secret not in logged
    with change() as session:
        row = session.scalars(select(FeedKey)).one()
        assert secret not in str(vars(row))
        assert row.key_hash == feed_keys.hash_secret(secret)


def test_when_it_was_fetched_is_noted_at_most_once_an_hour(subscriber, change, travel):
    def noted():
        with change() as session:
            return session.scalars(select(FeedKey.last_fetched_at)).one()

    subscriber.get()
    assert noted() == NOW

    travel.shift(timedelta(minutes=59))
    subscriber.get()
    assert noted() == NOW

    travel.shift(timedelta(minutes=1))
    subscriber.get(If_None_Match="*")
    assert noted() == NOW + timedelta(hours=1)


def test_a_note_that_cannot_be_written_costs_nobody_the_calendar(subscriber, change, capsys):
    with change() as session:
        if session.get_bind().dialect.name == "sqlite":
            refuse = "CREATE TRIGGER no_notes BEFORE UPDATE ON feed_key BEGIN SELECT RAISE(ABORT, 'no'); END"
        else:
            refuse = "ALTER TABLE feed_key ADD CONSTRAINT no_notes CHECK (last_fetched_at IS NULL)"
        session.execute(text(refuse))

    answer = subscriber.get()

    assert answer.status_code == 200
    assert "fetch_not_noted" in capsys.readouterr().err


def test_the_same_form_sent_twice_makes_one_key_whose_last_address_works(subscriber, change):
    wanted = Wanted("Laptop", feed_keys.Detail.FULL, "en")
    with change() as session:
        actor = Actor(a_member(session).id, **KARI)
        first = feed_keys.make_key(session, NOW, actor, wanted, "one-form")
    with change() as session:
        second = feed_keys.make_key(session, NOW, actor, wanted, "one-form")
        assert len(feed_keys.keys_of(session, actor.member_id)) == 1

    assert subscriber.get(f"/feeds/{first}.ics").status_code == 404
    assert subscriber.get(f"/feeds/{second}.ics").status_code == 200
    with change() as session:
        assert feed_keys.make_key(session, NOW, actor, wanted, "one-form") is None
