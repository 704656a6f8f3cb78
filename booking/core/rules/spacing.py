"""R26 and R27: how far apart a member's own bookings lie, and how many they hold at the same instant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from booking.core.facts import Facts, ResourceFacts
from booking.core.params import Longest
from booking.core.quota_params import Concurrent, OwnGap
from booking.core.quotas import wanted_use
from booking.core.rules.rule import Case, minutes
from booking.core.timespan import TimeSpan
from booking.core.usage import Subject, Use
from booking.core.verdict import Finding


def well_apart(case: Case, params: OwnGap) -> Iterator[Finding]:
    """R26: so many minutes between one's own bookings, unless they are near enough to count as one."""
    usage = case.resource.usage
    if params.minutes is None or usage is None:
        return
    merged = timedelta(minutes=case.resource.values("R21", Longest).merge_gap_minutes)
    apart = timedelta(minutes=params.minutes)
    gaps = [_gap(case.span, use.span) for use in _own(case, params.over, case.span.padded(apart, apart))]
    narrow = [gap for gap in gaps if merged < gap < apart]
    if narrow:
        facts = {"minutes": params.minutes, **usage.place.called(params.over)}
        extent = minutes(apart - min(narrow))
        found = case.finding("R26.too_close", facts, field="minutes", extent=extent, of_member=True)
        yield replace(found, where_set=case.effective.scope_of("minutes"))


def few_at_once(case: Case, params: Concurrent) -> Iterator[Finding]:
    """R27: at most so many at the same instant; of a pool, each unit is one."""
    usage = case.resource.usage
    if params.most is None or usage is None:
        return
    wanted = wanted_use(case.request, case.span, case.facts)
    peak = _peak(case, params.over, [wanted, *_own(case, params.over, case.span)])
    if peak > params.most:
        facts = {"limit": params.most, **usage.place.called(params.over)}
        extent = float(peak - params.most)
        found = case.finding("R27.too_many_at_once", facts, field="most", extent=extent, of_member=True)
        yield replace(found, where_set=case.effective.scope_of("most"))


def _own(case: Case, over: str, span: TimeSpan) -> Iterator[Use]:
    """The member's other bookings within the scope that share an instant with the span."""
    usage = case.resource.usage
    if usage is None:
        return
    subject, scope = Subject("member", case.facts.member.id), usage.place.ids.get(over, 0)
    for use in usage.touching(span):
        if subject.has(use) and use.units(over, scope):
            yield use


def _gap(span: TimeSpan, other: TimeSpan) -> timedelta:
    """How long it is from the one to the other; nothing when they overlap."""
    return max(other.starts_at - span.ends_at, span.starts_at - other.ends_at, timedelta())


def _peak(case: Case, over: str, uses: list[Use]) -> int:
    """The most units held at one instant of the span; what ends as another begins makes room for it."""
    scope = case.resource.usage.place.ids.get(over, 0) if case.resource.usage else 0
    edges = [(use.span.starts_at, 1, use.units(over, scope)) for use in uses]
    edges += [(use.span.ends_at, 0, -use.units(over, scope)) for use in uses]
    held = most = 0
    for at, _, change in sorted(edges):
        held += change
        if case.span.starts_at <= at < case.span.ends_at:
            most = max(most, held)
    return max(most, _held_at_start(case, over, scope, uses))


def _held_at_start(case: Case, over: str, scope: int, uses: list[Use]) -> int:
    return sum(use.units(over, scope) for use in uses if use.span.contains(case.span.starts_at))


def turns(length: timedelta, resource: ResourceFacts, facts: Facts) -> Iterator[datetime]:
    """The starts just far enough from the member's own bookings."""
    gap, most = resource.values("R26", OwnGap).minutes, resource.values("R27", Concurrent).most
    if resource.usage is None or (gap is None and most is None):
        return
    apart = timedelta(minutes=gap or 0)
    for use in resource.usage.uses.all:
        if use.member_id == facts.member.id:
            yield use.span.ends_at + apart
            yield use.span.starts_at - apart - length
