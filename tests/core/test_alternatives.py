"""Other times that are offered can be had, and where stepping through the window finds one, so do we."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.core.alternatives import near_times, wanted_span
from booking.core.facts import Facts, MemberFacts, MembershipFacts, ResourceFacts
from booking.core.judge import busy_window, judge
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import (
    KARI,
    MINUTE,
    OSLO,
    a_pool,
    a_room,
    asks,
    at,
    closed,
    facts_of,
    near,
    set_to,
    span,
    spans,
    taken,
    wall,
    weekly,
)  # fmt: skip

WINDOW = span("2026-11-23 00:00", "2026-11-30 00:00")
TEN_TO_ELEVEN = span("2026-11-24 10:00", "11:00")
HOURS = {"R10": set_to("R10", windows=weekly(0, 1, 2, 3, 4))}


def offered(what: TimeSpan | WallSpan, *rooms: ResourceFacts, most: int = 3, **more: int) -> list[TimeSpan]:
    return near_times(asks(what, **more), facts_of(*rooms, window=WINDOW), most=most)


def test_the_nearest_before_and_after_come_first() -> None:
    room = a_room(settings=HOURS, taken=(taken(TEN_TO_ELEVEN),))

    assert offered(TEN_TO_ELEVEN, room, most=2) == [
        span("2026-11-24 09:00", "10:00"),
        span("2026-11-24 11:00", "12:00"),
    ]


def test_buffers_are_kept_to_both_sides() -> None:
    buffers = HOURS | {"R06": set_to("R06", before_minutes=15, after_minutes=30)}
    room = a_room(settings=buffers, taken=(taken(TEN_TO_ELEVEN, before=15, after=30),))

    assert offered(TEN_TO_ELEVEN, room, most=2) == [
        span("2026-11-24 08:15", "09:15"),
        span("2026-11-24 11:45", "12:45"),
    ]


def test_after_closing_time_the_end_of_the_day_is_offered_and_the_next_morning() -> None:
    late = span("2026-11-24 20:00", "21:00")

    assert offered(late, a_room(settings=HOURS), most=2) == [
        span("2026-11-24 16:00", "17:00"),
        span("2026-11-25 07:00", "08:00"),
    ]


def test_length_off_the_grid_is_rounded_up() -> None:
    room = a_room(settings=HOURS, taken=(taken(TEN_TO_ELEVEN),))

    assert offered(span("2026-11-24 10:05", "11:00"), room, most=1) == [span("2026-11-24 11:00", "12:00")]


def test_a_time_that_nothing_refuses_comes_first() -> None:
    assert offered(TEN_TO_ELEVEN, a_room(settings=HOURS), most=1) == [TEN_TO_ELEVEN]


def test_what_was_meant_is_offered_when_only_the_grid_was_missed() -> None:
    assert offered(span("2026-11-24 10:05", "11:00"), a_room(settings=HOURS), most=1) == [TEN_TO_ELEVEN]


def test_a_missing_hour_is_offered_as_the_hour_after() -> None:
    window = span("2027-03-27 00:00", "2027-03-30 00:00")
    facts = facts_of(a_room(), window=window, now=at("2027-03-27 00:00"))
    request = asks(wall("2027-03-28 02:00", "02:45"))

    assert wanted_span(request, facts) == span("2027-03-28 03:00", "03:45")
    assert near_times(request, facts)[0] == span("2027-03-28 03:00", "03:45")


def test_the_doubled_hour_can_be_offered_and_booked() -> None:
    window = span("2027-10-30 22:00", "2027-10-31 12:00")
    night = span("2027-10-31 00:00", "02:00")
    facts = facts_of(a_room(taken=(taken(night),)), window=window, now=at("2027-10-30 00:00"))

    spans_found = near_times(asks(TimeSpan(night.ends_at - timedelta(hours=1), night.ends_at)), facts)

    assert TimeSpan(night.ends_at, night.ends_at + timedelta(hours=1)) in spans_found
    assert all(judge(asks(each), facts).codes == () for each in spans_found)


def test_those_that_need_approval_come_last() -> None:
    """Outside opening hours is a matter of approval here."""
    hours = {"R10": set_to("R10", Weight.NEEDS_APPROVAL, windows=weekly(1, opens="10:00", closes="13:00"))}
    room = a_room(settings=hours, taken=(taken(TEN_TO_ELEVEN),))

    found = offered(TEN_TO_ELEVEN, room)

    facts = facts_of(room, window=WINDOW)
    assert found[0] == span("2026-11-24 11:00", "12:00")
    assert [judge(asks(each), facts).needs_approval for each in found] == sorted(
        judge(asks(each), facts).needs_approval for each in found
    )


@pytest.mark.parametrize(
    ("what", "room", "more"),
    [
        (TEN_TO_ELEVEN, a_room(state="retired"), {}),
        (TEN_TO_ELEVEN, a_room(settings={"R07": set_to("R07", fire_limit=4)}), {"people": 5}),
        (TEN_TO_ELEVEN, a_room(settings={"R20": set_to("R20", minutes=120)}), {}),
        (TEN_TO_ELEVEN, a_room(settings={"R21": set_to("R21", minutes=45)}), {}),
        (wall("2026-11-24 11:00", "10:00"), a_room(), {}),
        (TEN_TO_ELEVEN, a_room(taken=(taken(WINDOW),)), {}),
        (TEN_TO_ELEVEN, a_pool(2), {"quantity": 3}),
    ],
)
def test_nothing_is_offered_where_nothing_would_do(
    what: TimeSpan | WallSpan, room: ResourceFacts, more: dict[str, int]
) -> None:
    assert offered(what, room, **more) == []


def test_a_kit_is_offered_when_all_of_it_is_free() -> None:
    room = a_room(settings=HOURS, taken=(taken(TEN_TO_ELEVEN),))
    projector = a_room(id=2, units=(2,), settings=HOURS, taken=(taken(span("2026-11-24 11:00", "12:00"), unit=2),))
    request = Request(WallSpan.of(TEN_TO_ELEVEN, OSLO), (Item(1), Item(2)), None, KARI)

    assert near_times(request, facts_of(room, projector, window=WINDOW), most=2) == [
        span("2026-11-24 09:00", "10:00"),
        span("2026-11-24 12:00", "13:00"),
    ]


def test_notice_horizon_and_the_end_of_a_membership_bound_what_is_offered() -> None:
    limits = {"R17": set_to("R17", hours=30), "R18": set_to("R18", days=3)}
    member = MemberFacts(KARI, memberships=(MembershipFacts(1, "member", date(2026, 11, 24)),))
    facts = facts_of(a_room(settings=limits), window=WINDOW, now=at("2026-11-23 10:00"), member=member)

    early, late = span("2026-11-24 10:00", "12:00"), span("2026-11-28 10:00", "12:00")

    assert near_times(asks(early), facts)[0] == span("2026-11-24 16:00", "18:00")
    assert near_times(asks(late), facts)[0] == span("2026-11-24 22:00", "2026-11-25 00:00")


def test_a_long_booking_is_offered_well_clear_of_one_s_own() -> None:
    """Two hours are the most, and up to half an hour apart counts as a row."""
    rules = {"R21": set_to("R21", minutes=120, merge_gap_minutes=30), "R10": set_to("R10", windows=weekly(1))}
    own = span("2026-11-24 12:00", "13:00")
    room = a_room(settings=rules, same_party=(own,), taken=(taken(own),))

    found = offered(span("2026-11-24 11:00", "12:15"), room, most=2)

    assert found == [span("2026-11-24 10:00", "11:15"), span("2026-11-24 13:45", "15:00")]


def test_before_the_day_s_opening_the_horizon_is_a_day_nearer() -> None:
    rules = {"R18": set_to("R18", days=3, opens_at="12:00")}
    facts = facts_of(a_room(settings=rules), window=WINDOW, now=at("2026-11-23 10:00"))

    assert near_times(asks(span("2026-11-27 10:00", "11:00")), facts, most=1) == [
        span("2026-11-25 23:45", "2026-11-26 00:45")
    ]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Request, Facts]:
    """A wish in a busy place, a day or so on each side of one of the awkward nights."""
    what = draw(spans(longest=3 * 60, days=1))
    about = near(what, reach=24 * 60)
    units = draw(st.integers(1, 2))
    rules = {
        "R02": set_to("R02", step_minutes=draw(st.sampled_from((15, 30)))),
        "R05": set_to("R05", pending_blocks=draw(st.booleans())),
        "R06": set_to(
            "R06", draw(st.sampled_from((None, Weight.NOTES))),
            before_minutes=draw(st.sampled_from((0, 10))), after_minutes=draw(st.sampled_from((0, 15))),
            staffed_turnover=draw(st.booleans()),
        ),
        "R10": set_to(
            "R10", draw(st.sampled_from((None, Weight.NEEDS_APPROVAL))),
            windows=weekly(*draw(st.sets(st.integers(0, 6), min_size=3)), opens="08:00", closes="16:30"),
        ),
        "R17": set_to("R17", hours=draw(st.sampled_from((None, 1, 5)))),
        "R18": set_to(
            "R18", days=draw(st.sampled_from((None, 0, 1))), opens_at=draw(st.sampled_from(("00:00", "12:00")))
        ),
        "R21": set_to(
            "R21", minutes=draw(st.sampled_from((None, 180))), merge_gap_minutes=draw(st.sampled_from((0, 30)))
        ),
    }  # fmt: skip
    room = a_pool(
        units,
        settings={code: rules[code] for code in draw(st.sets(st.sampled_from(sorted(rules))))},
        taken=tuple(
            taken(each, unit=draw(st.integers(1, units)), after=15, requested=draw(st.booleans()))
            for each in draw(st.lists(about, max_size=4))
        ),
        closed=tuple(closed(each) for each in draw(st.lists(about, max_size=1))),
        same_party=tuple(draw(st.lists(about, max_size=2))),
    )
    ends_on = draw(st.none() | st.integers(0, 1))
    last = None if ends_on is None else what.starts_at.date() + timedelta(days=ends_on)
    member = MemberFacts(KARI, memberships=(MembershipFacts(1, "member", last),))
    window = what.padded(timedelta(hours=30), timedelta(hours=30))
    now = what.starts_at - MINUTE * draw(st.integers(-100, 30 * 60))
    return asks(what), facts_of(room, window=window, now=now, member=member)


def closed_on_a_saturday() -> tuple[Request, Facts]:
    """Outside opening hours it takes a yes, and the nearest time begins where a closure ends."""
    saturday = span("2026-03-28 13:00", "13:30")
    hours = {"R10": set_to("R10", Weight.NEEDS_APPROVAL, windows=weekly(0, 1, 2, opens="08:00", closes="16:30"))}
    room = a_room(settings=hours, closed=(closed(span("2026-03-28 10:00", "13:15")),))
    window = saturday.padded(timedelta(hours=30), timedelta(hours=30))
    return asks(saturday), facts_of(room, window=window, now=at("2026-03-28 12:00"))


def beside_oneself() -> tuple[Request, Facts]:
    """Kari has one desk as long as she may; she may have another for part of that time, though not right before it."""
    morning, early = span("2026-11-24 08:15", "11:15"), span("2026-11-24 00:30", "00:45")
    rules = {
        "R10": set_to("R10", Weight.NEEDS_APPROVAL, windows=weekly(1, opens="08:00", closes="16:30")),
        "R21": set_to("R21", minutes=180, merge_gap_minutes=0),
    }
    desks = a_pool(2, settings=rules, taken=(taken(morning),), same_party=(morning,))
    window = early.padded(timedelta(hours=30), timedelta(hours=30))
    return asks(early), facts_of(desks, window=window, now=early.starts_at)


def by_stepping(request: Request, facts: Facts) -> list[TimeSpan]:
    """Tries every quarter of the window, which is all of the grid."""
    wanted, room = wanted_span(request, facts), facts.resources[1]
    assert wanted is not None
    found, starts_at = [], facts.window.starts_at
    while starts_at < facts.window.ends_at:
        each = TimeSpan(starts_at, starts_at + wanted.duration)
        inside = facts.window.covers(busy_window(each, room))
        if inside and judge(asks(each), facts).allowed:
            found.append(each)
        starts_at += 15 * MINUTE
    return found


@settings(max_examples=100, deadline=None)
@given(worlds())
@example(closed_on_a_saturday())
@example(beside_oneself())
def test_all_that_is_offered_can_be_had_and_the_nearest_is_never_missed(world: tuple[Request, Facts]) -> None:
    request, facts = world
    wanted = wanted_span(request, facts)
    assert wanted is not None

    found = near_times(request, facts)

    verdicts = [judge(asks(each), facts) for each in found]
    assert all(verdict.allowed for verdict in verdicts)
    assert all(not a.overlaps(b) for n, a in enumerate(found) for b in found[n + 1 :])
    possible = by_stepping(request, facts)
    assert bool(found) == bool(possible)
    if found:
        at_once = [each for each in possible if not judge(asks(each), facts).needs_approval] or possible
        assert abs(found[0].starts_at - wanted.starts_at) == min(
            abs(each.starts_at - wanted.starts_at) for each in at_once
        )
