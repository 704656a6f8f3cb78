"""Rehearsal: a draft of rules run against the last year and everything ahead, before anybody is bound by it.

Only the rules it changes are asked, by the values as they are and as they would be; what the other rules say stays
the same. A booking is judged as of when it was made. docs/rules.md says what is approximated.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.facts import MemberFacts
from booking.core.judge import judge_span
from booking.core.rules.catalogue import RULES
from booking.core.rules.rule import Rule
from booking.core.verdict import Finding, Verdict
from booking.models import Organisation
from booking.services.beneficiaries import NOBODY, members_facts
from booking.services.drafts import Draft
from booking.services.past_bookings import Stood, stood
from booking.services.rehearsal_stage import Stage
from booking.services.scopes import District

STRIDE = 5_000  # bookings between two words about how far it has come
MOST_READ_SINGLY = 5_000  # rules of families have their facts read booking by booking
NOW_ONLY = frozenset({"R13"})  # about how things are now; what has been is not asked
IN_BULK = frozenset(
    ("R02", "R03", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R13", "R17", "R18", "R19", "R20", "R21", "R28")
) | {"R30"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A booking the draft would treat otherwise, with what the changed rules would say."""

    booking_id: int
    organisation_id: int | None
    is_past: bool
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Rehearsed:
    """How far it has come: the bookings judged, out of how many, and what was found."""

    total: int
    reached: int
    judged: int = 0
    refused: list[Outcome] = field(default_factory=list)
    to_approve: list[Outcome] = field(default_factory=list)
    noted: int = 0
    refused_already: int = 0
    is_done: bool = False


def rehearse(session: Session, now: datetime, district: District, draft: Draft) -> Iterator[Rehearsed]:
    """The state of things at once, every few thousand bookings, and at the end with `is_done`."""
    yield Rehearsed(0, 0)
    reached = {id_ for kind, id_ in draft.asked for id_ in district.where(kind, id_).resource_ids}
    rules = [rule for rule in RULES if rule.code in draft.rules]
    bookings = stood(session, now, reached)
    singly = not {rule.code for rule in rules} <= IN_BULK
    chosen = _nearest(bookings, now) if singly else bookings
    found = Rehearsed(len(bookings), len(chosen))
    yield found
    for _, listed in groupby(sorted(chosen, key=lambda each: each.site_id), key=lambda each: each.site_id):
        of_site = list(listed)
        stage = Stage(session, now, draft, of_site, with_families=singly)
        members = members_facts(session, now, {each.member_id for each in of_site})
        for booking in of_site:
            _judge(found, stage, booking, members.get(booking.member_id, NOBODY), now, rules)
            if found.judged % STRIDE == 0:
                yield found
    found.is_done = True
    yield found


def _nearest(bookings: list[Stood], now: datetime) -> list[Stood]:
    """As many as can be read one by one, those nearest to today."""
    nearest = sorted(bookings, key=lambda each: abs(each.span.starts_at - now))[:MOST_READ_SINGLY]
    return sorted(nearest, key=lambda each: (each.span.starts_at, each.id))


def _judge(
    found: Rehearsed, stage: Stage, booking: Stood, member: MemberFacts, now: datetime, rules: list[Rule]
) -> None:
    found.judged += 1
    then = _verdict(stage, booking, member, now, rules, drafted=True)
    if not then.findings:
        return
    as_is = _verdict(stage, booking, member, now, rules, drafted=False)
    outcome = Outcome(booking.id, booking.organisation_id, booking.span.starts_at <= now, then.findings)
    if then.refused and as_is.refused:
        found.refused_already += 1
    elif then.refused:
        found.refused.append(outcome)
    elif then.needs_approval and not as_is.refused and not as_is.needs_approval:
        found.to_approve.append(outcome)
    elif then.findings and not as_is.findings:
        found.noted += 1


def _verdict(
    stage: Stage, booking: Stood, member: MemberFacts, now: datetime, rules: list[Rule], *, drafted: bool
) -> Verdict:
    """What the rules say: as of when it was made, and of how things are now only if it lies ahead."""
    then = [rule for rule in rules if rule.code not in NOW_ONLY]
    today = [rule for rule in rules if rule.code in NOW_ONLY] if booking.span.ends_at > now else []
    findings: tuple[Finding, ...] = ()
    for at, asked in ((booking.created_at, then), (now, today)):
        if asked:
            facts = stage.facts_for(booking, member, at, drafted=drafted)
            findings += judge_span(booking.request, booking.span, facts, asked).findings
    return Verdict(findings)


def by_organisation(session: Session, outcomes: Iterable[Outcome]) -> list[tuple[str, int]]:
    """How many of them each organisation has, the most first; without an organisation the name is empty."""
    counted = Counter(each.organisation_id for each in outcomes)
    ids = sorted(id_ for id_ in counted if id_ is not None)
    names = {
        row.id: row.name
        for row in session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    }
    return [(names.get(id_, "") if id_ else "", many) for id_, many in counted.most_common()]


__all__ = ["Outcome", "Rehearsed", "by_organisation", "rehearse"]
