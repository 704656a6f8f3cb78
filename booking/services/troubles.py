"""What maintenance and faults do to bookings that stand: judged anew whenever somebody looks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.facts import Facts, MemberFacts, ResourceFacts
from booking.core.outages import Outage, OutOfService
from booking.core.request import Item, Request, WallSpan
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.rules.rule import Case, Rule
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding
from booking.services import settings
from booking.services.catalogue import ResourceCard
from booking.services.mine import Mine
from booking.services.outages_known import Known, known_outages, with_outages

OF_TROUBLE = (RULE_BY_CODE["R12"], RULE_BY_CODE["R13"])


def troubles(session: Session, now: datetime, bookings: Iterable[Mine]) -> dict[str, tuple[Finding, ...]]:
    """The findings about each booking that lies ahead, by its public id; only bookings with any."""
    ahead = [each for each in bookings if each.span.ends_at > now and each.state in ("requested", "confirmed")]
    cards = {card.id: card for each in ahead for card in each.cards}
    if not ahead:
        return {}
    window = TimeSpan(min(each.span.starts_at for each in ahead), max(each.span.ends_at for each in ahead))
    known = known_outages(session, cards, window)
    if not known:
        return {}
    resources = {id_: with_outages(_bare(session, now, card), known) for id_, card in cards.items()}
    found = {each.public_id: _about(each, now, resources) for each in ahead}
    return {public_id: findings for public_id, findings in found.items() if findings}


def troubles_at(
    session: Session, card: ResourceCard, window: TimeSpan
) -> tuple[Sequence[Outage], Sequence[OutOfService]]:
    """The outages of a resource inside the window, and the faults that keep it out of service now."""
    known = known_outages(session, [card.id], window).get(card.id, Known())
    return known.outages, known.faults


def _bare(session: Session, now: datetime, card: ResourceCard) -> ResourceFacts:
    """As much of a resource as rules about outages and faults ask for."""
    rows = settings.rows_at(session, card.scopes, now)
    effective = settings.counting(card, settings.by_scope(rows))
    return ResourceFacts(card.id, card.slug, card.name, settings=effective, contact=card.contact or None)


def _about(booking: Mine, now: datetime, resources: dict[int, ResourceFacts]) -> tuple[Finding, ...]:
    items = tuple(Item(card.id) for card in booking.cards)
    facts = Facts(now, booking.zone, resources, MemberFacts(0), booking.span)
    request = Request(WallSpan.of(booking.span, booking.zone), items, None, 0)
    return tuple(finding for item in items for rule in OF_TROUBLE for finding in _said(rule, item, request, facts))


def _said(rule: Rule, item: Item, request: Request, facts: Facts) -> Iterable[Finding]:
    resource = facts.resources[item.resource_id]
    effective = resource.settings.get(rule.code) or rule.default()
    return rule.test(Case(request, facts.window, resource, item, facts, rule, effective), effective.params)
