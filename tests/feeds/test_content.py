"""What calendar programs read in a feed is what the database holds, in three independent readers."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import insert, select

from booking.core.lifecycle import State
from booking.core.timespan import TimeSpan
from booking.ical.text import clean
from booking.models import Booking, BookingItem, Member
from booking.services.feed_counters import raise_counters
from booking.services.feed_keys import Detail
from tests.factories import a_member, a_room
from tests.feeds.conftest import NOW, a_key, book

HOSTILE = [
    "a\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM",
    "a\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
    "a\rATTENDEE:mailto:x@example.invalid",
    "semi;comma,back\\slash\\\\,\\n",
    "BEGIN:VEVENT",
    "bidi \u202eevil\u202c \u2066x\u2069",
    "<script>alert(1)</script> javascript:alert(1)",
    "vt\x0bff\x0cnel\x85ls\u2028ps\u2029esc\x1b",
    "👩‍🔬🧪" * 40,
    "æøå" * 60,
    "\\" * 200,
    ";," * 90,
    "x" * 200,
    "  spaces  ",
    "=1+1",
    '"quoted":text;PARAM="a"',
]
NIGHTS = [
    ("2027-03-27T22:00", 7),  # the short night
    ("2027-03-28T00:30", 1),
    ("2027-03-28T01:00", 1),  # begins as the clock has jumped
    ("2027-10-30T21:00", 9),  # the long night
    ("2027-10-31T00:00", 0.5),  # 02:00, the first time
    ("2027-10-31T01:00", 0.5),  # 02:00, the second time
    ("2027-10-31T02:00", 1),
    ("2026-10-24T21:00", 8),  # last year's
    ("2027-01-03T22:00", 4),  # week 53 ends
]
STATUSES = {"requested": "TENTATIVE", "confirmed": "CONFIRMED"}


def forty_bookings(session, subscriber):
    """Plain days, hostile titles with fold boundaries, both kinds of night, and every state."""
    states = list(State)
    for n, title in enumerate(HOSTILE):
        postgres_takes = title.replace("\x00", "")
        book(session, subscriber, f"2027-04-{n + 1:02} 09:00-10:30", title=postgres_takes, sequence=n)
    for n, (starts, hours) in enumerate(NIGHTS):
        starts_at = datetime.fromisoformat(starts).replace(tzinfo=UTC)
        span = TimeSpan(starts_at, starts_at + timedelta(hours=hours))
        book(session, subscriber, on=a_room(session), span=span, title=f"Nattkjøring {n} " + "å" * (30 + n))
    for n in range(16):
        state = states[n % len(states)]
        book(session, subscriber, f"2027-05-{n + 1:02} 23:00-01:00", title="", state=state, modified_at=NOW)


def expected(session):
    """What each event must say, by its UID."""
    return {
        row.uid: (
            row.starts_at,
            row.ends_at,
            STATUSES.get(row.state, "CANCELLED"),
            ("" if row.live else "Cancelled: ") + (clean(row.title).strip() or "Møterom Blåbær"),
        )
        for row in session.scalars(select(Booking))
    }


def in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


@pytest.fixture
def forty(subscriber, change):
    with change() as session:
        forty_bookings(session, subscriber)
        return expected(session)


def test_icalendar_and_an_expander_read_what_the_database_holds(subscriber, forty):
    calendar = subscriber.calendar()
    del calendar[
        "X-WR-TIMEZONE"
    ]  # the expander's x_wr_timezone moves UTC times to it and forgets a doubled hour's fold

    events = recurring_ical_events.of(calendar).between(
        datetime(2026, 3, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)
    )

    assert len(calendar.walk("VEVENT")) == len(forty) == 41
    assert not calendar.walk("VALARM")
    assert not [event for event in calendar.walk() if event.errors]
    assert {
        str(event["UID"]): (in_utc(event.start), in_utc(event.end), str(event["STATUS"]), str(event["SUMMARY"]))
        for event in events
    } == forty


def test_home_assistants_strict_reader_reads_the_same(subscriber, forty):
    calendar = IcsCalendarStream.calendar_from_ics(subscriber.get().text)

    assert {
        event.uid: (in_utc(event.dtstart), in_utc(event.dtend), event.status.value, event.summary)
        for event in calendar.events
    } == forty


def test_each_event_carries_the_bookings_own_stamps(subscriber, change):
    with change() as session:
        created, modified = NOW - timedelta(days=3), NOW - timedelta(hours=2)
        booking = book(session, subscriber, created_at=created, modified_at=modified, sequence=4, title="Styremøte")
        public_id = booking.public_id

    (event,) = subscriber.events()

    assert (event["CREATED"].dt, event["LAST-MODIFIED"].dt, event["DTSTAMP"].dt) == (created, modified, modified)
    assert event["SEQUENCE"] == 4
    assert event["LOCATION"] == "Møterom Blåbær, Holtermannsveien 1, Trondheim"
    assert event["URL"] == f"http://localhost/bookings/{public_id}"
    assert [str(each) for each in event["CATEGORIES"].cats] == ["Meeting rooms"]
    assert not {"ORGANIZER", "ATTENDEE", "RRULE", "DURATION"} & set(event)


def test_a_nul_that_got_into_a_row_does_not_get_out(subscriber, change):
    with change() as session:
        if session.get_bind().dialect.name == "sqlite":  # PostgreSQL itself refuses it
            book(session, subscriber, title="a\x00b")
        else:
            book(session, subscriber, title="ab")

    (event,) = subscriber.events()

    assert event["SUMMARY"] == "ab"


def test_a_cancelled_booking_stays_for_a_month_and_frees_the_time(subscriber, change, travel):
    with change() as session:
        about = {"title": "Prosjektmøte", "sequence": 1, "modified_at": NOW, "cancelled_at": NOW}
        book(session, subscriber, state=State.CANCELLED, **about)

    (event,) = subscriber.events()
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Cancelled: Prosjektmøte")
    assert (event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"].ical_value) == ("TRANSPARENT", "FREE")

    travel.move_to(NOW + timedelta(days=29))
    assert len(subscriber.events()) == 1

    travel.move_to(NOW + timedelta(days=38))
    assert subscriber.events() == []


@pytest.mark.parametrize("state", [State.DECLINED, State.EXPIRED])
def test_a_declined_or_expired_request_is_shown_as_cancelled(subscriber, change, state):
    with change() as session:
        book(session, subscriber, state=state, modified_at=NOW, title="Kurs")

    (event,) = subscriber.events()

    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Cancelled: Kurs")


def test_a_feed_holds_a_year_back_and_a_year_ahead(subscriber, change):
    with change() as session:
        for at in ("2026-02-27", "2026-03-03", "2028-02-28", "2028-03-10"):
            book(session, subscriber, f"{at} 10:00-11:00", title=at)

    assert sorted(str(event["SUMMARY"]) for event in subscriber.events()) == ["2026-03-03", "2028-02-28"]


def test_a_feed_holds_nobody_elses_bookings(subscriber, change):
    with change() as session:
        book(session, subscriber, title="Mine")
        ola = a_member(session, name="Ola")
        theirs = book(session, subscriber, "2027-03-03 10:00-11:00", title="Theirs")
        theirs.member_id = ola.id
        raise_counters(session, NOW, [("member", ola.id)])

    assert [str(event["SUMMARY"]) for event in subscriber.events()] == ["Mine"]


@pytest.mark.parametrize(
    ("detail", "summary", "private"),
    [
        (Detail.TITLE, "Hemmelig møte", ["Holtermannsveien", "/bookings/", "Meeting rooms"]),
        (Detail.BUSY, "Busy", ["Hemmelig", "Holtermannsveien", "/bookings/", "Meeting rooms", "Blåbær", "Kari"]),
    ],
)
def test_a_feed_of_less_detail_holds_no_private_byte(subscriber, change, detail, summary, private):
    with change() as session:
        book(session, subscriber, title="Hemmelig møte")
        path = a_key(session, subscriber.member_id, detail)

    body = subscriber.get(path).text

    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert event["SUMMARY"] == summary
    told = body.replace("\r\n ", "").partition("BEGIN:VEVENT")[2]
    assert [word for word in private if word in told] == []


def test_a_feed_speaks_the_language_of_its_key(subscriber, change):
    with change() as session:
        book(session, subscriber, title="Kurs")
        path = a_key(session, subscriber.member_id, language="nb")

    (event,) = icalendar.Calendar.from_ical(subscriber.get(path, Accept_Language="en").data).walk("VEVENT")

    assert [str(each) for each in event["CATEGORIES"].cats] == ["Møterom"]


def test_above_a_thousand_bookings_those_farthest_ahead_are_left_out(subscriber, change):
    start, half_hour = datetime(2027, 3, 1, 6, tzinfo=UTC), timedelta(minutes=30)
    with change() as session:
        first = book(
            session, subscriber, span=TimeSpan(start, start + half_hour), state=State.CANCELLED, modified_at=NOW
        )
        like_it = {c.key: getattr(first, c.key) for c in Booking.__table__.columns if c.key not in ("id", "public_id")}
        times = [{"starts_at": start + n * half_hour, "ends_at": start + (n + 1) * half_hour} for n in range(1, 1003)]
        bookings = [like_it | time | {"uid": f"{n}@samrom", "public_id": str(n)} for n, time in enumerate(times)]
        ids = session.scalars(insert(Booking).returning(Booking.id, sort_by_parameter_order=True), bookings).all()
        item = {
            "live": False,
            "resource_id": subscriber.room_id,
            "busy_from": start,
            "busy_to": start + 1003 * half_hour,
        }
        session.execute(
            insert(BookingItem), [item | time | {"booking_id": id_} for id_, time in zip(ids, times, strict=True)]
        )

    events = subscriber.events()

    assert len(events) == 1000
    assert max(in_utc(event.start) for event in events) == start + 999 * half_hour


def test_a_deactivated_members_feed_is_gone(subscriber, change):
    assert subscriber.get().status_code == 200

    with change() as session:
        session.get(Member, subscriber.member_id).deactivated_at = NOW

    assert subscriber.get().status_code == 404
