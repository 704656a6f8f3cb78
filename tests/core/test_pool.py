"""Pools: a request is seated exactly when some instant does not already hold every unit, and nobody is disturbed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from booking.core.blocking import room_in_pool
from booking.core.facts import Taken
from booking.core.pool import Held, Seating, Usage, seat
from booking.core.timespan import TimeSpan
from tests.core.world import a_pool, has, set_to, span, taken, verdict

ZERO = datetime(2026, 11, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG_AGO = ZERO - 1000 * HOUR
thorough = settings(max_examples=300, deadline=None)


def hours(start: int, end: int) -> TimeSpan:
    return TimeSpan(ZERO + start * HOUR, ZERO + end * HOUR)


def windows(last: int = 14, longest: int = 5) -> st.SearchStrategy[TimeSpan]:
    return st.builds(lambda start, length: hours(start, start + length), st.integers(0, last), st.integers(1, longest))


def peak(held: list[Held], within: TimeSpan) -> int:
    """Hour by hour, without any cleverness."""
    instants = [within.starts_at + n * HOUR for n in range(within.duration // HOUR)]
    return max(sum(each.busy.contains(instant) for each in held) for instant in instants)


def after(held: list[Held], seating: Seating, wanted: TimeSpan) -> list[Held]:
    """Who holds what once everybody has moved."""
    by_item = {each.item_id: each for each in held}
    pairs = {(each.item_id, each.unit_id) for each in held}
    for move in seating.moves:
        assert len(move.gives) == len(move.takes)
        pairs -= {(move.item_id, unit) for unit in move.gives}
        pairs |= {(move.item_id, unit) for unit in move.takes}
    moved = [replace(by_item[item], unit_id=unit) for item, unit in pairs]
    return moved + [Held(0, unit, wanted) for unit in seating.units]


def on_unit(held: Held, unit: int) -> Held:
    return replace(held, unit_id=unit)


def is_disjoint(held: list[Held]) -> bool:
    return not any(
        one.unit_id == other.unit_id and one.busy.overlaps(other.busy)
        for n, one in enumerate(held)
        for other in held[n + 1 :]
    )


@st.composite
def streams(draw: st.DrawFn) -> tuple[int, list[tuple[TimeSpan, int]]]:
    """A number of units, and requests in the order in which they come."""
    units = draw(st.integers(1, 4))
    requests = st.tuples(windows(), st.integers(1, units + 1))
    return units, draw(st.lists(requests, min_size=1, max_size=14))


@thorough
@given(streams())
def test_a_request_is_seated_if_and_only_if_no_instant_is_too_full(stream: tuple[int, list[tuple[TimeSpan, int]]]):
    units, requests = stream
    held: list[Held] = []
    for number, (wanted, quantity) in enumerate(requests, start=1):
        seating = seat(range(1, units + 1), held, wanted, quantity, LONG_AGO)

        assert (seating is not None) == (peak(held, wanted) + quantity <= units)
        if seating is None:
            continue
        assert len(set(seating.units)) == quantity
        before = Counter(each.item_id for each in held)
        held = [replace(each, item_id=each.item_id or number) for each in after(held, seating, wanted)]
        assert is_disjoint(held)
        assert {item: n for item, n in Counter(each.item_id for each in held).items() if item != number} == before


@thorough
@given(streams(), st.integers(0, 16))
def test_what_has_begun_keeps_its_unit_and_only_what_begins_inside_the_window_or_later_moves(stream, hour: int):
    units, requests = stream
    held: list[Held] = []
    now = ZERO + hour * HOUR
    for number, (wanted, quantity) in enumerate(requests, start=1):
        seating = seat(range(1, units + 1), held, wanted, quantity, now)
        if seating is None:
            continue
        moved = {move.item_id for move in seating.moves}
        assert all(each.starts_at > now for each in held if each.item_id in moved)
        assert all(each.starts_at > wanted.starts_at for each in held if each.item_id in moved)
        held = [replace(each, item_id=each.item_id or number) for each in after(held, seating, wanted)]
        assert is_disjoint(held)


@thorough
@given(streams(), st.integers(0, 8))
def test_the_room_the_judge_sees_is_the_room_there_is_also_for_what_begins_before_now(stream, hour: int):
    units, requests = stream
    held: list[Held] = []
    now = ZERO + hour * HOUR
    for number, (wanted, quantity) in enumerate(requests, start=1):
        pool = a_pool(units, taken=tuple(Taken(each.unit_id, each.busy, each.busy, each.item_id, 2) for each in held))
        room = room_in_pool(wanted, pool, now)

        seatings = [seat(pool.units, held, wanted, many, now) for many in range(1, units + 1)]

        assert [seating is not None for seating in seatings] == [many <= room for many in range(1, units + 1)]
        seating = seat(pool.units, held, wanted, quantity, now)
        if seating is not None:
            held = [replace(each, item_id=each.item_id or number) for each in after(held, seating, wanted)]


@settings(max_examples=100, deadline=None)
@given(st.lists(windows(6, 4), max_size=5), windows(6, 4), st.integers(1, 3))
def test_it_is_as_good_as_trying_every_arrangement(busy: list[TimeSpan], wanted: TimeSpan, units: int):
    """Those that begin after the window may be anywhere; those before stay."""
    held: list[Held] = []
    for number, each in enumerate(busy, start=1):
        free = [u for u in range(1, units + 1) if not any(h.unit_id == u and h.busy.overlaps(each) for h in held)]
        if free:
            held.append(Held(number, free[number % len(free)], each))
    assume(held)
    fixed = [each for each in held if each.starts_at <= wanted.starts_at]
    loose = [each for each in held if each.starts_at > wanted.starts_at]
    somehow = any(
        is_disjoint([*fixed, *map(on_unit, loose, places), Held(0, own, wanted)])
        for places in product(range(1, units + 1), repeat=len(loose))
        for own in range(1, units + 1)
    )

    assert (seat(range(1, units + 1), held, wanted, 1, LONG_AGO) is not None) == somehow


def test_the_tightest_gap_is_filled_first_and_nobody_moves_without_need():
    held = [Held(1, 1, hours(0, 2)), Held(2, 2, hours(0, 4))]

    assert seat((1, 2, 3), held, hours(4, 6), 1, LONG_AGO) == Seating((2,))


def test_the_one_that_comes_later_moves_to_make_room_on_one_unit():
    seating = seat((1, 2), [Held(1, 1, hours(4, 6)), Held(2, 2, hours(6, 8))], hours(3, 7), 1, LONG_AGO)

    assert seating is not None
    assert seating.units == (2,)
    assert [(move.item_id, move.gives, move.takes) for move in seating.moves] == [(2, {2}, {1})]
    assert seat((1, 2), [Held(1, 1, hours(4, 7)), Held(2, 2, hours(6, 8))], hours(3, 7), 1, LONG_AGO) is None


def test_a_pinned_one_stays_and_its_neighbour_moves_instead():
    held = [Held(1, 1, hours(4, 6), pinned=True), Held(2, 2, hours(6, 8))]

    seating = seat((1, 2), held, hours(3, 7), 1, LONG_AGO)

    assert seating is not None
    assert seating.units == (2,)
    assert [move.item_id for move in seating.moves] == [2]
    assert seat((1, 2), [held[0], replace(held[1], pinned=True)], hours(3, 7), 1, LONG_AGO) is None


def test_a_booking_that_has_begun_is_lengthened_where_it_is():
    held = [Held(1, 1, hours(4, 6))]

    assert seat((1, 2), held, hours(0, 5), 1, ZERO + HOUR).units == (2,)
    kept = seat((1, 2), held, hours(0, 5), 1, ZERO + HOUR, keep=(1,))
    assert kept is not None
    assert kept.units == (1,)
    assert [move.item_id for move in kept.moves] == [1]


@given(st.lists(windows(), max_size=8), windows(), st.integers(-1, 3))
def test_usage_is_as_counted_hour_by_hour(busy: list[TimeSpan], within: TimeSpan, limit: int):
    usage, held = Usage(busy), [Held(n, n, each) for n, each in enumerate(busy)]
    instants = [within.starts_at + n * HOUR for n in range(within.duration // HOUR)]

    assert usage.peak(within) == peak(held, within)
    assert [usage.above(limit, within).overlaps(TimeSpan(at, at + HOUR)) for at in instants] == [
        sum(each.contains(at) for each in busy) > limit for at in instants
    ]


@settings(max_examples=100, deadline=None)
@given(streams(), st.sampled_from((0, 60)))
def test_the_judge_refuses_exactly_when_the_pool_is_too_full(stream, after_minutes: int):
    """R05 where others' own times fill it, R06 where only set-up and clean-up do."""
    units, requests = stream
    held: list[Held] = []
    for wanted, _ in requests:
        seating = seat(range(1, units + 1), held, wanted, 1, LONG_AGO)
        if seating:
            held = after(held, seating, wanted)
            held = [replace(each, item_id=each.item_id or len(held)) for each in held]
    wanted, quantity = requests[-1][0].shifted(HOUR), requests[-1][1]
    pool = a_pool(
        units,
        settings={"R06": set_to("R06", after_minutes=after_minutes)},
        taken=tuple(taken(each.busy, unit=each.unit_id) for each in held),
    )
    blocked = wanted.padded(timedelta(), timedelta(minutes=after_minutes))

    found = verdict(wanted, pool, quantity=quantity)

    assert found.refused == (peak(held, blocked) + quantity > units)
    assert has(found, "R05") or has(found, "R06") or not found.refused
    if peak(held, wanted) + quantity > units:
        assert found.codes == ("R05.overlap",)


def test_a_pool_that_is_full_tells_how_many_are_free_at_the_fullest_moment():
    pool = a_pool(3, taken=(
        taken(span("2026-11-24 10:00", "11:00"), unit=1),
        taken(span("2026-11-24 11:00", "12:00"), unit=2),
        taken(span("2026-11-24 11:30", "12:00"), unit=3),
    ))  # fmt: skip

    (finding,) = verdict(span("2026-11-24 10:00", "12:00"), pool, quantity=2).findings

    assert (finding.code, finding.facts["free"], finding.facts["total"]) == ("R05.overlap", 1, 3)
    worst = span("2026-11-24 11:30", "12:00")
    assert finding.facts["from"] == worst.starts_at.isoformat()
    assert verdict(span("2026-11-24 10:00", "12:00"), pool).codes == ()
