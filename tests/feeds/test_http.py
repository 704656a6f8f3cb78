"""How a feed is fetched: conditions, headers, methods, and addresses that open nothing."""

import gzip
from datetime import timedelta

import pytest
from sqlalchemy import text

from booking.core.lifecycle import State
from booking.models import Booking
from booking.services import signing_in
from booking.services.feed_counters import raise_counters
from tests.feeds.conftest import NOW, book


@pytest.fixture
def database_url(sqlite_url):
    """Headers and conditions are the same on either database, so one is enough here."""
    return sqlite_url


def test_a_feed_is_a_private_calendar_that_is_asked_for_anew_each_time(subscriber):
    answer = subscriber.get()

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.content_length == len(answer.data)
    assert "Set-Cookie" not in answer.headers


def test_a_feed_written_to_the_letter(subscriber, change):
    with change() as session:
        for n in range(4):
            book(session, subscriber, f"2027-04-0{n + 1} 09:00-10:30", title="Styremøte; æøå, «test» 🧪 " * 6)

    body = subscriber.get().data

    lines = body.split(b"\r\n")
    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\n") == body.count(b"\r\n") == len(lines) - 1
    assert all(len(line) <= 75 and line.decode() for line in lines[:-1])
    assert body.count(b"BEGIN:VTIMEZONE") == 1
    assert body.index(b"END:VTIMEZONE") < body.index(b"BEGIN:VEVENT")
    assert b"METHOD" not in body


def test_the_whole_address_is_short_enough_for_google(subscriber):
    assert len("https://booking.a-rather-long-name.example.org" + subscriber.path) <= 116


def test_two_fetches_are_byte_for_byte_the_same(subscriber, change, travel):
    with change() as session:
        book(session, subscriber)

    first = subscriber.get()
    travel.shift(timedelta(days=3))
    second = subscriber.get()

    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_a_changed_booking_gives_a_new_etag(subscriber, change, travel):
    with change() as session:
        booking_id = book(session, subscriber, title="Before").id
    first = subscriber.get()

    travel.shift(5)
    with change() as session:
        booking = session.get(Booking, booking_id)
        booking.title, booking.modified_at = "After", NOW + timedelta(seconds=5)
        raise_counters(session, NOW + timedelta(seconds=5), [("member", subscriber.member_id)])
    travel.shift(5)
    second = subscriber.get(If_None_Match=first.headers["ETag"])

    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.last_modified == NOW + timedelta(seconds=5)
    assert b"SUMMARY:After" in second.data


def test_a_new_week_gives_a_new_etag(subscriber, travel):
    first = subscriber.get()

    travel.shift(timedelta(days=7))

    assert subscriber.get(If_None_Match=first.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("held", ["{weak}", "{strong}", '"{bare}-gzip"', 'W/"{bare}-gzip"', '"other", {weak}', "*"])
def test_an_unchanged_feed_answers_304_and_sends_nothing(subscriber, held):
    first = subscriber.get()
    weak = first.headers["ETag"]
    bare = weak.removeprefix('W/"').removesuffix('"')

    again = subscriber.get(If_None_Match=held.format(weak=weak, strong=weak.removeprefix("W/"), bare=bare))

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == weak
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_an_etag_of_another_feed_does_not_count(subscriber):
    assert subscriber.get(If_None_Match='W/"something-else"').status_code == 200


def test_a_date_counts_only_without_an_etag(subscriber, travel):
    travel.shift(60)
    held = subscriber.get().headers["Last-Modified"]

    assert subscriber.get(If_Modified_Since=held).status_code == 304
    assert subscriber.get(If_Modified_Since=held, If_None_Match='"other"').status_code == 200


def test_a_change_in_the_second_of_a_fetch_is_not_hidden_by_its_date(subscriber, change, travel):
    with change() as session:
        book(session, subscriber, title="First")
    held = subscriber.get().headers["Last-Modified"]

    with change() as session:
        book(session, subscriber, "2027-03-02 12:00-13:00", title="Second in the same second")
    travel.shift(60)

    assert b"Second in the same" in subscriber.get(If_Modified_Since=held).data


def test_an_unchanged_feed_touches_no_booking(subscriber, change):
    etag = subscriber.get().headers["ETag"]

    with change() as session:
        session.execute(text("ALTER TABLE booking RENAME TO booking_away"))

    assert subscriber.get(If_None_Match=etag).status_code == 304


def test_head_says_what_get_would(subscriber):
    got, headed = subscriber.get(), subscriber.app.test_client().head(subscriber.path)

    assert (headed.status_code, headed.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
        assert headed.headers[name] == got.headers[name]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_every_other_method_is_told_which_ones_work(subscriber, method):
    answer = subscriber.app.test_client().open(subscriber.path, method=method)

    assert answer.status_code == 405
    assert {each.strip() for each in answer.headers["Allow"].split(",")} == {"GET", "HEAD"}


def test_a_feed_is_packed_only_for_those_who_ask(subscriber, change):
    with change() as session:
        book(session, subscriber)
    plain = subscriber.get()

    packed = subscriber.get(Accept_Encoding="gzip, br")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in subscriber.get(Accept_Encoding="gzip;q=0, identity").headers


def test_an_authorization_header_changes_nothing(subscriber):
    assert subscriber.get(Authorization="Bearer x").data == subscriber.get().data


def test_a_signed_in_browser_gets_no_cookie_from_a_feed(subscriber, change):
    with change() as session:
        token = signing_in.open_session(session, NOW, subscriber.member_id, address="::1", device="x", days=30)
    browser = subscriber.app.test_client()
    with browser.session_transaction() as session:
        session["token"] = token
        session.permanent = True

    assert "Set-Cookie" not in browser.get(subscriber.path).headers
    assert "Set-Cookie" not in browser.get("/feeds/nothing.ics").headers
    assert "Set-Cookie" not in browser.get(f"{subscriber.path}?lang=nn").headers


def test_robots_may_fetch_feeds(subscriber):
    answer = subscriber.get("/robots.txt")

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "Allow: /feeds/" in answer.text
    assert "Disallow: /" not in answer.text


def test_a_request_awaiting_approval_is_tentative(subscriber, change):
    with change() as session:
        book(session, subscriber, state=State.REQUESTED)

    (event,) = subscriber.events()

    assert (event["STATUS"], event["X-MICROSOFT-CDO-BUSYSTATUS"].ical_value) == ("TENTATIVE", "TENTATIVE")
