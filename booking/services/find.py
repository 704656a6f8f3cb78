"""Finding something to book: what fits, best first; and when nothing does, what comes nearest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from booking.core.blocking import blocked_times, busy_window, room_in_pool
from booking.core.details import NOT_YET_ASKED
from booking.core.facts import Facts
from booking.core.judge import judge_span
from booking.core.kits import completed
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Verdict
from booking.services.alternatives import Alternative, nearest
from booking.services.catalogue import ResourceCard, norwegian, resources
from booking.services.facts import facts_of


class Wanted(Protocol):
    """What is asked of a resource, apart from the time."""

    @property
    def people(self) -> int | None: ...
    @property
    def features(self) -> frozenset[str]: ...
    @property
    def kind(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; `kind` is space or instrument."""

    wall: WallSpan
    people: int | None = None
    features: frozenset[str] = frozenset()
    site_id: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One resource that would do. `free_until` is when the free stretch ends, as far as is known.

    `companions` are the slugs and quantities of what it needs beside it; `units_free` is for pools.
    """

    card: ResourceCard
    verdict: Verdict
    free_until: datetime | None
    companions: tuple[tuple[str, int], ...] = ()
    units_free: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What fits, what else comes near, and how many resources have the right properties at all."""

    fits: tuple[Found, ...]
    near: tuple[Alternative, ...]
    suitable: int


def find(session: Session, now: datetime, member_id: int | None, search: Search) -> Result:
    """Judges every suitable resource at the wanted time; for somebody unknown, as any active member."""
    suitable = [card for card in resources(session, site_id=search.site_id) if suits(card, search)]
    fits: list[Found] = []
    for group in by_zone(suitable):
        zone = group[0].zone
        span = search.wall.resolve(zone)
        if not isinstance(span, TimeSpan):
            continue
        window = span.padded(timedelta(hours=2), timedelta(hours=10))
        facts = facts_of(session, now, {card.id: card for card in group}, member_id=member_id, window=window)
        fits += [found for card in group if (found := _found(card, span, search, facts)) is not None]
    fits.sort(key=lambda found: _best_first(found, search.people))
    near = () if fits else nearest(session, now, member_id, suitable, search.wall, search.people)
    return Result(tuple(fits), tuple(near), len(suitable))


def suits(card: ResourceCard, search: Wanted) -> bool:
    """Whether it has the right properties, whenever it may be free."""
    roomy = search.people is None or search.people <= 1 or (card.seats is not None and card.seats >= search.people)
    right_kind = search.kind is None or card.kind == search.kind
    return card.is_bookable and roomy and right_kind and search.features <= set(card.features)


def by_zone(cards: Iterable[ResourceCard]) -> list[list[ResourceCard]]:
    """The cards of each time zone, in their order."""
    groups: dict[str, list[ResourceCard]] = {}
    for card in cards:
        groups.setdefault(card.zone.key, []).append(card)
    return list(groups.values())


def _found(card: ResourceCard, span: TimeSpan, search: Search, facts: Facts) -> Found | None:
    items = completed((Item(card.id),), facts)
    asked = Request(search.wall, items, search.people, facts.member.id, details=NOT_YET_ASKED)
    verdict = judge_span(asked, span, facts)
    if verdict.refused:
        return None
    companions = tuple((facts.of(item.resource_id).slug, item.quantity) for item in items[1:])
    resource = facts.resources[card.id]
    units = room_in_pool(busy_window(span, resource), resource, facts.now) if card.is_pool else None
    return Found(card, verdict, _free_until(card, span, facts), companions, units)


def _free_until(card: ResourceCard, span: TimeSpan, facts: Facts) -> datetime | None:
    resource = facts.resources[card.id]
    if resource.is_pool:
        return None
    blocked = SpanSet([taken.busy for taken in resource.taken] + [closed.span for closed in resource.closed])
    free = resource.open - blocked - blocked_times(resource, facts.now)
    return next((each.ends_at for each in free if each.contains(span.starts_at)), None)


def _best_first(found: Found, people: int | None) -> tuple[object, ...]:
    """Bookable at once before asking; not far too large; the kind of room most look for; the smallest; by name.

    Categories count in the order they were made: meeting rooms before halls, workshops and labs.
    """
    seats = found.card.seats or 0
    return (
        found.verdict.needs_approval,
        bool(found.verdict.findings),
        people is not None and seats > max(2 * people, people + 4),
        found.card.category_id,
        seats,
        norwegian(found.card.name),
    )
