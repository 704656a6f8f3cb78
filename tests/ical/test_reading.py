"""Foreign calendars: what is read, date by date; what is refused unread; and nothing that a file holds stops us."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.core.timespan import TimeSpan
from booking.ical.reading import UnreadableCalendar, read_calendar

OSLO = ZoneInfo("Europe/Oslo")
YEAR = TimeSpan(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NINE = "DTSTART;TZID=Europe/Oslo:20261020T090000\nDTEND;TZID=Europe/Oslo:20261020T100000"


def calendar(*events, head=""):
    body = "\n".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events, **more):
    return read_calendar(calendar(*events, **more), OSLO, YEAR)


def starts(reading):
    return [f"{each.span.starts_at.astimezone(OSLO):%m-%d %H:%M}" for each in reading.events]


def codes(reading):
    return [each.code for each in reading.troubles]


def test_a_weekly_event_stays_at_nine_over_the_change_of_the_clock_and_keeps_what_differs():
    reading = read(
        f"UID:a\n{NINE}\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Staff",
        "UID:a\nRECURRENCE-ID;TZID=Europe/Oslo:20261027T090000\nDTSTART;TZID=Europe/Oslo:20261027T120000\n"
        "DURATION:PT30M\nSUMMARY:Later",
    )

    assert starts(reading) == ["10-20 09:00", "10-27 12:00", "11-03 09:00"]
    assert [each.title for each in reading.events] == ["Staff", "Later", "Staff"]
    assert [each.recurrence for each in reading.events] == [
        "20261020T070000Z", "20261027T080000Z", "20261103T080000Z",
    ]  # fmt: skip


def test_an_endless_event_ends_with_the_window():
    reading = read("UID:a\nDTSTART;TZID=Europe/Oslo:19000101T090000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY")

    assert len(reading.events) == 12


def test_a_last_day_that_is_only_a_date_counts():
    assert starts(read(f"UID:a\n{NINE}\nRRULE:FREQ=WEEKLY;UNTIL=20261103")) == [
        "10-20 09:00", "10-27 09:00", "11-03 09:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "lasts"),
    [
        ("DTSTART;VALUE=DATE:20261025", timedelta(hours=25)),
        ("DTSTART;TZID=Europe/Oslo:20261024T220000\nDURATION:PT8H", timedelta(hours=8)),
        ("DTSTART;TZID=Europe/Oslo:20261024T220000\nDURATION:P1D", timedelta(hours=25)),
        ("DTSTART;TZID=Europe/Oslo:20261024T220000\nDTEND;TZID=Europe/Oslo:20261025T060000", timedelta(hours=9)),
    ],
)
def test_days_follow_the_calendar_and_hours_the_clock(event, lasts):
    assert read(f"UID:a\n{event}").events[0].span.duration == lasts


def test_times_without_a_known_zone_are_read_here_or_as_the_calendar_says():
    floating = "UID:a\nDTSTART:20261120T090000\nDURATION:PT1H"
    unknown = "UID:b\nDTSTART;TZID=Nowhere/At All:20261120T090000\nDURATION:PT1H"
    windows = "UID:c\nDTSTART;TZID=W. Europe Standard Time:20261120T090000\nDURATION:PT1H"

    assert starts(read(floating, unknown, windows)) == 3 * ["11-20 09:00"]
    assert [each.unknown_zone for each in read(floating, unknown).events] == [False, True]
    assert starts(read(floating, head="X-WR-TIMEZONE:Europe/London\n")) == ["11-20 10:00"]


def test_what_takes_no_time_or_is_cancelled_says_so():
    reading = read(f"UID:a\n{NINE}\nTRANSP:TRANSPARENT", f"UID:b\n{NINE}\nSTATUS:CANCELLED")

    assert [(each.code, each.harmless) for each in reading.troubles] == [("import.transparent", True)]
    assert [each.cancelled for each in reading.events] == [True]


def test_the_newest_version_of_an_event_counts():
    reading = read(f"UID:a\nSEQUENCE:2\n{NINE}\nSUMMARY:New", f"UID:a\nSEQUENCE:1\n{NINE}\nSUMMARY:Old")

    assert [each.title for each in reading.events] == ["New"]


def test_who_invites_is_whose_it_is():
    assert read(f"UID:a\n{NINE}\nORGANIZER;CN=Kari:mailto:Kari@Example.invalid").events[0].email == (
        "kari@example.invalid"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYMINUTE=1,2,3",
    ],
)  # fmt: skip
def test_a_rule_that_might_never_end_is_refused_unread_and_the_rest_is_read(rule):
    reading = read(f"UID:a\n{NINE}\nRRULE:{rule}", f"UID:b\n{NINE}")

    assert codes(reading) == ["import.wild_rule"]
    assert [each.uid for each in reading.events] == ["b"]


def test_dates_by_the_thousand_are_refused_unread():
    day = date(2026, 1, 1)
    dates = ",".join(f"{day + n * timedelta(hours=24):%Y%m%d}T090000" for n in range(1001))

    assert codes(read(f"UID:a\n{NINE}\nRDATE;TZID=Europe/Oslo:{dates}")) == ["import.wild_rule"]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("UID:a\nSUMMARY:When?", "import.broken"),
        ("UID:a\nDTSTART:garbage\nDURATION:PT1H", "import.broken"),
        ("UID:a\nDTSTART:20261120T090000Z\nDURATION:long", "import.broken"),
        ("UID:a\nDTSTART:20261120T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=XX", "import.broken"),
        ("UID:a\nDTSTART:00010101T090000Z\nDURATION:PT1H", "import.broken"),
        ("UID:a\nDTSTART:20261120T090000Z", "import.no_length"),
        ("UID:a\nDTSTART:20261120T090000Z\nDTEND:20261120T080000Z", "import.no_length"),
        ("DTSTART:20261120T090000Z\nDURATION:PT1H", "import.no_uid"),
    ],
)
def test_a_broken_event_is_told_and_the_rest_is_read(event, code):
    reading = read(event, f"UID:good\n{NINE}")

    assert codes(reading) == [code]
    assert [each.uid for each in reading.events] == ["good"]


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_is_said_to_be_none(data):
    with pytest.raises(UnreadableCalendar) as refused:
        read_calendar(data, OSLO, YEAR)

    assert refused.value.code == "import.no_calendar"


def test_a_file_too_large_or_too_full_is_not_read():
    with pytest.raises(UnreadableCalendar) as large:
        read_calendar(b" " * 5_000_001, OSLO, YEAR)
    with pytest.raises(UnreadableCalendar) as full:
        read(*(f"UID:{n}\nDTSTART:20261120T090000Z" for n in range(20_001)))

    assert (large.value.code, full.value.code) == ("import.too_large", "import.too_many")


@given(st.lists(st.sampled_from([
    "UID:a", "DTSTART:20261120T090000Z", "DTSTART;VALUE=DATE:20261120", "DTSTART;TZID=X:20261120T090000",
    "DTEND:20261120T100000Z", "DTEND;VALUE=DATE:20261121", "DURATION:PT1H", "DURATION:-P1D", "RRULE:FREQ=DAILY;COUNT=2",
    "RRULE:FREQ=", "RRULE:UNTIL=20261124", "RDATE:20261121T090000Z", "RDATE;VALUE=PERIOD:20261121T090000Z/PT2H",
    "EXDATE:20261121T090000Z", "RECURRENCE-ID:20261120T090000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261120T090000Z",
    "SEQUENCE:many", "STATUS:\x07", "SUMMARY:=1+1", "ORGANIZER:mailto:", "DTSTART:99991231T235959Z",
]), max_size=7))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_whatever_an_event_says_it_is_read_or_told(lines):
    reading = read("\n".join(lines) or "X-NOTHING:1", f"UID:good\n{NINE}")

    assert "good" in {each.uid for each in reading.events}
