"""R20 and R21: how short and how long, measured as time passes, bookings in a row counted as one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.timespan import TimeSpan
from tests.core.world import MINUTE, a_room, has, minutes_of, near, only, quick, set_to, span, spans, verdict


def limited(rule: str, **params: object) -> dict[str, object]:
    return {rule: set_to(rule, **params)}


@pytest.mark.parametrize(("ends", "refused"), [("10:15", True), ("10:30", False), ("10:45", False)])
def test_r20_the_shortest_is_allowed(ends: str, refused: bool) -> None:
    room = a_room(settings=limited("R20", minutes=30))

    assert verdict(span("2026-11-24 10:00", ends), room).refused == refused


@pytest.mark.parametrize(
    ("starts", "ends", "most", "refused"),
    [
        ("2026-11-24 08:00", "16:00", 480, False),
        ("2026-11-24 08:00", "16:15", 480, True),
        ("2027-03-27 22:00", "2027-03-28 06:00", 7 * 60, False),
        ("2027-03-27 22:00", "2027-03-28 06:00", 7 * 60 - 15, True),
        ("2027-10-30 22:00", "2027-10-31 06:00", 9 * 60, False),
        ("2027-10-30 22:00", "2027-10-31 06:00", 8 * 60, True),
        ("2026-10-25 00:00", "2026-10-26 00:00", 24 * 60, True),
        ("2026-03-29 00:00", "2026-03-30 00:00", 23 * 60, False),
    ],
)
def test_r21_the_longest_is_counted_as_time_passes(starts: str, ends: str, most: int, refused: bool) -> None:
    room = a_room(settings=limited("R21", minutes=most))

    assert verdict(span(starts, ends), room).refused == refused


def test_r20_and_r21_tell_what_was_asked() -> None:
    short = verdict(span("2026-11-24 10:00", "10:15"), a_room(settings=limited("R20", minutes=30)))
    long = verdict(span("2026-11-24 10:00", "13:00"), a_room(settings=limited("R21", minutes=120)))

    assert only(short, "R20.too_short").facts == {"resource": "Teknobyen", "least_minutes": 30, "asked_minutes": 15}
    assert only(long, "R21.too_long").facts == {"resource": "Teknobyen", "most_minutes": 120, "asked_minutes": 180}


@pytest.mark.parametrize(
    ("gap", "others", "refused"),
    [
        (0, [("08:00", "10:00")], True),
        (0, [("08:00", "09:45")], False),
        (15, [("08:00", "09:45")], True),
        (15, [("08:00", "09:30")], False),
        (0, [("09:00", "10:00"), ("12:00", "13:00")], True),
        (0, [("08:00", "09:00"), ("09:00", "10:00")], True),
        (15, [("08:00", "08:45"), ("09:00", "09:45")], True),
        (0, [("12:00", "12:45"), ("12:45", "13:30")], True),
        (0, [("09:15", "10:00"), ("08:30", "09:15")], True),
        (0, [("13:00", "20:00")], False),
    ],
)
def test_r21_bookings_in_a_row_count_as_one(gap: int, others: list[tuple[str, str]], refused: bool) -> None:
    """Two hours are asked for, three are allowed."""
    own = tuple(span(f"2026-11-24 {starts}", ends) for starts, ends in others)
    room = a_room(settings=limited("R21", minutes=180, merge_gap_minutes=gap), same_party=own)

    assert verdict(span("2026-11-24 10:00", "12:00"), room).refused == refused


def test_r21_the_row_is_told() -> None:
    room = a_room(settings=limited("R21", minutes=180), same_party=(span("2026-11-24 08:00", "10:00"),))

    finding = only(verdict(span("2026-11-24 10:00", "12:00"), room), "R21.too_long")

    assert (finding.facts["asked_minutes"], finding.facts["total_minutes"]) == (120, 240)


@quick
@given(spans(step=5), st.integers(1, 300))
def test_r20_counts_every_minute(what: TimeSpan, least: int) -> None:
    room = a_room(settings=limited("R20", minutes=least))

    assert has(verdict(what, room), "R20") == (len(minutes_of(what)) < least)


@quick
@given(spans(longest=4 * 60), st.data())
def test_r21_spreads_along_the_row_minute_by_minute(what: TimeSpan, data: st.DataObject) -> None:
    others = data.draw(st.lists(near(what), max_size=5))
    gap, most = data.draw(st.sampled_from((0, 15, 40))), data.draw(st.integers(60, 600))
    room = a_room(settings=limited("R21", minutes=most, merge_gap_minutes=gap), same_party=tuple(others))
    row, before = minutes_of(what), set[datetime]()
    while row != before:
        before = set(row)
        reach = {edge for minute in row for edge in (minute - gap * MINUTE, minute + gap * MINUTE)} if gap else row
        beside = reach | {minute + step for minute in reach for step in (-MINUTE, MINUTE)}
        row |= {minute for other in others if minutes_of(other) & beside for minute in minutes_of(other)}

    assert has(verdict(what, room), "R21") == (len(row) > most)


def test_no_limit_is_no_finding() -> None:
    room = a_room(settings=limited("R20") | limited("R21"))

    assert verdict(span("2026-11-24 10:00", "2026-12-24 10:00"), room).codes == ()
    assert room.settings["R21"].params.to_json() == {"minutes": None, "merge_gap_minutes": 0}
    assert span("2026-11-24 10:00", "2026-12-24 10:00").duration == timedelta(days=30)
