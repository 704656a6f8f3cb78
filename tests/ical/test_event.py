"""A booking as an event: times that no reader can take amiss, and the lines that go with each status."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from booking.core.timespan import TimeSpan
from booking.ical.calendar import CalendarView, calendar
from booking.ical.event import EventView, Status, event_lines
from tests.factories import span_at

OSLO = ZoneInfo("Europe/Oslo")
MADE = datetime(2026, 11, 1, 8, tzinfo=UTC)
CHANGED = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def an_event(span=None, **changes) -> EventView:
    about = {"uid": "b1@samrom", "span": span or span_at("2027-07-01 09:00-10:30"), "zone": OSLO, "sequence": 1}
    about |= {"status": Status.CONFIRMED, "created_at": MADE, "modified_at": CHANGED, "summary": "Styremøte"}
    return EventView(**{**about, **changes})


def lines_of(event: EventView) -> list[str]:
    return event_lines(event).decode().replace("\r\n ", "").split("\r\n")


def utc_span(starts: str, hours: float) -> TimeSpan:
    starts_at = datetime.fromisoformat(starts).replace(tzinfo=UTC)
    return TimeSpan(starts_at, starts_at + hours * HOUR)


def test_an_event_on_an_ordinary_day_is_written_in_the_sites_wall_time():
    lines = lines_of(an_event(span_at("2027-07-01 09:00-10:30")))

    assert "DTSTART;TZID=Europe/Oslo:20270701T090000" in lines
    assert "DTEND;TZID=Europe/Oslo:20270701T103000" in lines


@pytest.mark.parametrize(
    ("span", "times"),
    [
        (utc_span("2027-03-27T22:00", 7), ("20270327T220000Z", "20270328T050000Z")),  # the short night
        (utc_span("2027-10-30T21:00", 9), ("20271030T210000Z", "20271031T060000Z")),  # the long night
        (utc_span("2027-10-31T00:30", 0.25), ("20271031T003000Z", "20271031T004500Z")),  # 02:30, the first time
        (utc_span("2027-10-31T01:30", 0.25), ("20271031T013000Z", "20271031T014500Z")),  # 02:30, the second time
        (utc_span("2027-10-31T01:30", 2), ("20271031T013000Z", "20271031T033000Z")),  # begins in the doubled hour
        (utc_span("2027-03-28T00:00", 1), ("20270328T000000Z", "20270328T010000Z")),  # ends as the clock jumps
        (utc_span("2027-02-01T09:00", 24 * 300), ("20270201T090000Z", "20271128T090000Z")),  # there and back again
    ],
)
def test_where_the_wall_clock_would_be_doubtful_the_times_are_in_utc(span, times):
    lines = lines_of(an_event(span))

    assert lines[lines.index("SEQUENCE:1") + 1 :][:2] == [f"DTSTART:{times[0]}", f"DTEND:{times[1]}"]


def test_in_a_zone_that_cannot_be_written_the_times_are_in_utc():
    lines = lines_of(an_event(zone=ZoneInfo("America/Nuuk")))

    assert "DTSTART:20270701T070000Z" in lines


def test_the_stamps_come_from_the_booking_and_never_from_the_clock():
    lines = lines_of(an_event())

    assert {"DTSTAMP:20261121T101500Z", "LAST-MODIFIED:20261121T101500Z", "CREATED:20261101T080000Z"} <= set(lines)
    assert event_lines(an_event()) == event_lines(an_event())


@pytest.mark.parametrize(
    ("status", "transparency", "busy"),
    [
        (Status.TENTATIVE, "OPAQUE", "TENTATIVE"),
        (Status.CONFIRMED, "OPAQUE", "BUSY"),
        (Status.CANCELLED, "TRANSPARENT", "FREE"),
    ],
)
def test_each_status_says_whether_the_time_is_taken(status, transparency, busy):
    lines = lines_of(an_event(status=status))

    assert f"STATUS:{status}" in lines
    assert f"TRANSP:{transparency}" in lines
    assert f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}" in lines


def test_a_calendar_with_too_many_octets_leaves_out_the_last_events():
    about = CalendarView("Mine", "Mine", "https://example.org", CHANGED, ("Europe/Oslo",))
    event = event_lines(an_event(summary="å" * 5000))

    whole = calendar(about, [event] * 200)

    assert 900_000 < len(whole) <= 1_000_000
    assert whole.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_the_calendars_name_is_said_in_both_ways():
    about = CalendarView("Møte, ja", "Mine; alle", "https://example.org", CHANGED, ("Europe/Oslo",))

    lines = calendar(about, []).decode().split("\r\n")

    assert {"NAME:Møte\\, ja", "X-WR-CALNAME:Møte\\, ja", "X-WR-TIMEZONE:Europe/Oslo"} <= set(lines)
    assert {"DESCRIPTION:Mine\\; alle", "X-WR-CALDESC:Mine\\; alle"} <= set(lines)
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"} <= set(lines)


def test_the_calendar_is_what_icalendar_would_have_made_of_it():
    about = CalendarView("Møte, ja", "Mine", "https://example.org", CHANGED, ("Europe/Oslo",))
    event = an_event(location="Blåbær, Gata 1", url="https://example.org/b/1", categories=("Møterom", "Lab; stor"))

    parsed = icalendar.Calendar.from_ical(calendar(about, [event_lines(event)]))

    assert icalendar.Calendar.from_ical(parsed.to_ical()) == parsed
    assert parsed.color == "teal"
    assert parsed["REFRESH-INTERVAL"].dt == HOUR
    (found,) = parsed.walk("VEVENT")
    assert found["LOCATION"] == "Blåbær, Gata 1"
    assert [str(each) for each in found["CATEGORIES"].cats] == ["Møterom", "Lab; stor"]
    assert found["DTSTART"].dt == datetime(2027, 7, 1, 7, tzinfo=UTC)
    assert not {"METHOD", "ORGANIZER", "ATTENDEE", "SOURCE"} & {*parsed, *found}
