"""R01 to R04 and R07: the edges of each, and each against a slow oracle."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.grid import down_to_grid, nearest_on_grid, on_grid, up_to_grid
from booking.core.judge import judge
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import (
    MINUTE,
    NIGHTS,
    OSLO,
    a_room,
    asks,
    at,
    each_minute,
    facts_of,
    has,
    only,
    quick,
    set_to,
    span,
    spans,
    verdict,
    wall,
)  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-11-24 11:00", "10:00"),
        ("2026-11-24 10:00", "10:00"),
        ("2026-11-24 10:00", "2026-11-23 12:00"),
        ("2026-10-25 02:30", "02:30"),
    ],
)
def test_r01_the_end_must_be_after_the_start(starts: str, ends: str) -> None:
    assert only(verdict(wall(starts, ends), a_room()), "R01.order").weight == Weight.LOCKED


@pytest.mark.parametrize("night", ["2026-03-29", "2027-03-28"])
def test_r01_a_missing_hour_comes_with_a_suggestion(night: str) -> None:
    finding = only(verdict(wall(f"{night} 02:30", "04:00"), a_room()), "R01.missing_hour")

    assert finding.facts["asked_wall"] == f"{night}T02:30:00"
    assert finding.way_out == {"starts": f"{night}T03:30:00"}


def test_r01_both_ends_may_be_missing() -> None:
    found = verdict(wall("2027-03-28 02:00", "02:30"), a_room())

    assert [finding.facts["which"] for finding in found.findings] == ["starts", "ends"]


@pytest.mark.parametrize("night", ["2026-10-25", "2027-10-31"])
@pytest.mark.parametrize(
    ("folds", "hours"), [((None, None), 1.0), ((0, 0), 1.0), ((1, 1), 1.0), ((0, 1), 2.0), ((1, None), 1.0)]
)
def test_r01_a_doubled_hour_is_the_first_unless_chosen(
    night: str, folds: tuple[int | None, int | None], hours: float
) -> None:
    found = wall(f"{night} 02:00", f"{night} 03:00" if folds == (1, None) else "02:59", *folds).resolve(OSLO)

    assert isinstance(found, TimeSpan)
    assert round(found.duration / timedelta(hours=1)) == hours


def test_r01_the_second_start_of_a_doubled_hour_takes_the_second_end_with_it() -> None:
    found = wall("2027-10-31 02:15", "02:45", 1).resolve(OSLO)

    assert found == TimeSpan(at("2027-10-31 02:15", fold=1), at("2027-10-31 02:45", fold=1))


walls = st.builds(
    lambda day, quarter: datetime.combine(day, time()) + quarter * 15 * MINUTE,
    st.sampled_from(NIGHTS), st.integers(0, 24),
)  # fmt: skip


@quick
@given(walls, st.integers(-8, 24), st.sampled_from((None, 0, 1)), st.sampled_from((None, 0, 1)))
def test_r01_times_are_those_a_watched_clock_shows(
    starts: datetime, quarters: int, start_fold: int | None, end_fold: int | None
) -> None:
    ends = starts + quarters * 15 * MINUTE
    night = TimeSpan(
        at(f"{starts.date()} 00:00") - timedelta(hours=6), at(f"{starts.date()} 12:00") + timedelta(days=1)
    )
    shown: dict[datetime, list[datetime]] = {}
    for instant in each_minute(night):
        shown.setdefault(instant.astimezone(OSLO).replace(tzinfo=None, fold=0), []).append(instant)

    found = WallSpan(starts, ends, start_fold, end_fold).resolve(OSLO)

    if starts not in shown or ends not in shown:
        assert not isinstance(found, TimeSpan)
        assert {finding.code for finding in found} == {"R01.missing_hour"}
        return
    first = shown[starts][-1 if start_fold else 0]
    chosen = shown[ends] if end_fold is None else [shown[ends][-1 if end_fold else 0]]
    later = (
        [each for each in chosen if each > first] if ends > starts else [each for each in chosen[:1] if each > first]
    )
    assert found == TimeSpan(first, later[0]) if later else found[0].code == "R01.order"  # type: ignore[index]


@quick
@given(spans(step=5))
def test_r01_a_span_s_own_wall_times_lead_back_to_it(what: TimeSpan) -> None:
    assert WallSpan.of(what, OSLO).resolve(OSLO) == what


@pytest.mark.parametrize(
    ("starts", "ends", "nearest"),
    [
        ("2026-11-24 10:07", "11:00", ("2026-11-24 10:00", "11:00")),
        ("2026-11-24 10:08", "11:00", ("2026-11-24 10:15", "11:00")),
        ("2026-11-24 10:00", "10:05", ("2026-11-24 10:00", "10:15")),
        ("2026-11-24 23:55", "2026-11-25 01:00", ("2026-11-25 00:00", "2026-11-25 01:00")),
    ],
)
def test_r02_off_the_grid_the_nearest_is_told(starts: str, ends: str, nearest: tuple[str, str]) -> None:
    finding = only(verdict(span(starts, ends), a_room()), "R02.grid")

    suggested = span(*nearest)
    assert finding.way_out == {"from": suggested.starts_at.isoformat(), "to": suggested.ends_at.isoformat()}


@quick
@given(spans(step=1), st.sampled_from((5, 15, 30, 60)))
def test_r02_the_grid_is_that_of_the_local_clock(what: TimeSpan, step: int) -> None:
    room = a_room(settings={"R02": set_to("R02", step_minutes=step)})
    on_it = all(end.astimezone(OSLO).minute in range(0, 60, step) for end in (what.starts_at, what.ends_at))

    assert has(verdict(what, room), "R02") == (not on_it)


def test_r02_the_hour_is_the_local_one_where_clocks_stand_a_quarter_off() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    ten = datetime(2026, 11, 24, 10, tzinfo=kathmandu)

    assert on_grid(ten, 60, kathmandu)
    assert not on_grid(ten.replace(minute=15), 60, kathmandu)
    assert up_to_grid(ten.replace(minute=1), 60, kathmandu) == ten.replace(hour=11)
    assert down_to_grid(ten.replace(minute=59), 60, kathmandu) == ten
    assert nearest_on_grid(ten.replace(minute=30), 60, kathmandu) == ten.replace(hour=11)


@pytest.mark.parametrize(
    ("now", "grace", "past"),
    [
        ("2026-11-24 10:00", None, False),
        ("2026-11-24 10:15", None, False),
        ("2026-11-24 10:16", None, True),
        ("2026-11-24 10:05", 5, False),
        ("2026-11-24 10:06", 5, True),
        ("2026-11-24 10:01", 0, True),
    ],
)
def test_r03_grace_is_a_step_of_the_grid_unless_set(now: str, grace: int | None, past: bool) -> None:
    room = a_room(settings={"R03": set_to("R03", grace_minutes=grace)})

    assert has(verdict(span("2026-11-24 10:00", "11:00"), room, now=at(now)), "R03") == past


def test_r03_tells_the_earliest_start_on_the_grid() -> None:
    finding = only(verdict(span("2026-11-24 10:00", "11:00"), a_room(), now=at("2026-11-24 10:20")), "R03.past")

    assert finding.way_out == {"from": at("2026-11-24 10:15").isoformat()}


@quick
@given(spans(step=1), st.integers(-90, 90), st.integers(0, 60))
def test_r03_is_a_count_of_minutes(what: TimeSpan, minutes_ago: int, grace: int) -> None:
    room = a_room(settings={"R03": set_to("R03", grace_minutes=grace)})
    now = what.starts_at + minutes_ago * MINUTE

    assert has(verdict(what, room, now=now), "R03") == (minutes_ago > grace)


@quick
@given(st.sampled_from(("draft", "active", "retired")), st.integers(0, 2), spans())
def test_r04_only_what_is_in_use_and_has_units_can_be_booked(state: str, units: int, what: TimeSpan) -> None:
    room = a_room(state=state, units=tuple(range(units)))

    assert has(verdict(what, room), "R04") == (state != "active" or not units)


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        (None, ()),
        (1, ("R07.too_few",)),
        (2, ()),
        (8, ()),
        (9, ("R07.too_many",)),
        (10, ("R07.too_many",)),
        (11, ("R07.fire_limit",)),
    ],
)
def test_r07_seats_and_least_are_notes_and_the_fire_limit_is_locked(people: int | None, codes: tuple[str, ...]) -> None:
    room = a_room(settings={"R07": set_to("R07", seats=8, fire_limit=10, least=2)})

    found = verdict(span("2026-11-24 10:00", "11:00"), room, people=people)

    assert found.codes == codes
    assert found.refused == ("R07.fire_limit" in codes)


limits = st.none() | st.integers(1, 12)


@quick
@given(limits, limits, limits, st.integers(1, 14))
def test_r07_counts_heads(seats: int | None, fire_limit: int | None, least: int | None, people: int) -> None:
    room = a_room(settings={"R07": set_to("R07", seats=seats, fire_limit=fire_limit, least=least)})
    heads = range(people)
    no_room = fire_limit is not None and len(heads[fire_limit:]) > 0
    standing = seats is not None and len(heads[seats:]) > 0

    found = verdict(span("2026-11-24 10:00", "11:00"), room, people=people)

    assert ("R07.fire_limit" in found.codes) == no_room
    assert ("R07.too_many" in found.codes) == (standing and not no_room)
    assert ("R07.too_few" in found.codes) == (least is not None and not heads[least - 1 :])
    assert found.refused == no_room


@pytest.mark.parametrize(
    ("one", "other", "people", "codes"),
    [
        ({"seats": 20}, {"seats": 25}, 45, ()),
        ({"seats": 20}, {"seats": 25}, 46, ("R07.too_many",)),
        ({"seats": 20, "fire_limit": 20}, {"seats": 25, "fire_limit": 30}, 45, ()),
        ({"seats": 20, "fire_limit": 20}, {"seats": 25, "fire_limit": 30}, 50, ("R07.too_many",)),
        ({"seats": 20, "fire_limit": 20}, {"seats": 25, "fire_limit": 30}, 51, ("R07.fire_limit",)),
        ({"fire_limit": 20}, {"seats": 25}, 45, ()),
        ({"fire_limit": 20}, {"seats": 25}, 46, ("R07.fire_limit",)),
        ({"fire_limit": 20}, {}, 21, ("R07.fire_limit",)),
        ({}, {"seats": 25}, 26, ("R07.too_many",)),
        ({}, {}, 99, ()),
    ],
)
def test_r07_several_rooms_of_one_booking_share_the_people(one, other, people, codes) -> None:
    what = span("2026-11-24 10:00", "11:00")
    rooms = [a_room(id=n, name=f"R{n}", settings={"R07": set_to("R07", **each)}) for n, each in ((1, one), (2, other))]
    facts = replace(facts_of(rooms[0], window=what), resources={room.id: room for room in rooms})
    items = tuple(Item(room.id) for room in rooms)

    for order in (items, items[::-1]):
        found = judge(replace(asks(what, people), items=order), facts)
        assert tuple(code for code in found.codes if code.startswith("R07")) == codes


def test_a_day_is_named_for_the_missing_hour() -> None:
    (finding,) = verdict(wall("2027-03-28 02:30", "05:00"), a_room()).findings

    assert finding.facts["day"] == date(2027, 3, 28).isoformat()
