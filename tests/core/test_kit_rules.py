"""R08 and R09: what goes along, nothing twice, and what the member has booked elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.facts import OwnBooking, ResourceFacts
from booking.core.judge import judge
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Verdict, Weight
from tests.core.world import OSLO, a_room, facts_of, minutes_of, near, quick, set_to, span, taken

WHEN = span("2026-11-24 10:00", "11:00")
HALL, LAMP = 1, 2


def a_hall(**params: object) -> ResourceFacts:
    return a_room(settings={"R08": set_to("R08", needs=[{"resource": LAMP, "quantity": 1}], **params)})


def a_lamp(**changes: object) -> ResourceFacts:
    return replace(ResourceFacts(LAMP, "lamp", "Lamp", units=(2,)), **changes)  # type: ignore[arg-type]


def asked(*rooms: ResourceFacts, of: tuple[int, ...] = (HALL,), **more: object) -> Verdict:
    window = WHEN.padded(timedelta(days=2), timedelta(days=2))
    facts = replace(facts_of(*rooms, window=window, now=WHEN.starts_at - timedelta(days=1)), **more)  # type: ignore[arg-type]
    return judge(Request(WallSpan.of(WHEN, OSLO), tuple(Item(id_) for id_ in of), member_id=1), facts)


@pytest.mark.parametrize(
    ("of", "lamp_taken", "codes"),
    [
        ((HALL,), (), ("R08.companion",)),
        ((HALL, LAMP), (), ()),
        ((HALL, LAMP), (span("2026-11-24 10:30", "12:00"),), ("R05.overlap", "R08.companion")),
        ((HALL, LAMP), (span("2026-11-24 11:00", "12:00"),), ()),
        ((HALL,), (span("2026-11-24 10:30", "12:00"),), ("R08.companion",)),
    ],
)
def test_r08_a_companion_goes_along_for_the_whole_time(of: tuple[int, ...], lamp_taken: tuple, codes: tuple) -> None:
    lamp = a_lamp(taken=tuple(taken(each, unit=2) for each in lamp_taken))

    found = asked(a_hall(), lamp, of=of)

    assert set(found.codes) == set(codes)


@pytest.mark.parametrize(("covers", "refused"), [("whole", True), ("span", False)])
def test_r08_during_set_up_too_unless_it_is_for_the_booking_itself(covers: str, refused: bool) -> None:
    hall = a_hall(covers=covers)
    hall = replace(hall, settings={**hall.settings, "R06": set_to("R06", before_minutes=30)})
    lamp = a_lamp(taken=(taken(span("2026-11-24 09:00", "09:45"), unit=2),))

    assert asked(hall, lamp, of=(HALL, LAMP)).refused == refused


def test_r08_a_hall_and_its_part_cannot_go_in_one_booking() -> None:
    part = a_lamp(units=(1,))

    found = asked(a_room(), part, of=(HALL, LAMP))

    assert "R08.shared" in found.codes
    assert found.weight is Weight.LOCKED


@pytest.mark.parametrize(
    ("mode", "other", "weights"),
    [
        ("off", span("2026-11-24 10:30", "12:00"), ()),
        ("warn", span("2026-11-24 10:30", "12:00"), (Weight.NOTES,)),
        ("refuse", span("2026-11-24 10:30", "12:00"), (Weight.REFUSES,)),
        ("refuse", span("2026-11-24 11:00", "12:00"), ()),
    ],
)
def test_r09_something_else_at_the_same_time_weighs_what_the_rule_says(mode: str, other, weights: tuple) -> None:
    room = a_room(settings={"R09": set_to("R09", mode=mode)})

    found = asked(room, own=(OwnBooking(7, other, frozenset({LAMP}), "Lamp"),))

    assert tuple(each.weight for each in found.findings) == weights
    for each in found.findings:
        assert (each.code, each.extent) == ("R09.own_clash", SpanSet((other,)) & SpanSet((WHEN,)))


def test_r09_another_booking_of_the_same_thing_is_not_its_to_say() -> None:
    room = a_room(settings={"R09": set_to("R09", mode="refuse")})

    assert asked(room, own=(OwnBooking(7, WHEN, frozenset({HALL}), "Teknobyen"),)).codes == ()


@quick
@given(st.lists(near(WHEN), max_size=3), st.booleans())
def test_r08_agrees_with_looking_at_the_companion_minute_by_minute(busy: list[TimeSpan], goes_along: bool) -> None:
    """It must go along, and be free in every minute."""
    lamp = a_lamp(taken=tuple(taken(each, unit=2) for each in busy))
    is_free = not any(minutes_of(each) & minutes_of(WHEN) for each in busy)

    found = asked(a_hall(), lamp, of=(HALL, LAMP) if goes_along else (HALL,))

    assert ("R08.companion" in found.codes) == (not (goes_along and is_free))


@quick
@given(st.lists(st.tuples(near(WHEN), st.booleans()), max_size=3))
def test_r09_agrees_with_looking_at_every_minute(others: list[tuple[TimeSpan, bool]]) -> None:
    """Something else the member has, of another resource, in one of the same minutes."""
    room = a_room(settings={"R09": set_to("R09", mode="refuse")})
    own = tuple(
        OwnBooking(number, when, frozenset({LAMP if is_other else HALL}), "Mine")
        for number, (when, is_other) in enumerate(others)
    )
    clashes = any(is_other and minutes_of(when) & minutes_of(WHEN) for when, is_other in others)

    assert ("R09.own_clash" in asked(room, own=own).codes) == clashes
