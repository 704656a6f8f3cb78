"""Other times that would do: the nearest spans of the same length for which the judge refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import lcm

from booking.core.blocking import blocked_times, blocking, buffers
from booking.core.facts import Facts, ResourceFacts
from booking.core.grid import down_to_grid, up_to_grid
from booking.core.judge import judge_span, refused_at_any_time
from booking.core.kits import as_kit
from booking.core.localtime import clock_forward, day_span, local_day, on_the_clock
from booking.core.params import Buffer, Grid, Horizon, Longest, Notice, OwnClash, Past
from booking.core.request import Request
from booking.core.rules import quota, reserved, spacing
from booking.core.screening import is_hopeless, screen
from booking.core.timespan import SpanSet, TimeSpan


def near_times(request: Request, facts: Facts, *, most: int = 3) -> list[TimeSpan]:
    """The nearest spans, earlier or later, that can be booked inside the window; those needing approval come last.

    The span asked for comes first when nothing refuses it. All are as long as it is, rounded up to the grid.

    A rule can only turn at certain starts: the edges of what is open, closed and taken, the earliest and the latest
    start, and the ends of the member's own bookings. So those starts, set on the grid, are all that need judging.
    """
    facts = as_kit(request.items, facts)
    wanted = wanted_span(request, facts)
    if wanted is None or refused_at_any_time(request, facts) or is_hopeless(judge_span(request, wanted, facts)):
        return []
    step = _step(request, facts)
    starts = sorted(set(_starts(wanted, request, facts, step)), key=lambda at: (abs(at - wanted.starts_at), at))
    has_a_chance = screen(request, facts)
    at_once: list[TimeSpan] = []
    on_approval: list[TimeSpan] = []
    for starts_at in starts:
        span = TimeSpan(starts_at, starts_at + wanted.duration)
        if not has_a_chance(span) or any(span.overlaps(each) for each in at_once):
            continue
        verdict = judge_span(request, span, facts)
        if verdict.allowed:
            (on_approval if verdict.needs_approval else at_once).append(span)
        if len(at_once) == most:
            break
    return [*at_once, *_apart(on_approval, at_once)][:most]


def wanted_span(request: Request, facts: Facts) -> TimeSpan | None:
    """What the request means, its length rounded up to the grid; in a missing hour, once the clock has gone forward."""
    span = request.wall.resolve(facts.zone)
    if not isinstance(span, TimeSpan):
        starts_at = on_the_clock(clock_forward(request.wall.starts, facts.zone), facts.zone)
        ends_at = on_the_clock(clock_forward(request.wall.ends, facts.zone), facts.zone)
        if ends_at <= starts_at:
            return None
        span = TimeSpan(starts_at, ends_at)
    step = timedelta(minutes=_step(request, facts))
    rest = span.duration % step
    return TimeSpan(span.starts_at, span.ends_at + step - rest) if rest else span


def _step(request: Request, facts: Facts) -> int:
    """The grid that suits every resource asked for."""
    return lcm(*(facts.resources[item.resource_id].values("R02", Grid).step_minutes for item in request.items))


def _starts(wanted: TimeSpan, request: Request, facts: Facts, step: int) -> Iterator[datetime]:
    """Starts worth judging, on the grid, with all that they block inside the window."""
    resources = [facts.resources[item.resource_id] for item in request.items]
    before = max(buffers(resource)[0] for resource in resources)
    after = max(buffers(resource)[1] for resource in resources)
    turns = [wanted.starts_at, facts.window.starts_at + before, facts.window.ends_at - after - wanted.duration]
    for resource in resources:
        turns += _turns(wanted.duration, resource, facts)
    for turn in turns:
        for starts_at in (down_to_grid(turn, step, facts.zone), up_to_grid(turn, step, facts.zone)):
            blocked = TimeSpan(starts_at - before, starts_at + wanted.duration + after)
            if facts.window.covers(blocked):
                yield starts_at


def _turns(length: timedelta, resource: ResourceFacts, facts: Facts) -> Iterator[datetime]:
    """The starts around which some rule about this resource may turn."""
    yield from _at_opening(length, resource, facts.now)
    yield from _beside_bookings(length, resource)
    yield from _beside_own(length, resource, facts)
    yield from _first_and_last(length, resource, facts)
    for family in (quota, reserved, spacing):
        yield from family.turns(length, resource, facts)


def _at_opening(length: timedelta, resource: ResourceFacts, now: datetime) -> Iterator[datetime]:
    """The edges of what is open; and of what is closed, for where opening hours alone refuse nothing."""
    before, after = buffers(resource)
    staffed = resource.values("R06", Buffer).staffed_turnover
    closed = SpanSet(each.span for each in resource.closed) | blocked_times(resource, now)
    for span in resource.open - closed:
        yield span.starts_at
        yield span.ends_at - length
    for span in closed:
        yield span.ends_at
        yield span.starts_at - length
    for each in resource.closed if staffed else ():
        yield each.span.ends_at + before
        yield each.span.starts_at - length - after


def _beside_bookings(length: timedelta, resource: ResourceFacts) -> Iterator[datetime]:
    before, after = buffers(resource)
    for busy in {taken.busy for taken in blocking(resource)}:
        yield busy.ends_at + before
        yield busy.starts_at - length - after
    for taken in SpanSet(each.span for each in resource.busy_elsewhere):
        yield taken.ends_at + before
        yield taken.starts_at - length - after


def _beside_own(length: timedelta, resource: ResourceFacts, facts: Facts) -> Iterator[datetime]:
    """Just far enough from the member's own bookings not to count as one with them, or not to clash."""
    if resource.values("R09", OwnClash).mode == "refuse":
        for other in facts.own:
            yield other.span.ends_at
            yield other.span.starts_at - length
    longest = resource.values("R21", Longest)
    if longest.minutes is None:
        return
    apart = timedelta(minutes=longest.merge_gap_minutes + 1)
    for own in resource.same_party:
        yield own.ends_at + apart
        yield own.starts_at - apart - length
        if resource.is_pool:  # another unit may be had beside it, for as long as the two together are short enough
            yield from _each_step(own.padded(apart + length, apart), resource)


def _each_step(span: TimeSpan, resource: ResourceFacts) -> Iterator[datetime]:
    step = timedelta(minutes=resource.values("R02", Grid).step_minutes)
    for number in range(span.duration // step + 1):
        yield span.starts_at + number * step


def _first_and_last(length: timedelta, resource: ResourceFacts, facts: Facts) -> Iterator[datetime]:
    """The earliest start that notice and grace allow, and the last that the horizon and memberships do."""
    grace = resource.values("R03", Past).grace_minutes
    step = resource.values("R02", Grid).step_minutes
    yield facts.now - timedelta(minutes=step if grace is None else grace)
    notice = resource.values("R17", Notice).hours
    if notice is not None:
        yield facts.now + timedelta(hours=notice)
    horizon = resource.values("R18", Horizon)
    if horizon.days is not None:
        today = local_day(facts.now, facts.zone)
        for day in (today - timedelta(days=1), today):
            yield day_span(day + timedelta(days=horizon.days), facts.zone).ends_at - timedelta(minutes=1)
    for last in (facts.member.ends_on, *(membership.ends_on for membership in facts.member.memberships)):
        if last is not None:
            yield day_span(last, facts.zone).ends_at - length


def _apart(spans: Sequence[TimeSpan], taken: Iterable[TimeSpan]) -> list[TimeSpan]:
    chosen = list(taken)
    kept = []
    for span in spans:
        if not any(span.overlaps(each) for each in chosen):
            chosen.append(span)
            kept.append(span)
    return kept
