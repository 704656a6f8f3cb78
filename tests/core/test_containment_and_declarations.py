"""R32 and R36: what may be done in a room, and what must be read and accepted first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.details import NO_DETAILS, NOT_YET_ASKED, Details
from booking.core.judge import judge, judge_change, refused_at_any_time
from booking.core.request import Item, Request, WallSpan
from booking.core.safety import Activity, Answer, Document, Frequency, SafetyFacts
from booking.core.verdict import Verdict, Weight
from tests.core.world import KARI, OSLO, a_room, asks, facts_of, only, quick, set_to, span

DAY = span("2026-11-24 10:00", "11:00")
OVER_MIDNIGHT = span("2026-11-24 20:00", "2026-11-25 00:00")
DOING = Details(activity_id=1)


def doing(level: int, room_level: int | None, until: date | None = date(2026, 12, 31), what=DAY, approval="A-1"):
    room = a_room(settings={"R32": set_to("R32", level=room_level)} if room_level else {})
    known = SafetyFacts(activities={1: Activity(1, "Cells", level, approval, until)})
    facts = replace(facts_of(room, window=what, now=what.starts_at), safety=known)
    return judge(asks(what, details=DOING), facts)


@quick
@given(st.integers(1, 4), st.none() | st.integers(1, 4), st.none() | st.integers(-2, 2), st.booleans())
def test_r32_activity_at_most_the_room_and_approved_through_the_end(level, room_level, days, referred) -> None:
    until = None if days is None else date(2026, 11, 24) + timedelta(days=days)
    found = doing(level, room_level, until, approval="A-1" if referred else "")

    expected = set()
    if level > (room_level or 1):
        expected.add("R32.level")
    if (level >= 2 and (until is None or not referred)) or (until is not None and until < date(2026, 11, 24)):
        expected.add("R32.approval")
    assert set(found.codes) == expected
    assert all(each.weight is Weight.LOCKED for each in found.findings)


@pytest.mark.parametrize(("day", "codes"), [(23, ("R32.approval",)), (24, ())])
def test_r32_an_approval_counts_through_its_day_and_midnight_ends_the_day_before(day, codes) -> None:
    assert doing(2, 2, date(2026, 11, day), what=OVER_MIDNIGHT).codes == codes


def test_r32_the_strictest_level_counts_and_no_activity_says_nothing() -> None:
    assert doing(2, 1).codes == ("R32.level",)
    assert judge(asks(DAY), facts_of(a_room(), window=DAY, now=DAY.starts_at)).codes == ()


def test_r32_an_instrument_without_a_level_is_judged_by_the_room_it_is_booked_with() -> None:
    known = SafetyFacts(activities={1: Activity(1, "Cells", 2, "A-1", date(2026, 12, 31))})
    lab = a_room(settings={"R32": set_to("R32", level=2)})
    microscope = a_room(id=2, name="Microscope", units=(2,))
    facts = replace(facts_of(lab, microscope, window=DAY, now=DAY.starts_at), safety=known)
    wall = WallSpan.of(DAY, OSLO)

    assert judge(Request(wall, (Item(2), Item(1)), None, KARI, details=DOING), facts).codes == ()
    alone = judge(Request(wall, (Item(2),), None, KARI, details=DOING), facts)
    assert only(alone, "R32.level").facts["resource"] == "Microscope"


def asking(frequency: Frequency, details: Details = NO_DETAILS, *answers: Answer, version: int = 2, what=DAY):
    room = a_room(settings={"R36": set_to("R36", documents=[1])})
    known = SafetyFacts(documents={1: Document(1, version, frequency, {"nb": "Regler"})}, answers=answers)
    return asks(what, details=details), replace(facts_of(room, window=what, now=what.starts_at), safety=known)


@pytest.mark.parametrize(
    ("frequency", "answered", "codes"),
    [
        (Frequency.ONCE, date(2020, 1, 1), ()),
        (Frequency.EACH, date(2026, 11, 24), ("R36.unanswered",)),
        (Frequency.YEARLY, date(2025, 11, 25), ()),
        (Frequency.YEARLY, date(2025, 11, 24), ("R36.unanswered",)),
    ],
)
def test_r36_once_each_time_or_once_a_year(frequency, answered, codes) -> None:
    assert judge(*asking(frequency, NO_DETAILS, Answer(1, 2, answered))).codes == codes
    assert judge(*asking(frequency, Details(declarations=((1, 2),)))).codes == ()


def test_r36_a_new_version_asks_again_but_leaves_a_change_alone() -> None:
    old = Details(declarations=((1, 1),))
    request, facts = asking(Frequency.ONCE, old, Answer(1, 1, date(2026, 1, 1)))

    found = only(judge(request, facts), "R36.unanswered")
    assert found.weight is Weight.LOCKED
    assert refused_at_any_time(request, facts)
    assert judge_change(request, asks(span("2026-11-24 10:00", "10:30"), details=old), facts) == Verdict()


def test_r36_find_looks_ahead_of_the_form() -> None:
    assert judge(*asking(Frequency.EACH, NOT_YET_ASKED)).codes == ()


@quick
@given(st.sampled_from(Frequency), st.lists(st.tuples(st.integers(1, 3), st.integers(0, 800)), max_size=4))
def test_r36_asks_unless_the_newest_version_was_accepted_in_time(frequency, given_) -> None:
    today = date(2026, 11, 24)
    answers = [Answer(1, version, today - timedelta(days=ago)) for version, ago in given_]
    lasting = {Frequency.ONCE: 10_000, Frequency.YEARLY: 364, Frequency.EACH: -1}[frequency]
    enough = any(version == 2 and ago <= lasting for version, ago in given_)

    assert judge(*asking(frequency, NO_DETAILS, *answers)).refused != enough
