"""R08 and R09: what must be booked together, and what the member has booked elsewhere at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from booking.core.blocking import taken_up
from booking.core.kits import as_kit, completed, needs_of
from booking.core.params import Companions, OwnClash
from booking.core.rules.rule import Case, instant
from booking.core.timespan import SpanSet
from booking.core.verdict import Finding, Weight


def well_composed(case: Case, _: Companions) -> Iterator[Finding]:
    """R08: nothing twice in one booking, and every companion for as long as it is needed."""
    yield from _shared_with_earlier(case)
    known = case.facts.resources.keys() | case.facts.companions.keys()
    for resource_id, quantity in needs_of(case.resource).items():
        if resource_id in known:
            yield from _companion(case, resource_id, quantity)


def _shared_with_earlier(case: Case) -> Iterator[Finding]:
    """A hall and its part share units, so one booking cannot have both."""
    for item in case.request.items[: case.request.items.index(case.item)]:
        other = case.facts.of(item.resource_id)
        if set(other.units) & set(case.resource.units):
            yield case.finding("R08.shared", {"other": other.name}, weight=Weight.LOCKED)


def _companion(case: Case, resource_id: int, quantity: int) -> Iterator[Finding]:
    items = completed(case.request.items, case.facts)
    companion = as_kit(items, case.facts).of(resource_id)
    asked = next((item.quantity for item in case.request.items if item.resource_id == resource_id), 0)
    full = taken_up(case.span, companion, max(asked, quantity), case.now)
    facts: dict[str, object] = {"companion": companion.name, "companion_id": resource_id}
    if companion.is_pool and quantity > 1:
        facts["quantity"] = quantity
    if full:
        facts |= {"kind": "taken", "taken": [[instant(each.starts_at), instant(each.ends_at)] for each in full]}
    if full or asked < quantity:
        yield case.finding("R08.companion", facts, field="needs", extent=full or float(quantity - asked))


def nothing_else_then(case: Case, params: OwnClash) -> Iterator[Finding]:
    """R09: no other booking of the member's, of something else, at the same time."""
    if params.mode == "off":
        return
    weight = Weight.REFUSES if params.mode == "refuse" else case.effective.weight
    for own in case.facts.own:
        if own.span.overlaps(case.span) and case.resource.id not in own.resource_ids:
            facts = {"other": own.name, "from": instant(own.span.starts_at), "to": instant(own.span.ends_at)}
            extent = SpanSet((own.span,)) & SpanSet((case.span,))
            yield case.finding("R09.own_clash", facts, weight=weight, extent=extent, of_member=True)
