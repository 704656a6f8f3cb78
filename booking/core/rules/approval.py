"""R38 and R40: when somebody must say yes first, and who may see the title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from booking.core.approval_params import Approval, Visibility
from booking.core.approvals import SATURDAY
from booking.core.localtime import day_span, last_day, local_day, on_the_clock
from booking.core.params import Overlap
from booking.core.rules.rule import Case, instant, minutes
from booking.core.scope import DEFAULT_SCOPE, Scope
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding

SEEN_BY = ("private", "organisation", "members", "public")


def with_approval(case: Case, params: Approval) -> Iterator[Finding]:
    """R38: a yes is needed where any level asks for one; all its reasons are told, and who is asked until when.

    Its extent is the time asked for, so that a change within that time asks for nothing new.
    """
    found = list(_reasons(case, params))
    if not found:
        return
    facts: dict[str, object] = {"why": list(dict.fromkeys(reason for reason, _ in found))}
    who = case.facts.approvals.who.get(case.resource.id, ())
    until_at = case.facts.approvals.until.get(case.resource.id)
    if who:
        facts["who"] = list(who)
    if not case.resource.values("R05", Overlap).pending_blocks:
        facts["kind"] = "competes"
    elif until_at is not None:
        facts["until_at"] = instant(min(until_at, case.span.starts_at))
    yield replace(case.finding("R38.needed", facts, extent=SpanSet((case.span,))), where_set=found[0][1])


def _reasons(case: Case, params: Approval) -> Iterator[tuple[str, Scope]]:
    """Each reason with the level that asks, the nearest first."""
    series = case.request.series
    for scope, asked in _levels(case, params):
        if asked.get("always"):
            yield "always", scope
        if asked.get("first_time") and case.resource.id not in case.facts.approvals.used:
            yield "first_time", scope
        groups = asked.get("groups")
        if isinstance(groups, tuple) and groups and not case.facts.member.groups.intersection(groups):
            yield "outside", scope
        longest = asked.get("longer_than_minutes")
        if isinstance(longest, int) and minutes(case.span.duration) > longest:
            yield "long", scope
        if asked.get("evenings") and _in_evening(case, params.day_begins, params.day_ends):
            yield "evening", scope
        if asked.get("weekends") and _on_weekend(case):
            yield "weekend", scope
        most = asked.get("most_dates")
        if isinstance(most, int) and series is not None and series.occurrences > most:
            yield "series", scope


def _levels(case: Case, params: Approval) -> list[tuple[Scope, Mapping[str, object]]]:
    parts = [(part.scope, part.params) for part in case.effective.parts]
    return parts or [(DEFAULT_SCOPE, {name: getattr(params, name) for name in params.shape()})]


def _in_evening(case: Case, begins: time, ends: time) -> bool:
    """Any minute before the day begins, or after it ends, by the local clock."""
    by_day = SpanSet(
        TimeSpan(starts_at, ends_at)
        for day in _days(case)
        if (starts_at := _at(day, begins, case)) < (ends_at := _at(day, ends, case))
    )
    return bool(SpanSet((case.span,)) - by_day)


def _on_weekend(case: Case) -> bool:
    days = [day_span(day, case.zone) for day in _days(case) if day.weekday() >= SATURDAY]
    return any(day.overlaps(case.span) for day in days)


def _days(case: Case) -> list[date]:
    first, last = local_day(case.span.starts_at, case.zone), last_day(case.span, case.zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _at(day: date, wall: time, case: Case) -> datetime:
    return on_the_clock(datetime.combine(day, wall), case.zone)


def seen_by(case: Case, params: Visibility) -> Iterator[Finding]:
    """R40: a title that was meant for more people than may see it is shown to those who may."""
    asked = case.request.visibility
    if asked in SEEN_BY and SEEN_BY.index(asked) > SEEN_BY.index(params.widest):
        extent = float(SEEN_BY.index(asked) - SEEN_BY.index(params.widest))
        yield case.finding("R40.fewer", {"kind": params.widest}, field="widest", extent=extent)
