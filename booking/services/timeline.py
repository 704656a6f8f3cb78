"""A day of many resources, or many days of one, as cells for the one who looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.core.facts import Facts, ResourceFacts
from booking.core.localtime import day_span
from booking.core.outages import Effect, Outage
from booking.core.timespan import SpanSet, TimeSpan
from booking.permissions import Actor
from booking.services.catalogue import ResourceCard
from booking.services.cells import Cell, CellKind, cells_of
from booking.services.external_health import Stale, stale_calendars
from booking.services.facts import facts_of
from booking.services.glimpses import Glimpse, glimpses


@dataclass(frozen=True, slots=True)
class Row:
    """One resource and its day, without gaps.

    `notices` is maintenance that stops nobody but is worth knowing; `stale` are calendars elsewhere that could not be
    read for a while, so that what is free here may be taken there.
    """

    card: ResourceCard
    cells: tuple[Cell, ...]
    notices: tuple[Outage, ...] = ()
    stale: tuple[Stale, ...] = ()


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
    facts, seen = _known(session, now, actor, by_id, whole)
    span = _hours_worth_showing(facts, whole)
    stale = stale_calendars(session, now, by_id)
    rows = tuple(_row(card, span, facts, seen, stale.get(card.id, ())) for card in by_id.values())
    return Day(day, zone, span, rows)


def days_of(
    session: Session, now: datetime, actor: Actor | None, card: ResourceCard, first: date, count: int
) -> tuple[Day, ...]:
    """Several days of one resource, each with one row; the first says which calendars are out of date."""
    wholes = {day: day_span(day, card.zone) for day in (first + timedelta(days=n) for n in range(count))}
    spans = list(wholes.values())
    facts, seen = _known(session, now, actor, {card.id: card}, TimeSpan(spans[0].starts_at, spans[-1].ends_at))
    stale = stale_calendars(session, now, [card.id]).get(card.id, ())
    return tuple(
        Day(day, card.zone, whole, (_row(card, whole, facts, seen, stale if day == first else ()),))
        for day, whole in wholes.items()
    )


def _row(card: ResourceCard, span: TimeSpan, facts: Facts, seen: dict[int, Glimpse], stale: tuple[Stale, ...]) -> Row:
    resource = facts.resources[card.id]
    notices = tuple(each for each in resource.outages if each.effect is Effect.NOTICE and each.span.overlaps(span))
    return Row(card, tuple(cells_of(resource, span, facts, seen)), notices, stale)


def _known(
    session: Session, now: datetime, actor: Actor | None, by_id: dict[int, ResourceCard], window: TimeSpan
) -> tuple[Facts, dict[int, Glimpse]]:
    facts = facts_of(session, now, by_id, member_id=actor.member_id if actor else None, window=window)
    all_taken = (taken for resource in facts.resources.values() for taken in resource.taken)
    ids = {taken.booking_id for taken in all_taken if taken.busy.overlaps(window)}
    return facts, glimpses(session, now, actor, ids)


def _hours_worth_showing(facts: Facts, whole: TimeSpan) -> TimeSpan:
    """Whole hours around all that is open or booked; the whole day when nothing is."""
    inside = SpanSet((whole,))
    worth = SpanSet(
        span
        for resource in facts.resources.values()
        for span in (
            *_open_by_hours(resource, whole),
            *(taken.busy for taken in resource.taken),
            *(SpanSet(each.span for each in resource.busy_elsewhere) & resource.open),
        )
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


__all__ = ["Cell", "CellKind", "Day", "Row", "day_of", "days_of"]
