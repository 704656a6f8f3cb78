"""R17 and R18: how early and how late, across midnights and the nights when the clock changes."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.timespan import TimeSpan
from tests.core.world import (
    MINUTE,
    NIGHTS,
    OSLO,
    a_room,
    at,
    each_minute,
    has,
    only,
    quick,
    set_to,
    span,
    spans,
    verdict,
)  # fmt: skip


@pytest.mark.parametrize(
    ("now", "refused"), [("2026-11-23 10:00", False), ("2026-11-23 10:01", True), ("2026-11-24 09:00", True)]
)
def test_r17_notice_is_counted_to_the_minute(now: str, refused: bool) -> None:
    room = a_room(settings={"R17": set_to("R17", hours=24)})

    assert verdict(span("2026-11-24 10:00", "11:00"), room, now=at(now)).refused == refused


@pytest.mark.parametrize(("now", "refused"), [("2027-03-27 09:00", False), ("2027-03-27 10:00", True)])
def test_r17_hours_are_those_that_pass_when_the_clock_goes_forward(now: str, refused: bool) -> None:
    room = a_room(settings={"R17": set_to("R17", hours=24)})

    assert verdict(span("2027-03-28 10:00", "11:00"), room, now=at(now)).refused == refused


def test_r17_the_earliest_start_is_told_on_the_grid() -> None:
    room = a_room(settings={"R17": set_to("R17", hours=24)})

    finding = only(verdict(span("2026-11-24 10:00", "11:00"), room, now=at("2026-11-23 10:20")), "R17.notice")

    assert finding.facts["notice_hours"] == 24
    assert finding.way_out == {"from": at("2026-11-24 10:30").isoformat()}


@quick
@given(spans(step=1), st.integers(0, 72), st.integers(-200, 80 * 60))
def test_r17_is_a_count_of_minutes(what: TimeSpan, hours: int, ahead: int) -> None:
    room = a_room(settings={"R17": set_to("R17", hours=hours)})

    found = verdict(what, room, now=what.starts_at - ahead * MINUTE)

    assert has(found, "R17") == (ahead < hours * 60)


@pytest.mark.parametrize(
    ("starts", "refused"),
    [("2026-12-02 23:45", False), ("2026-12-03 00:00", True), ("2026-12-02 00:00", False), ("2026-12-10 10:00", True)],
)
def test_r18_it_is_the_local_date_of_the_start_that_counts(starts: str, refused: bool) -> None:
    room = a_room(settings={"R18": set_to("R18", days=10)})
    what = TimeSpan(at(starts), at(starts) + timedelta(hours=2))

    assert has(verdict(what, room, now=at("2026-11-22 10:00")), "R18") == refused


@pytest.mark.parametrize(("now", "refused"), [("2026-11-22 07:59", True), ("2026-11-22 08:00", False)])
def test_r18_a_date_opens_at_a_time_of_day(now: str, refused: bool) -> None:
    room = a_room(settings={"R18": set_to("R18", days=10, opens_at="08:00")})

    found = verdict(span("2026-12-02 10:00", "11:00"), room, now=at(now))

    assert found.refused == refused
    assert all(finding.facts["opens_at"] == at("2026-11-22 08:00").isoformat() for finding in found.findings)


def test_r18_shortly_after_midnight_a_new_date_is_open() -> None:
    """At 00:30 in Oslo it is still yesterday in UTC."""
    room = a_room(settings={"R18": set_to("R18", days=1)})

    assert verdict(span("2026-06-03 10:00", "11:00"), room, now=at("2026-06-02 00:30")).codes == ()


@quick
@given(st.sampled_from(NIGHTS), st.integers(0, 3), st.integers(0, 95), st.integers(0, 5 * 96), st.integers(0, 96))
def test_r18_is_as_a_watched_clock_and_calendar(day: date, days: int, opens: int, start: int, asked: int) -> None:
    opens_at = time(opens // 4, opens % 4 * 15)
    room = a_room(settings={"R18": set_to("R18", days=days, opens_at=f"{opens_at:%H:%M}")})
    midnight = datetime.combine(day, time(), OSLO)
    now = at(f"{day} 00:00") + asked * 15 * MINUTE
    what = TimeSpan(now + start * 15 * MINUTE, now + (start + 4) * 15 * MINUTE)
    starts_on = what.starts_at.astimezone(OSLO).date()

    def clock_has_come_to_it(instant: datetime) -> bool:
        local = instant.astimezone(OSLO).replace(tzinfo=None)
        return local >= datetime.combine(starts_on - timedelta(days=days), opens_at)

    since = TimeSpan(at(f"{midnight.date() - timedelta(days=1)} 00:00"), now + MINUTE)
    opened = any(clock_has_come_to_it(instant) for instant in each_minute(since))

    assert has(verdict(what, room, now=now), "R18") == (not opened)
