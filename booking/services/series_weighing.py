"""Weighs every date of a series in one go: facts gathered once, earlier dates counted, ways out where one is stuck."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.core.request import Request, SeriesShape, WallSpan
from booking.core.sequence import Sequence
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict, Weight
from booking.services.applications import compete
from booking.services.catalogue import ResourceCard
from booking.services.holidays import holiday
from booking.services.series_draft import Draft, draft_facts, elsewhere, window_of
from booking.services.series_offers import others_like, with_offers
from booking.services.series_passing import may_pass_all, verdict_of
from booking.services.series_wishes import AS_PLANNED, SKIP, Choice, DateLine, Fate, Planned, Weighed

COUNTRY = "NO"
TAKEN = frozenset({"R05.overlap", "R05.elsewhere", "R06.buffer"})
CLOSED = frozenset(
    {"R10.closed_then", "R11.closure", "R06.staffed_turnover", "R12.outage", "R13.out_of_service", "R13.safety"}
)
OF_ALL = frozenset({"R04", "R07", "R14", "R28", "R30", "R31", "R39"})  # rules that may say the same of every date


def weigh(session: Session, now: datetime, draft: Draft, *, offers: bool = True) -> tuple[Weighed, Sequence]:
    """The fate of every date; and the facts it was told from, for whoever writes next."""
    others = others_like(session, draft.card)
    choices = {each.day: _choice(each, draft) for each in draft.planned}
    sequence = Sequence(draft_facts(session, now, draft, draft.cards, window_of(draft)))
    slugs = {each.slug for each in choices.values() if each.slug}
    chosen = {other.id: other for other in others if other.slug in slugs}
    unknown = {id_: card for id_, card in chosen.items() if id_ not in draft.cards}
    if unknown:
        wanted = [span for each in choices.values() if (span := each.span)]
        sequence.learn(draft_facts(session, now, draft, unknown, window_of(draft), wanted).resources)
    known = {**draft.cards, **chosen}
    if not slugs <= {card.slug for card in known.values()}:
        raise InvalidInput("choice", "series.choice")
    requests = _requests(draft, choices, {card.slug: card for card in known.values()})
    lines = _judged(draft, choices, requests, known, sequence)
    may_pass = may_pass_all(draft, lines, sequence)
    kept = [line for line in lines if line.is_kept]
    of_all = (*_of_all(kept), *_competing(draft, kept, sequence))
    lines = [_with_fate(line, of_all) for line in lines]
    if offers:
        lines = with_offers(session, now, draft, lines, others, sequence)
    return Weighed(tuple(lines), of_all, may_pass), sequence


def _choice(planned: Planned, draft: Draft) -> Choice:
    """What was decided, or what the holidays decide."""
    decided = draft.choices.get(planned.day)
    if decided is None and draft.skip_holidays and holiday(COUNTRY, planned.request.wall.starts.date()):
        return SKIP
    return decided or AS_PLANNED


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
        passed: tuple[Finding, ...] = ()
        if not choice.skip and not choice.stay:
            verdict, passed = verdict_of(number, request, planned, draft, sequence)
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
            passed=passed,
        )
    return [lines[number] for number in range(len(draft.planned))]


def _of_all(lines: list[DateLine]) -> tuple[Finding, ...]:
    """What is said of every date alike is said once."""
    if len(lines) < 2:
        return tuple(finding for line in lines for finding in line.verdict.findings if finding.rule == "R28")
    first = [finding for finding in lines[0].verdict.findings if finding.rule in OF_ALL]
    return tuple(each for each in first if all(_says(line.verdict, each) for line in lines))


def _competing(draft: Draft, kept: list[DateLine], sequence: Sequence) -> Iterator[Finding]:
    """Where requests compete, none holds its time before it is chosen: each date is asked for by itself."""
    asked = (line for line in kept if line.verdict.needs_approval and compete(sequence.facts, line.request.items))
    first = next(asked, None)
    if draft.is_new and first:
        facts = {"resource": first.card.name, "kind": "competes"}
        yield Finding("R28.not_allowed", Weight.REFUSES, facts, first.card.id)


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
