"""Where a booking under planned maintenance could go instead: times and resources that the judge accepts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.judge import judge_change
from booking.core.timespan import TimeSpan
from booking.permissions import Actor
from booking.services.alternatives import Alternative, alternatives
from booking.services.bookings import judged_facts
from booking.services.changes import may_take
from booking.services.outages_known import Known, with_planned
from booking.services.triage import Affected, Choice, Decision

MOST_EACH = 4
MOST_BOOKINGS = 40  # the others are told to be opened one by one


def suggestions(
    session: Session, now: datetime, actor: Actor, found: Iterable[Affected], planned: Mapping[int, Known]
) -> dict[str, list[Alternative]]:
    """A few that the actor may move each booking to, by its id. What is first for one is offered to no other."""
    given: list[tuple[int, TimeSpan]] = []
    suggested: dict[str, list[Alternative]] = {}
    for each in [each for each in found if Choice.MOVE in each.choices][:MOST_BOOKINGS]:
        fitting = [
            one for one in _for_one(session, now, each, planned)
            if may_take(session, actor, each.standing, one)
            and not any(id_ == one.card.id and span.overlaps(one.span) for id_, span in given)
        ]  # fmt: skip
        suggested[each.public_id] = fitting[:MOST_EACH]
        given += [(one.card.id, one.span) for one in fitting[:1]]
    return suggested


def _for_one(session: Session, now: datetime, each: Affected, planned: Mapping[int, Known]) -> list[Alternative]:
    """Same time elsewhere first, then other times; nothing that would wait for an approval, or be shorter."""
    row, wish = each.standing.row, each.standing.wish
    items = sorted(wish.items, key=lambda item: item.resource_id != each.resource_id)
    found = alternatives(
        session, now, row.member_id, replace(wish, items=tuple(items)), without_booking_id=row.id, planned=planned
    )
    length = row.ends_at - row.starts_at
    fit = [one for one in found if not one.needs_approval and one.span.duration >= length and _not_here(one, each)]
    if len(wish.items) > 1:
        fit = [one for one in fit if _stands(session, now, each, one, planned)]
    return sorted(fit, key=lambda one: one.span != each.span)


def _not_here(one: Alternative, each: Affected) -> bool:
    return one.card.id != each.resource_id or one.span != each.span


def _stands(session: Session, now: datetime, each: Affected, one: Alternative, planned: Mapping[int, Known]) -> bool:
    """Whether a booking of several resources can go there as a whole."""
    row, standing = each.standing.row, each.standing
    wish = each.wish(Decision(row.version, Choice.MOVE, one.card.id, one.span))
    cards = {**standing.cards, one.card.id: one.card}
    facts = with_planned(judged_facts(session, now, cards, wish, row.member_id, row.id), planned)
    return not judge_change(standing.request, wish.request(row.member_id), facts).refused
