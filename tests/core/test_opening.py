"""Opening hours against a clock that is watched minute by minute."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.core.opening import SpecialDay, Window, hours_on, open_spans
from booking.core.timespan import SpanSet, TimeSpan
from tests.core.world import MINUTE, NIGHTS, OSLO, each_minute, span, special

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


def window(weekday: int, opens: str, closes: str) -> Window:
    return Window(weekday, time.fromisoformat(opens), time() if closes == "24:00" else time.fromisoformat(closes))


def opened(within: TimeSpan, *windows: Window, specials: tuple[SpecialDay, ...] = ()) -> list[TimeSpan]:
    return list(open_spans(windows, specials, within, OSLO))


WEEK = span("2026-11-23 00:00", "2026-11-30 00:00")


def test_hours_are_wall_clock_hours_winter_and_summer() -> None:
    winter, summer = span("2026-11-23 00:00", "2026-11-24 00:00"), span("2026-07-06 00:00", "2026-07-07 00:00")

    assert opened(winter, window(MONDAY, "07:00", "22:00")) == [span("2026-11-23 07:00", "22:00")]
    assert opened(summer, window(MONDAY, "07:00", "22:00")) == [span("2026-07-06 07:00", "22:00")]


def test_closing_at_24_is_midnight_and_joins_the_next_day() -> None:
    hours = (window(FRIDAY, "07:00", "24:00"), window(SATURDAY, "00:00", "10:00"))

    assert opened(WEEK, *hours) == [span("2026-11-27 07:00", "2026-11-28 10:00")]


def test_a_window_across_midnight_belongs_to_the_day_it_begins() -> None:
    friday_night = window(FRIDAY, "22:00", "06:00")

    assert opened(WEEK, friday_night) == [span("2026-11-27 22:00", "2026-11-28 06:00")]
    assert opened(span("2026-11-28 00:00", "12:00"), friday_night) == [span("2026-11-28 00:00", "06:00")]


def test_opening_and_closing_at_the_same_time_is_a_whole_day() -> None:
    assert opened(WEEK, window(FRIDAY, "08:00", "08:00")) == [span("2026-11-27 08:00", "2026-11-28 08:00")]


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2027-03-27", 7), ("2027-10-30", 9), ("2026-11-28", 8)]
)
def test_a_night_window_is_as_long_as_the_night(night: str, hours: int) -> None:
    weekend = span(f"{night} 12:00", f"{night} 12:00".replace(night, str(date.fromisoformat(night) + timedelta(1))))

    (open_night,) = opened(weekend, window(SATURDAY, "22:00", "06:00"))

    assert open_night.duration == timedelta(hours=hours)


def test_a_window_inside_the_missing_hour_is_empty_that_night() -> None:
    assert opened(span("2027-03-28 00:00", "2027-03-29 00:00"), window(SUNDAY, "02:00", "02:45")) == []


def test_a_special_day_has_its_own_hours_and_only_that_day() -> None:
    short = special("2026-11-27", ("10:00", "12:00"), name="Short day")
    hours = [window(day, "07:00", "17:00") for day in range(7)]

    assert opened(span("2026-11-26 00:00", "2026-11-29 00:00"), *hours, specials=(short,)) == [
        span("2026-11-26 07:00", "17:00"),
        span("2026-11-27 10:00", "12:00"),
        span("2026-11-28 07:00", "17:00"),
    ]


def test_a_special_day_without_hours_is_closed_even_where_it_is_always_open() -> None:
    closed_day = special("2026-05-17", name="17 May")
    around = span("2026-05-16 12:00", "2026-05-18 12:00")

    assert list(open_spans(None, (closed_day,), around, OSLO)) == [
        span("2026-05-16 12:00", "2026-05-17 00:00"),
        span("2026-05-18 00:00", "12:00"),
    ]


def test_always_open_is_always_and_no_windows_is_never() -> None:
    assert open_spans(None, (), WEEK, OSLO) == SpanSet([WEEK])
    assert not open_spans((), (), WEEK, OSLO)


def test_the_hours_of_a_date_are_its_special_day_or_its_weekday() -> None:
    weekday, short = window(FRIDAY, "07:00", "17:00"), special("2026-11-27", ("10:00", "12:00"))

    assert hours_on(date(2026, 11, 20), [weekday], [short]) == (weekday,)
    assert hours_on(date(2026, 11, 27), [weekday], [short]) == short.windows
    assert hours_on(date(2026, 11, 27), None, [short]) == short.windows
    assert hours_on(date(2026, 11, 20), None, [short]) is None


quarters = st.builds(lambda quarter: time(quarter // 4, quarter % 4 * 15), st.integers(0, 95))
windows_of_a_week = st.lists(st.builds(Window, st.integers(0, 6), quarters, quarters), max_size=6)


def as_watched(within: TimeSpan, windows: list[Window], specials: list[SpecialDay], *, always: bool) -> set[datetime]:
    """Walks through the minutes and turns the sign at the door when the clock comes to an opening or a closing."""
    days = {special.day: special.windows for special in specials}
    turns: list[tuple[datetime, int]] = []
    first = within.starts_at.astimezone(OSLO).date() - timedelta(days=2)
    for day in (first + timedelta(days=n) for n in range(8)):
        hours = days.get(day, tuple(each for each in windows if each.weekday == day.weekday()))
        if always and day not in days:
            hours = (Window(day.weekday(), time(), time()),)
        for each in hours:
            closing = day if each.closes > each.opens else day + timedelta(days=1)
            turns += [(datetime.combine(day, each.opens), 1), (datetime.combine(closing, each.closes), -1)]
    turns.sort(key=lambda turn: turn[0], reverse=True)
    open_doors, open_minutes = 0, set()
    latest = datetime.combine(first, time())
    for instant in each_minute(within.padded(timedelta(days=2), timedelta(0))):
        latest = max(latest, instant.astimezone(OSLO).replace(tzinfo=None, fold=0))
        while turns and turns[-1][0] <= latest:
            open_doors += turns.pop()[1]
        if open_doors and within.contains(instant):
            open_minutes.add(instant)
    return open_minutes


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from((*NIGHTS, date(2026, 11, 24))),
    windows_of_a_week,
    st.lists(st.tuples(st.integers(-1, 2), st.lists(st.tuples(quarters, quarters), max_size=2)), max_size=2),
    st.booleans(),
)
def test_open_minutes_are_those_of_a_watched_clock(
    day: date, windows: list[Window], special_hours: list[tuple[int, list[tuple[time, time]]]], always: bool
) -> None:
    within = TimeSpan(*(datetime.combine(day + timedelta(n), time(), OSLO) for n in (-1, 2)))
    days = {day + timedelta(n): hours for n, hours in special_hours}
    specials = [SpecialDay(on, tuple(Window(on.weekday(), *pair) for pair in hours)) for on, hours in days.items()]

    found = open_spans(None if always else windows, specials, within, OSLO)

    minutes = {instant for each in found for instant in each_minute(each)}
    assert minutes == as_watched(within, windows, specials, always=always)
    assert found.total == MINUTE * len(minutes)
