"""The stretches of a resource's day for the one who looks: free, taken, mine, closed, out of service, and so on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.core.blocking import buffers
from booking.core.details import NOT_YET_ASKED
from booking.core.facts import ClosedKind, Facts, ResourceFacts
from booking.core.grid import down_to_grid, up_to_grid
from booking.core.judge import judge_span
from booking.core.kits import completed
from booking.core.outages import Effect
from booking.core.params import Grid, Longest, Notice, Service, Shortest
from booking.core.pool import Usage
from booking.core.quota_params import Reserved
from booking.core.request import Item, Request, WallSpan
from booking.core.rules.reserved import still_held
from booking.core.timespan import SpanSet, TimeSpan
from booking.services.glimpses import Glimpse

USUAL = timedelta(hours=1)
FINE = 15
BEFORE, AFTER = "set_up", "clean_up"
ELSEWHERE = "R05.elsewhere"


class CellKind(StrEnum):
    """What a stretch of time is for the one who looks; a gap is free, but not to be booked by them now."""

    FREE = "free"
    TAKEN = "taken"
    MINE = "mine"
    WAITING = "waiting"
    BUFFER = "buffer"
    CLOSED = "closed"
    PAST = "past"
    GAP = "gap"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Cell:
    """One stretch. `names` explains a closure in each language; `units_free` of `units` is for pools.

    `through` names the part or the whole that a booking was made through, when it is not the resource itself.
    `offer` is what to book when a free stretch is chosen; `why` is the code of what makes a free stretch a gap or an
    outage, or taken elsewhere, or which side of a booking a buffer is on, and `reason` what is told of planned
    maintenance, the calendar elsewhere, or the groups that time is held for.
    """

    kind: CellKind
    span: TimeSpan
    glimpse: Glimpse | None = None
    names: Mapping[str, str] | None = None
    units_free: int | None = None
    units: int | None = None
    through: str = ""
    offer: TimeSpan | None = None
    why: str | None = None
    reason: str = ""


def cells_of(resource: ResourceFacts, span: TimeSpan, facts: Facts, seen: Mapping[int, Glimpse]) -> list[Cell]:
    """The span cut into cells without gaps between them."""
    within = SpanSet((span,))
    cells = _pool_cells(resource, within) if resource.is_pool else _booked_cells(resource, span, seen)
    left = within - SpanSet(cell.span for cell in cells)
    for closed in resource.closed:
        here = left & SpanSet((closed.span,))
        names = dict(closed.names) if closed.kind is ClosedKind.PUBLIC_HOLIDAY else {"nb": closed.name}
        cells += [Cell(CellKind.CLOSED, each, names=names) for each in here]
        left = left - here
    cells += [Cell(CellKind.CLOSED, each) for each in left - resource.open]
    left = left & resource.open
    for other in (*_elsewhere_cells(resource), *_held_cells(resource, span, facts), *_out_cells(resource, span, facts)):
        here = left & SpanSet((other.span,))
        cells += [replace(other, span=each) for each in here]
        left = left - here
    for each in left:
        cells += _free_cells(resource, each, facts)
    return sorted(cells, key=lambda cell: cell.span)


def _booked_cells(resource: ResourceFacts, span: TimeSpan, seen: Mapping[int, Glimpse]) -> list[Cell]:
    """What is booked inside the span; where a hall's parts are booked at once, the one that began first is seen."""
    cells: list[Cell] = []
    shown_until = span.starts_at
    for taken in sorted(resource.taken, key=lambda each: (each.busy.starts_at, each.busy.ends_at, each.booking_id)):
        if not taken.busy.overlaps(span):
            continue
        glimpse = seen[taken.booking_id]
        begins, ends = taken.span.starts_at, taken.span.ends_at
        for first, last, kind, why in (
            (taken.busy.starts_at, begins, CellKind.BUFFER, BEFORE),
            (begins, ends, _kind(glimpse), None),
            (ends, taken.busy.ends_at, CellKind.BUFFER, AFTER),
        ):
            starts_at, ends_at = max(first, shown_until), min(last, span.ends_at)
            if starts_at < ends_at:
                about = None if why else glimpse
                cells.append(Cell(kind, TimeSpan(starts_at, ends_at), about, through=taken.through, why=why))
        shown_until = max(shown_until, taken.busy.ends_at)
    return cells


def _kind(glimpse: Glimpse) -> CellKind:
    if glimpse.state == "requested":
        return CellKind.WAITING
    return CellKind.MINE if glimpse.is_mine else CellKind.TAKEN


def _pool_cells(resource: ResourceFacts, within: SpanSet) -> list[Cell]:
    """A pool is taken only while every unit is."""
    usage = Usage(taken.busy for taken in resource.taken)
    full = [each for span in within for each in usage.above(len(resource.units) - 1, span)]
    return [Cell(CellKind.TAKEN, each, units_free=0, units=len(resource.units)) for each in full]


def _elsewhere_cells(resource: ResourceFacts) -> Iterator[Cell]:
    """What calendars elsewhere say is taken, with the calendar's name."""
    for each in resource.busy_elsewhere:
        yield Cell(CellKind.TAKEN, each.span, why=ELSEWHERE, reason=each.calendar)


def _out_cells(resource: ResourceFacts, span: TimeSpan, facts: Facts) -> Iterator[Cell]:
    """What is out of service, and planned maintenance that blocks; the weightiest first."""
    assume_down = timedelta(hours=resource.values("R13", Service).assume_down_hours)
    for fault in sorted(resource.faults, key=lambda each: not each.is_safety):
        down = fault.span(facts.now, assume_down) or TimeSpan(fault.since, max(fault.since + assume_down, span.ends_at))
        yield Cell(CellKind.OUTAGE, down, why="R13.safety" if fault.is_safety else "R13.out_of_service")
    for outage in resource.outages:
        if outage.effect is Effect.BLOCK:
            yield Cell(CellKind.OUTAGE, outage.span, why="R12.outage", reason=outage.reason)


def _held_cells(resource: ResourceFacts, span: TimeSpan, facts: Facts) -> Iterator[Cell]:
    """Windows held for groups of others, with the groups' names."""
    reserved = resource.values("R16", Reserved)
    names = ", ".join(facts.group_names[group] for group in reserved.groups if group in facts.group_names)
    for window in still_held(reserved, span, facts):
        if facts.now < window.ends_at:
            yield Cell(CellKind.GAP, window, why="R16.held", reason=names)


def _free_cells(resource: ResourceFacts, span: TimeSpan, facts: Facts) -> Iterator[Cell]:
    """A free stretch, its past part apart; a resource that cannot be booked yet is closed instead."""
    if resource.state != "active":
        yield Cell(CellKind.CLOSED, span, why="R04.not_bookable")
        return
    present = _from_now_on(resource.values("R02", Grid).step_minutes, facts.now, facts.zone)
    if span.starts_at < present:
        yield Cell(CellKind.PAST, TimeSpan(span.starts_at, min(present, span.ends_at)))
    if present < span.ends_at:
        yield _offered(resource, TimeSpan(max(span.starts_at, present), span.ends_at), facts)


@lru_cache(maxsize=64)
def _from_now_on(step: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The next point on a fine grid; on a coarse one the point just past, for the rule of the past allows one step."""
    return up_to_grid(now, step, zone) if step <= FINE else down_to_grid(now, step, zone)


def _offered(resource: ResourceFacts, span: TimeSpan, facts: Facts) -> Cell:
    offer = _offer(resource, span, facts)
    if offer is None:
        return Cell(CellKind.GAP, span, why="R20.too_short")
    wall = WallSpan(offer.starts_at, offer.ends_at)  # nobody looks at it where the span is known
    items = completed((Item(resource.id),), facts)
    verdict = judge_span(Request(wall, items, None, facts.member.id, details=NOT_YET_ASKED), offer, facts)
    stops = [each.code for each in verdict.refusals if each.rule != "R09" and (facts.member.id or each.rule != "R30")]
    if stops:
        return Cell(CellKind.GAP, span, offer=offer, why=stops[0])
    if not resource.is_pool:
        return Cell(CellKind.FREE, span, offer=offer)
    least = len(resource.units) - Usage(taken.busy for taken in resource.taken).peak(span)
    return Cell(CellKind.FREE, span, units_free=least, units=len(resource.units), offer=offer)


def _offer(resource: ResourceFacts, span: TimeSpan, facts: Facts) -> TimeSpan | None:
    """The first hour of a free stretch, or as near to it as set-up, notice and lengths let it be."""
    before, after = (timedelta(), timedelta()) if resource.is_pool else buffers(resource)
    step = resource.values("R02", Grid).step_minutes
    busy = [taken.busy for taken in resource.taken] + [each.span for each in resource.busy_elsewhere]
    starts_at = span.starts_at + (before if any(each.ends_at == span.starts_at for each in busy) else timedelta())
    ends_at = span.ends_at - (after if any(each.starts_at == span.ends_at for each in busy) else timedelta())
    notice = resource.values("R17", Notice).hours
    if notice is not None and facts.now + timedelta(hours=notice) < ends_at:
        starts_at = max(starts_at, facts.now + timedelta(hours=notice))
    starts_at = up_to_grid(starts_at, step, facts.zone)
    least = timedelta(minutes=max(resource.values("R20", Shortest).minutes or 0, step))
    most = resource.values("R21", Longest).minutes
    length = min(max(USUAL, least), timedelta(minutes=most)) if most is not None else max(USUAL, least)
    ends_at = min(ends_at, starts_at + length)
    return TimeSpan(starts_at, ends_at) if ends_at - starts_at >= least else None
