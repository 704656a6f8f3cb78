"""The wall clock and UTC, on ordinary days and on the nights when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core import localtime
from booking.core.localtime import NonexistentTime, day_span, iso_week, last_day, local_day, on_the_clock, to_utc
from booking.core.timespan import TimeSpan
from tests.core.world import MINUTE, NIGHTS, OSLO, each_minute, first_shown, quick, span

wall_times = st.builds(
    datetime.combine,
    st.sampled_from((*NIGHTS, date(2026, 11, 24))),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)


def searched(wall: datetime) -> TimeSpan:
    middle = wall.replace(tzinfo=UTC)
    return TimeSpan(middle - timedelta(hours=4), middle + timedelta(hours=2))


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2027-03-28", 23), ("2027-10-31", 25), ("2026-11-24", 24)],
)
def test_a_day_is_23_24_or_25_hours(day: str, hours: int) -> None:
    assert day_span(date.fromisoformat(day), OSLO).duration == timedelta(hours=hours)


@pytest.mark.parametrize("day", ["2026-03-29", "2027-03-28"])
@pytest.mark.parametrize(("asked", "instead"), [("02:00", "03:00"), ("02:30", "03:30"), ("02:59", "03:59")])
def test_a_missing_hour_is_refused_with_a_suggestion(day: str, asked: str, instead: str) -> None:
    with pytest.raises(NonexistentTime) as refused:
        to_utc(date.fromisoformat(day), time.fromisoformat(asked), OSLO)

    assert refused.value.code == "R01.missing_hour"
    assert refused.value.alternative == datetime.fromisoformat(f"{day} {instead}")


@pytest.mark.parametrize(("asked", "hour"), [("01:59", 0), ("03:00", 1)])
def test_the_minutes_beside_a_missing_hour_exist(asked: str, hour: int) -> None:
    assert to_utc(date(2027, 3, 28), time.fromisoformat(asked), OSLO).hour == hour


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 10, 31)])
def test_a_doubled_hour_is_the_first_unless_the_second_is_asked_for(day: date) -> None:
    first, second = to_utc(day, time(2, 30), OSLO), to_utc(day, time(2, 30), OSLO, fold=1)

    assert (first.hour, second.hour) == (0, 1)
    assert second - first == timedelta(hours=1)


def test_midnight_belongs_to_the_day_that_begins_and_ends_the_day_before() -> None:
    evening = span("2026-11-24 20:00", "2026-11-25 00:00")

    assert local_day(evening.ends_at, OSLO) == date(2026, 11, 25)
    assert last_day(evening, OSLO) == date(2026, 11, 24)


def test_a_day_that_lacks_its_midnight_begins_when_the_clock_jumps() -> None:
    """In Santiago the clock goes from 23:59 to 01:00."""
    santiago = ZoneInfo("America/Santiago")
    day = day_span(date(2026, 9, 6), santiago)

    assert day.duration == timedelta(hours=23)
    assert day.starts_at.astimezone(santiago).time() == time(1)
    assert day.starts_at == day_span(date(2026, 9, 5), santiago).ends_at


@pytest.mark.parametrize(
    ("day", "week"), [("2026-12-31", (2026, 53)), ("2027-01-01", (2026, 53)), ("2027-01-04", (2027, 1))]
)
def test_the_first_days_of_january_may_lie_in_week_53(day: str, week: tuple[int, int]) -> None:
    assert iso_week(date.fromisoformat(day)) == week


@quick
@given(wall_times)
def test_missing_and_doubled_are_as_a_watched_clock_shows(wall: datetime) -> None:
    shown = [each for each in each_minute(searched(wall)) if each.astimezone(OSLO).replace(tzinfo=None, fold=0) == wall]

    assert localtime.is_missing(wall, OSLO) == (not shown)
    assert localtime.is_doubled(wall, OSLO) == (len(shown) == 2)
    if shown:
        assert [to_utc(wall.date(), wall.time(), OSLO, fold) for fold in (0, 1)] == [shown[0], shown[-1]]


@quick
@given(wall_times)
def test_a_wall_clock_rule_turns_when_the_clock_first_comes_that_far(wall: datetime) -> None:
    assert on_the_clock(wall, OSLO) == first_shown(wall, searched(wall))


@quick
@given(st.sampled_from(NIGHTS), st.integers(0, 25 * 60 - 1))
def test_every_minute_of_a_local_day_is_in_its_span(day: date, minute: int) -> None:
    instant = day_span(day, OSLO).starts_at + minute * MINUTE

    assert day_span(day, OSLO).contains(instant) == (local_day(instant, OSLO) == day)
