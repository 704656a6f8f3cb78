"""Finding something on any of several days: free starts are swept first, and the judge is asked about the few best."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.core.details import NOT_YET_ASKED
from booking.core.facts import Facts
from booking.core.free_starts import Stretch, free_starts, united
from booking.core.grid import up_to_grid
from booking.core.judge import judge_span
from booking.core.localtime import day_span, local_day, on_the_clock
from booking.core.params import Grid
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.services.alternatives import Alternative, nearest
from booking.services.beneficiaries import member_facts
from booking.services.bookable_hours import BookableHours, bookable_hours
from booking.services.busy_times import busy_times
from booking.services.catalogue import ResourceCard, norwegian, resources, units_of
from booking.services.facts import facts_of
from booking.services.find import by_zone, suits
from booking.services.outages_known import stretches_elsewhere

MOST_FOUND = 12
MOST_TIMES = 4
TRIED = 24
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class WideSearch:
    """What is looked for on any of these days, between two times by the clock; `closes` of 24:00 is the day's end."""

    days: tuple[date, ...]
    opens: timedelta
    closes: timedelta
    length: timedelta
    people: int | None = None
    features: frozenset[str] = frozenset()
    site_id: int | None = None
    kind: str | None = None

    @property
    def wall(self) -> WallSpan:
        """The first time it could be."""
        starts = datetime.combine(self.days[0], time()) + self.opens
        return WallSpan(starts, starts + self.length)


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that the judge accepts."""

    span: TimeSpan
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class FoundTimes:
    """One resource that would do, and when; the first offer is the best. `along` are rooms booked together with it."""

    card: ResourceCard
    offers: tuple[Offer, ...]
    along: tuple[ResourceCard, ...] = ()


@dataclass(frozen=True, slots=True)
class WideResult:
    """What fits, best first; what comes near when nothing does; and how many have the right properties at all."""

    fits: tuple[FoundTimes, ...]
    near: tuple[Alternative, ...]
    suitable: int


def find_times(
    session: Session,
    now: datetime,
    member_id: int | None,
    search: WideSearch,
    cards: Sequence[ResourceCard] | None = None,
) -> WideResult:
    """The best dozen, each with its next few times; judged for this member, or for any active one.

    Whoever has read all resources already passes them on.
    """
    everything = resources(session) if cards is None else cards
    here = [card for card in everything if search.site_id in (None, card.site_id) and suits(card, search)]
    suitable = sorted(here, key=lambda card: _size(card, search))
    found = list(chain.from_iterable(_in_zone(session, now, member_id, search, cards) for cards in by_zone(suitable)))
    found.sort(key=lambda each: _best_first(each, search))
    near: Sequence[Alternative] = ()
    if not found:
        near = nearest(session, now, member_id, suitable, search.wall, search.people)
    return WideResult(tuple(found[:MOST_FOUND]), tuple(near), len(suitable))


def _in_zone(
    session: Session, now: datetime, member_id: int | None, search: WideSearch, cards: list[ResourceCard]
) -> Iterator[FoundTimes]:
    """At most a dozen, in the order of the cards."""
    wanted = windows(search, now, cards[0].zone)
    if not wanted:
        return
    groups = member_facts(session, now, member_id).groups
    hours = bookable_hours(session, now, groups, cards, wanted, search.length)
    starts = starts_of(session, [card for card in cards if card.id in hours], hours, wanted, search)
    free = [card for card in cards if starts.get(card.id)]
    window = TimeSpan(wanted[0].starts_at, wanted[-1].ends_at).padded(timedelta(days=1), timedelta(days=1))
    count = 0
    for batch in (free[n : n + AT_ONCE] for n in range(0, len(free), AT_ONCE)):
        facts = facts_of(session, now, {card.id: card for card in batch}, member_id=member_id, window=window)
        for card in batch:
            times = tuple(offers(card, starts[card.id], facts, search, (Item(card.id),)))
            if times:
                count += 1
                yield FoundTimes(card, times)
        if count >= MOST_FOUND:
            return


def windows(search: WideSearch, now: datetime, zone: ZoneInfo) -> list[TimeSpan]:
    """From the one time to the other on each day, as far as it is still to come."""
    spans = []
    for day in search.days:
        midnight = datetime.combine(day, time())
        opens, closes = on_the_clock(midnight + search.opens, zone), on_the_clock(midnight + search.closes, zone)
        opens = max(opens, now)
        if opens + search.length <= closes:
            spans.append(TimeSpan(opens, closes))
    return spans


def starts_of(
    session: Session,
    cards: Sequence[ResourceCard],
    hours: Mapping[int, BookableHours],
    wanted: Sequence[TimeSpan],
    search: WideSearch,
) -> dict[int, list[Stretch]]:
    """When each could begin, by what is open and what is busy."""
    units = units_of(session, [card.id for card in cards])
    padded = TimeSpan(wanted[0].starts_at, wanted[-1].ends_at).padded(timedelta(days=1), timedelta(days=1))
    patient = {unit for card in cards if hours[card.id].pending_blocks for unit in units.get(card.id, ())}
    hasty = {unit for card in cards if not hours[card.id].pending_blocks for unit in units.get(card.id, ())}
    busy = busy_times(session, patient, padded)
    confirmed = busy_times(session, hasty, padded, confirmed=True) if hasty else {}
    elsewhere = stretches_elsewhere(session, [card.id for card in cards], padded)
    length = int(search.length.total_seconds())
    found: dict[int, list[Stretch]] = {}
    for card in cards:
        at = hours[card.id]
        held = [(busy if at.pending_blocks else confirmed).get(unit, []) for unit in units.get(card.id, ())]
        if not card.is_pool and len(held) > 1:
            held = [sorted(chain.from_iterable(held))]
        if card.id in elsewhere:
            held = [sorted([*stretches, *elsewhere[card.id]]) for stretches in held]
        each = [list(free_starts(at.windows, stretches, length, at.before, at.after)) for stretches in held]
        found[card.id] = each[0] if len(each) == 1 else united(chain.from_iterable(each))
    return found


def offers(
    card: ResourceCard, starts: Sequence[Stretch], facts: Facts, search: WideSearch, items: tuple[Item, ...]
) -> Iterator[Offer]:
    """The first few times that the judge accepts: one a day before a second of any, all of them apart."""
    request = Request(search.wall, items, search.people, facts.member.id, details=NOT_YET_ASKED)
    taken: list[TimeSpan] = []
    for span in _candidates(card, starts, facts, search)[:TRIED]:
        if any(span.overlaps(each) for each in taken):
            continue
        verdict = judge_span(request, span, facts)
        if not verdict.refused:
            taken.append(span)
            yield Offer(span, verdict)
        if len(taken) == MOST_TIMES:
            return


def _candidates(card: ResourceCard, starts: Sequence[Stretch], facts: Facts, search: WideSearch) -> list[TimeSpan]:
    step = facts.resources[card.id].values("R02", Grid).step_minutes
    turns: dict[date, int] = {}
    ranked = []
    for first, last in starts:
        starts_at = up_to_grid(datetime.fromtimestamp(first, UTC), step, card.zone)
        while starts_at.timestamp() <= last:
            day = local_day(starts_at, card.zone)
            turns[day] = turns.get(day, 0) + 1
            ranked.append((turns[day], starts_at))
            next_one = starts_at + search.length
            if turns[day] >= MOST_TIMES:
                next_one = max(next_one, day_span(day, card.zone).ends_at)
            starts_at = up_to_grid(next_one, step, card.zone)
    return [TimeSpan(starts_at, starts_at + search.length) for _, starts_at in sorted(ranked)]


def _size(card: ResourceCard, search: WideSearch) -> tuple[object, ...]:
    """Not far too large; the kind of room most look for; the smallest; by name."""
    seats, people = card.seats or 0, search.people
    far_too_large = people is not None and seats > max(2 * people, people + 4)
    return far_too_large, card.category_id, seats, norwegian(card.name)


def _best_first(found: FoundTimes, search: WideSearch) -> tuple[object, ...]:
    best = found.offers[0]
    return best.verdict.needs_approval, bool(best.verdict.findings), *_size(found.card, search), best.span.starts_at
