"""R32: what is done in a room needs no more than the room contains, and is approved to the end."""

from __future__ import annotations

from collections.abc import Iterator

from booking.core.localtime import last_day
from booking.core.rules.rule import Case
from booking.core.safety import CONTAINED_FROM, Activity
from booking.core.safety_params import Containment
from booking.core.verdict import Finding


def contained(case: Case, params: Containment) -> Iterator[Finding]:
    """R32: the activity's level is at most the room's, and its approval lasts through the end."""
    chosen = case.request.details.activity_id
    activity = case.facts.safety.activities.get(chosen) if chosen is not None else None
    if activity is None:
        return
    yield from _approval(case, activity)
    if params.level is None:
        if activity.level >= CONTAINED_FROM and not _is_contained_beside(case):
            facts = {"activity": activity.name, "needed": activity.level}
            yield case.finding("R32.level", facts, extent=float(activity.level))
    elif activity.level > params.level:
        facts = {"activity": activity.name, "needed": activity.level, "level": params.level}
        yield case.finding("R32.level", facts, field="level", extent=float(activity.level - params.level))


def _is_contained_beside(case: Case) -> bool:
    """Whether the booking also holds a room with a level: then an instrument without one lies inside it."""
    others = (case.facts.resources.get(item.resource_id) for item in case.request.items)
    return any(other is not None and other.values("R32", Containment).level is not None for other in others)


def _approval(case: Case, activity: Activity) -> Iterator[Finding]:
    """Said once for the whole booking: it is about the activity, not about one resource."""
    if case.found_span is None:
        return
    last = last_day(case.found_span, case.zone)
    if activity.is_approved_through(last):
        return
    facts: dict[str, object] = {"activity": activity.name}
    if activity.approval and activity.approved_until is not None:
        facts["expires_on"] = activity.approved_until.isoformat()
        yield case.finding("R32.approval", facts, extent=float((last - activity.approved_until).days), of_member=True)
    else:
        yield case.finding("R32.approval", facts, extent=float("inf"), of_member=True)
