"""R19: how late a booking can be changed or given back; what it is silent about, and when time is given back at all."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.judge import judge, judge_lateness
from booking.core.request import Item
from booking.core.rules.deadline import gives_time_back
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict, Weight
from tests.core.world import (
    MINUTE,
    a_room,
    asks,
    at,
    closed,
    each_minute,
    facts_of,
    minutes_of,
    near,
    only,
    quick,
    set_to,
    span,
    spans,
)  # fmt: skip

BOOKED = span("2026-11-24 10:00", "11:00")
LONG_AGO = at("2026-11-01 10:00")
STRICT = a_room(settings={"R19": set_to("R19", hours=24, effect="refuse")})
MILD = a_room(settings={"R19": set_to("R19", hours=24, effect="late_mark")})


def late(room, now: datetime, after: TimeSpan | None = None, made_at: datetime = LONG_AGO) -> Verdict:
    facts = facts_of(room, window=BOOKED.padded(timedelta(days=2), timedelta(days=2)), now=now)
    return judge_lateness(asks(BOOKED), asks(after) if after else None, facts, made_at)


@pytest.mark.parametrize(("now", "refused"), [("2026-11-23 10:00", False), ("2026-11-23 10:01", True)])
def test_r19_a_cancellation_is_refused_a_minute_after_the_deadline(now: str, refused: bool) -> None:
    found = late(STRICT, at(now))

    assert found.refused == refused
    assert found.codes == (("R19.too_late",) if refused else ())


def test_r19_a_late_mark_is_a_note_and_no_effect_is_silence() -> None:
    noted = only(late(MILD, at("2026-11-24 08:00")), "R19.late")
    silent = a_room(settings={"R19": set_to("R19", hours=24)})

    assert noted.weight is Weight.NOTES
    assert late(silent, at("2026-11-24 08:00")) == Verdict()
    assert late(a_room(), at("2026-11-24 08:00")) == Verdict()


@pytest.mark.parametrize(("minutes", "refused"), [(5, False), (6, True)])
def test_r19_whoever_has_just_booked_may_think_again(minutes: int, refused: bool) -> None:
    now = at("2026-11-24 08:00")

    assert late(STRICT, now, made_at=now - minutes * MINUTE).refused == refused


def test_r19_is_waived_where_it_is_closed_anyway_and_once_it_has_begun() -> None:
    shut = replace(STRICT, closed=(closed(span("2026-11-24 10:30", "12:00")),))

    assert not late(shut, at("2026-11-24 08:00")).refused
    assert not late(STRICT, at("2026-11-24 10:00")).refused


def test_r19_says_nothing_of_a_new_booking() -> None:
    facts = facts_of(STRICT, window=BOOKED.padded(timedelta(days=1), timedelta(days=1)), now=at("2026-11-24 09:00"))

    assert "R19.too_late" not in judge(asks(BOOKED), facts).codes


def test_r19_fewer_units_or_another_resource_give_something_back() -> None:
    facts = facts_of(a_room(), window=BOOKED)
    two = asks(BOOKED, quantity=2)

    assert gives_time_back(two, asks(BOOKED), facts)
    assert gives_time_back(two, replace(two, items=(Item(2, 2),)), facts)
    assert not gives_time_back(asks(BOOKED), two, facts)


@quick
@given(st.data())
def test_r19_time_is_given_back_when_a_minute_of_it_is_not_kept(data: st.DataObject) -> None:
    before = data.draw(spans(longest=240))
    after = data.draw(near(before))

    missing = minutes_of(before) - set(each_minute(after))

    assert gives_time_back(asks(before), asks(after), facts_of(a_room(), window=before)) == bool(missing)
