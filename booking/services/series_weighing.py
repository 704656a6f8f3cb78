"""Weighs every date of a series in one go: facts gathered once, earlier dates counted, ways out where one is stuck."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.core.facts import Facts
from booking.core.localtime import clock_forward, day_span, on_the_clock
from booking.core.request import Request, SeriesShape, WallSpan
from booking.core.sequence import Sequence
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict
from booking.services.alternatives import Alternative
from booking.services.catalogue import ResourceCard, norwegian, resources
from booking.services.facts import facts_of
from booking.services.holidays import holiday
from booking.services.series_wishes import AS_PLANNED, SKIP, Choice, DateLine, Fate, Planned, Weighed

MOST_ROOMS = 12
MOST_TIMES = 3
MOST_OTHERS = 3
NEAR = timedelta(days=3)
HOUR = timedelta(hours=1)
COUNTRY = "NO"
TAKEN = frozenset({"R05.overlap", "R06.buffer"})
CLOSED = frozenset({"R10.closed_then", "R11.closure", "R06.staffed_turnover", "R12.outage"})
OF_ALL = frozenset({"R04", "R07", "R14", "R28", "R30", "R31"})  # rules that may say the same of every date


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


def weigh(session: Session, now: datetime, draft: Draft, *, offers: bool = True) -> tuple[Weighed, Sequence]:
    """The fate of every date; and the facts it was told from, for whoever writes next."""
    others = others_like(session, draft.card)
    choices = {each.day: _choice(each, draft) for each in draft.planned}
    sequence = Sequence(_facts(session, now, draft, draft.cards, _window(draft)))
    slugs = {each.slug for each in choices.values() if each.slug}
    chosen = {other.id: other for other in others if other.slug in slugs}
    unknown = {id_: card for id_, card in chosen.items() if id_ not in draft.cards}
    if unknown:
        wanted = [span for each in choices.values() if (span := each.span)]
        sequence.learn(_facts(session, now, draft, unknown, _window(draft), wanted).resources)
    known = {**draft.cards, **chosen}
    if not slugs <= {card.slug for card in known.values()}:
        raise InvalidInput("choice", "series.choice")
    requests = _requests(draft, choices, {card.slug: card for card in known.values()})
    lines = _judged(draft, choices, requests, known, sequence)
    of_all = _of_all([line for line in lines if line.is_kept])
    lines = [_with_fate(line, of_all) for line in lines]
    if offers:
        lines = _with_offers(session, now, draft, lines, others, sequence)
    return Weighed(tuple(lines), of_all), sequence


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


def _choice(planned: Planned, draft: Draft) -> Choice:
    """What was decided, or what the holidays decide."""
    decided = draft.choices.get(planned.day)
    if decided is None and draft.skip_holidays and holiday(COUNTRY, planned.request.wall.starts.date()):
        return SKIP
    return decided or AS_PLANNED


def _window(draft: Draft) -> TimeSpan:
    """From the first date to the last, and what is near them."""
    walls = [each.request.wall for each in draft.planned]
    chosen = [each.span for each in draft.choices.values() if each.span]
    first = min(
        [on_the_clock(min(wall.starts, wall.ends), draft.zone) for wall in walls] + [s.starts_at for s in chosen]
    )
    last = max([on_the_clock(max(wall.starts, wall.ends), draft.zone) for wall in walls] + [s.ends_at for s in chosen])
    return TimeSpan(first, max(last, first + HOUR)).padded(NEAR, NEAR)


def _facts(
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


def _requests(draft: Draft, choices: Mapping[date, Choice], by_slug: Mapping[str, ResourceCard]) -> dict[date, Request]:
    """What would be booked on each date, with how large the whole series would be."""
    kept = [each.day for each in draft.planned if not choices[each.day].skip]
    shape = SeriesShape(len(kept), (kept[-1] - kept[0]).days + 1) if kept and draft.is_new else None
    return {
        each.day: replace(_chosen(each.request, choices[each.day], draft, by_slug), series=shape)
        for each in draft.planned
    }


def _chosen(request: Request, choice: Choice, draft: Draft, by_slug: Mapping[str, ResourceCard]) -> Request:
    card = by_slug.get(choice.slug)
    if choice.span is None or card is None:
        return request
    return elsewhere(replace(request, wall=WallSpan.of(choice.span, draft.zone)), draft.card, card)


def elsewhere(request: Request, card: ResourceCard, other: ResourceCard) -> Request:
    """The same with another resource in place of the first."""
    items = tuple(
        replace(item, resource_id=other.id) if item.resource_id == card.id else item for item in request.items
    )
    return replace(request, items=items)


def _judged(
    draft: Draft,
    choices: Mapping[date, Choice],
    requests: Mapping[date, Request],
    known: Mapping[int, ResourceCard],
    sequence: Sequence,
) -> list[DateLine]:
    """Each date in order of time; what is accepted counts for those that follow."""
    lines: dict[int, DateLine] = {}
    for number, planned in enumerate(draft.planned):
        if choices[planned.day].stay and planned.before:
            sequence.take(number, planned.before)
    order = sorted(enumerate(draft.planned), key=lambda each: requests[each[1].day].wall.starts)
    for number, planned in order:
        choice, request, verdict = choices[planned.day], requests[planned.day], Verdict()
        if not choice.skip and not choice.stay:
            verdict = sequence.verdict(number, request, planned.before)
            if verdict.allowed:
                sequence.take(number, request)
        span = request.wall.resolve(draft.zone)
        lines[number] = DateLine(
            number=number,
            day=planned.day,
            planned=planned.request.wall,
            request=request,
            span=span if isinstance(span, TimeSpan) else None,
            card=known[request.items[0].resource_id],
            choice=choice,
            fate=Fate.SKIPPED if choice.skip else Fate.STAYS if choice.stay else Fate.FINE,
            verdict=verdict,
            as_planned=verdict,
            holiday=holiday(COUNTRY, planned.request.wall.starts.date()),
            booking_id=planned.booking_id,
        )
    return [lines[number] for number in range(len(draft.planned))]


def _of_all(lines: list[DateLine]) -> tuple[Finding, ...]:
    """What is said of every date alike is said once."""
    if len(lines) < 2:
        return tuple(finding for line in lines for finding in line.verdict.findings if finding.rule == "R28")
    first = [finding for finding in lines[0].verdict.findings if finding.rule in OF_ALL]
    return tuple(each for each in first if all(_says(line.verdict, each) for line in lines))


def _says(verdict: Verdict, finding: Finding) -> bool:
    return any((each.code, each.facts) == (finding.code, finding.facts) for each in verdict.findings)


def _with_fate(line: DateLine, of_all: tuple[Finding, ...]) -> DateLine:
    if not line.is_kept:
        return line
    rest = Verdict(tuple(each for each in line.verdict.findings if not _says(Verdict(of_all), each)))
    return replace(line, fate=_fate(rest, needs_approval=line.verdict.needs_approval), verdict=rest)


def _fate(verdict: Verdict, *, needs_approval: bool) -> Fate:
    codes = {finding.code for finding in verdict.refusals}
    if not codes:
        return Fate.APPROVAL if needs_approval else Fate.FINE
    if codes & CLOSED:
        return Fate.CLOSED
    return Fate.TAKEN if codes <= TAKEN else Fate.REFUSED


def _with_offers(
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
        sequence.learn(_facts(session, now, draft, cards, _window(draft), spans).resources)
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
