"""R22 to R25: bookings and hours in a period, and ahead; counted by the clock on the wall."""

from datetime import time, timedelta

import pytest

from booking.core.errors import InvalidInput
from booking.core.judge import judge_change
from booking.core.opening import Window
from booking.core.quota_params import CountQuota
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.settings import Setting, effective
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from tests.core.quota_world import BIO, ROBOTICS, limit, member_of, place, quota_room, use
from tests.core.world import (
    MINUTE,
    NOW,
    OLA,
    SITE,
    asks,
    facts_of,
    only,
    span,
    verdict,
    weekly,
)

HOUR = span("2026-11-24 10:00", "11:00")  # a Tuesday in week 48
OTHER_ROOM, DESK = place(2), place(3, 11)
PEAKS = weekly(*range(7), opens="08:00", closes="11:00")


def asked(what: TimeSpan, room: object, **more: object) -> Verdict:
    return verdict(what, room, now=NOW - timedelta(days=300), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("per", "earlier", "refused"),
    [
        ("day", ("2026-11-24 20:00", "21:00"), True),
        ("day", ("2026-11-25 00:00", "01:00"), False),
        ("day", ("2026-11-23 23:00", "2026-11-24 00:00"), False),
        ("day", ("2026-11-23 23:00", "2026-11-24 00:15"), True),
        ("week", ("2026-11-29 23:00", "2026-11-30 01:00"), True),
        ("week", ("2026-11-30 00:00", "01:00"), False),
        ("week", ("2026-11-22 23:00", "2026-11-23 00:00"), False),
        ("month", ("2026-11-01 00:00", "01:00"), True),
        ("month", ("2026-12-01 00:00", "01:00"), False),
        ("month", ("2026-10-31 23:00", "2026-11-01 00:15"), True),
    ],
)
def test_r22_counts_in_every_local_period_that_is_touched(per: str, earlier: tuple[str, str], refused: bool) -> None:
    room = quota_room("R22", [limit(1, per)], use(span(*earlier)))

    assert asked(HOUR, room).codes == (("R22.too_many",) if refused else ())


@pytest.mark.parametrize(
    ("days", "earlier", "refused"),
    [(7, "2026-11-18", True), (7, "2026-11-17", False), (7, "2026-11-30", True), (7, "2026-12-01", False)],
)
def test_r22_rolling_days_are_any_so_many_in_a_row(days: int, earlier: str, refused: bool) -> None:
    room = quota_room("R22", [limit(1, "rolling", days=days)], use(span(f"{earlier} 10:00", "11:00")))

    assert asked(HOUR, room).refused == refused


def test_a_cap_per_day_counts_a_booking_that_crosses_midnight_on_both_days() -> None:
    """A mistake other systems make: they look at the day of the start only."""
    night = span("2026-11-24 22:00", "2026-11-25 02:00")
    room = quota_room("R22", [limit(1, "day")], use(span("2026-11-25 08:00", "09:00")))
    hours = quota_room("R23", [limit(2, "day")], use(span("2026-11-25 08:00", "09:00")))

    assert only(asked(night, room), "R22.too_many").facts["period"] == {
        "per": "day", "first": "2026-11-25", "last": "2026-11-25"
    }  # fmt: skip
    assert only(asked(night, hours), "R23.too_much").facts["left_minutes"] == 60
    assert asked(HOUR, quota_room("R22", [limit(1, "day")], use(night))).refused
    assert asked(span("2026-11-25 10:00", "11:00"), quota_room("R22", [limit(1, "day")], use(night))).refused


def test_hours_are_split_at_the_edge_of_the_period() -> None:
    """Two of the four hours lie in each week, and each week has two left."""
    over = span("2026-11-29 22:00", "2026-11-30 02:00")

    assert asked(over, quota_room("R23", [limit(2)])).codes == ()
    assert asked(over, quota_room("R23", [limit(3)], use(span("2026-11-23 08:00", "10:00")))).refused


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2026-10-25", 25), ("2026-11-24", 24)])
def test_a_local_day_is_as_long_as_it_is(day: str, hours: int) -> None:
    whole = TimeSpan(span(f"{day} 00:00", "01:00").starts_at, span(f"{day} 22:00", "23:00").ends_at + 60 * MINUTE)

    assert asked(whole, quota_room("R23", [limit(hours, "day")])).codes == ()
    assert asked(whole, quota_room("R23", [limit(hours - 1, "day")])).codes == ("R23.too_much",)


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        (("2026-11-24 07:00", "08:00"), False),
        (("2026-11-24 08:00", "09:00"), True),
        (("2026-11-24 15:00", "16:00"), True),
        (("2026-11-24 16:00", "17:00"), False),
        (("2026-11-25 08:00", "09:00"), False),
    ],
)
def test_a_weekly_peak_window_applies_inside_and_not_outside_it(what: tuple[str, str], counts: bool) -> None:
    """A mistake other systems make: the window compared with the sign the wrong way round never applies."""
    peak = weekly(1, opens="08:00", closes="16:00")
    room = quota_room("R23", [limit(1, windows=peak)], use(span("2026-11-24 11:00", "12:00")))

    assert asked(span(*what), room).refused == counts


@pytest.mark.parametrize("day", ["2026-06-16", "2026-11-24", "2027-03-30", "2026-10-27"])
def test_peak_hours_are_the_clock_s_in_summer_and_in_winter(day: str) -> None:
    """A mistake other systems make: a fixed offset is wrong half the year."""
    peak = weekly(1, opens="08:00", closes="16:00")
    room = quota_room("R22", [limit(1, windows=peak)], use(span(f"{day} 12:00", "13:00")))

    assert not asked(span(f"{day} 07:00", "08:00"), room).refused
    assert asked(span(f"{day} 08:00", "09:00"), room).refused
    assert asked(span(f"{day} 15:00", "16:00"), room).refused
    assert not asked(span(f"{day} 16:00", "17:00"), room).refused


@pytest.mark.parametrize(
    ("over", "of", "refused"),
    [
        ("resource", place(), True),
        ("resource", OTHER_ROOM, False),
        ("category", OTHER_ROOM, True),
        ("category", DESK, False),
        ("building", DESK, True),
        ("site", DESK, True),
    ],
)
def test_what_is_added_up(over: str, of: object, refused: bool) -> None:
    room = quota_room("R22", [limit(1, over=over)], use(HOUR.shifted(timedelta(hours=3)), of=of))  # type: ignore[arg-type]

    assert asked(HOUR, room).refused == refused


def test_the_members_own_and_the_organisations() -> None:
    theirs = use(HOUR.shifted(timedelta(hours=3)), member=OLA, organisation=BIO)
    own = quota_room("R22", [limit(1)], theirs)
    shared = quota_room("R22", [limit(1, subject="organisation")], theirs)
    member = member_of(BIO, ROBOTICS)

    assert asked(HOUR, own, member=member, organisation_id=BIO).codes == ()
    assert only(asked(HOUR, shared, member=member, organisation_id=BIO), "R22.too_many").facts["kind"] == "organisation"
    assert asked(HOUR, shared, member=member, organisation_id=ROBOTICS).codes == ()
    assert asked(HOUR, shared, member=member).codes == ()


def test_where_no_organisation_is_named_the_only_one_is_meant_and_else_one_counts_alone() -> None:
    theirs = use(HOUR.shifted(timedelta(hours=3)), member=OLA, organisation=BIO)
    alone = use(HOUR.shifted(timedelta(hours=3)))
    line = [limit(1, subject="organisation")]

    assert asked(HOUR, quota_room("R22", line, theirs), member=member_of(BIO)).refused
    assert only(asked(HOUR, quota_room("R22", line, alone)), "R22.too_many").facts["kind"] == "member"
    assert asked(HOUR, quota_room("R22", line, theirs)).codes == ()


def test_units_add_up_their_hours_and_are_one_booking() -> None:
    pool = {"is_pool": True, "units": (1, 2, 3, 4)}
    of_three = use(span("2026-11-23 08:00", "10:00"), quantity=3)

    assert asked(HOUR, quota_room("R23", [limit(8)], of_three, **pool), quantity=2).codes == ()
    assert asked(HOUR, quota_room("R23", [limit(8)], of_three, **pool), quantity=3).refused
    assert asked(HOUR, quota_room("R22", [limit(2)], of_three, **pool), quantity=3).codes == ()


def test_several_limits_at_once_are_all_told() -> None:
    lines = [limit(1, "day"), limit(2, "week"), limit(9, "month")]
    uses = [use(span(f"2026-11-{day} 14:00", "15:00"), number=int(day)) for day in ("23", "24")]

    periods = [each.facts["period"] for each in asked(HOUR, quota_room("R22", lines, *uses)).findings]

    assert sorted(str(each["per"]) for each in periods) == ["day", "week"]  # type: ignore[index]


@pytest.mark.parametrize(("ends", "refused"), [("2026-11-22 10:00", False), ("2026-11-22 10:15", True)])
def test_r24_counts_what_has_not_ended(ends: str, refused: bool) -> None:
    """It is ten o'clock."""
    room = quota_room("R24", [limit(1, "ahead")], use(span("2026-11-22 08:00", ends)))

    assert verdict(HOUR, room, now=NOW).codes == (("R24.too_many_ahead",) if refused else ())


def test_r25_counts_the_hours_that_lie_ahead() -> None:
    running = use(span("2026-11-22 08:00", "11:00"))

    assert verdict(HOUR, quota_room("R25", [limit(2, "ahead")], running), now=NOW).codes == ()
    assert verdict(HOUR, quota_room("R25", [limit(1, "ahead")], running), now=NOW).codes == ("R25.too_much_ahead",)


def test_a_change_within_the_week_is_no_worse_and_into_a_full_week_is() -> None:
    uses = [use(span(f"2026-11-{day} 14:00", "15:00"), number=int(day)) for day in ("24", "25", "30")]
    room = quota_room("R22", [limit(1)], *uses)
    facts = facts_of(room, window=HOUR.padded(timedelta(days=9), timedelta(days=9)), now=NOW)
    before = asks(HOUR)

    assert judge_change(before, asks(span("2026-11-26 10:00", "12:00")), facts).codes == ()
    assert judge_change(before, asks(span("2026-12-02 10:00", "11:00")), facts).codes == ("R22.too_many",)


def test_a_longer_booking_goes_further_beyond_and_a_shorter_one_does_not() -> None:
    room = quota_room("R23", [limit(1)], use(span("2026-11-23 08:00", "12:00")))
    facts = facts_of(room, window=HOUR.padded(timedelta(days=9), timedelta(days=9)), now=NOW)

    assert judge_change(asks(HOUR), asks(span("2026-11-24 10:00", "10:30")), facts).codes == ()
    assert judge_change(asks(HOUR), asks(span("2026-11-24 10:00", "11:30")), facts).codes == ("R23.too_much",)


def test_a_group_is_granted_more_and_never_another_limit() -> None:
    everyone = Setting("R22", {"limits": [limit(1, "day"), limit(3)]}, None, SITE)
    group = Setting("R22", {"limits": [limit(9), limit(1, "month")]}, None, SITE, 5)

    found = effective(RULE_BY_CODE["R22"], [everyone, group], frozenset({5}), NOW).params

    assert isinstance(found, CountQuota)
    assert [(each.amount, each.per) for each in found.limits] == [(9, "week")]


@pytest.mark.parametrize(
    "wrong",
    [
        [{"per": "week"}],
        [limit(0)],
        [limit(1, "fortnight")],
        [limit(1, "rolling")],
        [limit(1, days=3)],
        [limit(1, over="planet")],
        [limit(1, windows=[{"weekday": 8}])],
        [limit(1), limit(2)],
        "ten",
    ],
)
def test_limits_that_make_no_sense_are_not_accepted(wrong: object) -> None:
    with pytest.raises(InvalidInput):
        CountQuota.from_json({"limits": wrong})


def test_limits_are_written_as_they_were_read() -> None:
    peak = weekly(1, opens="08:00", closes="16:00")
    json = {"limits": [limit(3, "rolling", days=14, subject="organisation", over="site", windows=peak)]}

    read = CountQuota.from_json(json)

    assert read.to_json() == json
    assert read.limits[0].windows == (Window(1, time(8), time(16)),)
