"""What calendars elsewhere say is taken, for R05, and the set-up and clean-up that need room beside it, for R06."""

from __future__ import annotations

from collections.abc import Iterator

from booking.core.blocking import buffers, busy_window
from booking.core.outages import BusyElsewhere
from booking.core.rules.rule import Case, instant, minutes
from booking.core.timespan import SpanSet
from booking.core.verdict import Finding


def not_taken_elsewhere(case: Case) -> Iterator[Finding]:
    """One finding for each calendar that has the place taken during the span; what for is told to nobody."""
    clashing: dict[tuple[str, str], list[BusyElsewhere]] = {}
    for each in case.resource.busy_elsewhere:
        if each.span.overlaps(case.span):
            clashing.setdefault((each.calendar, each.place), []).append(each)
    for (calendar, place), found in clashing.items():
        stretches = SpanSet(each.span for each in found)
        facts: dict[str, object] = {"place": place, "name": calendar}
        facts |= {"taken": [[instant(each.starts_at), instant(each.ends_at)] for each in stretches]}
        yield case.finding("R05.elsewhere", facts, extent=stretches & SpanSet((case.span,)))


def room_beside_elsewhere(case: Case) -> Iterator[Finding]:
    """Set-up and clean-up do not fall into what is taken elsewhere, which has none of its own."""
    if not case.resource.busy_elsewhere:
        return
    busy = busy_window(case.span, case.resource)
    met = [each.span for each in case.resource.busy_elsewhere if each.span.overlaps(busy)]
    if not met or any(span.overlaps(case.span) for span in met):
        return
    before, after = buffers(case.resource)
    nearest = min(met, key=lambda span: abs(span.starts_at - case.span.starts_at))
    is_later = nearest.starts_at > case.span.starts_at
    facts = {
        "minutes": int(minutes(after if is_later else before)),
        "from": instant(nearest.starts_at),
        "to": instant(nearest.ends_at),
    }
    field = "after_minutes" if is_later else "before_minutes"
    yield case.finding("R06.buffer", facts, field=field, extent=SpanSet(met) & SpanSet((busy,)))
