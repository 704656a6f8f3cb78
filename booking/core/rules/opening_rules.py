"""R10 and R11: when a resource is open, and when it is closed for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booking.core.facts import Closed
from booking.core.fields import closing_text
from booking.core.localtime import clock_text, local_day
from booking.core.opening import Window, hours_on
from booking.core.params import Closures, Hours
from booking.core.rules.rule import Case, instant
from booking.core.timespan import SpanSet
from booking.core.verdict import Finding


def in_opening_hours(case: Case, params: Hours) -> Iterator[Finding]:
    """R10: every minute of the span is inside opening hours, not only its two ends."""
    outside = case.resource.open.gaps(case.span)
    if not outside:
        return
    first = outside.spans[0]
    day = local_day(first.starts_at, case.zone)
    facts: dict[str, object] = {
        "from": instant(first.starts_at),
        "to": instant(first.ends_at),
        "day": day.isoformat(),
        "hours": _hours(hours_on(day, params.weekly, case.resource.special_days)),
    }
    name = next((special.name for special in case.resource.special_days if special.day == day), "")
    if name:
        facts["name"] = name
    yield case.finding("R10.closed_then", facts, field="windows", extent=outside)


def outside_closures(case: Case, _: Closures) -> Iterator[Finding]:
    """R11: no minute of the span falls in a closure or on a public holiday that is kept."""
    for closed in case.resource.closed:
        meeting = closed.span.intersection(case.span)
        if meeting:
            facts = closure_facts(closed)
            place = closed.scope.name if closed.scope and closed.scope.name else case.resource.name
            yield case.finding(
                "R11.closure", {**facts, "place": place, "kind": str(closed.kind)}, extent=SpanSet((meeting,))
            )


def closure_facts(closed: Closed) -> dict[str, object]:
    return {
        "from": instant(closed.span.starts_at),
        "to": instant(closed.span.ends_at),
        "name": closed.name,
        "names": dict(closed.names),
    }


def _hours(windows: Sequence[Window] | None) -> list[list[str]]:
    """Wall times as data; open at all hours is one window from midnight to midnight."""
    if windows is None:
        return [["00:00", "24:00"]]
    return [[clock_text(window.opens), closing_text(window)] for window in windows]
