"""R19: how late a booking can be changed or given back; judged of bookings that stand, never of a new wish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from booking.core.facts import Facts
from booking.core.params import Deadline
from booking.core.request import Request
from booking.core.rules.rule import Case, Rule
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding, Verdict, Weight

REGRET = timedelta(minutes=5)  # whoever has just booked may think again


def nothing_of_a_new_booking(_case: Case, _params: Deadline) -> Iterator[Finding]:
    """R19 has nothing to say before there is a booking to change."""
    return iter(())


def gives_time_back(before: Request, after: Request | None, facts: Facts) -> bool:
    """Whether others could use what the change lets go: less time, fewer units or another resource."""
    old = before.wall.resolve(facts.zone)
    new = after.wall.resolve(facts.zone) if after else None
    if after is None or not isinstance(old, TimeSpan) or not isinstance(new, TimeSpan):
        return True
    wanted = {item.resource_id: item.quantity for item in after.items}
    return not new.covers(old) or any(wanted.get(item.resource_id, 0) < item.quantity for item in before.items)


def too_late(rule: Rule, before: Request, after: Request | None, facts: Facts, made_at: datetime) -> Verdict:
    """What R19 says of a change, or of a cancellation when `after` is None.

    It is silent in the minutes after the booking was made, once it has begun, and where the place is closed anyway.
    """
    span = before.wall.resolve(facts.zone)
    begun = not isinstance(span, TimeSpan) or span.starts_at <= facts.now
    if begun or facts.now <= made_at + REGRET or not gives_time_back(before, after, facts):
        return Verdict()
    return Verdict(tuple(_findings(rule, before, span, facts))) if isinstance(span, TimeSpan) else Verdict()


def _findings(rule: Rule, before: Request, span: TimeSpan, facts: Facts) -> Iterator[Finding]:
    for item in before.items:
        resource = facts.resources[item.resource_id]
        effective = resource.settings.get(rule.code) or rule.default()
        params = effective.params
        if not isinstance(params, Deadline) or params.hours is None or params.effect == "none":
            continue
        ends_at = span.starts_at - timedelta(hours=params.hours)
        shut = SpanSet(each.span for each in resource.closed).overlaps(span)
        if facts.now <= ends_at or shut:
            continue
        case = Case(before, span, resource, item, facts, rule, effective)
        told = {"deadline_hours": params.hours, "until_at": ends_at.isoformat()}
        if resource.contact:
            told["contact"] = resource.contact
        refused = params.effect == "refuse"
        weight = effective.weight if refused else Weight.NOTES
        yield case.finding("R19.too_late" if refused else "R19.late", told, field="hours", weight=weight)
