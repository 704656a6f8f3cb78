"""Booking in spite of the rules, with a reason: the one place that decides who may, and what is kept of it (E9).

Every door asks here. Nothing here goes past the guard in the database: what it would refuse is never passed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from booking.core.blocking import room_in_pool
from booking.core.errors import InvalidInput
from booking.core.facts import Facts
from booking.core.request import Request
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.rules.rule import Exempt
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict, Weight
from booking.models import RuleSetting
from booking.permissions import Actor, ScopeKey, can
from booking.services.catalogue import ResourceCard

if TYPE_CHECKING:
    from booking.services.standing import Standing

FIELD = "override_reason"
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Passed:
    """The verdict as it counts, what the journal is to remember, and the reason; nothing where nothing was passed."""

    verdict: Verdict
    marks: dict[str, object] = field(default_factory=dict, hash=False)
    reason: str | None = None


def may_pass(actor: Actor, verdict: Verdict, request: Request, facts: Facts, cards: Mapping[int, ResourceCard]) -> bool:
    """Whether the actor is exempt from everything that refuses; the groups' exemption is in the settings already."""
    return bool(verdict.refusals) and all(
        _is_exempt(actor, finding, cards) and _guard_allows(finding, request, facts) for finding in verdict.refusals
    )


def may_pass_standing(actor: Actor, verdict: Verdict, standing: "Standing") -> bool:
    """The same of a booking that stands where it is: nothing of the guard is asked."""
    cards = standing.cards
    return bool(verdict.refusals) and all(_is_exempt(actor, finding, cards) for finding in verdict.refusals)


def passed(
    session: Session,
    now: datetime,
    actor: Actor,
    verdict: Verdict,
    request: Request,
    facts: Facts,
    cards: Mapping[int, ResourceCard],
    reason: str | None,
) -> Passed:
    """The verdict without what the actor books in spite of; unchanged without a wish to, or the right to.

    Raises InvalidInput when the wish comes without its reason.
    """
    if reason is None or not verdict.refused or not may_pass(actor, verdict, request, facts, cards):
        return Passed(verdict)
    said = checked_reason(reason)
    kept = tuple(finding for finding in verdict.findings if not finding.refuses)
    return Passed(Verdict(kept), marks(session, now, verdict.refusals, cards), said)


def checked_reason(reason: str) -> str:
    """Raises InvalidInput for none, and for too long a one."""
    said = reason.strip()
    if not said:
        raise InvalidInput(FIELD, "override.reason_needed")
    if len(said) > LONGEST_REASON:
        raise InvalidInput(FIELD, "input.too_long", {"most": LONGEST_REASON})
    return said


def marks(
    session: Session, now: datetime, findings: Iterable[Finding], cards: Mapping[int, ResourceCard]
) -> dict[str, object]:
    """What the journal remembers: each code, where its value was set, and the settings that counted then."""
    found = list(findings)
    ids = _settings(
        session, now, {each.rule for each in found}, {key for card in cards.values() for key in card.scopes}
    )
    return {
        "overridden": list(dict.fromkeys(each.code for each in found)),
        "overrides": [
            {
                "code": each.code,
                "resource": each.resource_id,
                "where": [each.where_set.kind.value, each.where_set.id] if each.where_set else None,
                "settings": ids.get(each.rule, []),
            }
            for each in found
        ],
    }


def _is_exempt(actor: Actor, finding: Finding, cards: Mapping[int, ResourceCard]) -> bool:
    if finding.weight is Weight.LOCKED:
        return False
    exempt = RULE_BY_CODE[finding.rule].exempt
    about = [card for id_, card in cards.items() if finding.resource_id in (None, id_)]
    manages = bool(about) and all(can(actor, "resource.manage", card.place) for card in about)
    return (Exempt.MANAGER in exempt and manages) or (Exempt.ADMIN in exempt and can(actor, "site.administer"))


def _guard_allows(finding: Finding, request: Request, facts: Facts) -> bool:
    """Set-up and clean-up can be cut on one booking, but not what somebody else holds."""
    span = request.wall.resolve(facts.zone)
    if finding.code != "R06.buffer" or not isinstance(span, TimeSpan):
        return True
    resource = facts.of(finding.resource_id or 0)
    if resource.is_pool:
        asked = sum(item.quantity for item in request.items if item.resource_id == resource.id)
        return room_in_pool(span, resource, facts.now) >= asked
    return not any(taken.busy.overlaps(span) for taken in resource.taken)


def _settings(session: Session, now: datetime, rules: set[str], scopes: set[ScopeKey]) -> dict[str, list[int]]:
    """The ids of the settings of these rules that count now: rows are never changed, so an id is a version."""
    found: dict[str, list[int]] = {}
    rows = session.execute(
        select(RuleSetting.rule, RuleSetting.id)
        .where(RuleSetting.rule.in_(sorted(rules)))
        .where(tuple_(RuleSetting.scope_kind, RuleSetting.scope_id).in_(sorted(scopes)))
        .where(RuleSetting.valid_from <= now, or_(RuleSetting.valid_to.is_(None), RuleSetting.valid_to > now))
        .order_by(RuleSetting.id)
    )
    for rule, id_ in rows:
        found.setdefault(rule, []).append(id_)
    return found
