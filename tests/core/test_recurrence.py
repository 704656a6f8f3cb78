"""How a wish repeats: every shape against dateutil and against looking at one day after the other, over DST."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil import rrule
from hypothesis import assume, given
from hypothesis import strategies as st

from booking.core.errors import InvalidInput
from booking.core.localtime import is_missing
from booking.core.recurrence import LAST, Every, Recurrence, nth_of, on_day
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from tests.core.world import OSLO, quick

FIRST = st.dates(date(2026, 1, 1), date(2028, 3, 1))
SHAPES = [every for every in Every if every is not Every.DATES]
TO_DATEUTIL = {
    Every.DAY: "DAILY", Every.WEEK: "WEEKLY", Every.MONTH_DATE: "MONTHLY", Every.MONTH_WEEKDAY: "MONTHLY",
    Every.YEAR: "YEARLY",
}  # fmt: skip
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def recurrences(draw: st.DrawFn) -> tuple[date, Recurrence]:
    first, every = draw(FIRST), draw(st.sampled_from(SHAPES))
    weekdays = tuple(draw(st.sets(st.integers(0, 6), max_size=4))) if every is Every.WEEK else ()
    ends = draw(st.booleans())
    until = first + timedelta(days=draw(st.integers(0, 1500))) if ends else None
    count = None if ends else draw(st.integers(1, 60))
    return first, Recurrence(every, draw(st.integers(1, 5)), weekdays, None, until, count)


def by_text(first: date, rule: Recurrence) -> list[date]:
    """The same as RFC 5545 writes it, read by dateutil."""
    parts = [f"FREQ={TO_DATEUTIL[rule.every]}", f"INTERVAL={rule.step}", "WKST=MO"]
    if rule.every is Every.WEEK:
        parts.append("BYDAY=" + ",".join(NAMES[day] for day in rule.weekdays or (first.weekday(),)))
    if rule.every is Every.MONTH_DATE:
        parts.append(f"BYMONTHDAY={first.day}")
    if rule.every is Every.MONTH_WEEKDAY:
        parts.append(f"BYDAY={nth_of(first)}{NAMES[first.weekday()]}")
    parts.append(f"COUNT={rule.count}" if rule.count else f"UNTIL={rule.until:%Y%m%d}T235959")
    found = rrule.rrulestr("RRULE:" + ";".join(parts), dtstart=datetime.combine(first, time(9)))
    return [each.date() for each in found]


def fits(day: date, first: date, rule: Recurrence) -> bool:
    """Whether a day belongs to the pattern, by counting from the first."""
    months = (day.year - first.year) * 12 + day.month - first.month
    if rule.every is Every.DAY:
        return (day - first).days % rule.step == 0
    if rule.every is Every.WEEK:
        weeks = (monday(day) - monday(first)).days // 7
        return weeks % rule.step == 0 and day.weekday() in (rule.weekdays or (first.weekday(),))
    if rule.every is Every.MONTH_DATE:
        return months % rule.step == 0 and day.day == first.day
    if rule.every is Every.MONTH_WEEKDAY:
        return months % rule.step == 0 and day.weekday() == first.weekday() and place_fits(day, nth_of(first))
    return (day.year - first.year) % rule.step == 0 and (day.month, day.day) == (first.month, first.day)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def place_fits(day: date, nth: int) -> bool:
    if nth == LAST:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == nth


@given(recurrences())
@quick
def test_it_falls_on_what_dateutil_says(drawn: tuple[date, Recurrence]) -> None:
    first, rule = drawn

    assert list(rule.days(first)) == by_text(first, rule)[:400]


@given(recurrences())
@quick
def test_it_falls_on_what_counting_day_by_day_says(drawn: tuple[date, Recurrence]) -> None:
    first, rule = drawn
    found = rule.days(first)
    assume(not found or found[-1].year < 2100)
    last = rule.until or (found[-1] if found else first)
    every_day = (first + timedelta(days=n) for n in range((last - first).days + 1))
    expected = [day for day in every_day if fits(day, first, rule)]

    assert list(found) == expected[: rule.count or 400]


@given(recurrences(), st.times().map(lambda at: at.replace(second=0, microsecond=0)), st.integers(15, 26 * 60))
@quick
def test_nine_stays_nine_by_the_local_clock(drawn: tuple[date, Recurrence], starts: time, minutes: int) -> None:
    first, rule = drawn
    begins = datetime.combine(first, starts.replace(tzinfo=None))
    wall = WallSpan(begins, begins + timedelta(minutes=minutes))
    for day in rule.days(first, 60):
        planned = on_day(wall, day)
        span = planned.resolve(OSLO)
        assert planned.starts == datetime.combine(day, begins.time())
        assert planned.ends - planned.starts == timedelta(minutes=minutes)
        if isinstance(span, TimeSpan):
            assert span.starts_at.astimezone(OSLO).replace(tzinfo=None, fold=0) == planned.starts
            assert span.ends_at.astimezone(OSLO).replace(tzinfo=None, fold=0) == planned.ends
        else:
            assert is_missing(planned.starts, OSLO) or is_missing(planned.ends, OSLO)


def test_a_missing_hour_is_the_matter_of_its_own_date_only() -> None:
    wall = WallSpan(datetime(2027, 3, 14, 2, 30), datetime(2027, 3, 14, 3, 30))
    days = Recurrence(Every.WEEK, count=4).days(date(2027, 3, 14))

    resolved = [isinstance(on_day(wall, day).resolve(OSLO), TimeSpan) for day in days]

    assert resolved == [True, True, False, True]


def test_hand_picked_dates_come_in_order_and_once() -> None:
    picked = Recurrence(Every.DATES, dates=(date(2027, 5, 3), date(2027, 4, 1), date(2027, 5, 3)))

    assert picked.days(date(2027, 1, 1)) == (date(2027, 4, 1), date(2027, 5, 3))


def test_a_fifth_weekday_is_the_last_and_comes_every_month() -> None:
    days = Recurrence(Every.MONTH_WEEKDAY, count=4).days(date(2027, 1, 29))

    assert [day.isoformat() for day in days] == ["2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"]


@given(recurrences())
@quick
def test_json_there_and_back(drawn: tuple[date, Recurrence]) -> None:
    assert Recurrence.from_json(drawn[1].to_json()) == drawn[1]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"every": Every.DAY}, "series.no_end"),
        ({"every": Every.DAY, "count": 2, "until": date(2027, 1, 1)}, "series.no_end"),
        ({"every": Every.DAY, "count": 0}, "series.count"),
        ({"every": Every.DAY, "count": 401}, "series.count"),
        ({"every": Every.DAY, "count": 2, "step": 0}, "series.step"),
        ({"every": Every.WEEK, "count": 2, "weekdays": (7,)}, "setting.not_a_weekday"),
        ({"every": Every.MONTH_WEEKDAY, "count": 2, "nth": 6}, "series.nth"),
        ({"every": Every.DATES}, "series.no_dates"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Recurrence(**wrong)

    assert refusal.value.code == code
