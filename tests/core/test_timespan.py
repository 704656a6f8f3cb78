"""TimeSpan and SpanSet against plain sets of minutes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.timespan import SpanSet, TimeSpan
from tests.core.world import MINUTE, minutes_of, quick, span

START = datetime(2026, 11, 24, tzinfo=UTC)


@st.composite
def short_spans(draw: st.DrawFn) -> TimeSpan:
    starts_at = START + MINUTE * draw(st.integers(0, 60))
    return TimeSpan(starts_at, starts_at + MINUTE * draw(st.integers(1, 12)))


span_sets = st.lists(short_spans(), max_size=6).map(SpanSet)


def minutes(what: SpanSet) -> set[datetime]:
    return {minute for each in what for minute in minutes_of(each)}


@pytest.mark.parametrize("length", [timedelta(0), -MINUTE])
def test_a_span_ends_after_it_starts(length: timedelta) -> None:
    with pytest.raises(ValueError, match="must end after"):
        TimeSpan(START, START + length)


def test_a_span_knows_its_zone_and_keeps_utc() -> None:
    with pytest.raises(ValueError, match="zone"):
        TimeSpan(START.replace(tzinfo=None), START + MINUTE)

    elsewhere = START.astimezone(timezone(timedelta(hours=5)))

    assert TimeSpan(elsewhere, START + MINUTE) == TimeSpan(START, START + MINUTE)
    assert TimeSpan(elsewhere, START + MINUTE).starts_at.tzinfo is UTC


def test_touching_spans_do_not_overlap_but_merge() -> None:
    morning, noon = span("2026-11-24 10:00", "11:00"), span("2026-11-24 11:00", "12:00")

    assert not morning.overlaps(noon)
    assert morning.intersection(noon) is None
    assert list(SpanSet([noon, morning])) == [span("2026-11-24 10:00", "12:00")]


def test_a_span_holds_its_start_and_not_its_end() -> None:
    hour = span("2026-11-24 10:00", "11:00")

    assert hour.contains(hour.starts_at)
    assert not hour.contains(hour.ends_at)


def test_a_night_when_the_clock_changes_is_measured_as_it_passes() -> None:
    assert span("2027-03-27 22:00", "2027-03-28 06:00").duration == timedelta(hours=7)
    assert span("2027-10-30 22:00", "2027-10-31 06:00").duration == timedelta(hours=9)


def test_padding_and_shifting() -> None:
    hour = span("2026-11-24 10:00", "11:00")

    assert hour.padded(timedelta(minutes=15), timedelta(minutes=30)) == span("2026-11-24 09:45", "11:30")
    assert hour.shifted(timedelta(hours=2)) == span("2026-11-24 12:00", "13:00")


@quick
@given(short_spans(), short_spans())
def test_two_spans_are_as_their_minutes(a: TimeSpan, b: TimeSpan) -> None:
    common = a.intersection(b)

    assert a.overlaps(b) == bool(minutes_of(a) & minutes_of(b))
    assert a.covers(b) == (minutes_of(b) <= minutes_of(a))
    assert (minutes_of(common) if common else set()) == minutes_of(a) & minutes_of(b)


@quick
@given(span_sets, span_sets)
def test_sets_add_and_take_away_as_their_minutes(a: SpanSet, b: SpanSet) -> None:
    assert minutes(a | b) == minutes(a) | minutes(b)
    assert minutes(a & b) == minutes(a) & minutes(b)
    assert minutes(a - b) == minutes(a) - minutes(b)
    assert a.total == MINUTE * len(minutes(a))
    assert bool(a) == bool(minutes(a))


@quick
@given(span_sets, short_spans())
def test_covering_overlapping_and_gaps_are_as_their_minutes(a: SpanSet, one: TimeSpan) -> None:
    assert a.covers(one) == (minutes_of(one) <= minutes(a))
    assert a.overlaps(one) == bool(minutes_of(one) & minutes(a))
    assert minutes(a.gaps(one)) == minutes_of(one) - minutes(a)


@quick
@given(span_sets, span_sets)
def test_a_set_of_instants_has_one_form(a: SpanSet, b: SpanSet) -> None:
    assert (a - b) | (a & b) == a
    assert hash(SpanSet(reversed(a.spans))) == hash(a)
    assert all(first.ends_at < second.starts_at for first, second in zip(a.spans, a.spans[1:], strict=False))
