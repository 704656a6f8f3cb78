"""R38 and R40, edge by edge, and against slow and obvious oracles written from their sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.approval_params import Visibility
from booking.core.approvals import ALL, ANY, ORDERED, ApprovalFacts, after_working_days, awaited
from booking.core.facts import MemberFacts
from booking.core.judge import judge, judge_change
from booking.core.request import SeriesShape
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import Scope, ScopeKind
from booking.core.settings import Setting, effective
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import KARI, NOW, OSLO, SITE, a_room, asks, at, each_minute, facts_of, quick, set_to, span, spans

TEN = span("2026-11-24 10:00", "11:00")  # a Tuesday
ROOM = Scope(ScopeKind.RESOURCE, 1, "Teknobyen")


def needed(
    what: TimeSpan, *, used: frozenset[int] = frozenset(), series: SeriesShape | None = None, **params: object
) -> list[str]:
    """The reasons why it needs approval."""
    room = a_room(settings={"R38": set_to("R38", **params)})
    facts = facts_of(room, window=what.padded(timedelta(days=1), timedelta(days=1)))
    found = judge(asks(what, series=series), replace(facts, approvals=ApprovalFacts(used=used))).findings
    return [reason for each in found if each.code == "R38.needed" for reason in each.facts["why"]]


@pytest.mark.parametrize(
    ("what", "params", "why"),
    [
        (TEN, {"weekends": False}, []),
        (TEN, {"always": True}, ["always"]),
        (TEN, {"longer_than_minutes": 60}, []),
        (span("2026-11-24 10:00", "11:01"), {"longer_than_minutes": 60}, ["long"]),
        (span("2026-11-24 07:00", "17:00"), {"evenings": True}, []),
        (span("2026-11-24 06:59", "17:00"), {"evenings": True}, ["evening"]),
        (span("2026-11-24 07:00", "17:01"), {"evenings": True}, ["evening"]),
        (span("2026-11-24 16:00", "2026-11-25 09:00"), {"evenings": True}, ["evening"]),
        (span("2026-11-24 18:00", "19:00"), {"evenings": True, "day_ends": "20:00"}, []),
        (span("2026-11-27 20:00", "2026-11-28 00:00"), {"weekends": True}, []),
        (span("2026-11-27 20:00", "2026-11-28 00:01"), {"weekends": True}, ["weekend"]),
        (span("2026-11-30 00:00", "01:00"), {"weekends": True}, []),
        (TEN, {"groups": [7]}, ["outside"]),
        (TEN, {"first_time": True, "always": True}, ["always", "first_time"]),
    ],
)
def test_r38_asks_when_the_setting_says_so(what: TimeSpan, params: dict[str, object], why: list[str]) -> None:
    assert needed(what, **params) == why


def test_r38_knows_who_is_inside_who_has_been_here_and_how_long_a_series_is() -> None:
    long, short = SeriesShape(11, 80), SeriesShape(10, 80)

    assert needed(TEN, first_time=True, used=frozenset({1})) == []
    assert needed(TEN, first_time=True, used=frozenset({2})) == ["first_time"]
    assert needed(TEN, most_dates=10, series=long) == ["series"]
    assert needed(TEN, most_dates=10, series=short) == []
    assert needed(TEN, most_dates=10) == []


def test_r38_whoever_is_in_one_of_the_groups_is_inside() -> None:
    room = a_room(settings={"R38": set_to("R38", groups=[7, 8])})
    inside, outside = (MemberFacts(KARI, groups=frozenset({group})) for group in (8, 9))
    found = [judge(asks(TEN), facts_of(room, window=TEN, member=each)).codes for each in (inside, outside)]

    assert found == [(), ("R38.needed",)]


def test_r38_every_level_that_asks_counts_and_the_nearest_says_how() -> None:
    settings = [
        Setting("R38", {"weekends": True, "approvers": "all", "working_days": 5}, None, SITE),
        Setting("R38", {"longer_than_minutes": 30, "approvers": "any"}, None, ROOM),
    ]
    merged = effective(RULE_BY_CODE["R38"], settings, frozenset(), NOW)
    saturday = span("2026-11-28 10:00", "11:00")
    (finding,) = judge(asks(saturday), facts_of(a_room(settings={"R38": merged}), window=saturday)).findings

    assert (merged.params.approvers, merged.params.working_days) == ("any", 5)
    assert (finding.facts["why"], finding.where_set, finding.weight) == (
        ["long", "weekend"],
        ROOM,
        Weight.NEEDS_APPROVAL,
    )


def test_r38_says_who_and_until_when_and_never_later_than_the_start() -> None:
    room = a_room(settings={"R38": set_to("R38", always=True)})
    facts = facts_of(room, window=TEN)
    late = ApprovalFacts({1: ("Leder",)}, {1: at("2026-11-26 10:00")})
    (finding,) = judge(asks(TEN), replace(facts, approvals=late)).findings

    assert (finding.facts["who"], finding.facts["until_at"]) == (["Leder"], TEN.starts_at.isoformat())


def test_r38_another_time_asks_anew_and_less_of_it_does_not() -> None:
    room = a_room(settings={"R38": set_to("R38", always=True)})
    facts = facts_of(room, window=TEN.padded(timedelta(days=1), timedelta(days=1)))
    shorter, longer = span("2026-11-24 10:00", "10:30"), span("2026-11-24 10:00", "11:30")

    assert judge_change(asks(TEN), asks(shorter), facts).codes == ()
    assert judge_change(asks(TEN), asks(longer), facts).codes == ("R38.needed",)
    assert judge_change(asks(TEN), asks(TEN, people=4), facts).codes == ()


def test_r38_any_rule_that_needs_approval_asks_anew_for_another_time() -> None:
    room = a_room(settings={"R21": set_to("R21", Weight.NEEDS_APPROVAL, minutes=30)})
    next_day = span("2026-11-25 10:00", "11:00")
    facts = facts_of(room, window=TimeSpan(TEN.starts_at, next_day.ends_at))

    assert judge_change(asks(TEN), asks(next_day), facts).codes == ("R21.too_long",)


@quick
@given(what=spans(days=8, longest=3 * 24 * 60), evenings=st.booleans(), weekends=st.booleans())
def test_r38_agrees_with_looking_at_every_minute(what: TimeSpan, evenings: bool, weekends: bool) -> None:
    """Approval is needed when any minute is before seven, after five, or on a Saturday or a Sunday."""
    clocks = [minute.astimezone(OSLO) for minute in each_minute(what)]
    dark = evenings and any(not time(7) <= clock.time() < time(17) for clock in clocks)
    free = weekends and any(clock.weekday() in (5, 6) for clock in clocks)

    found = needed(what, evenings=evenings, weekends=weekends)

    assert found == ["evening"] * dark + ["weekend"] * free


@pytest.mark.parametrize(
    ("mode", "approved", "missing"),
    [
        (ANY, (), (3, 1, 2)), (ANY, (2,), ()), (ANY, (9,), (3, 1, 2)),
        (ALL, (), (3, 1, 2)), (ALL, (1,), (3, 2)), (ALL, (1, 2, 3), ()),
        (ORDERED, (), (3,)), (ORDERED, (3,), (1,)), (ORDERED, (3, 1, 2), ()), (ORDERED, (1,), (3,)),
    ],
)  # fmt: skip
def test_whose_yes_is_missing(mode: str, approved: tuple[int, ...], missing: tuple[int, ...]) -> None:
    assert awaited(mode, (3, 1, 2), approved) == missing


@quick
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    days=st.integers(1, 12),
    off=st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
)
def test_working_days_are_counted_one_by_one(start: datetime, days: int, off: set[date]) -> None:
    asked = at(f"{start:%Y-%m-%d %H:%M}")
    until = after_working_days(asked, days, OSLO, off.__contains__)
    first, last = (each.astimezone(OSLO).date() for each in (asked, until))
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    worked = [day for day in between if day.isoweekday() < 6 and day not in off]

    assert len(worked) == days
    assert worked[-1] == last


@pytest.mark.parametrize(
    ("widest", "asked", "codes"),
    [
        ("members", "members", ()), ("organisation", "members", ("R40.fewer",)), ("organisation", "organisation", ()),
        ("private", "organisation", ("R40.fewer",)), ("private", "private", ()), ("members", "", ()),
        ("members", "public", ("R40.fewer",)), ("public", "public", ()), ("public", "members", ()),
    ],
)  # fmt: skip
def test_r40_tells_when_fewer_see_the_title_than_was_meant(widest: str, asked: str, codes: tuple[str, ...]) -> None:
    room = a_room(settings={"R40": set_to("R40", widest=widest)})
    found = judge(asks(TEN, visibility=asked), facts_of(room, window=TEN))

    assert found.codes == codes
    assert not found.refused


@given(st.lists(st.sampled_from(("public", "members", "organisation", "private")), min_size=1, max_size=4))
def test_r40_the_strictest_level_counts(levels: list[str]) -> None:
    kinds = list(ScopeKind)
    settings = [
        Setting("R40", {"widest": each}, None, Scope(kind, 1)) for each, kind in zip(levels, kinds, strict=False)
    ]
    params = effective(RULE_BY_CODE["R40"], settings, frozenset(), NOW).params
    order = {"public": 0, "members": 1, "organisation": 2, "private": 3}

    assert isinstance(params, Visibility)
    assert order[params.widest] == max(order[each] for each in levels)
