"""R05 and R06: clashes and buffers, for single rooms, halls and pools, against a sweep of minutes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.facts import ResourceFacts, Taken
from booking.core.judge import busy_window, free_units
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import (
    a_pool,
    a_room,
    closed,
    has,
    minutes_of,
    near,
    only,
    quick,
    set_to,
    span,
    spans,
    taken,
    verdict,
)  # fmt: skip

TEN_TO_ELEVEN = span("2026-11-24 10:00", "11:00")


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        ("2026-11-24 09:00", "10:00", False),
        ("2026-11-24 11:00", "12:00", False),
        ("2026-11-24 09:00", "10:15", True),
        ("2026-11-24 10:45", "12:00", True),
        ("2026-11-24 10:15", "10:45", True),
        ("2026-11-24 09:00", "12:00", True),
        ("2026-11-24 10:00", "11:00", True),
    ],
)
def test_r05_touching_is_fine_and_any_shared_minute_is_not(starts: str, ends: str, clash: bool) -> None:
    found = verdict(span(starts, ends), a_room(taken=(taken(TEN_TO_ELEVEN),)))

    assert found.codes == (("R05.overlap",) if clash else ())


def test_r05_says_when_it_is_taken_and_not_by_whom() -> None:
    finding = only(verdict(TEN_TO_ELEVEN, a_room(taken=(taken(TEN_TO_ELEVEN),))), "R05.overlap")

    assert finding.weight == Weight.LOCKED
    assert finding.facts["from"] == TEN_TO_ELEVEN.starts_at.isoformat()
    assert finding.facts["to"] == TEN_TO_ELEVEN.ends_at.isoformat()
    assert set(finding.facts) == {"resource", "from", "to", "taken"}


def test_r05_tells_every_stretch_that_is_taken_at_once() -> None:
    morning, noon, evening = (span(f"2026-11-24 {hour}:00", f"{hour + 1}:00") for hour in (10, 11, 14))
    room = a_room(taken=(taken(evening), taken(noon), taken(morning)))

    finding = only(verdict(span("2026-11-24 08:00", "16:00"), room), "R05.overlap")

    stretches = [span("2026-11-24 10:00", "12:00"), evening]
    assert finding.facts["taken"] == [[each.starts_at.isoformat(), each.ends_at.isoformat()] for each in stretches]


def test_r05_a_clash_across_the_doubled_hour_is_seen() -> None:
    night = span("2027-10-31 01:00", "04:00")
    second = TimeSpan(night.starts_at + timedelta(hours=2), night.starts_at + timedelta(hours=3))

    assert has(verdict(second, a_room(taken=(taken(night),))), "R05")


@pytest.mark.parametrize(("pending_blocks", "codes"), [(True, ("R05.overlap",)), (False, ())])
def test_r05_a_request_holds_its_time_unless_requests_compete(pending_blocks: bool, codes: tuple[str, ...]) -> None:
    settings = {"R05": set_to("R05", pending_blocks=pending_blocks)}
    room = a_room(taken=(taken(TEN_TO_ELEVEN, requested=True),), settings=settings)

    assert verdict(TEN_TO_ELEVEN, room).codes == codes


def test_r05_a_hall_needs_all_its_parts() -> None:
    hall = a_room(units=(1, 2), taken=(taken(TEN_TO_ELEVEN, unit=2),))

    assert verdict(TEN_TO_ELEVEN, hall).codes == ("R05.overlap",)


@pytest.mark.parametrize(("quantity", "codes"), [(1, ()), (2, ()), (3, ("R05.overlap",)), (4, ("R05.overlap",))])
def test_r05_a_pool_is_fine_while_units_are_free(quantity: int, codes: tuple[str, ...]) -> None:
    pool = a_pool(3, taken=(taken(TEN_TO_ELEVEN, unit=2),))

    found = verdict(TEN_TO_ELEVEN, pool, quantity=quantity)

    assert found.codes == codes
    assert all((finding.facts["free"], finding.facts["asked"]) == (2, quantity) for finding in found.findings)


def test_r05_more_units_than_there_are_is_never_free() -> None:
    assert verdict(TEN_TO_ELEVEN, a_pool(2), quantity=3).codes == ("R05.overlap",)


def test_r06_the_gap_is_clean_up_after_one_and_set_up_before_the_next() -> None:
    settings = {"R06": set_to("R06", before_minutes=10, after_minutes=20)}
    room = a_room(settings=settings, taken=(taken(TEN_TO_ELEVEN, before=10, after=20),))

    finding = only(verdict(span("2026-11-24 11:15", "12:00"), room), "R06.buffer")

    assert finding.facts["minutes"] == 30
    assert finding.weight == Weight.REFUSES
    assert verdict(span("2026-11-24 11:30", "12:00"), room).codes == ()
    assert verdict(span("2026-11-24 09:00", "09:30"), room).codes == ()
    assert verdict(span("2026-11-24 09:00", "09:45"), room).codes == ("R06.buffer",)


def test_r06_a_neighbour_keeps_the_buffer_it_was_booked_with() -> None:
    room = a_room(taken=(taken(TEN_TO_ELEVEN, after=45),))

    finding = only(verdict(span("2026-11-24 11:30", "12:00"), room), "R06.buffer")

    assert finding.facts["minutes"] == 45


def test_r06_an_overlap_is_told_as_an_overlap_alone() -> None:
    room = a_room(settings={"R06": set_to("R06", after_minutes=20)}, taken=(taken(TEN_TO_ELEVEN, after=20),))

    assert verdict(span("2026-11-24 10:45", "12:00"), room).codes == ("R05.overlap",)


def test_r06_cannot_be_made_a_mere_note_because_the_database_keeps_blocked_intervals_apart() -> None:
    settings = {"R06": set_to("R06", Weight.NOTES, after_minutes=20)}
    room = a_room(settings=settings, taken=(taken(TEN_TO_ELEVEN, after=20),))

    assert verdict(span("2026-11-24 11:00", "12:00"), room).refused


def test_r06_set_up_may_lie_outside_opening_hours() -> None:
    hours = set_to("R10", windows=[{"weekday": 1, "opens": "10:00", "closes": "11:00"}])
    room = a_room(settings={"R10": hours, "R06": set_to("R06", before_minutes=30, after_minutes=30)})

    assert verdict(TEN_TO_ELEVEN, room).codes == ()


@pytest.mark.parametrize(("staffed", "codes"), [(True, ("R06.staffed_turnover",)), (False, ())])
def test_r06_a_turnover_by_staff_may_not_fall_in_a_closure(staffed: bool, codes: tuple[str, ...]) -> None:
    settings = {"R06": set_to("R06", after_minutes=30, staffed_turnover=staffed)}
    room = a_room(settings=settings, closed=(closed(span("2026-11-24 11:15", "15:00")),))

    assert verdict(TEN_TO_ELEVEN, room).codes == codes


def test_a_unit_is_free_when_its_neighbours_buffers_and_our_own_leave_room() -> None:
    settings = {"R06": set_to("R06", before_minutes=15)}
    pool = a_pool(3, settings=settings, taken=(taken(TEN_TO_ELEVEN, unit=1, after=30), taken(TEN_TO_ELEVEN, unit=2)))

    assert free_units(span("2026-11-24 11:00", "12:00"), pool) == (3,)
    assert free_units(span("2026-11-24 11:15", "12:00"), pool) == (2, 3)
    assert free_units(span("2026-11-24 11:30", "12:00"), pool) == (2, 3)
    assert free_units(span("2026-11-24 11:45", "12:00"), pool) == (1, 2, 3)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[TimeSpan, ResourceFacts, int]:
    """A span, a resource with bookings around it, and how many units are asked for."""
    what = draw(spans(longest=6 * 60))
    units = draw(st.integers(1, 3))
    bookings: list[Taken] = []
    for each in draw(st.lists(near(what), max_size=7)):
        buffers = [draw(st.sampled_from((0, 15, 30))) for _ in range(2)]
        unit = draw(st.integers(1, units))
        bookings.append(taken(each, unit=unit, before=buffers[0], after=buffers[1], requested=draw(st.booleans())))
    settings = {
        "R05": set_to("R05", pending_blocks=draw(st.booleans())),
        "R06": set_to(
            "R06", before_minutes=draw(st.sampled_from((0, 15))), after_minutes=draw(st.sampled_from((0, 30)))
        ),
    }
    room = a_pool(units, settings=settings, taken=tuple(bookings))
    return what, replace(room, is_pool=draw(st.booleans())), draw(st.integers(1, 3))


def minutes_held(room: ResourceFacts, unit: int, *, with_buffers: bool) -> set[datetime]:
    pending_blocks = room.is_pool or room.settings["R05"].params.to_json()["pending_blocks"]
    holding = [each for each in room.taken if each.unit_id == unit and (pending_blocks or not each.requested)]
    return {minute for each in holding for minute in minutes_of(each.busy if with_buffers else each.span)}


@quick
@given(worlds())
def test_r05_and_r06_are_as_a_sweep_of_minutes(world: tuple[TimeSpan, ResourceFacts, int]) -> None:
    what, room, quantity = world
    buffer = room.settings["R06"].params.to_json()
    busy = what.padded(timedelta(minutes=buffer["before_minutes"]), timedelta(minutes=buffer["after_minutes"]))  # type: ignore[arg-type]
    needed = quantity if room.is_pool else len(room.units)
    bare = [u for u in room.units if not minutes_held(room, u, with_buffers=False) & minutes_of(what)]
    whole = [u for u in bare if not minutes_held(room, u, with_buffers=True) & minutes_of(busy)]

    found = verdict(what, room, quantity=quantity)

    assert busy_window(what, room) == busy
    assert list(free_units(what, room)) == whole
    if room.is_pool:
        assert (has(found, "R05") or has(found, "R06")) == (least_free(room, busy) < quantity)
    else:
        assert has(found, "R05") == (len(bare) < needed)
        assert has(found, "R06") == (len(whole) < needed <= len(bare))


def least_free(room: ResourceFacts, within: TimeSpan) -> int:
    """How many units nobody holds in the fullest minute."""
    return min(
        len(room.units) - sum(taken.busy.contains(minute) for taken in room.taken) for minute in minutes_of(within)
    )
