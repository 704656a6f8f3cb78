"""R26 and R27: how far apart one's own bookings lie, and how many one holds at the same instant."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.timespan import TimeSpan
from tests.core.quota_world import place, ruled_room, use
from tests.core.world import MINUTE, NOW, OLA, each_minute, near, quick, span, spans, verdict

HOUR = span("2026-11-24 10:00", "11:00")
EARLY = NOW - timedelta(days=300)


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [
        ("11:30", "12:00", True),
        ("11:59", "12:30", True),
        ("12:00", "12:30", False),
        ("08:00", "09:00", False),
        ("08:00", "09:01", True),
        ("11:00", "12:00", False),
        ("11:15", "12:00", False),
        ("10:30", "12:00", False),
    ],
)
def test_r26_asks_for_an_hour_between_unless_they_count_as_one(starts: str, ends: str, refused: bool) -> None:
    """R21 counts bookings within fifteen minutes as one."""
    rules = {"R26": {"minutes": 60}, "R21": {"merge_gap_minutes": 15}}
    room = ruled_room(rules, use(span(f"2026-11-24 {starts}", ends)))

    assert verdict(HOUR, room, now=EARLY).codes == (("R26.too_close",) if refused else ())


def test_r26_minds_ones_own_and_the_scope() -> None:
    soon = span("2026-11-24 11:30", "12:00")
    other = place(2)

    assert not verdict(HOUR, ruled_room({"R26": {"minutes": 60}}, use(soon, member=OLA)), now=EARLY).refused
    assert not verdict(HOUR, ruled_room({"R26": {"minutes": 60}}, use(soon, of=other)), now=EARLY).refused
    by_kind = {"R26": {"minutes": 60, "over": "category"}}
    assert verdict(HOUR, ruled_room(by_kind, use(soon, of=other)), now=EARLY).refused


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        ([("10:00", "11:00")], False),
        ([("10:00", "11:00"), ("10:30", "12:00")], True),
        ([("10:00", "10:30"), ("10:30", "11:00")], False),
        ([("09:00", "10:00"), ("10:00", "11:00")], False),
        ([("08:00", "10:31"), ("10:30", "11:00")], True),
    ],
)
def test_r27_two_at_the_same_instant(others: list[tuple[str, str]], refused: bool) -> None:
    """What ends as another begins makes room for it; a third at one instant is one too many."""
    uses = [use(span(f"2026-11-24 {a}", b), of=place(2 + n), number=n + 1) for n, (a, b) in enumerate(others)]
    room = ruled_room({"R27": {"most": 2}}, *uses)

    assert verdict(HOUR, room, now=EARLY).codes == (("R27.too_many_at_once",) if refused else ())


def test_r27_each_unit_of_a_pool_is_one() -> None:
    room = ruled_room({"R27": {"most": 2}}, is_pool=True, units=(1, 2, 3))

    assert verdict(HOUR, room, now=EARLY, quantity=3).refused
    assert not verdict(HOUR, room, now=EARLY, quantity=2).refused


@st.composite
def worlds(draw: st.DrawFn) -> tuple[TimeSpan, list[TimeSpan]]:
    what = draw(spans(longest=4 * 60))
    return what, [draw(near(what, reach=6 * 60)) for _ in range(draw(st.integers(0, 5)))]


@quick
@given(worlds(), st.integers(1, 4), st.integers(15, 180), st.sampled_from((0, 30)))
def test_minute_by_minute(world: tuple[TimeSpan, list[TimeSpan]], most: int, gap: int, merged: int) -> None:
    what, others = world
    uses = [use(each, number=n + 1) for n, each in enumerate(others)]
    rules = {"R27": {"most": most}, "R26": {"minutes": gap}, "R21": {"merge_gap_minutes": merged}}

    found = verdict(what, ruled_room(rules, *uses), now=EARLY)

    at_once = max(1 + sum(each.contains(minute) for each in others) for minute in each_minute(what))
    assert ("R27.too_many_at_once" in found.codes) == (at_once > most)
    assert ("R26.too_close" in found.codes) == any(merged < apart(what, each) < gap for each in others)


def apart(what: TimeSpan, other: TimeSpan) -> float:
    """Minutes from the one to the other, counted one by one."""
    steps = 0
    while not other.overlaps(what.padded(steps * MINUTE, steps * MINUTE)) and not touches(what, other, steps):
        steps += 1
    return steps


def touches(what: TimeSpan, other: TimeSpan, steps: int) -> bool:
    return other.starts_at - what.ends_at == steps * MINUTE or what.starts_at - other.ends_at == steps * MINUTE
