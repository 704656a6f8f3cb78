"""R12 and R13: planned maintenance, and what is out of service."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.alternatives import near_times
from booking.core.judge import judge_change, judge_span, refused_at_any_time
from booking.core.outages import Effect, Outage, OutOfService
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import (
    NOW,
    a_room,
    asks,
    at,
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
    verdict,
)

DAY = timedelta(days=1)


def maintenance(what: TimeSpan, effect: Effect = Effect.BLOCK) -> Outage:
    return Outage(what, effect, "New filter", "Teknobyen")


def broken(since: str, back: str = "", *, is_safety: bool = False) -> OutOfService:
    return OutOfService(at(since), at(back) if back else None, is_safety, "Teknobyen")


@pytest.mark.parametrize(
    ("starts", "ends", "codes"),
    [
        ("2026-11-24 08:00", "10:00", ()),
        ("2026-11-24 08:00", "10:15", ("R12.outage",)),
        ("2026-11-24 10:30", "11:00", ("R12.outage",)),
        ("2026-11-24 08:00", "14:00", ("R12.outage",)),
        ("2026-11-24 11:45", "13:00", ("R12.outage",)),
        ("2026-11-24 12:00", "13:00", ()),
    ],
)
def test_r12_maintenance_refuses_what_meets_it(starts: str, ends: str, codes: tuple[str, ...]) -> None:
    room = a_room(outages=(maintenance(span("2026-11-24 10:00", "12:00")),))

    assert verdict(span(starts, ends), room).codes == codes


def test_r12_every_date_of_a_repeated_outage_is_judged_and_told() -> None:
    weekly = tuple(maintenance(span("2026-11-24 10:00", "12:00").shifted(n * DAY)) for n in (0, 7, 14))
    room = a_room(outages=weekly)

    for n in (0, 7, 14):
        assert has(verdict(span("2026-11-24 11:00", "13:00").shifted(n * DAY), room), "R12")
        assert not has(verdict(span("2026-11-25 11:00", "13:00").shifted(n * DAY), room), "R12")
    assert len(verdict(span("2026-11-24 09:00", "2026-12-09 09:00"), room).findings) == 3


def test_r12_a_notice_only_says_so() -> None:
    room = a_room(outages=(maintenance(span("2026-11-24 10:00", "12:00"), Effect.NOTICE),))

    found = verdict(span("2026-11-24 11:00", "13:00"), room)

    assert only(found, "R12.notice").weight is Weight.NOTES
    assert found.allowed


@quick
@given(spans(), st.data())
def test_r12_refuses_if_and_only_if_a_minute_is_shared(what: TimeSpan, data: st.DataObject) -> None:
    outages = [data.draw(near(what)) for _ in range(data.draw(st.integers(0, 3)))]
    room = a_room(outages=tuple(maintenance(each) for each in outages))
    shared = any(minutes_of(what) & minutes_of(each) for each in outages)

    assert has(verdict(what, room), "R12") == shared


BACK_KNOWN = broken("2026-11-22 08:00", "2026-11-25 12:00")
NOBODY_KNOWS = broken("2026-11-22 08:00")  # asked on Sunday 22 November at 10:00, so until Tuesday at 10:00
OVERDUE = broken("2026-11-20 08:00", "2026-11-22 09:00")


@pytest.mark.parametrize(
    ("fault", "starts", "ends", "codes"),
    [
        (BACK_KNOWN, "2026-11-25 10:00", "11:00", ("R13.out_of_service",)),
        (BACK_KNOWN, "2026-11-25 11:00", "13:00", ("R13.out_of_service",)),
        (BACK_KNOWN, "2026-11-25 12:00", "13:00", ()),
        (NOBODY_KNOWS, "2026-11-22 11:00", "12:00", ("R13.out_of_service",)),
        (NOBODY_KNOWS, "2026-11-24 09:45", "12:00", ("R13.out_of_service",)),
        (NOBODY_KNOWS, "2026-11-24 10:00", "12:00", ("R13.may_be_down",)),
        (NOBODY_KNOWS, "2026-12-24 10:00", "12:00", ("R13.may_be_down",)),
        (OVERDUE, "2026-11-23 10:00", "12:00", ("R13.out_of_service",)),
        (OVERDUE, "2026-11-25 10:00", "12:00", ("R13.may_be_down",)),
        (broken("2026-11-22 08:00", is_safety=True), "2027-11-24 10:00", "12:00", ("R13.safety",)),
        (broken("2026-11-22 08:00", "2026-11-23 08:00", is_safety=True), "2026-11-24 10:00", "12:00", ("R13.safety",)),
    ],
)
def test_r13_refuses_what_starts_before_it_is_back(
    fault: OutOfService, starts: str, ends: str, codes: tuple[str, ...]
) -> None:
    found = verdict(span(starts, ends), a_room(faults=(fault,)), now=NOW)

    assert found.codes == codes
    assert found.refused == (codes not in ((), ("R13.may_be_down",)))


@quick
@given(spans(), st.integers(1, 96), st.one_of(st.none(), st.integers(-48, 96)))
def test_r13_agrees_with_looking_at_every_minute(what: TimeSpan, assumed: int, back_in: int | None) -> None:
    """Refused when a minute lies before it is back; when nobody knows, before we assume so, and a note from there."""
    hour = timedelta(hours=1)
    asked_at = what.starts_at - 24 * hour
    back_at = None if back_in is None else asked_at + back_in * hour
    is_known = back_at is not None and back_at > asked_at
    room = a_room(
        faults=(OutOfService(asked_at - 100 * hour, back_at, is_safety=False, place="Room"),),
        settings={"R13": set_to("R13", assume_down_hours=assumed)},
    )
    until = back_at if is_known and back_at is not None else asked_at + assumed * hour
    is_down = any(minute < until for minute in each_minute(what))

    codes = verdict(what, room, now=asked_at).codes

    assert ("R13.out_of_service" in codes) == is_down
    assert ("R13.may_be_down" in codes) == (not is_down and not is_known)


def test_r13_how_long_we_assume_it_is_down_is_a_setting() -> None:
    room = a_room(faults=(NOBODY_KNOWS,), settings={"R13": set_to("R13", assume_down_hours=4)})

    assert verdict(span("2026-11-22 13:45", "15:00"), room, now=NOW).codes == ("R13.out_of_service",)
    assert verdict(span("2026-11-22 14:00", "15:00"), room, now=NOW).codes == ("R13.may_be_down",)


def test_r13_a_safety_fault_is_locked_and_stands_in_the_way_at_any_time() -> None:
    what = span("2026-11-24 10:00", "11:00")
    facts = facts_of(a_room(faults=(broken("2026-11-22 08:00", is_safety=True),)), window=what.padded(DAY, DAY))

    assert judge_span(asks(what), what, facts).weight is Weight.LOCKED
    assert refused_at_any_time(asks(what), facts)
    assert near_times(asks(what), facts) == []


def test_other_times_lie_outside_maintenance_and_after_it_is_back() -> None:
    what = span("2026-11-23 10:00", "11:00")
    room = a_room(
        outages=(maintenance(span("2026-11-23 12:00", "13:00")),),
        faults=(broken("2026-11-22 08:00", "2026-11-23 11:30"),),
    )
    facts = facts_of(room, window=what.padded(DAY, DAY))

    found = near_times(asks(what), facts)

    assert found[0] == span("2026-11-23 13:00", "14:00")
    assert all(judge_span(asks(each), each, facts).allowed for each in found)


def test_a_booking_that_was_kept_can_be_shortened_but_not_moved_within_the_maintenance() -> None:
    what = span("2026-11-24 10:00", "12:00")
    window = what.padded(2 * DAY, 2 * DAY)
    for room in (a_room(outages=(maintenance(span("2026-11-24 09:00", "15:00")),)), a_room(faults=(BACK_KNOWN,))):
        facts = facts_of(room, window=window)
        shorter, later, away = (
            asks(span("2026-11-24 10:00", "11:00")),
            asks(span("2026-11-24 13:00", "15:00")),
            asks(span("2026-11-25 13:00", "15:00")),
        )

        assert judge_change(asks(what), shorter, facts).allowed
        assert judge_change(asks(what), later, facts).refused
        assert judge_change(asks(what), away, facts).allowed
