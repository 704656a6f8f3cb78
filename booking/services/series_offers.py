"""Ways out for each date of a series that is stuck: the nearest times, and other resources like it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.localtime import clock_forward, day_span
from booking.core.request import Request, WallSpan
from booking.core.sequence import Sequence
from booking.core.timespan import TimeSpan
from booking.services.alternatives import Alternative
from booking.services.catalogue import ResourceCard, norwegian, resources
from booking.services.series_draft import NEAR, Draft, draft_facts, elsewhere, window_of
from booking.services.series_wishes import AS_PLANNED, DateLine

MOST_ROOMS = 12
MOST_TIMES = 3
MOST_OTHERS = 3


def others_like(session: Session, card: ResourceCard) -> list[ResourceCard]:
    """What could stand in for it: of the same kind and site, with all its features, and at least as large."""
    wanted = set(card.features)
    found = [
        other
        for other in resources(session, site_id=card.site_id)
        if other.id != card.id
        and other.is_bookable
        and (other.kind, other.is_pool) == (card.kind, card.is_pool)
        and wanted <= set(other.features)
        and (other.seats or 0) >= (card.seats or 0)
    ]
    return sorted(
        found, key=lambda each: (each.category_id != card.category_id, each.seats or 0, norwegian(each.name))
    )[:MOST_ROOMS]


def with_offers(
    session: Session,
    now: datetime,
    draft: Draft,
    lines: list[DateLine],
    others: list[ResourceCard],
    sequence: Sequence,
) -> list[DateLine]:
    """Ways out for each date that is in the way as planned, whatever has been decided for it."""
    asked = [number for number, line in enumerate(lines) if line.is_problem or line.choice != AS_PLANNED]
    weighed = dict(enumerate(lines))
    stuck = []
    for number in asked:
        planned, line = draft.planned[number], lines[number]
        request = replace(planned.request, series=line.request.series)
        verdict = line.verdict if line.choice == AS_PLANNED else sequence.verdict(number, request, planned.before)
        weighed[number] = replace(line, as_planned=verdict)
        if verdict.refused:
            stuck.append((number, request))
    cards = {other.id: other for other in others if other.id not in draft.cards}
    spans = [span for _, request in stuck if isinstance(span := request.wall.resolve(draft.zone), TimeSpan)]
    if cards and spans:
        sequence.learn(draft_facts(session, now, draft, cards, window_of(draft), spans).resources)
    claim = len(lines)
    for number, request in stuck:
        times = _times(number, request, draft, sequence)
        rooms = _rooms(number, request, draft, list(cards.values()), sequence)
        weighed[number] = replace(weighed[number], offers=(*times, *rooms))
        for offer in times:  # so that following every offer of the page at once works too
            claim += 1
            sequence.take(claim, replace(request, wall=WallSpan.of(offer.span, draft.zone)))
    for taken in range(len(lines), claim + 1):
        sequence.let_go(taken)
    return [weighed[number] for number in range(len(lines))]


def _times(number: int, request: Request, draft: Draft, sequence: Sequence) -> list[Alternative]:
    """The nearest times of the same day, or else of the days around it."""
    day = day_span(request.wall.starts.date(), draft.zone)
    length = max(request.wall.ends - request.wall.starts, timedelta())
    if not isinstance(request.wall.resolve(draft.zone), TimeSpan):
        starts = clock_forward(request.wall.starts, draft.zone)
        request = replace(request, wall=WallSpan(starts, starts + (request.wall.ends - request.wall.starts)))
    for window in (TimeSpan(day.starts_at, day.ends_at + length), day.padded(NEAR, NEAR)):
        spans = sequence.near(number, request, window, MOST_TIMES)
        if spans:
            return [_offer(draft.card, span, number, request, draft, sequence) for span in spans]
    return []


def _offer(
    card: ResourceCard, span: TimeSpan, number: int, request: Request, draft: Draft, sequence: Sequence
) -> Alternative:
    verdict = sequence.verdict(number, replace(request, wall=WallSpan.of(span, draft.zone)))
    return Alternative(card, span, verdict.needs_approval)


def _rooms(
    number: int, request: Request, draft: Draft, others: list[ResourceCard], sequence: Sequence
) -> list[Alternative]:
    """The best other resources that are free at the planned time."""
    span = request.wall.resolve(draft.zone)
    found: list[Alternative] = []
    for other in others if isinstance(span, TimeSpan) else ():
        verdict = sequence.verdict(number, elsewhere(request, draft.card, other))
        if verdict.allowed and isinstance(span, TimeSpan):
            found.append(Alternative(other, span, verdict.needs_approval))
        if len(found) == MOST_OTHERS:
            break
    return found
