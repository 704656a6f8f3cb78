"""R33: nobody is alone at night, at weekends and in closures; every minute needs cover."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.competence import Competence, Grant, Qualification
from booking.core.details import NO_DETAILS, NOT_YET_ASKED, Details
from booking.core.facts import MemberFacts
from booking.core.judge import judge, judge_change
from booking.core.safety import Presence, SafetyFacts
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Verdict, Weight
from tests.core.world import (
    KARI,
    OLA,
    OSLO,
    a_room,
    asks,
    closed,
    each_minute,
    facts_of,
    has,
    minutes_of,
    near,
    only,
    quick,
    set_to,
    span,
    spans,
)  # fmt: skip

SIRI = 3
TWO = {"least_people": 2, "after": "17:00"}
BUDDY = Details(buddy_id=OLA)


def present(*others: tuple[int, TimeSpan]) -> SafetyFacts:
    """These members with bookings in the area; Kari, Ola and Siri are known."""
    members = {id_: MemberFacts(id_) for id_ in (KARI, OLA, SIRI)}
    return SafetyFacts(present={1: tuple(Presence(*each) for each in others)}, members=members)


def alone(
    what: TimeSpan, details: Details = NO_DETAILS, safety: SafetyFacts | None = None, shut=(), **params: object
) -> Verdict:
    room = a_room(settings={"R33": set_to("R33", **{**TWO, **params})}, closed=tuple(map(closed, shut)))
    facts = facts_of(room, window=what, now=what.starts_at)
    found = judge(asks(what, details=details), replace(facts, safety=safety or present()))
    return Verdict(tuple(each for each in found.findings if each.rule == "R33"))


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [
        ("2026-11-24 07:00", "17:00", False),
        ("2026-11-24 16:00", "17:15", True),
        ("2026-11-24 06:45", "08:00", True),
        ("2026-11-24 19:00", "20:00", True),
        ("2026-11-24 16:00", "2026-11-25 08:00", True),
        ("2026-11-27 10:00", "16:00", False),  # a Friday
        ("2026-11-28 10:00", "11:00", True),  # a Saturday
    ],
)
def test_r33_asks_for_somebody_in_the_evening_at_night_and_at_weekends(starts, ends, refused) -> None:
    assert alone(span(starts, ends)).refused == refused


def test_r33_names_what_is_uncovered_and_when_to_end() -> None:
    found = only(alone(span("2026-11-24 16:00", "20:00")), "R33.uncovered")

    assert found.facts["end_at"] == "2026-11-24T16:00:00+00:00"
    assert found.extent == SpanSet((span("2026-11-24 17:00", "20:00"),))


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        ([(OLA, "17:00", "20:00")], False),
        ([(OLA, "17:00", "18:30"), (SIRI, "18:30", "20:00")], False),
        ([(OLA, "17:00", "18:30"), (SIRI, "18:45", "20:00")], True),
        ([(OLA, "16:00", "19:45")], True),
        ([(KARI, "16:00", "21:00")], True),  # oneself, on another bench
    ],
)
def test_r33_every_minute_needs_somebody_else_in_the_area(others, refused) -> None:
    there = present(*((who, span(f"2026-11-24 {starts}", ends)) for who, starts, ends in others))

    assert alone(span("2026-11-24 16:00", "20:00"), safety=there).refused == refused
    assert alone(span("2026-11-24 16:00", "20:00"), safety=there, by_overlap=False).refused


def test_r33_three_people_need_two_others_each_counted_once() -> None:
    evening = span("2026-11-24 18:00", "20:00")
    twice = present((OLA, evening), (OLA, evening))

    assert alone(evening, safety=twice, least_people=3).refused
    assert not alone(evening, BUDDY, present((SIRI, evening)), least_people=3).refused
    assert alone(evening, BUDDY, twice, least_people=3).refused


def test_r33_a_named_buddy_covers_and_is_asked_first() -> None:
    found = only(alone(span("2026-11-24 18:00", "20:00"), BUDDY), "R33.awaits_buddy")

    assert found.weight is Weight.NOTES
    assert alone(span("2026-11-24 10:00", "11:00"), BUDDY) == Verdict()
    assert alone(span("2026-11-24 18:00", "20:00"), BUDDY, by_buddy=False).codes == ("R33.uncovered",)


@pytest.mark.parametrize(
    "buddy", [MemberFacts(KARI), MemberFacts(OLA, active=False), MemberFacts(OLA, ends_on=date(2026, 11, 20))]
)
def test_r33_a_buddy_is_somebody_else_who_may_use_the_place(buddy: MemberFacts) -> None:
    known = SafetyFacts(members={buddy.id: buddy})
    found = alone(span("2026-11-24 18:00", "20:00"), Details(buddy_id=buddy.id), known)

    assert found.codes == ("R33.buddy", "R33.uncovered")
    assert found.findings[0].weight is Weight.LOCKED


def test_r33_a_buddy_outside_the_groups_that_may_book_is_no_buddy() -> None:
    evening = span("2026-11-24 18:00", "20:00")
    room = a_room(settings={"R33": set_to("R33", **TWO), "R30": set_to("R30", groups=[7])})
    member = MemberFacts(KARI, groups=frozenset({7}))
    facts = facts_of(room, window=evening, now=evening.starts_at, member=member)
    for groups, codes in ((frozenset(), ("R33.buddy", "R33.uncovered")), (frozenset({7}), ("R33.awaits_buddy",))):
        known = SafetyFacts(members={OLA: MemberFacts(OLA, groups=groups)})

        assert judge(asks(evening, details=BUDDY), replace(facts, safety=known)).codes == codes


def test_r33_an_unattended_run_is_exempt_only_where_it_is_flagged() -> None:
    night, run = span("2026-11-24 18:00", "20:00"), Details(unattended=True)

    assert alone(night, run).refused
    assert not alone(night, run, unattended_exempt=True).refused
    assert alone(night, unattended_exempt=True).refused


def test_r33_closures_count_where_they_are_asked_for() -> None:
    noon = span("2026-11-24 11:00", "13:00")
    shut = [span("2026-11-24 12:00", "14:00")]

    assert alone(noon, shut=shut).refused
    assert not alone(noon, shut=shut, closures=False).refused
    assert not alone(noon).refused


def test_r33_a_dispensation_lasts_through_its_day() -> None:
    evening = span("2026-11-24 18:00", "2026-11-25 02:00")
    until = {day: replace(present(), dispensed={(KARI, 1): date(2026, 11, day)}) for day in (23, 24, 25)}

    assert alone(evening, safety=until[23]).refused
    assert only(alone(evening, safety=until[24]), "R33.uncovered").extent == SpanSet(
        (span("2026-11-25 00:00", "02:00"),)
    )
    assert not alone(evening, safety=until[25]).refused
    assert alone(evening, safety=replace(present(), dispensed={(OLA, 1): date(2026, 11, 25)})).refused


def test_r33_find_looks_ahead_of_the_form_where_a_buddy_may_be_named() -> None:
    evening = span("2026-11-24 18:00", "20:00")

    assert not alone(evening, NOT_YET_ASKED).findings
    assert alone(evening, NOT_YET_ASKED, by_buddy=False).refused


def test_r33_a_change_is_refused_only_for_new_minutes_alone() -> None:
    room = a_room(settings={"R33": set_to("R33", **TWO)})
    was = span("2026-11-24 17:00", "20:00")
    facts = replace(facts_of(room, window=was.padded(timedelta(days=1), timedelta(days=1))), safety=present())

    assert not judge_change(asks(was), asks(span("2026-11-24 17:00", "19:00")), facts).refused
    assert judge_change(asks(was), asks(span("2026-11-24 17:00", "21:00")), facts).refused


@quick
@given(st.data())
def test_r33_refuses_if_and_only_if_a_minute_of_the_window_lacks_company(data: st.DataObject) -> None:
    what = data.draw(spans(longest=20 * 60))
    after, until = data.draw(st.sampled_from((16, 17, 22))), data.draw(st.sampled_from((5, 7, 8)))
    weekends = data.draw(st.booleans())
    least = data.draw(st.integers(2, 3))
    others = [(who, data.draw(near(what))) for who in data.draw(st.lists(st.sampled_from((OLA, SIRI)), max_size=4))]
    shut = [data.draw(near(what)) for _ in range(data.draw(st.integers(0, 1)))]

    found = alone(
        what, safety=present(*others), shut=shut, least_people=least, weekends=weekends,
        after=f"{after:02}:00", until=f"{until:02}:00",
    )  # fmt: skip

    lacking = set()
    for minute in each_minute(what):
        wall = minute.astimezone(OSLO)
        night = wall.time() >= time(after) or wall.time() < time(until)
        asked = night or (weekends and wall.weekday() >= 5) or any(each.contains(minute) for each in shut)
        company = {who for who, when in others if when.contains(minute)}
        if asked and len(company) < least - 1:
            lacking.add(minute)
    told = {minute for each in found.findings for one in each.extent for minute in minutes_of(one)}
    assert told == lacking
    assert has(found, "R33") == bool(lacking)


@pytest.mark.parametrize(("grants", "codes"), [((Grant(7, date(2026, 1, 1)),), {"R33.awaits_buddy"}),
                                               ((Grant(7, date(2026, 1, 1), date(2026, 11, 1)),),
                                                {"R33.buddy", "R33.uncovered"}),
                                               ((), {"R33.buddy", "R33.uncovered"})])  # fmt: skip
def test_r33_a_buddy_has_learnt_what_the_place_asks_for(grants, codes) -> None:
    learnt = Competence({7: Qualification(7, "Wet lab")}, {KARI: (Grant(7, date(2026, 1, 1)),), OLA: grants})
    rules = {"R33": set_to("R33", **TWO), "R31": set_to("R31", all_of=(7,), recency_days=30)}
    evening = span("2026-11-24 18:00", "20:00")
    room = a_room(settings=rules, competence=learnt)
    facts = replace(facts_of(room, window=evening, now=evening.starts_at), safety=present())

    found = judge(asks(evening, details=BUDDY), facts)

    assert {each.code for each in found.findings if each.rule == "R33"} == codes
