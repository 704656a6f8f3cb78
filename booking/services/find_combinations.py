"""Two rooms of one building that together hold a group which few rooms hold alone: parts of one hall first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.free_starts import Stretch
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.models import ResourcePart
from booking.services.beneficiaries import member_facts
from booking.services.bookable_hours import bookable_hours
from booking.services.catalogue import ResourceCard, norwegian, units_of
from booking.services.facts import facts_of
from booking.services.find import by_zone
from booking.services.find_times import FoundTimes, WideSearch, offers, starts_of, windows

FEW = 3
MOST_PAIRS = 24

Pair = tuple[ResourceCard, ResourceCard]  # the main one, which the booking is made at, and the one beside it


def find_combinations(
    session: Session,
    now: datetime,
    member_id: int | None,
    search: WideSearch,
    cards: Sequence[ResourceCard],
    singles: Sequence[FoundTimes],
) -> list[FoundTimes]:
    """Pairs that fit where fewer than three single rooms do, best first, as many as make up for what is missing.

    Each is judged as the one booking of two rooms that it would be. A pair that is all of a room found is not told.
    """
    if search.people is None or search.kind == "instrument" or len(singles) >= FEW:
        return []
    found: list[FoundTimes] = []
    for around in by_zone(_rooms(cards, search)):
        pairs = _pairs(session, around, search, [each.card for each in singles])
        found += _in_zone(session, now, member_id, search, pairs)
    return found[: FEW - len(singles)]


def _rooms(cards: Sequence[ResourceCard], search: WideSearch) -> list[ResourceCard]:
    """Those that are too small for all, yet seat some."""
    people = search.people or 0
    return [
        card for card in cards
        if card.is_bookable and card.kind == "space" and not card.is_pool and card.building_id is not None
        and 0 < (card.seats or 0) < people and search.site_id in (None, card.site_id)
    ]  # fmt: skip


def _pairs(
    session: Session, rooms: Sequence[ResourceCard], search: WideSearch, found: Sequence[ResourceCard]
) -> list[Pair]:
    """The closest fits: parts of one hall before other neighbours, then by how few seats are left over."""
    units = units_of(session, [card.id for card in (*rooms, *found)])
    halls = _halls(session)
    told = [set(units.get(card.id, ())) for card in found]
    ranked = []
    for one, other in combinations(rooms, 2):
        held, beside = set(units.get(one.id, ())), set(units.get(other.id, ()))
        if not _suit(one, other, search) or held & beside or (held | beside) in told:
            continue
        main, second = sorted((one, other), key=lambda card: _main_first(card, search))
        strangers = not halls.get(one.id, set()) & halls.get(other.id, set())
        spare = (one.seats or 0) + (other.seats or 0) - (search.people or 0)
        ranked.append(((strangers, spare, norwegian(main.name), norwegian(second.name)), (main, second)))
    return [pair for _, pair in sorted(ranked, key=lambda each: each[0])[:MOST_PAIRS]]


def _suit(one: ResourceCard, other: ResourceCard, search: WideSearch) -> bool:
    together = (one.seats or 0) + (other.seats or 0)
    has_all = search.features <= {*one.features, *other.features}
    return one.building_id == other.building_id and together >= (search.people or 0) and has_all


def _main_first(card: ResourceCard, search: WideSearch) -> tuple[int, int, str]:
    """The main room has most of what is wanted, such as what hybrid meetings need; then the larger one."""
    return -len(search.features & set(card.features)), -(card.seats or 0), norwegian(card.name)


def _halls(session: Session) -> dict[int, set[int]]:
    """The halls that each room is a part of."""
    halls: dict[int, set[int]] = {}
    for whole, part in session.execute(select(ResourcePart.resource_id, ResourcePart.part_id)):
        halls.setdefault(part, set()).add(whole)
    return halls


def _in_zone(
    session: Session, now: datetime, member_id: int | None, search: WideSearch, pairs: Sequence[Pair]
) -> Iterator[FoundTimes]:
    """The pairs that are free at the same time, in their order."""
    cards = {card.id: card for pair in pairs for card in pair}
    wanted = windows(search, now, pairs[0][0].zone) if pairs else []
    if not wanted:
        return
    groups = member_facts(session, now, member_id).groups
    hours = bookable_hours(session, now, groups, [*cards.values()], wanted, search.length)
    starts = starts_of(session, [card for card in cards.values() if card.id in hours], hours, wanted, search)
    window = TimeSpan(wanted[0].starts_at, wanted[-1].ends_at).padded(timedelta(days=1), timedelta(days=1))
    facts = facts_of(session, now, cards, member_id=member_id, window=window)
    for main, second in pairs:
        both = _both(starts, main, second)
        items = (Item(main.id), Item(second.id))
        times = tuple(offers(main, both, facts, search, items)) if both else ()
        if times:
            yield FoundTimes(main, times, (second,))


def _both(starts: Mapping[int, list[Stretch]], main: ResourceCard, second: ResourceCard) -> list[Stretch]:
    """The starts at which both are free."""
    pairs = ((one, other) for one in starts.get(main.id, ()) for other in starts.get(second.id, ()))
    return [(max(a[0], b[0]), min(a[1], b[1])) for a, b in pairs if max(a[0], b[0]) <= min(a[1], b[1])]
