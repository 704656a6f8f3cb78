"""R22 to R25: how many bookings and hours in a period, and how many ahead, of a member or an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from booking.core.facts import Facts, ResourceFacts
from booking.core.limits import AHEAD, Limit
from booking.core.localtime import day_span, last_day, local_day
from booking.core.opening import window_spans
from booking.core.periods import DAY, period_of
from booking.core.quota_params import CountQuota, OpenBookings, OpenHours, Quota, TimeQuota
from booking.core.quotas import Measure, Spent, spending, subject_of, wanted_use
from booking.core.rules.rule import Case
from booking.core.verdict import Finding

HOUR_MINUTES = 60
QUOTAS: tuple[tuple[str, type[Quota]], ...] = (
    ("R22", CountQuota), ("R23", TimeQuota), ("R24", OpenBookings), ("R25", OpenHours),
)  # fmt: skip


def few_enough(case: Case, params: CountQuota) -> Iterator[Finding]:
    """R22: at most so many bookings; one counts in every local period that it touches."""
    yield from _beyond(case, params, "R22.too_many", Measure.BOOKINGS)


def within_hours(case: Case, params: TimeQuota) -> Iterator[Finding]:
    """R23: at most so many hours; minutes count in the local period they fall in, and those of each unit add up."""
    yield from _beyond(case, params, "R23.too_much", Measure.MINUTES)


def few_ahead(case: Case, params: OpenBookings) -> Iterator[Finding]:
    """R24: at most so many bookings that have not ended; each date of a series is one."""
    yield from _beyond(case, params, "R24.too_many_ahead", Measure.BOOKINGS)


def hours_ahead(case: Case, params: OpenHours) -> Iterator[Finding]:
    """R25: at most so many hours that lie ahead."""
    yield from _beyond(case, params, "R25.too_much_ahead", Measure.MINUTES)


def _beyond(case: Case, params: Quota, code: str, measure: Measure) -> Iterator[Finding]:
    usage = case.resource.usage
    if not params.limits or usage is None:
        return
    wanted = wanted_use(case.request, case.span, case.facts)
    for limit in params.limits:
        subject = subject_of(limit, case.request, case.facts)
        most = limit.amount * (HOUR_MINUTES if measure is Measure.MINUTES else 1)
        spent = spending(limit, measure, usage, subject, wanted, case.now, case.zone)
        broken = [each for each in spent if each.used + each.needed > most]
        if broken:
            extent = {each.key: each.used + each.needed - most for each in broken}
            yield _finding(case, code, measure, broken[0], extent)


def _finding(case: Case, code: str, measure: Measure, spent: Spent, extent: dict[str, float]) -> Finding:
    """About the resource where each counts by itself; about the member where several are added up."""
    limit, usage = spent.limit, case.resource.usage
    called = usage.place.called(limit.over) if usage else {}
    kind = "member" if spent.subject.is_alone else limit.subject
    facts: dict[str, object] = {"kind": kind, **called, **_figures(measure, spent)}
    if spent.period is not None:
        facts["period"] = {**spent.period.to_json(), **({"prime": True} if limit.windows else {})}
    told = case.finding(code, facts, field="limits", extent=extent, of_member=limit.over != "resource")
    return replace(told, where_set=case.effective.scope_of("limits"))


def _figures(measure: Measure, spent: Spent) -> dict[str, object]:
    if measure is Measure.BOOKINGS:
        return {"limit": spent.limit.amount, "used": int(spent.used)}
    left = spent.limit.amount * HOUR_MINUTES - spent.used
    figures: dict[str, object] = {"limit_hours": spent.limit.amount, "needed_minutes": spent.needed}
    return {**figures, "left_minutes": left} if left > 0 else figures


def turns(length: timedelta, resource: ResourceFacts, facts: Facts) -> Iterator[datetime]:
    """The starts around which a quota may turn: where a period or a window that counts begins or ends."""
    for code, params in QUOTAS:
        for limit in resource.values(code, params).limits:
            for edge in _edges(limit, facts):
                yield edge
                yield edge - length


def _edges(limit: Limit, facts: Facts) -> Iterator[datetime]:
    if limit.per == AHEAD:
        return
    day, last = local_day(facts.window.starts_at, facts.zone), last_day(facts.window, facts.zone)
    while day <= last:
        yield day_span(day, facts.zone).starts_at
        day = (day if limit.per == "rolling" else period_of(day, limit.per).last) + DAY
    for span in window_spans(limit.windows, facts.window, facts.zone):
        yield from (span.starts_at, span.ends_at)
