"""What a booking blocks: its span with set-up and clean-up, and the units that this leaves free."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.core.facts import ResourceFacts, Taken
from booking.core.outages import blocked_spans
from booking.core.params import Buffer, Overlap, Service
from booking.core.timespan import SpanSet, TimeSpan


def busy_window(span: TimeSpan, resource: ResourceFacts) -> TimeSpan:
    """The span with the resource's set-up before and clean-up after."""
    before, after = buffers(resource)
    return span.padded(before, after) if before or after else span


def buffers(resource: ResourceFacts) -> tuple[timedelta, timedelta]:
    buffer = resource.values("R06", Buffer)
    return timedelta(minutes=buffer.before_minutes), timedelta(minutes=buffer.after_minutes)


def blocking(resource: ResourceFacts) -> tuple[Taken, ...]:
    """The bookings that take time away; requests do not where they may compete."""
    if resource.values("R05", Overlap).pending_blocks:
        return resource.taken
    return tuple(taken for taken in resource.taken if not taken.requested)


def blocked_times(resource: ResourceFacts, now: datetime) -> SpanSet:
    """The time that maintenance and faults take away; a safety fault, which takes it all, is left out."""
    if not resource.outages and not resource.faults:
        return SpanSet()
    assume_down = timedelta(hours=resource.values("R13", Service).assume_down_hours)
    return blocked_spans(resource.outages, resource.faults, now, assume_down)


def free_units(span: TimeSpan, resource: ResourceFacts) -> tuple[int, ...]:
    """The units that are free for the whole blocked interval, in the order of their ids."""
    busy = busy_window(span, resource)
    held = {taken.unit_id for taken in blocking(resource) if taken.busy.overlaps(busy)}
    return tuple(unit for unit in sorted(resource.units) if unit not in held)


def units_needed(resource: ResourceFacts, quantity: int) -> int:
    """A pool gives as many units as asked for; anything else is all its units at once."""
    return quantity if resource.is_pool else len(resource.units)
