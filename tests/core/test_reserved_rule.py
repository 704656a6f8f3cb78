"""R16: weekly windows held for groups until some hours before each begins."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.alternatives import near_times
from booking.core.timespan import TimeSpan
from tests.core.quota_world import member_of, ruled_room
from tests.core.world import (
    NOW,
    OSLO,
    a_room,
    asks,
    at,
    each_minute,
    facts_of,
    only,
    quick,
    span,
    spans,
    verdict,
    weekly,
)

START_UPS = 5
MORNINGS = {"R16": {"groups": [START_UPS], "windows": weekly(1, 3, opens="08:00", closes="12:00"), "release_hours": 48}}
ROOM = ruled_room(MORNINGS)
TUESDAY = span("2026-11-24 10:00", "11:00")


@pytest.mark.parametrize(
    ("asked_at", "refused"),
    [("2026-11-22 07:59", True), ("2026-11-22 08:00", False), ("2026-11-22 09:59", False), ("2026-11-01 10:00", True)],
)
def test_it_is_released_so_many_hours_before_the_window_and_not_before_the_booking(
    asked_at: str, refused: bool
) -> None:
    found = verdict(TUESDAY, ROOM, now=at(asked_at), group_names={START_UPS: "Start-ups"})

    assert found.codes == (("R16.held",) if refused else ())


def test_it_tells_for_whom_when_and_until() -> None:
    found = verdict(TUESDAY, ROOM, now=at("2026-11-20 10:00"), group_names={START_UPS: "Start-ups"})

    assert only(found, "R16.held").facts == {
        "resource": "Teknobyen",
        "groups": ["Start-ups"],
        "from": at("2026-11-24 08:00").isoformat(),
        "to": at("2026-11-24 12:00").isoformat(),
        "until_at": at("2026-11-22 08:00").isoformat(),
    }


def test_the_group_may_book_at_once_and_others_beside_the_window() -> None:
    early = at("2026-11-10 10:00")

    assert verdict(TUESDAY, ROOM, now=early, member=member_of(groups=(START_UPS,))).codes == ()
    assert verdict(span("2026-11-24 12:00", "13:00"), ROOM, now=early).codes == ()
    assert verdict(span("2026-11-24 07:00", "08:00"), ROOM, now=early).codes == ()
    assert verdict(span("2026-11-23 22:00", "2026-11-24 08:15"), ROOM, now=early).codes == ("R16.held",)


def test_windows_that_follow_each_other_are_released_each_by_itself() -> None:
    halves = weekly(1, opens="08:00", closes="10:00") + weekly(1, opens="10:00", closes="12:00")
    room = ruled_room({"R16": {"groups": [START_UPS], "windows": halves, "release_hours": 48}})

    assert verdict(span("2026-11-24 09:00", "10:00"), room, now=at("2026-11-22 09:00")).codes == ()
    assert verdict(span("2026-11-24 10:00", "11:00"), room, now=at("2026-11-22 09:00")).codes == ("R16.held",)


def test_the_hours_before_are_counted_as_they_pass() -> None:
    """The night before 28 March is an hour short, so 48 hours before 08:00 is 07:00."""
    room = ruled_room({"R16": {**MORNINGS["R16"], "windows": weekly(0, opens="08:00", closes="12:00")}})
    monday = span("2027-03-29 08:00", "09:00")

    assert verdict(monday, room, now=at("2027-03-27 06:59")).refused
    assert not verdict(monday, room, now=at("2027-03-27 07:00")).refused


def test_the_nearest_time_outside_the_window_is_offered() -> None:
    facts = facts_of(ROOM, window=TUESDAY.padded(timedelta(days=1), timedelta(days=1)), now=at("2026-11-20 10:00"))

    assert near_times(asks(TUESDAY), facts, most=2) == [
        span("2026-11-24 12:00", "13:00"),
        span("2026-11-24 07:00", "08:00"),
    ]


@quick
@given(spans(), st.integers(0, 96), st.integers(0, 120))
def test_minute_by_minute(what: TimeSpan, release_hours: int, ahead: int) -> None:
    """The oracle finds the start of the window of every minute that lies in one."""
    now = what.starts_at - timedelta(hours=ahead)
    hours = weekly(*range(7), opens="06:00", closes="09:00")
    room = ruled_room({"R16": {"groups": [START_UPS], "windows": hours, "release_hours": release_hours}})

    found = verdict(what, room, now=now)

    held = False
    for minute in each_minute(what):
        local = minute.astimezone(OSLO)
        if 6 <= local.hour < 9:
            begins = local.replace(hour=6, minute=0)
            held = held or now < begins.astimezone(NOW.tzinfo) - timedelta(hours=release_hours)
    assert ("R16.held" in found.codes) == held


def test_a_room_without_windows_holds_nothing() -> None:
    assert verdict(TUESDAY, a_room()).codes == ()
