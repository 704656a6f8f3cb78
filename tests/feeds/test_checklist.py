"""The checklist of what a feed must be, item by item: F the calendar object, E the event; H is in the next file."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from booking.core.lifecycle import State
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.ical.text import text
from booking.models import Closure, Member, Resource
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.feed_keys import Detail, Kind
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_room, a_site, span_at
from tests.feeds.conftest import NOW, a_key, book

PIECES = ["æ", "ø", "å", "é", "😀", "👩‍🔬", "🇳🇴", "\n", ",", ";", "\\", "\\\\", "\\n", '"', ":"]


@pytest.fixture
def database_url(sqlite_url):
    """What a feed is made of does not depend on the database; tests of content run on both."""
    return sqlite_url


def lines_of(subscriber, path=None) -> list[str]:
    """The content lines, unfolded."""
    return subscriber.get(path).text.replace("\r\n ", "").split("\r\n")


def head_of(subscriber, path=None) -> list[str]:
    lines = lines_of(subscriber, path)
    return lines[: next((n for n, line in enumerate(lines) if line.startswith("BEGIN:V") and n), len(lines))]


def event_of(subscriber, path=None) -> icalendar.Event:
    (event,) = subscriber.events(path)
    return event


def test_f1_version_product_and_calendar_scale_but_no_method_organiser_or_attendee(subscriber, change):
    with change() as session:
        book(session, subscriber)

    lines = lines_of(subscriber)

    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Samrom//Samrom//NO", "CALSCALE:GREGORIAN"]
    assert not [line for line in lines if re.match("METHOD|ORGANIZER|ATTENDEE", line)]


def test_f2_name_description_zone_refresh_stamp_address_and_colour(subscriber):
    head = head_of(subscriber)

    assert {"NAME:My bookings\\, Samrom", "X-WR-CALNAME:My bookings\\, Samrom"} <= set(head)
    assert sum(line.startswith(("DESCRIPTION:Your", "X-WR-CALDESC:Your")) for line in head) == 2
    assert {"X-WR-TIMEZONE:Europe/Oslo", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"} <= set(head)
    assert {"COLOR:teal", "URL:http://localhost/bookings"} <= set(head)
    assert not [line for line in head if line.startswith("UID")]  # vdirsyncer would take it for every event's
    assert [line for line in head if re.fullmatch(r"LAST-MODIFIED:\d{8}T\d{6}Z", line)]


def test_f2_the_source_is_told_only_where_the_address_is_no_secret(subscriber, change):
    with change() as session:
        slug = a_site(session).slug

    assert not [line for line in head_of(subscriber) if line.startswith("SOURCE")]
    assert f"SOURCE;VALUE=URI:http://localhost/feeds/public/{slug}.ics" in head_of(
        subscriber, f"/feeds/public/{slug}.ics"
    )


def test_f3_utf8_without_a_mark_crlf_and_folds_that_cut_nothing_at_any_offset():
    for piece in PIECES:
        for offset in range(60, 80):
            said = "x" * offset + piece * 3 + "end"
            written = text("SUMMARY", said)
            lines = written.split(b"\r\n")
            assert lines[-1] == b""
            assert all(len(line) <= 75 for line in lines)
            assert all(line.decode() for line in lines[:-1])
            assert not any(re.search(rb"(?<!\\)(\\\\)*\\$", line) for line in lines[:-1])
            assert icalendar.Event.from_ical(b"BEGIN:VEVENT\r\n" + written + b"END:VEVENT\r\n")["SUMMARY"] == said


def test_f3_the_whole_feed_has_no_bare_break_and_no_byte_order_mark(subscriber, change):
    with change() as session:
        book(session, subscriber, title="Blåbær 😀 " * 12)

    body = subscriber.get().data

    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert re.sub(b"\r\n", b"", body).count(b"\r") == re.sub(b"\r\n", b"", body).count(b"\n") == 0
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_f4_one_rule_form_vtimezone_for_each_zone_before_the_events(subscriber, change):
    with change() as session:
        book(session, subscriber)
        book(session, subscriber, on=a_room(session, a_site(session, timezone="America/New_York")))

    body = subscriber.get().text

    assert re.findall("TZID:(.+)\r\n", body) == ["Europe/Oslo", "America/New_York"]
    zone = body[body.index("BEGIN:VTIMEZONE") : body.index("END:VTIMEZONE")]
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in zone
    assert "DTSTART:1970" in zone
    assert "RDATE" not in zone
    assert body.rindex("END:VTIMEZONE") < body.index("BEGIN:VEVENT")


def test_e1_the_uid_is_the_bookings_own_in_every_feed_and_stays(subscriber, change):
    with change() as session:
        booking = book(session, subscriber)
        paths = [
            a_key(session, subscriber.member_id, kind=Kind.RESOURCE, scope_id=subscriber.room_id),
            a_key(session, subscriber.member_id, kind=Kind.SITE, scope_id=booking.site_id),
            a_key(session, subscriber.member_id, Detail.BUSY),
        ]
        uid = booking.uid

    assert re.fullmatch("[A-Za-z0-9_-]{22}@samrom", uid)
    assert {str(event_of(subscriber, path)["UID"]) for path in (None, *paths)} == {uid}


def test_e2_the_stamps_are_the_bookings_and_two_fetches_are_equal(subscriber, change, travel):
    changed = NOW - timedelta(hours=5)
    with change() as session:
        book(session, subscriber, modified_at=changed, created_at=NOW - timedelta(days=2), sequence=3)

    first = subscriber.get().data
    travel.shift(timedelta(hours=7))
    event = event_of(subscriber)

    assert subscriber.get().data == first
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == changed
    assert (event["CREATED"].dt, event["SEQUENCE"]) == (NOW - timedelta(days=2), 3)


def test_e3_sequence_rises_with_time_place_and_state_and_the_stamp_with_all_that_is_seen(subscriber, change):
    """All within one second, on the services' own ground."""
    hour = WallSpan.of(span_at("2027-03-02 10:00-11:00"), OSLO)
    with change() as session:
        kari = actor_for_member(session, NOW, subscriber.member_id)
        wish = Wish((Item(subscriber.room_id),), hour, title="Styremøte")
        public_id = request_booking(session, NOW, kari, wish).public_id
    seen = [event_of(subscriber)]
    for changed in (
        replace(wish, title="Ledermøte"),
        replace(wish, wall=WallSpan.of(span_at("2027-03-02 12:00-13:00"), OSLO)),
    ):
        with change() as session:
            change_booking(session, NOW, kari, public_id, changed, version=len(seen))
        seen.append(event_of(subscriber))
    with change() as session:
        cancel_booking(session, NOW, kari, public_id)
    seen.append(event_of(subscriber))

    assert [each["SEQUENCE"] for each in seen] == [0, 0, 1, 2]
    assert [each["LAST-MODIFIED"].dt - NOW for each in seen] == [timedelta(seconds=n) for n in range(4)]


def test_e4_local_times_in_the_zone_utc_over_a_change_of_the_clock_and_days_as_dates(subscriber, change):
    nights = TimeSpan(datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 5, tzinfo=UTC))
    with change() as session:
        book(session, subscriber, "2027-07-01 09:00-10:00")
        book(session, subscriber, span=nights)
        days = {"starts_at": datetime(2027, 5, 16, 22, tzinfo=UTC), "ends_at": datetime(2027, 5, 18, 22, tzinfo=UTC)}
        session.add(Closure(scope_kind="resource", scope_id=subscriber.room_id, name="Stengt", set_at=NOW, **days))
        path = a_key(session, subscriber.member_id, kind=Kind.RESOURCE, scope_id=subscriber.room_id)

    lines = lines_of(subscriber, path)

    assert {"DTSTART;TZID=Europe/Oslo:20270701T090000", "DTEND;TZID=Europe/Oslo:20270701T100000"} <= set(lines)
    assert {"DTSTART:20270327T220000Z", "DTEND:20270328T050000Z"} <= set(lines)
    assert {"DTSTART;VALUE=DATE:20270517", "DTEND;VALUE=DATE:20270519", "SUMMARY:Stengt"} <= set(lines)
    times = [line for line in lines if re.match(r"DT(START|END)\b", line) and not line.endswith(":1970")]
    floating = [line for line in times if re.fullmatch(r"DT(START|END):\d{8}T\d{6}", line)]
    assert {line[-15:-11] for line in floating} <= {"1970"}  # only inside VTIMEZONE
    assert not [line for line in lines if line.startswith("DURATION")]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.CONFIRMED, ("CONFIRMED", "OPAQUE", "BUSY")),
        (State.REQUESTED, ("TENTATIVE", "OPAQUE", "TENTATIVE")),
        (State.CANCELLED, ("CANCELLED", "TRANSPARENT", "FREE")),
    ],
)
def test_e5_status_transparency_and_busy_status_agree(subscriber, change, state, said):
    with change() as session:
        book(session, subscriber, state=state, modified_at=NOW)

    event = event_of(subscriber)

    assert (event["STATUS"], event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"].ical_value) == said


def test_e6_a_cancelled_booking_is_marked_for_a_month_and_then_dropped(subscriber, change, travel):
    with change() as session:
        book(session, subscriber, state=State.CANCELLED, title="Styremøte", modified_at=NOW, cancelled_at=NOW)
    assert subscriber.told() == {"Cancelled: Styremøte": "CANCELLED"}

    travel.shift(timedelta(days=28))
    assert subscriber.told() == {"Cancelled: Styremøte": "CANCELLED"}
    travel.shift(timedelta(days=14))

    assert subscriber.told() == {}


def test_e7_title_place_with_street_page_and_categories(subscriber, change):
    with change() as session:
        public_id = book(session, subscriber, title="Styremøte").public_id

    event = event_of(subscriber)

    assert (event["SUMMARY"], event["URL"]) == ("Styremøte", f"http://localhost/bookings/{public_id}")
    assert event["LOCATION"] == "Møterom Blåbær, Holtermannsveien 1, Trondheim"
    assert [str(each) for each in event["CATEGORIES"].cats] == ["Meeting rooms"]


def test_e8_no_alarm_unless_asked_for_and_then_with_a_description(subscriber, change):
    with change() as session:
        book(session, subscriber)
        path = a_key(session, subscriber.member_id, alarm_minutes=10)

    (alarm,) = event_of(subscriber, path).walk("VALARM")

    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(minutes=-10))
    assert alarm["DESCRIPTION"]
    assert not event_of(subscriber).walk("VALARM")


def test_e9_a_busy_feed_is_a_key_of_its_own_and_holds_no_private_byte(subscriber, change):
    with change() as session:
        public_id = book(session, subscriber, title="Hemmelig").public_id
        path = a_key(session, subscriber.member_id, Detail.BUSY, "nb")

    event, body = event_of(subscriber, path), subscriber.get(path).text

    assert event["SUMMARY"] == "Opptatt"
    allowed = {"UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS"}
    assert set(event) == allowed | {"TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"}
    for private in ("Hemmelig", public_id, "Blåbær", "Holtermanns", "Møterom", "Kari"):
        assert private not in body


@pytest.mark.parametrize(("kind", "back"), [(Kind.MEMBER, 365), (Kind.RESOURCE, 30)])
def test_e10_a_window_that_moves_once_a_week(subscriber, change, kind, back):
    with change() as session:
        room, kari = session.get(Resource, subscriber.room_id), session.get(Member, subscriber.member_id)
        for days in (-back - 1, -back + 1, 370, 374):
            starts_at = NOW.replace(hour=10) + timedelta(days=days)
            span = TimeSpan(starts_at, starts_at + timedelta(hours=1))
            a_booking(session, on=room, member=kari, span=span, title=str(days))
        path = a_key(session, subscriber.member_id, kind=kind, scope_id=subscriber.room_id)

    assert set(subscriber.told(path)) == {str(-back + 1), "370"}
