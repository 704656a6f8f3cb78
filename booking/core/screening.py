"""A quick first look at many spans: which are certain to be refused, so that only the others need a judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from booking.core.blocking import blocked_times, blocking, buffers, units_needed
from booking.core.facts import Facts, ResourceFacts
from booking.core.request import Item, Request
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding, Verdict, Weight

_Screen = Callable[[TimeSpan], bool]


def screen(request: Request, facts: Facts) -> _Screen:
    """A test that is False for spans that are taken outright, or closed where closed means refused."""
    tests = [test for item in request.items for test in _tests(item, facts.resources[item.resource_id], facts.now)]
    return lambda span: all(test(span) for test in tests)


def is_hopeless(verdict: Verdict) -> bool:
    """Whether the length alone, apart from the member's bookings around it, is refused at any time."""
    return any(finding.refuses and _is_about_length(finding) for finding in verdict.findings)


def _is_about_length(finding: Finding) -> bool:
    return finding.rule == "R20" or (finding.rule == "R21" and "total_minutes" not in finding.facts)


def _tests(item: Item, resource: ResourceFacts, now: datetime) -> Iterator[_Screen]:
    if _refuses(resource, "R10"):
        yield resource.open.covers
    if _refuses(resource, "R11"):
        closed = SpanSet(each.span for each in resource.closed)
        yield lambda span: not closed.overlaps(span)
    out = blocked_times(resource, now)
    if out:
        yield lambda span: not out.overlaps(span)
    yield _is_free(resource, units_needed(resource, item.quantity))


def _is_free(resource: ResourceFacts, needed: int) -> _Screen:
    """Enough units free for all that the span blocks."""
    before, after = buffers(resource)
    busy: dict[int, list[TimeSpan]] = {unit: [] for unit in resource.units}
    for taken in blocking(resource):
        busy.setdefault(taken.unit_id, []).append(taken.busy)
    held = [SpanSet(busy[unit]) for unit in resource.units]

    def is_free(span: TimeSpan) -> bool:
        blocked = span.padded(before, after)
        return sum(not each.overlaps(blocked) for each in held) >= needed

    return is_free


def _refuses(resource: ResourceFacts, rule: str) -> bool:
    setting = resource.settings.get(rule)
    return setting is None or setting.weight in (Weight.LOCKED, Weight.REFUSES)
