"""The way out of a refusal: other times for the same thing, other things at the same time; each would be accepted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from booking.core.alternatives import near_times
from booking.core.details import NOT_YET_ASKED
from booking.core.facts import Facts
from booking.core.judge import judge
from booking.core.kits import completed
from booking.core.localtime import on_the_clock
from booking.core.params import Longest
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.services.catalogue import ResourceCard, norwegian, resources
from booking.services.facts import facts_of
from booking.services.outages_known import Known, with_planned
from booking.services.wishes import Wish

NEAR = timedelta(days=7)
FARTHEST = timedelta(days=400)
MOST = 3
MOST_OTHERS = 12


@dataclass(frozen=True, slots=True)
class Alternative:
    """A resource and a span that the judge accepts for this member; perhaps after an approval.

    `along` names, by its id, what it needs beside it and was not asked for; whoever takes the alternative gets it too.
    """

    card: ResourceCard
    span: TimeSpan
    needs_approval: bool = False
    along: Mapping[int, str] = field(default_factory=dict, hash=False)


def alternatives(
    session: Session,
    now: datetime,
    member_id: int | None,
    wish: Wish,
    *,
    without_booking_id: int | None = None,
    planned: Mapping[int, Known] | None = None,
) -> list[Alternative]:
    """Up to three other times for the whole wish, and up to three others like its first resource at the wanted time.

    A kit stays together: the rest of it, and what its parts need beside them, is free then too. Looks a week around
    first and as far as the horizon when that gives nothing. A wish that is too long is tried at the greatest length
    allowed. Empty when nothing will do. `planned` outages count as if they were laid already.
    """
    by_id = {card.id: card for card in resources(session)}
    card = by_id.get(wish.resource_ids[0])
    if card is None:
        return []
    others = [
        other for other in by_id.values() if other.id not in wish.resource_ids and _like(other, card, wish.people)
    ]
    kit = {id_: by_id[id_] for id_ in wish.resource_ids if id_ in by_id}
    times = _other_times(session, now, member_id, kit, wish, without_booking_id, planned or {})
    return times + _at_the_same_time(session, now, member_id, others, kit, wish, without_booking_id, planned or {})


def nearest(
    session: Session,
    now: datetime,
    member_id: int | None,
    cards: Sequence[ResourceCard],
    wall: WallSpan,
    people: int | None,
) -> list[Alternative]:
    """The nearest times at any of these resources, one for each at most, nearest first."""
    looked_at = cards[:MOST_OTHERS]
    found = _one_each(session, now, member_id, looked_at, wall, people, NEAR)
    if not found:
        found = _one_each(session, now, member_id, looked_at, wall, people, FARTHEST)
    wanted = wall.starts
    found.sort(key=lambda each: abs(each.span.starts_at.astimezone(each.card.zone).replace(tzinfo=None) - wanted))
    return found[:MOST]


def _one_each(
    session: Session,
    now: datetime,
    member_id: int | None,
    cards: Sequence[ResourceCard],
    wall: WallSpan,
    people: int | None,
    reach: timedelta,
) -> list[Alternative]:
    """The nearest time at each of these resources; the facts of all in one zone are gathered at once."""
    found: list[Alternative] = []
    for _zone, group in groupby(sorted(cards, key=lambda card: card.zone.key), key=lambda card: card.zone.key):
        by_id = {card.id: card for card in group}
        first = next(iter(by_id.values()))
        window = _around(Wish((Item(first.id),), wall), first, now, reach)
        facts = facts_of(session, now, by_id, member_id=member_id, window=window)
        for card in by_id.values():
            asked = completed((Item(card.id),), facts)
            request = _fitting(Request(wall, asked, people, facts.member.id, details=NOT_YET_ASKED), facts)
            found += [_alternative(card, span, request, facts, (card.id,)) for span in near_times(request, facts)[:1]]
    return found


def _other_times(
    session: Session,
    now: datetime,
    member_id: int | None,
    kit: Mapping[int, ResourceCard],
    wish: Wish,
    without: int | None,
    planned: Mapping[int, Known],
) -> list[Alternative]:
    card = kit[wish.resource_ids[0]]
    for reach in (NEAR, FARTHEST):
        window = _around(wish, card, now, reach)
        facts = facts_of(session, now, kit, member_id=member_id, window=window, without_booking_id=without)
        facts = with_planned(facts, planned)
        items = completed(tuple(item for item in wish.items if item.resource_id in kit), facts)
        request = _fitting(_asked(wish, items, facts), facts)
        spans = near_times(request, facts, most=MOST)
        if spans:
            return [_alternative(card, span, request, facts, wish.resource_ids) for span in spans]
    return []


def _asked(wish: Wish, items: tuple[Item, ...], facts: Facts) -> Request:
    """The wish for these things instead."""
    return replace(wish.request(facts.member.id), items=items)


def _around(wish: Wish, card: ResourceCard, now: datetime, reach: timedelta) -> TimeSpan:
    wanted = wish.window(card.zone)
    centre = max(wanted.starts_at, now)
    return TimeSpan(max(now - timedelta(hours=1), centre - reach), max(wanted.ends_at, centre) + reach)


def _fitting(request: Request, facts: Facts) -> Request:
    """The request at the greatest length allowed, when it asks for more."""
    longest = facts.resources[request.items[0].resource_id].settings["R21"].params
    wall = request.wall
    if not isinstance(longest, Longest) or longest.minutes is None or wall.ends <= wall.starts:
        return request
    allowed = timedelta(minutes=longest.minutes)
    if on_the_clock(wall.ends, facts.zone) - on_the_clock(wall.starts, facts.zone) <= allowed:
        return request
    ends_at = on_the_clock(wall.starts, facts.zone) + allowed
    ends = ends_at.astimezone(facts.zone).replace(tzinfo=None)
    return replace(request, wall=replace(wall, ends=ends, end_fold=None))


def _alternative(
    card: ResourceCard, span: TimeSpan, request: Request, facts: Facts, asked: Collection[int]
) -> Alternative:
    verdict = judge(replace(request, wall=WallSpan.of(span, facts.zone)), facts)
    return Alternative(card, span, verdict.needs_approval, _along(request.items, facts, asked))


def _along(items: tuple[Item, ...], facts: Facts, asked: Collection[int]) -> dict[int, str]:
    return {item.resource_id: facts.of(item.resource_id).name for item in items if item.resource_id not in asked}


def _like(other: ResourceCard, card: ResourceCard, people: int | None) -> bool:
    """Of the same kind and site, and large enough; a room for one is no answer to a meeting."""
    needed = people or min(card.seats or 1, 2)
    same = other.kind == card.kind and other.site_id == card.site_id and other.id != card.id
    return same and other.is_bookable and (other.seats or 0) >= needed and other.is_pool == card.is_pool


def _at_the_same_time(
    session: Session,
    now: datetime,
    member_id: int | None,
    others: Iterable[ResourceCard],
    kit: Mapping[int, ResourceCard],
    wish: Wish,
    without: int | None,
    planned: Mapping[int, Known],
) -> list[Alternative]:
    """The smallest others that are free at the wanted time, with the rest of the kit."""
    cards = {card.id: card for card in sorted(others, key=lambda each: (each.seats or 0, norwegian(each.name)))}
    if not cards:
        return []
    zone = next(iter(cards.values())).zone
    span = wish.wall.resolve(zone)
    if not isinstance(span, TimeSpan):
        return []
    first, *rest = wish.items
    window = wish.window(zone)
    facts = facts_of(session, now, {**kit, **cards}, member_id=member_id, window=window, without_booking_id=without)
    facts = with_planned(facts, planned)
    found = []
    for card in cards.values():
        quantity = first.quantity if card.is_pool else 1
        items = completed((Item(card.id, quantity), *rest), facts)
        verdict = judge(_asked(wish, items, facts), facts)
        if verdict.allowed:
            along = _along(items, facts, (card.id, *kit))
            found.append(Alternative(card, span, verdict.needs_approval, along))
    return sorted(found, key=lambda each: each.needs_approval)[:MOST]
