"""R17 and R18: how early and how late a booking can be made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from booking.core.grid import up_to_grid
from booking.core.localtime import local_day, on_the_clock
from booking.core.params import Grid, Horizon, Notice
from booking.core.rules.rule import Case, instant, minutes
from booking.core.verdict import Finding


def with_notice(case: Case, params: Notice) -> Iterator[Finding]:
    """R17: at least so many hours from now to the start, counted as they pass."""
    if params.hours is None:
        return
    earliest = case.now + timedelta(hours=params.hours)
    if case.span.starts_at < earliest:
        step = case.resource.values("R02", Grid).step_minutes
        way_out = {"from": instant(up_to_grid(earliest, step, case.zone))}
        extent = minutes(earliest - case.span.starts_at)
        yield case.finding("R17.notice", {"notice_hours": params.hours}, field="hours", way_out=way_out, extent=extent)


def within_horizon(case: Case, params: Horizon) -> Iterator[Finding]:
    """R18: the local date of the start is at most so many days ahead, and that date has been opened."""
    if params.days is None:
        return
    day = local_day(case.span.starts_at, case.zone)
    opens_at = opening_of(day, params, case)
    if case.now < opens_at:
        facts = {"day": day.isoformat(), "opens_at": instant(opens_at), "days": params.days}
        extent = float(day.toordinal() - local_day(case.now, case.zone).toordinal())
        yield case.finding("R18.horizon", facts, field="days", way_out={"wait_until": instant(opens_at)}, extent=extent)


def opening_of(day: date, params: Horizon, case: Case) -> datetime:
    """When a date can first be booked."""
    opening_day = day - timedelta(days=params.days or 0)
    return on_the_clock(datetime.combine(opening_day, params.opens_at), case.zone)
