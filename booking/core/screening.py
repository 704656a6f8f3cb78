"""A quick first look at many spans: which are certain to be refused, so that only the others need a judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from booking.core.blocking import blocked_times, blocking, buffers, room_in_pool
from booking.core.facts import Facts, ResourceFacts
from booking.core.kits import as_kit
from booking.core.pool import Usage
from booking.core.request import Item, Request
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding, Verdict, Weight

_Screen = Callable[[TimeSpan], bool]


def screen(request: Request, facts: Facts) -> _Screen:
    """A test that is False for spans that are taken outright, or closed where closed means refused."""
    kit = as_kit(request.items, facts)
    tests = [test for item in request.items for test in _tests(item, kit.of(item.resource_id), facts.now)]
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
    yield _is_free(resource, item.quantity, now)


def _is_free(resource: ResourceFacts, quantity: int, now: datetime) -> _Screen:
    """Enough units free for all that the span blocks."""
    before, after = buffers(resource)
    if resource.is_pool:
        usage = Usage(taken.busy for taken in resource.taken)
        return lambda span: room_in_pool(span.padded(before, after), resource, now, usage) >= quantity
    held = SpanSet(taken.busy for taken in blocking(resource))
    return lambda span: bool(resource.units) and not held.overlaps(span.padded(before, after))


def _refuses(resource: ResourceFacts, rule: str) -> bool:
    setting = resource.settings.get(rule)
    return setting is None or setting.weight in (Weight.LOCKED, Weight.REFUSES)
