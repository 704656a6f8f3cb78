"""A series is judged as if each date were asked for alone, after those before it had been booked; and R28."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.facts import ResourceFacts, Taken
from booking.core.judge import judge
from booking.core.request import SeriesShape, WallSpan
from booking.core.sequence import Sequence
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import (
    KARI,
    MINUTE,
    OSLO,
    a_pool,
    a_room,
    asks,
    closed,
    facts_of,
    quick,
    set_to,
    span,
    taken,
    verdict,
    weekly,
)

WINDOW = span("2027-03-20 00:00", "2027-04-10 00:00")
HOUR = span("2027-03-24 10:00", "11:00")
RULES: dict[str, Effective] = {
    "R06": set_to("R06", before_minutes=15, after_minutes=30),
    "R10": set_to("R10", windows=weekly(0, 1, 2, 3, 4)),
    "R21": set_to("R21", minutes=180),
}


@st.composite
def stretches(draw: st.DrawFn) -> TimeSpan:
    starts_at = WINDOW.starts_at + timedelta(days=1) + 15 * MINUTE * draw(st.integers(0, 18 * 96))
    return TimeSpan(starts_at, starts_at + 15 * MINUTE * draw(st.integers(1, 16)))


def room_with(busy: list[TimeSpan], *, pool: bool) -> ResourceFacts:
    kept: list[TimeSpan] = []
    for each in sorted(busy):
        if not kept or kept[-1].padded(15 * MINUTE, 30 * MINUTE).ends_at + 15 * MINUTE <= each.starts_at:
            kept.append(each)
    held = tuple(taken(each, before=15, after=30) for each in kept)
    room = a_pool(2) if pool else a_room()
    return replace(room, settings=RULES, taken=held, closed=(closed(span("2027-03-26 00:00", "2027-03-27 00:00")),))


@given(st.lists(stretches(), max_size=12), st.lists(stretches(), max_size=8), st.booleans())
@quick
def test_each_date_is_judged_with_all_that_was_taken_before_it(
    busy: list[TimeSpan], wanted: list[TimeSpan], pool: bool
) -> None:
    room = room_with(busy, pool=pool)
    whole = facts_of(room, window=WINDOW)
    sequence, seen = Sequence(whole), whole
    for number, each in enumerate(sorted(wanted)):
        request = asks(WallSpan.of(each, OSLO))
        found = sequence.verdict(number, request)
        expected = judge(request, seen)
        assert found.codes == expected.codes
        if found.allowed:
            sequence.take(number, request)
            now = seen.resources[room.id]
            mine = [
                Taken(unit, each.padded(15 * MINUTE, 30 * MINUTE), each, -1 - number, KARI)
                for unit in sequence.units(number, room.id)
            ]
            party = tuple(sorted({*now.same_party, each}))
            booked = replace(now, taken=(*now.taken, *mine), same_party=party)
            seen = replace(seen, resources={room.id: booked})


def test_what_was_taken_counts_for_others_and_not_for_itself() -> None:
    sequence = Sequence(facts_of(a_room(), window=WINDOW))
    sequence.take(0, asks(HOUR))

    assert sequence.verdict(0, asks(HOUR)).codes == ()
    assert sequence.verdict(1, asks(HOUR)).codes == ("R05.overlap",)
    sequence.let_go(0)
    assert sequence.verdict(1, asks(HOUR)).codes == ()


def test_a_part_that_shares_the_unit_is_taken_too() -> None:
    whole, part = a_room(units=(1, 2)), replace(a_room(units=(2,)), id=2, slug="part")
    sequence = Sequence(facts_of(whole, part, window=WINDOW))
    sequence.take(0, asks(HOUR))
    of_part = replace(asks(HOUR), items=(replace(asks(HOUR).items[0], resource_id=2),))

    assert sequence.verdict(1, of_part).codes == ("R05.overlap",)


def test_other_times_keep_clear_of_the_other_dates() -> None:
    sequence = Sequence(facts_of(a_room(taken=(taken(HOUR),)), window=WINDOW))
    sequence.take(0, asks(span("2027-03-24 11:00", "12:00")))

    near = sequence.near(1, asks(HOUR), span("2027-03-24 09:00", "13:00"), 3)

    assert near == [span("2027-03-24 09:00", "10:00"), span("2027-03-24 12:00", "13:00")]


@pytest.mark.parametrize(
    ("params", "shape", "code"),
    [
        ({}, SeriesShape(53, 366), None),
        ({}, SeriesShape(54, 366), "R28.too_many"),
        ({}, SeriesShape(53, 367), "R28.too_far"),
        ({"most_occurrences": 104}, SeriesShape(104, 366), None),
        ({"most_occurrences": None, "most_days": None}, SeriesShape(400, 3000), None),
        ({"allowed": False}, SeriesShape(2, 7), "R28.not_allowed"),
        ({"allowed": False}, SeriesShape(1, 1), None),
    ],
)
def test_r28_bounds_a_series(params: dict[str, object], shape: SeriesShape, code: str | None) -> None:
    room = a_room(settings={"R28": set_to("R28", **params)})
    request = asks(HOUR, series=shape)

    assert judge(request, facts_of(room, window=WINDOW)).codes == ((code,) if code else ())


def test_r28_says_nothing_of_a_booking_by_itself() -> None:
    assert verdict(HOUR, a_room(settings={"R28": set_to("R28", allowed=False)})).codes == ()


def test_a_long_series_may_ask_for_approval_instead() -> None:
    room = a_room(settings={"R28": set_to("R28", Weight.NEEDS_APPROVAL, most_occurrences=4)})
    found = judge(asks(HOUR, series=SeriesShape(5, 29)), facts_of(room, window=WINDOW))

    assert found.needs_approval


@quick
@given(st.integers(1, 60), st.integers(0, 400), st.booleans(), st.integers(1, 60), st.integers(1, 400))
def test_r28_against_the_sentence(dates: int, days: int, allowed: bool, most: int, longest: int) -> None:
    """One booking is no series; otherwise it may repeat, so many times, over so many days."""
    room = a_room(settings={"R28": set_to("R28", allowed=allowed, most_occurrences=most, most_days=longest)})
    expected: set[str] = set()
    if dates > 1 and not allowed:
        expected = {"R28.not_allowed"}
    elif dates > 1:
        expected |= {"R28.too_many"} if dates > most else set()
        expected |= {"R28.too_far"} if days > longest else set()

    found = judge(asks(HOUR, series=SeriesShape(dates, days)), facts_of(room, window=WINDOW))

    assert set(found.codes) == expected
