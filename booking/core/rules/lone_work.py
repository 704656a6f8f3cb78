"""R33: nobody works alone at night, at weekends and in closures, where that is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from booking.core.lab_params import Required
from booking.core.lone_work import accompanied, lone_times, through_day
from booking.core.params import Access
from booking.core.rules import lab, who
from booking.core.rules.rule import Case, instant
from booking.core.safety_params import LoneWork
from booking.core.settings import Effective
from booking.core.timespan import SpanSet
from booking.core.verdict import Finding, Weight

# What a buddy must fulfil as well: by rule, its test and its values where nothing is set.
OF_BUDDIES: tuple[tuple[str, Callable[[Case, Any], Iterator[Finding]], type[Any]], ...] = (
    ("R30", who.open_to_the_member, Access),
    ("R31", lab.has_learnt, Required),
)


def never_alone(case: Case, params: LoneWork) -> Iterator[Finding]:
    """R33: every minute of the booking inside the windows is covered by enough others, or by a dispensation."""
    details = case.request.details
    if params.least_people is None or (params.unattended_exempt and details.unattended):
        return
    if details.not_yet_asked and params.by_buddy:
        return
    alone = _alone(case, params)
    if not alone:
        return
    buddy = details.buddy_id if params.by_buddy else None
    if buddy is not None and not _may_be_buddy(case, buddy):
        yield case.finding("R33.buddy", weight=Weight.LOCKED, extent=frozenset({f"buddy {buddy}"}))
        buddy = None
    others = _others(case, params)
    without = _left(case, params, alone, others)
    if buddy is not None and without:
        whole = SpanSet((case.span,))
        others = {**others, buddy: whole}
        yield case.finding("R33.awaits_buddy", weight=Weight.NOTES, extent=without)
    yield from _uncovered(case, params, _left(case, params, alone, others))


def _alone(case: Case, params: LoneWork) -> SpanSet:
    closed = (each.span for each in case.resource.closed)
    return lone_times(params, closed, case.span, case.zone)


def _others(case: Case, params: LoneWork) -> dict[int, SpanSet]:
    """Who else is in the area and when, by member."""
    others: dict[int, SpanSet] = {}
    for each in case.facts.safety.present.get(case.resource.id, ()) if params.by_overlap else ():
        if each.member_id != case.request.member_id:
            others[each.member_id] = others.get(each.member_id, SpanSet()) | SpanSet((each.span,))
    return others


def _left(case: Case, params: LoneWork, alone: SpanSet, others: dict[int, SpanSet]) -> SpanSet:
    """The minutes that nobody covers and no dispensation allows."""
    left = alone - accompanied(others, (params.least_people or 1) - 1, case.span)
    last = case.facts.safety.dispensed.get((case.request.member_id or 0, case.resource.id))
    return left - through_day(last, case.span, case.zone) if last else left


def _may_be_buddy(case: Case, buddy_id: int) -> bool:
    """Somebody else, who is active, may book the place themselves and has learnt what it asks for."""
    buddy = case.facts.safety.members.get(buddy_id)
    if buddy is None or buddy_id == case.request.member_id:
        return False
    request = replace(case.request, member_id=buddy_id, organisation_id=None)
    theirs = replace(case, request=request, facts=replace(case.facts, member=buddy))
    for code, test, params in OF_BUDDIES:
        effective = case.resource.settings.get(code) or Effective(params(), Weight.REFUSES)
        if any(found.refuses for found in test(replace(theirs, effective=effective), effective.params)):
            return False
    return True


def _uncovered(case: Case, params: LoneWork, left: SpanSet) -> Iterator[Finding]:
    if not left:
        return
    first = left.spans[0]
    facts: dict[str, object] = {
        "from": instant(first.starts_at),
        "to": instant(left.spans[-1].ends_at),
        "people": params.least_people,
    }
    if first.starts_at > case.span.starts_at:
        facts["end_at"] = instant(first.starts_at)
    if not params.by_buddy:
        facts["kind"] = "no_buddy"
    yield case.finding("R33.uncovered", facts, field="least_people", extent=left)
