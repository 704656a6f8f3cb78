"""May X book Y at Z: every rule asked one by one, with the values it used and what it found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.facts import Facts
from booking.core.judge import judge, judge_span
from booking.core.request import Item, Request, WallSpan
from booking.core.rules.catalogue import RULES
from booking.core.rules.rule import Rule
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict
from booking.models import Member
from booking.services.catalogue import ResourceCard
from booking.services.facts import gather_facts


@dataclass(frozen=True, slots=True)
class Step:
    """One rule: the values that counted for this member, and what it said; nothing said means it is fine."""

    rule: Rule
    effective: Effective
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole answer; `span` is None when the times do not exist, and then most rules have nothing to judge."""

    verdict: Verdict
    span: TimeSpan | None
    steps: tuple[Step, ...]


def trace(
    session: Session, now: datetime, card: ResourceCard, member_id: int, wall: WallSpan, people: int | None
) -> Trace:
    """Asks every rule about one member, one resource and one time, by the facts as they are."""
    span = wall.resolve(card.zone)
    known = span if isinstance(span, TimeSpan) else None
    window = known or TimeSpan(now, now + timedelta(days=1))
    facts = gather_facts(session, now, member_id=member_id, resource_ids=[card.id], window=window)
    request = Request(wall, (Item(card.id),), people, member_id)
    verdict = judge(request, facts)
    steps = (_step(rule, request, known, facts, verdict.findings) for rule in RULES)
    return Trace(verdict, known, tuple(steps))


def _step(rule: Rule, request: Request, span: TimeSpan | None, facts: Facts, all_: Iterable[Finding]) -> Step:
    effective = facts.resources[request.items[0].resource_id].settings.get(rule.code) or rule.default()
    if span is None or rule.code == "R01":
        return Step(rule, effective, tuple(each for each in all_ if each.rule == rule.code))
    return Step(rule, effective, judge_span(request, span, facts, [rule]).findings)


def member_by_email(session: Session, email: str) -> tuple[int, str] | None:
    """A member's id and name; None when nobody has that address."""
    row = session.execute(
        select(Member.id, Member.name).where(func.lower(Member.email) == email.strip().lower())
    ).first()
    return (row.id, row.name) if row else None


__all__ = ["Step", "Trace", "member_by_email", "trace"]
