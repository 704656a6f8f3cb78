"""Invitations as bytes: every sample parses everywhere, and a pattern yields exactly its dates."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from booking.core.errors import InvalidInput
from booking.core.recurrence import Every, Recurrence
from booking.core.timespan import TimeSpan
from booking.ical import invitation
from booking.ical.invitation import Party, parameter
from booking.ical.pattern import recurring
from tests.support.messages import SAMPLES, a_meeting, a_pattern, an_envelope, dates_of

WALLS = [("09:00", 1), ("23:00", 7), ("02:15", 1), ("01:30", 2), ("00:00", 24)]
HOUR = timedelta(hours=1)
AN_HOUR = TimeSpan(datetime(2027, 6, 1, 7, tzinfo=UTC), datetime(2027, 6, 1, 8, tzinfo=UTC))


def parsed(message):
    return icalendar.Calendar.from_ical(message)


def seen(message):
    """The spans that an independent parser expands."""
    found = recurring_ical_events.of(parsed(message)).between(
        datetime(2027, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC)
    )
    return sorted((each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC)) for each in found)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_by_two_parsers_and_speaks_of_one_uid(name):
    message = SAMPLES[name]
    calendar = parsed(message)
    events = calendar.walk("VEVENT")

    assert IcsCalendarStream.calendar_from_ics(message.decode()).events
    assert len({str(event["UID"]) for event in events}) == 1
    assert calendar["METHOD"] in ("REQUEST", "CANCEL")
    for event in events:
        assert {"DTSTAMP", "SEQUENCE", "ORGANIZER", "ATTENDEE", "SUMMARY", "STATUS"} <= set(event)
        assert (event["STATUS"] == "CANCELLED") is (calendar["METHOD"] == "CANCEL")
    assert not calendar.walk("VALARM")
    assert all(len(line) <= 75 for line in message.split(b"\r\n"))


def test_each_date_that_differs_is_named_and_the_rest_follows_the_rule():
    master, moved = parsed(SAMPLES["series with changes"]).walk("VEVENT")

    assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270511T070000Z;BYDAY=TU;WKST=MO"
    assert master["EXDATE"].to_ical() == b"20270406T090000"
    assert moved["RECURRENCE-ID"].to_ical() == b"20270413T090000"
    assert [str(each.params["CUTYPE"]) for each in moved["ATTENDEE"]] == ["INDIVIDUAL", "RESOURCE"]


def test_a_night_on_which_the_clock_changes_is_in_utc_and_has_its_own_length():
    _, night = parsed(SAMPLES["nights over a clock change"]).walk("VEVENT")

    assert night["RECURRENCE-ID"].to_ical() == b"20271030T230000"
    assert (night["DTSTART"].to_ical(), night["DTEND"].to_ical()) == (b"20271030T210000Z", b"20271031T050000Z")


def test_a_list_is_written_one_date_a_line():
    (event,) = parsed(SAMPLES["hand-picked, one in a missing hour"]).walk("VEVENT")[:1]

    assert "RRULE" not in event
    assert [each.to_ical() for each in event["RDATE"]] == [b"20270328T033000", b"20270405T023000"]


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Europe/Oslo", "DTSTART;TZID=Europe/Oslo:20270601T090000"), ("America/Nuuk", "DTSTART:20270601T100000Z")],
)
def test_in_a_zone_that_cannot_be_written_a_series_is_a_list_in_utc(zone, name):
    pattern = a_pattern("2027-06-01T09:00", "2027-06-01T10:00", Recurrence(Every.DAY, count=3), zone)

    message = invitation.series(
        an_envelope(zone), pattern, dates_of(pattern), a_meeting(pattern.span(date(2027, 6, 1)))
    )

    assert name in message.decode()
    assert seen(message) == [(span.starts_at, span.ends_at) for span in map(pattern.span, pattern.days)]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_name_never_leaves_its_quotes(name):
    value = parameter(name)

    assert value[0] == value[-1] == '"'
    assert not set(value[1:-1]) & set('"\r\n\0')
    room = Party(name, "samrom+x@booking.example", "ROOM")
    message = invitation.single(an_envelope(), a_meeting(AN_HOUR, things=(room,)), "REQUEST")
    (event,) = parsed(message).walk("VEVENT")
    assert len(event["ATTENDEE"]) == 2


@st.composite
def patterns(draw):
    """Any recipe around the clock changes."""
    first = draw(st.dates(date(2027, 3, 20), date(2027, 3, 31)) | st.dates(date(2027, 10, 20), date(2027, 11, 2)))
    every = draw(st.sampled_from(Every))
    starts, hours = draw(st.sampled_from(WALLS))
    starts_at = datetime.fromisoformat(f"{first}T{starts}")
    ends = (starts_at + hours * HOUR).isoformat()
    if every is Every.DATES:
        rule = Recurrence(every, dates=tuple(draw(st.lists(st.dates(first, date(2028, 1, 1)), min_size=1, max_size=6))))
    else:
        weekdays = tuple(draw(st.sets(st.integers(0, 6)))) if every is Every.WEEK else ()
        nth = draw(st.sampled_from([None, 1, 4, -1])) if every is Every.MONTH_WEEKDAY else None
        rule = Recurrence(every, draw(st.integers(1, 3)), weekdays, nth, count=draw(st.integers(1, 4)))
    return a_pattern(starts_at.isoformat(), ends, rule)


@settings(deadline=None, max_examples=150)
@given(patterns(), st.data())
def test_what_parsers_expand_is_what_is_live(pattern, data):
    try:
        days = [day for day in pattern.days if day.year < 2032]
    except InvalidInput:
        return
    live = data.draw(st.sets(st.sampled_from(days), min_size=1)) if days else set()
    if not live:
        return
    extra = max(live) + timedelta(days=1)
    dates = {
        day: a_meeting(pattern.span(day)) for day in sorted(live | ({extra} if data.draw(st.booleans()) else set()))
    }

    message = invitation.series(an_envelope(), pattern, dates, a_meeting(pattern.span(min(live))))

    assert seen(message) == sorted((each.span.starts_at, each.span.ends_at) for each in dates.values())
    assert recurring(pattern, dates).first in {*pattern.days, min(dates)}
