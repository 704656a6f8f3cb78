"""The judge tells everything at once, and of a change only what it makes new or worse."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.facts import Facts, MemberFacts, MembershipFacts, ResourceFacts
from booking.core.judge import judge, judge_change, refused_at_any_time
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict, Weight
from tests.core.world import (
    KARI,
    OSLO,
    a_pool,
    a_room,
    asks,
    at,
    closed,
    facts_of,
    near,
    quick,
    set_to,
    span,
    spans,
    taken,
    verdict,
    wall,
    weekly,
)  # fmt: skip

WINDOW = span("2026-11-10 00:00", "2026-12-20 00:00")


def strict_room() -> ResourceFacts:
    """A room where almost anything can go wrong."""
    return a_room(
        settings={
            "R06": set_to("R06", after_minutes=30, staffed_turnover=True),
            "R07": set_to("R07", seats=8, fire_limit=10, least=2),
            "R10": set_to("R10", windows=weekly(0, 1, 2, 3, 4)),
            "R17": set_to("R17", hours=24),
            "R18": set_to("R18", days=5),
            "R20": set_to("R20", minutes=30),
            "R21": set_to("R21", minutes=480),
            "R30": set_to("R30", groups=[10]),
        },
        closed=(closed(span("2026-11-28 00:00", "2026-11-29 00:00")), closed(span("2026-11-29 20:00", "23:00"))),
        taken=(taken(span("2026-11-28 10:00", "11:00"), after=30),),
        contact="Siri",
    )


def test_everything_that_is_wrong_is_told_at_once() -> None:
    member = MemberFacts(KARI, memberships=(MembershipFacts(1, "member", date(2026, 11, 27)),))
    weekend = span("2026-11-28 10:05", "2026-11-29 20:00")

    found = verdict(weekend, strict_room(), people=12, now=at("2026-11-22 10:00"), member=member, organisation_id=1)

    assert found.codes == (
        "R02.grid", "R05.overlap", "R06.staffed_turnover", "R07.fire_limit", "R10.closed_then", "R11.closure",
        "R18.horizon", "R21.too_long", "R30.membership_ends", "R30.not_open_to_you",
    )  # fmt: skip
    assert found.weight == Weight.LOCKED


def test_a_time_that_does_not_exist_is_told_with_all_that_needs_no_time() -> None:
    found = verdict(wall("2027-03-28 02:30", "02:45"), replace(strict_room(), state="retired"), people=12)

    assert found.codes == ("R01.missing_hour", "R04.not_bookable", "R07.fire_limit", "R30.not_open_to_you")


def test_every_resource_of_a_kit_is_judged_and_the_member_only_once() -> None:
    hour = span("2026-11-24 10:00", "11:00")
    one, other = a_room(taken=(taken(hour),)), a_room(id=2, units=(2,), name="Projector", taken=(taken(hour, unit=2),))
    request = Request(WallSpan.of(hour, OSLO), (Item(1), Item(2)), None, KARI)

    found = judge(request, facts_of(one, other, window=WINDOW, member=MemberFacts(KARI, active=False)))

    assert [(finding.code, finding.resource_id) for finding in found.findings] == [
        ("R05.overlap", 1), ("R30.inactive", None), ("R05.overlap", 2),
    ]  # fmt: skip


def test_a_rule_weighs_what_it_is_set_to_weigh() -> None:
    room = a_room(settings={"R21": set_to("R21", Weight.NEEDS_APPROVAL, minutes=60)})

    found = verdict(span("2026-11-24 10:00", "12:00"), room)

    assert found.needs_approval
    assert found.allowed
    assert not found.refused


def test_an_empty_verdict_allows_without_approval() -> None:
    assert Verdict().allowed
    assert not Verdict().needs_approval
    assert Verdict().weight is None
    assert Verdict((Finding("R07.too_many", Weight.NOTES),)).allowed


@pytest.mark.parametrize(
    ("room", "refused"),
    [(a_room(state="retired"), True), (a_room(settings={"R20": set_to("R20", minutes=600)}), False), (a_room(), False)],
)
def test_it_knows_when_no_other_time_would_help(room: ResourceFacts, refused: bool) -> None:
    request = asks(wall("2027-03-28 02:30", "02:45"))

    assert refused_at_any_time(request, facts_of(room, window=WINDOW)) == refused


def changed(
    before: TimeSpan, after: TimeSpan, room: ResourceFacts, now: str = "2026-11-22 10:00", **more: int
) -> Verdict:
    facts = facts_of(room, window=WINDOW, now=at(now))
    return judge_change(asks(before), asks(after, **more), facts)


TEN_TO_TWELVE = span("2026-11-24 10:00", "12:00")


@pytest.mark.parametrize(
    ("ends", "codes"), [("13:00", ()), ("14:00", ()), ("14:15", ("R21.too_long",)), ("10:15", ("R20.too_short",))]
)
def test_a_booking_that_is_too_long_may_be_shortened_but_not_made_longer(ends: str, codes: tuple[str, ...]) -> None:
    room = a_room(settings={"R21": set_to("R21", minutes=60), "R20": set_to("R20", minutes=30)})

    assert changed(span("2026-11-24 10:00", "14:00"), span("2026-11-24 10:00", ends), room).codes == codes


@pytest.mark.parametrize(
    ("starts", "ends", "codes"),
    [
        ("10:05", "11:00", ()),
        ("10:05", "11:10", ("R02.grid",)),
        ("10:10", "11:00", ("R02.grid",)),
        ("10:00", "11:00", ()),
    ],
)
def test_an_end_off_the_grid_may_stay_where_it_is(starts: str, ends: str, codes: tuple[str, ...]) -> None:
    before = span("2026-11-24 10:05", "12:00")

    assert changed(before, span(f"2026-11-24 {starts}", ends), a_room()).codes == codes


@pytest.mark.parametrize(
    ("starts", "codes"), [("10:00", ()), ("11:00", ("R03.past",)), ("09:00", ("R03.past",)), ("11:45", ())]
)
def test_a_running_booking_may_change_its_end_but_not_start_in_the_past(starts: str, codes: tuple[str, ...]) -> None:
    after = span(f"2026-11-24 {starts}", "13:00")

    assert changed(TEN_TO_TWELVE, after, a_room(), now="2026-11-24 11:50").codes == codes


@pytest.mark.parametrize(("starts", "codes"), [("10:30", ()), ("10:00", ()), ("09:30", ("R17.notice",))])
def test_moving_later_never_fails_the_notice(starts: str, codes: tuple[str, ...]) -> None:
    room = a_room(settings={"R17": set_to("R17", hours=24)})

    assert changed(TEN_TO_TWELVE, span(f"2026-11-24 {starts}", "12:00"), room, now="2026-11-24 09:00").codes == codes


@pytest.mark.parametrize(
    ("starts", "ends", "codes"),
    [
        ("10:00", "11:00", ()),
        ("10:00", "12:00", ()),
        ("10:00", "12:15", ("R10.closed_then", "R11.closure")),
        ("13:00", "14:00", ("R10.closed_then", "R11.closure")),
        ("08:00", "09:00", ()),
    ],
)
def test_new_hours_and_closures_spare_what_stood_and_nothing_more(
    starts: str, ends: str, codes: tuple[str, ...]
) -> None:
    """It was booked 10 to 12; since then the room closes at 9, and there is a closure from 10."""
    room = a_room(
        settings={"R10": set_to("R10", windows=weekly(1, opens="07:00", closes="09:00"))},
        closed=(closed(span("2026-11-24 10:00", "16:00")),),
    )

    assert changed(TEN_TO_TWELVE, span(f"2026-11-24 {starts}", ends), room).codes == codes


def test_another_resource_starts_afresh() -> None:
    """The facts hold only what is asked for now."""
    facts = facts_of(a_room(id=2, state="retired"), window=WINDOW)
    before = asks(TEN_TO_TWELVE)

    assert judge_change(before, replace(before, items=(Item(2),)), facts).codes == ("R04.not_bookable",)


def test_more_units_must_be_free_and_more_people_fit() -> None:
    pool = a_pool(3, taken=(taken(TEN_TO_TWELVE, unit=1),), settings={"R07": set_to("R07", fire_limit=4)})

    assert changed(TEN_TO_TWELVE, TEN_TO_TWELVE, pool, quantity=3).codes == ("R05.overlap",)
    assert changed(TEN_TO_TWELVE, TEN_TO_TWELVE, pool, people=5).codes == ("R07.fire_limit",)


def test_what_becomes_milder_is_not_new() -> None:
    """Requests compete for the time until one is confirmed; a clash may end as a matter of buffers."""
    room = a_room(
        settings={"R07": set_to("R07", Weight.REFUSES, seats=6, fire_limit=10)},
        taken=(taken(span("2026-11-24 11:00", "12:00"), before=30),),
    )

    assert changed(TEN_TO_TWELVE, span("2026-11-24 10:00", "11:00"), room).codes == ()
    facts = facts_of(room, window=WINDOW)
    assert judge_change(asks(TEN_TO_TWELVE, 12), asks(TEN_TO_TWELVE, 8), facts).codes == ()


@st.composite
def worlds(draw: st.DrawFn) -> tuple[TimeSpan, Facts]:
    """A span that may break any rule, in a room with bookings and closures around it."""
    what = draw(spans(step=5, longest=10 * 60))
    about = near(what)
    settings = {
        "R02": set_to("R02", step_minutes=draw(st.sampled_from((5, 15, 30)))),
        "R06": set_to("R06", after_minutes=draw(st.sampled_from((0, 15)))),
        "R10": set_to("R10", windows=weekly(*draw(st.sets(st.integers(0, 6))), opens="06:00", closes="22:00")),
        "R17": set_to("R17", hours=draw(st.sampled_from((None, 2, 24)))),
        "R18": set_to("R18", days=draw(st.sampled_from((None, 1, 30)))),
        "R20": set_to("R20", minutes=draw(st.sampled_from((None, 30)))),
        "R21": set_to(
            "R21", minutes=draw(st.sampled_from((None, 120))), merge_gap_minutes=draw(st.sampled_from((0, 30)))
        ),
    }
    room = a_room(
        settings=settings,
        taken=tuple(taken(each, after=15) for each in draw(st.lists(about, max_size=2))),
        closed=tuple(closed(each) for each in draw(st.lists(about, max_size=2))),
        same_party=tuple(draw(st.lists(about, max_size=2))),
    )
    window = what.padded(timedelta(days=3), timedelta(days=3))
    now = what.starts_at + timedelta(hours=draw(st.integers(-50, 2)))
    return what, facts_of(room, window=window, now=now)


@quick
@given(worlds())
def test_what_is_left_as_it_is_is_never_refused(world: tuple[TimeSpan, Facts]) -> None:
    what, facts = world

    assert judge_change(asks(what), asks(what), facts).findings == ()


@quick
@given(worlds(), st.integers(1, 24))
def test_ending_earlier_fails_at_most_the_shortest_and_the_grid(world: tuple[TimeSpan, Facts], parts: int) -> None:
    what, facts = world
    length = timedelta(minutes=5) * max(1, what.duration // timedelta(minutes=5) * parts // 25)
    shorter = TimeSpan(what.starts_at, what.starts_at + length)

    assert set(judge_change(asks(what), asks(shorter), facts).codes) <= {"R20.too_short", "R02.grid"}


@quick
@given(worlds(), st.data())
def test_a_change_is_told_nothing_that_a_new_booking_would_not_be(
    world: tuple[TimeSpan, Facts], data: st.DataObject
) -> None:
    what, facts = world
    other = data.draw(near(what, reach=24 * 60))

    anew, as_change = judge(asks(other), facts), judge_change(asks(what), asks(other), facts)

    assert set(as_change.findings) <= set(anew.findings)
    if judge(asks(what), facts).findings == ():
        assert as_change == anew
