"""R10 and R11: opening hours and closures, with nights, weekends and 17 May."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.facts import ClosedKind
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import (
    OSLO,
    SITE,
    a_room,
    closed,
    each_minute,
    has,
    minutes_of,
    near,
    only,
    quick,
    set_to,
    span,
    spans,
    special,
    verdict,
    weekly,
)  # fmt: skip

WEEKDAYS = {"R10": set_to("R10", windows=weekly(0, 1, 2, 3, 4))}


def test_r10_friday_morning_to_monday_noon_is_refused_though_both_ends_are_open() -> None:
    finding = only(verdict(span("2026-11-27 09:00", "2026-11-30 12:00"), a_room(settings=WEEKDAYS)), "R10.closed_then")

    assert finding.facts["day"] == "2026-11-27"
    assert finding.facts["hours"] == [["07:00", "17:00"]]
    assert finding.where_set == SITE


@pytest.mark.parametrize(
    ("starts", "ends", "open_then"),
    [
        ("2026-11-27 07:00", "17:00", True),
        ("2026-11-27 06:45", "08:00", False),
        ("2026-11-27 16:00", "17:15", False),
        ("2026-11-28 10:00", "11:00", False),
        ("2026-11-27 17:00", "18:00", False),
    ],
)
def test_r10_from_the_first_minute_to_the_last(starts: str, ends: str, open_then: bool) -> None:
    assert verdict(span(starts, ends), a_room(settings=WEEKDAYS)).allowed == open_then


def test_r10_a_closed_day_has_no_hours() -> None:
    finding = only(verdict(span("2026-11-28 10:00", "11:00"), a_room(settings=WEEKDAYS)), "R10.closed_then")

    assert (finding.facts["day"], finding.facts["hours"]) == ("2026-11-28", [])


def test_r10_windows_that_meet_at_midnight_are_one() -> None:
    settings = {"R10": set_to("R10", windows=[*weekly(4, closes="24:00"), *weekly(5, opens="00:00")])}

    assert verdict(span("2026-11-27 22:00", "2026-11-28 02:00"), a_room(settings=settings)).codes == ()


@pytest.mark.parametrize("night", [("2027-03-27", "2027-03-28"), ("2027-10-30", "2027-10-31")])
def test_r10_a_night_window_holds_on_the_nights_when_the_clock_changes(night: tuple[str, str]) -> None:
    room = a_room(settings={"R10": set_to("R10", windows=weekly(5, opens="22:00", closes="06:00"))})

    assert verdict(span(f"{night[0]} 22:00", f"{night[1]} 06:00"), room).codes == ()
    assert verdict(span(f"{night[0]} 22:00", f"{night[1]} 06:15"), room).codes == ("R10.closed_then",)


def test_r10_a_special_day_and_its_name() -> None:
    room = a_room(settings=WEEKDAYS, special_days=(special("2026-12-23", ("07:00", "12:00"), name="Lille julaften"),))

    finding = only(verdict(span("2026-12-23 11:00", "13:00"), room), "R10.closed_then")

    assert finding.facts["hours"] == [["07:00", "12:00"]]
    assert finding.facts["name"] == "Lille julaften"


def test_r10_without_hours_it_is_open_at_all_hours() -> None:
    assert verdict(span("2026-11-27 09:00", "2026-11-30 12:00"), a_room()).codes == ()


@quick
@given(spans(longest=40 * 60), st.sets(st.integers(0, 6), max_size=7), st.integers(0, 95), st.integers(1, 95))
def test_r10_every_minute_is_looked_at(what: TimeSpan, days: set[int], opens: int, quarters: int) -> None:
    """Windows that do not cross midnight, each minute's own clock compared with the hours of its own day."""
    first = time(opens // 4, opens % 4 * 15)
    end = min(opens + quarters, 95)
    last = time(end // 4, end % 4 * 15)
    hours = weekly(*days, opens=f"{first:%H:%M}", closes=f"{last:%H:%M}") if last > first else []
    room = a_room(settings={"R10": set_to("R10", windows=hours)})

    def open_at(minute: datetime) -> bool:
        local = minute.astimezone(OSLO)
        return bool(hours) and local.weekday() in days and first <= local.time().replace(fold=0) < last

    if any(each.hour in (1, 2, 3) for each in (first, last)):
        return  # a watched clock goes through these hours in test_opening
    assert has(verdict(what, room), "R10") == (not all(open_at(minute) for minute in each_minute(what)))


def test_r11_a_span_across_17_may_meets_it() -> None:
    day = closed(
        span("2027-05-17 00:00", "2027-05-18 00:00"), "constitution_day",
        kind=ClosedKind.PUBLIC_HOLIDAY, names={"nb": "Grunnlovsdagen", "en": "Constitution Day"},
    )  # fmt: skip

    finding = only(verdict(span("2027-05-14 09:00", "2027-05-18 12:00"), a_room(closed=(day,))), "R11.closure")

    assert finding.weight == Weight.REFUSES
    assert finding.facts["names"] == {"nb": "Grunnlovsdagen", "en": "Constitution Day"}
    assert (finding.facts["kind"], finding.facts["place"]) == ("public_holiday", "Sluppen")


@pytest.mark.parametrize(
    ("starts", "ends", "meets"),
    [
        ("2027-05-16 22:00", "2027-05-17 00:00", False),
        ("2027-05-16 22:00", "2027-05-17 00:15", True),
        ("2027-05-17 23:45", "2027-05-18 00:00", True),
        ("2027-05-18 00:00", "01:00", False),
        ("2027-05-17 10:00", "11:00", True),
    ],
)
def test_r11_a_closed_day_is_from_midnight_to_midnight(starts: str, ends: str, meets: bool) -> None:
    room = a_room(closed=(closed(span("2027-05-17 00:00", "2027-05-18 00:00")),))

    assert verdict(span(starts, ends), room).codes == (("R11.closure",) if meets else ())


def test_r11_each_closure_is_told() -> None:
    names = ("Fire drill", "Floor washing")
    rooms = a_room(closed=tuple(closed(span(f"2026-11-24 1{n}:00", f"1{n}:30"), name) for n, name in enumerate(names)))

    found = verdict(span("2026-11-24 09:00", "12:00"), rooms)

    assert [finding.facts["name"] for finding in found.findings] == list(names)


@quick
@given(spans(longest=6 * 60), st.data())
def test_r11_any_shared_minute_counts(what: TimeSpan, data: st.DataObject) -> None:
    closures = data.draw(st.lists(near(what), max_size=4, unique=True))
    room = a_room(closed=tuple(closed(each, f"Closure {n}") for n, each in enumerate(closures)))

    found = verdict(what, room)

    meeting = [n for n, each in enumerate(closures) if minutes_of(each) & minutes_of(what)]
    assert [finding.facts["name"] for finding in found.findings] == [f"Closure {n}" for n in meeting]


def test_a_booking_of_several_days_names_the_first_day_it_cannot_have() -> None:
    friday = span("2026-11-26 08:00", "2026-11-27 10:00")

    finding = only(verdict(friday, a_room(settings=WEEKDAYS)), "R10.closed_then")

    assert finding.facts["day"] == "2026-11-26"
    assert datetime.fromisoformat(str(finding.facts["to"])) - friday.starts_at == timedelta(hours=23)
