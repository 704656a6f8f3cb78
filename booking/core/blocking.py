"""What a booking blocks: its span with set-up and clean-up, and the units that this leaves free."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.core.facts import ResourceFacts, Taken
from booking.core.outages import blocked_spans
from booking.core.params import Buffer, Overlap, Service
from booking.core.pool import Usage
from booking.core.timespan import SpanSet, TimeSpan


def busy_window(span: TimeSpan, resource: ResourceFacts) -> TimeSpan:
    """The span with the resource's set-up before and clean-up after."""
    before, after = buffers(resource)
    return span.padded(before, after) if before or after else span


def buffers(resource: ResourceFacts) -> tuple[timedelta, timedelta]:
    buffer = resource.values("R06", Buffer)
    return timedelta(minutes=buffer.before_minutes), timedelta(minutes=buffer.after_minutes)


def blocking(resource: ResourceFacts) -> tuple[Taken, ...]:
    """The bookings that take time away; requests do not where they may compete, which they cannot in a pool."""
    if resource.is_pool or resource.values("R05", Overlap).pending_blocks:
        return resource.taken
    return tuple(taken for taken in resource.taken if not taken.requested)


def blocked_times(resource: ResourceFacts, now: datetime) -> SpanSet:
    """The time that maintenance, faults and calendars elsewhere take away.

    A safety fault, which takes it all, is left out.
    """
    taken = SpanSet(each.span for each in resource.busy_elsewhere)
    if not resource.outages and not resource.faults:
        return taken
    assume_down = timedelta(hours=resource.values("R13", Service).assume_down_hours)
    return taken | blocked_spans(resource.outages, resource.faults, now, assume_down)


def free_units(span: TimeSpan, resource: ResourceFacts) -> tuple[int, ...]:
    """The units that are free for the whole blocked interval, in the order of their ids."""
    busy = busy_window(span, resource)
    held = {taken.unit_id for taken in blocking(resource) if taken.busy.overlaps(busy)}
    return tuple(unit for unit in sorted(resource.units) if unit not in held)


def room_in_pool(busy: TimeSpan, resource: ResourceFacts, now: datetime, usage: Usage | None = None) -> int:
    """How many units of a pool a booking of this window can have, when bookings that have not begun may change units.

    It is what the fullest instant leaves (core/pool.py). What has begun stays on its unit; so does everything where a
    unit is also held through another resource.
    """
    around = [taken for taken in resource.taken if taken.busy.ends_at > busy.starts_at]
    turn = max(busy.starts_at, now)
    if turn >= busy.ends_at or any(taken.through for taken in around):
        return len(set(resource.units) - {taken.unit_id for taken in around if taken.busy.overlaps(busy)})
    untouched = len(set(resource.units) - {taken.unit_id for taken in around if taken.busy.starts_at <= turn})
    usage = usage or Usage(taken.busy for taken in around)
    return min(untouched, len(resource.units) - usage.peak(TimeSpan(turn, busy.ends_at)))


def taken_up(span: TimeSpan, resource: ResourceFacts, quantity: int, now: datetime) -> SpanSet:
    """When, within all that the span blocks, too few units are free; nothing when it fits."""
    busy = busy_window(span, resource)
    if not resource.is_pool:
        return SpanSet(taken.busy for taken in blocking(resource)) & SpanSet((busy,))
    if room_in_pool(busy, resource, now) >= quantity:
        return SpanSet()
    full = Usage(taken.busy for taken in resource.taken).above(len(resource.units) - quantity, busy)
    return full or SpanSet(taken.busy for taken in resource.taken) & SpanSet((busy,))
