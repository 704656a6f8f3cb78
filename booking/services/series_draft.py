"""What is to be weighed of a series: its dates, and the facts for all of them gathered at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.core.facts import Facts
from booking.core.localtime import on_the_clock
from booking.core.request import Request
from booking.core.timespan import TimeSpan
from booking.services.catalogue import ResourceCard
from booking.services.facts import facts_of
from booking.services.series_wishes import Choice, Planned

NEAR = timedelta(days=3)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be weighed. `spans` are the times that bookings being changed hold now, which do not count."""

    planned: tuple[Planned, ...]
    cards: Mapping[int, ResourceCard]
    member_id: int
    choices: Mapping[date, Choice]
    skip_holidays: bool = False
    booking_ids: frozenset[int] = frozenset()
    spans: frozenset[TimeSpan] = frozenset()
    is_new: bool = True

    @property
    def card(self) -> ResourceCard:
        """The first resource, which another may stand in for."""
        return self.cards[self.planned[0].request.items[0].resource_id]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the site."""
        return self.card.zone


def window_of(draft: Draft) -> TimeSpan:
    """From the first date to the last, and what is near them."""
    walls = [each.request.wall for each in draft.planned]
    chosen = [each.span for each in draft.choices.values() if each.span]
    first = min(
        [on_the_clock(min(wall.starts, wall.ends), draft.zone) for wall in walls] + [s.starts_at for s in chosen]
    )
    last = max([on_the_clock(max(wall.starts, wall.ends), draft.zone) for wall in walls] + [s.ends_at for s in chosen])
    return TimeSpan(first, max(last, first + HOUR)).padded(NEAR, NEAR)


def draft_facts(
    session: Session,
    now: datetime,
    draft: Draft,
    cards: Mapping[int, ResourceCard],
    window: TimeSpan,
    only: Collection[TimeSpan] = (),
) -> Facts:
    """One gathering for all dates, without the bookings that are being changed."""
    padded = [span.padded(NEAR, NEAR) for span in only]
    facts = facts_of(session, now, cards, member_id=draft.member_id, window=window, only=padded)
    if not draft.booking_ids:
        return facts
    kept = {
        id_: replace(
            resource,
            taken=tuple(each for each in resource.taken if each.booking_id not in draft.booking_ids),
            same_party=tuple(each for each in resource.same_party if each not in draft.spans),
        )
        for id_, resource in facts.resources.items()
    }
    return replace(facts, resources=kept)


def elsewhere(request: Request, card: ResourceCard, other: ResourceCard) -> Request:
    """The same with another resource in place of the first."""
    items = tuple(
        replace(item, resource_id=other.id) if item.resource_id == card.id else item for item in request.items
    )
    return replace(request, items=items)
