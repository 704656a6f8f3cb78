"""Repeated outages against a slow oracle that looks at the clock minute by minute, over the nights when it changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking.core.errors import InvalidInput
from booking.core.repeats import MOST_DATES, Repeat, dates, spans
from booking.core.timespan import TimeSpan
from tests.core.world import MINUTE, OSLO, quick, span

WEEK = timedelta(weeks=1)
AROUND = (date(2026, 3, 22), date(2026, 3, 29), date(2026, 10, 18), date(2026, 10, 25), date(2026, 11, 24))


def slowly(starts: datetime, ends: datetime, repeat: Repeat | None) -> list[TimeSpan]:
    """Walks day by day to find the dates, and minute by minute to find when the clock shows such a time."""
    found, day = [], starts.date()
    while day <= (repeat.until if repeat else starts.date()):
        weeks, rest = divmod((day - starts.date()).days, 7)
        if rest == 0 and weeks % (repeat.every_weeks if repeat else 1) == 0:
            shift = day - starts.date()
            first = datetime.combine(day, time(), UTC) - timedelta(hours=3)
            count = (ends - starts) // MINUTE + 30 * 60
            minutes = [first + n * MINUTE for n in range(count)]
            shown = [at for at in minutes if starts + shift <= at.astimezone(OSLO).replace(tzinfo=None) < ends + shift]
            if shown:
                found.append(TimeSpan(shown[0], shown[-1] + MINUTE))
        day += timedelta(days=1)
    return found


@quick
@given(
    st.sampled_from(AROUND),
    st.integers(0, 24 * 4 - 1),
    st.integers(1, 30 * 4),
    st.none() | st.tuples(st.integers(1, 3), st.integers(0, 30)),
)
@example(date(2026, 10, 18), 9, 1, (1, 14))  # 02:15 to 02:30, and on the 25th both times the clock shows it
@example(date(2026, 3, 22), 9, 1, (1, 14))  # and on the 29th of March never
def test_every_date_at_the_same_time_by_the_clock(
    day: date, start: int, quarters: int, recipe: tuple[int, int] | None
) -> None:
    starts = datetime.combine(day, time()) + start * timedelta(minutes=15)
    ends = starts + quarters * timedelta(minutes=15)
    repeat = Repeat(recipe[0], day + timedelta(days=recipe[1])) if recipe else None

    assert spans(starts, ends, repeat, OSLO) == slowly(starts, ends, repeat)


def test_nine_stays_nine_over_the_change_of_the_clock() -> None:
    found = spans(datetime(2026, 10, 20, 9), datetime(2026, 10, 20, 11), Repeat(1, date(2026, 11, 3)), OSLO)

    assert found == [span(f"2026-{day} 09:00", "11:00") for day in ("10-20", "10-27", "11-03")]


def test_a_date_on_which_the_clock_jumps_over_it_all_has_none() -> None:
    found = spans(datetime(2026, 3, 22, 2), datetime(2026, 3, 22, 3), Repeat(1, date(2026, 4, 5)), OSLO)

    assert found == [span("2026-03-22 02:00", "03:00"), span("2026-04-05 02:00", "03:00")]


@pytest.mark.parametrize(
    ("repeat", "field", "code"),
    [
        (Repeat(0, date(2027, 1, 1)), "every_weeks", "setting.out_of_range"),
        (Repeat(53, date(2027, 1, 1)), "every_weeks", "setting.out_of_range"),
        (Repeat(1, date(2026, 11, 23)), "until", "outage.until_before_start"),
        (Repeat(1, date(2040, 11, 23)), "until", "outage.too_many_dates"),
    ],
)
def test_a_recipe_that_leads_nowhere_is_refused_by_name(repeat: Repeat, field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        dates(date(2026, 11, 24), repeat)

    assert (refused.value.field, refused.value.code) == (field, code)


def test_the_last_date_counts_and_there_is_a_limit() -> None:
    first = date(2026, 11, 24)

    assert dates(first, Repeat(2, first + 4 * WEEK)) == [first, first + 2 * WEEK, first + 4 * WEEK]
    assert len(dates(first, Repeat(1, first + (MOST_DATES - 1) * WEEK))) == MOST_DATES
    assert Repeat(2, first).to_json(first) == {"every_weeks": 2, "weekday": 1, "until": "2026-11-24"}
