"""One day of many resources as cells: free, taken, mine, waiting, closed, set-up and clean-up, past."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.core.facts import ClosedKind, Facts, ResourceFacts
from booking.core.localtime import day_span
from booking.core.timespan import SpanSet, TimeSpan
from booking.permissions import Actor
from booking.services.catalogue import ResourceCard
from booking.services.facts import facts_of
from booking.services.glimpses import Glimpse, glimpses


class CellKind(StrEnum):
    """What a stretch of time is for the one who looks."""

    FREE = "free"
    TAKEN = "taken"
    MINE = "mine"
    WAITING = "waiting"
    BUFFER = "buffer"
    CLOSED = "closed"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Cell:
    """One stretch. `names` explains a closure in each language; `units_free` is for pools."""

    kind: CellKind
    span: TimeSpan
    glimpse: Glimpse | None = None
    names: Mapping[str, str] | None = None
    units_free: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One resource and its day, without gaps."""

    card: ResourceCard
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What the timeline shows: the local day cut to the hours in which something is open or booked."""

    day: date
    zone: ZoneInfo
    span: TimeSpan
    rows: tuple[Row, ...]


def day_of(
    session: Session, now: datetime, actor: Actor | None, cards: Iterable[ResourceCard], day: date, zone: ZoneInfo
) -> Day:
    """The day as this actor may see it."""
    by_id = {card.id: card for card in cards}
    whole = day_span(day, zone)
    facts = facts_of(session, now, by_id, member_id=actor.member_id if actor else None, window=whole)
    ids = {taken.booking_id for resource in facts.resources.values() for taken in resource.taken}
    seen = glimpses(session, actor, ids)
    span = _hours_worth_showing(facts, whole)
    rows = tuple(Row(card, tuple(_cells(facts.resources[card.id], span, now, seen))) for card in by_id.values())
    return Day(day, zone, span, rows)


def _hours_worth_showing(facts: Facts, whole: TimeSpan) -> TimeSpan:
    """Whole hours around all that is open or booked; the working day when nothing is."""
    inside = SpanSet((whole,))
    worth = SpanSet(
        span
        for resource in facts.resources.values()
        for span in (*_open_by_hours(resource, whole), *(taken.busy for taken in resource.taken))
    )
    spans = tuple(worth & inside)
    if not spans:
        return whole
    first = spans[0].starts_at.replace(minute=0)
    last = spans[-1].ends_at
    return TimeSpan(max(first, whole.starts_at), min(_up_to_hour(last), whole.ends_at))


def _open_by_hours(resource: ResourceFacts, whole: TimeSpan) -> SpanSet:
    """The day's hours, left out when open round the clock: then the bookings and the others decide."""
    open_today = resource.open & SpanSet((whole,))
    return SpanSet() if open_today.covers(whole) else open_today


def _up_to_hour(instant: datetime) -> datetime:
    rest = instant.timestamp() % 3600
    return instant if not rest else datetime.fromtimestamp(instant.timestamp() - rest + 3600, instant.tzinfo)


def _cells(resource: ResourceFacts, span: TimeSpan, now: datetime, seen: Mapping[int, Glimpse]) -> list[Cell]:
    within = SpanSet((span,))
    cells = _pool_cells(resource, within) if resource.is_pool else _booked_cells(resource, within, seen)
    left = within - SpanSet(cell.span for cell in cells)
    for closed in resource.closed:
        here = left & SpanSet((closed.span,))
        names = dict(closed.names) if closed.kind is ClosedKind.PUBLIC_HOLIDAY else {"nb": closed.name}
        cells += [Cell(CellKind.CLOSED, each, names=names) for each in here]
        left = left - here
    cells += [Cell(CellKind.CLOSED, each) for each in left - resource.open]
    left = left & resource.open
    step = now.replace(second=0, microsecond=0)
    for each in left:
        cells += _free_cells(resource, each, step)
    return sorted(cells, key=lambda cell: cell.span)


def _free_cells(resource: ResourceFacts, span: TimeSpan, now: datetime) -> list[Cell]:
    """A free stretch, its past part apart; a resource that cannot be booked yet is closed instead."""
    if resource.state != "active":
        return [Cell(CellKind.CLOSED, span)]
    cells = []
    if span.starts_at < now:
        cells.append(Cell(CellKind.PAST, TimeSpan(span.starts_at, min(now, span.ends_at))))
    if now < span.ends_at:
        rest = TimeSpan(max(span.starts_at, now), span.ends_at)
        cells.append(Cell(CellKind.FREE, rest, units_free=_fewest_free(resource, rest) if resource.is_pool else None))
    return cells


def _booked_cells(resource: ResourceFacts, within: SpanSet, seen: Mapping[int, Glimpse]) -> list[Cell]:
    cells: list[Cell] = []
    covered = SpanSet()
    for taken in sorted(resource.taken, key=lambda each: (each.busy, each.booking_id)):
        glimpse = seen[taken.booking_id]
        seen_part = within & SpanSet((taken.span,)) - covered
        cells += [Cell(_kind(glimpse), each, glimpse) for each in seen_part]
        around = SpanSet((taken.busy,)) - SpanSet((taken.span,))
        cells += [Cell(CellKind.BUFFER, each) for each in (within & around) - covered]
        covered = covered | SpanSet((taken.busy,))
    return cells


def _kind(glimpse: Glimpse) -> CellKind:
    if glimpse.is_mine:
        return CellKind.MINE
    return CellKind.WAITING if glimpse.state == "requested" else CellKind.TAKEN


def _pool_cells(resource: ResourceFacts, within: SpanSet) -> list[Cell]:
    """A pool is taken only while every unit is."""
    full = within
    for unit in resource.units:
        full = full & SpanSet(taken.busy for taken in resource.taken if taken.unit_id == unit)
    return [Cell(CellKind.TAKEN, each, units_free=0) for each in full]


def _fewest_free(resource: ResourceFacts, span: TimeSpan) -> int:
    """How many units are free at the worst moment of the stretch."""
    edges = {span.starts_at, *(each.busy.starts_at for each in resource.taken if span.contains(each.busy.starts_at))}
    worst = max(sum(each.busy.contains(edge) for each in resource.taken) for edge in edges)
    return len(resource.units) - worst
