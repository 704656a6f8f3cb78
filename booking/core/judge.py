"""The one judge behind every door: all findings about a request, never only the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce

from booking.core.blocking import busy_window, free_units
from booking.core.facts import Facts
from booking.core.kits import as_kit
from booking.core.request import Item, Request
from booking.core.rules import deadline
from booking.core.rules.catalogue import RULE_BY_CODE, RULES
from booking.core.rules.rule import Case, Rule
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding, Verdict, Weight, strongest

__all__ = [
    "busy_window",
    "free_units",
    "judge",
    "judge_change",
    "judge_lateness",
    "judge_span",
    "new_or_worse",
    "refused_at_any_time",
]

TIMED = tuple(rule for rule in RULES if rule.code != "R01")  # whoever has a span need not ask whether there is one
TIMELESS = tuple(rule for rule in RULES if not rule.needs_span)

# A clash that becomes a matter of buffers, and a crowd that becomes merely large, are better than before.
MILDER_THAN = {
    "R06.buffer": frozenset({"R05.overlap", "R05.elsewhere"}),
    "R07.too_many": frozenset({"R07.fire_limit"}),
}


def judge(request: Request, facts: Facts) -> Verdict:
    """Every finding about every resource of the request.

    When the times asked for do not exist, the findings say so, along with those of rules that need no time.
    """
    span = request.wall.resolve(facts.zone)
    return _verdict(request, span if isinstance(span, TimeSpan) else None, facts)


def judge_span(request: Request, span: TimeSpan, facts: Facts, rules: Sequence[Rule] = ()) -> Verdict:
    """The same for another span than the request's own, as when looking for other times; or by a few rules only."""
    return _verdict(request, span, facts, rules)


def refused_at_any_time(request: Request, facts: Facts) -> bool:
    """Whether no other time would help: the resource, the member or the number of people stands in the way."""
    return any(finding.refuses and finding.rule != "R01" for finding in _verdict(request, None, facts).findings)


def judge_change(before: Request, request: Request, facts: Facts) -> Verdict:
    """Only what the change makes new or worse; the facts leave out the booking being changed.

    A yes is asked for anew when the time or the things are others than those it was given to; not for less of them.
    """
    kept = tuple(item for item in before.items if item.resource_id in facts.resources)
    old, new = judge(replace(before, items=kept), facts), judge(request, facts)
    worse = new_or_worse(old, new)
    if not _reaches_out(before, request, facts):
        return worse
    asked = (each for each in new.findings if each in worse.findings or each.weight is Weight.NEEDS_APPROVAL)
    return Verdict(tuple(asked))


def new_or_worse(before: Verdict, after: Verdict) -> Verdict:
    """Of what is found after, what was not found before, or goes further beyond."""
    return Verdict(tuple(finding for finding in after.findings if _is_new_or_worse(finding, before.findings)))


def _reaches_out(before: Request, request: Request, facts: Facts) -> bool:
    """Whether it takes time, things or units that it did not have."""
    old, new = before.wall.resolve(facts.zone), request.wall.resolve(facts.zone)
    within = isinstance(old, TimeSpan) and isinstance(new, TimeSpan) and old.covers(new)
    had = {item.resource_id: item.quantity for item in before.items}
    return not within or any(item.quantity > had.get(item.resource_id, 0) for item in request.items)


def judge_lateness(before: Request, after: Request | None, facts: Facts, made_at: datetime) -> Verdict:
    """Whether it is too late to change the booking so, or to give it back (None); the facts are of its own time."""
    return deadline.too_late(RULE_BY_CODE["R19"], before, after, facts, made_at)


def _verdict(request: Request, span: TimeSpan | None, facts: Facts, rules: Sequence[Rule] = ()) -> Verdict:
    facts = as_kit(request.items, facts)
    findings = (finding for item in request.items for finding in _about(item, request, span, facts, rules))
    if request.proxy and not request.proxy.has_leave:  # what stands in the member's way is not for a stranger to know
        findings = (finding for finding in findings if finding.rule == "R39")
    return Verdict(tuple(dict.fromkeys(findings)))


def _about(
    item: Item, request: Request, span: TimeSpan | None, facts: Facts, rules: Sequence[Rule]
) -> Iterator[Finding]:
    resource = facts.resources[item.resource_id]
    for rule in rules or (TIMELESS if span is None else TIMED):
        effective = resource.settings.get(rule.code) or rule.default()
        case = Case(request, span, resource, item, facts, rule, effective)
        yield from rule.test(case, effective.params)


def _is_new_or_worse(finding: Finding, old: Iterable[Finding]) -> bool:
    here = [each for each in old if each.resource_id == finding.resource_id]
    if any(each.code in MILDER_THAN.get(finding.code, ()) for each in here):
        return False
    same = [each for each in here if each.code == finding.code]
    if not same or strongest(finding.weight, *(each.weight for each in same)) not in {each.weight for each in same}:
        return True
    return _goes_beyond(finding, same)


def _goes_beyond(finding: Finding, old: list[Finding]) -> bool:
    """Further past the limit, at a time that was fine before, or in a respect that is new."""
    extent = finding.extent
    if isinstance(extent, SpanSet):
        times = [each.extent for each in old if isinstance(each.extent, SpanSet)]
        return bool(extent - reduce(SpanSet.__or__, times, SpanSet()))
    if isinstance(extent, Mapping):
        before = [each.extent for each in old if isinstance(each.extent, Mapping)]
        return any(all(beyond > each.get(limit, 0) for each in before) for limit, beyond in extent.items())
    if isinstance(extent, frozenset):
        return bool(extent.difference(*(each.extent for each in old if isinstance(each.extent, frozenset))))
    return extent > max(each.extent for each in old if isinstance(each.extent, float))
