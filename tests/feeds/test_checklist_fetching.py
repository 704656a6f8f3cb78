"""The rest of the checklist: H how a feed is fetched, and what the standards of messages say of it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from booking.services import feed_keys
from booking.services.actors import actor_for_member
from booking.services.feed_keys import Detail
from tests.feeds.conftest import NOW, a_key, book
from tests.feeds.test_checklist import lines_of


@pytest.fixture
def database_url(sqlite_url):
    """How it is fetched does not depend on the database; tests of content run on both."""
    return sqlite_url


def test_h1_a_short_address_whose_secret_is_hashed_and_can_be_ended(subscriber, change):
    assert re.fullmatch(r"/feeds/[A-Za-z0-9_-]{22}\.ics", subscriber.path)
    assert len("https://booking.a-very-long-name-of-a-district.example.org" + subscriber.path) <= 116

    with change() as session:
        (line,) = feed_keys.keys_of(session, subscriber.member_id)
        feed_keys.revoke(session, NOW, actor_for_member(session, NOW, subscriber.member_id), line.public_id)

    assert subscriber.get().status_code == 404


def test_h2_get_and_head_only_without_redirect_cookie_sign_in_or_negotiation(subscriber):
    answer = subscriber.get(Accept="application/json", Authorization="Bearer outlook")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "Set-Cookie" not in answer.headers
    refused = subscriber.app.test_client().post(subscriber.path)
    assert (refused.status_code, set(refused.headers["Allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert subscriber.app.test_client().head(subscriber.path).status_code == 200
    assert subscriber.get("/feeds/aaaaaaaaaaaaaaaaaaaaaa.ics").status_code == 404


def test_h3_a_weak_etag_that_changes_with_everything_it_should(subscriber, change, travel):
    seen = [subscriber.get().headers["ETag"]]

    with change() as session:
        book(session, subscriber)
    seen.append(subscriber.get().headers["ETag"])
    with change() as session:
        others = [(Detail.BUSY, "en"), (Detail.FULL, "nb"), (Detail.FULL, "en")]
        paths = [a_key(session, subscriber.member_id, *other) for other in others]
    seen += [subscriber.get(path).headers["ETag"] for path in paths]
    travel.shift(timedelta(days=7))
    seen.append(subscriber.get().headers["ETag"])

    assert len(set(seen)) == len(seen)
    assert all(each.startswith('W/"') for each in seen)
    answer = subscriber.get(If_None_Match=seen[-1].removesuffix('"') + '-gzip"')
    assert answer.status_code == 304
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert subscriber.get().last_modified == NOW + timedelta(days=7) - timedelta(hours=9)  # the new week


def test_h4_gzip_only_when_asked_with_its_length_and_can_be_switched_off(subscriber, change):
    with change() as session:
        book(session, subscriber)

    plain, packed = subscriber.get(), subscriber.get(Accept_Encoding="gzip")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    for answer in (plain, packed):
        assert answer.content_length == len(answer.data)
    config = subscriber.app.extensions["samrom"]
    subscriber.app.extensions["samrom"] = type(config)(**{**_fields(config), "feed_gzip": False})
    assert "Content-Encoding" not in subscriber.get(Accept_Encoding="gzip").headers


def _fields(config) -> dict[str, object]:
    return {name: getattr(config, name) for name in config.__dataclass_fields__}


def test_h5_an_unconditional_fetch_of_an_unchanged_feed_reads_no_booking(subscriber, change):
    with change() as session:
        book(session, subscriber)
    first = subscriber.get()

    with change() as session:
        session.execute(sql("ALTER TABLE booking RENAME TO booking_away"))

    assert subscriber.get().data == first.data


def test_h6_robots_may_fetch_and_may_not_list(subscriber):
    assert "Allow: /feeds/" in subscriber.get("/robots.txt").text
    assert subscriber.get().headers["X-Robots-Tag"] == "noindex"


def test_5546_a_request_or_a_reply_cannot_be_taken_for_a_feed(subscriber, change):
    """A feed is no message: what makes one, METHOD and people, is never in it, whatever a title says."""
    with change() as session:
        book(session, subscriber, title="METHOD:REQUEST\r\nATTENDEE:mailto:x@example.invalid")

    lines = lines_of(subscriber)

    assert not [line for line in lines if re.match("METHOD|ATTENDEE", line)]
    assert "SUMMARY:METHOD:REQUEST\\nATTENDEE:mailto:x@example.invalid" in lines
