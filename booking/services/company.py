"""Who would be alone: bookings that wait for a buddy to say yes, or whose company is gone; judged when one looks."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.details import Details
from booking.core.judge import judge_span
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding
from booking.models import Booking, BookingItem, Buddy, Member
from booking.services import settings
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.facts import facts_of

HOUR = timedelta(hours=1)


def uncovered(session: Session, now: datetime, booking_ids: Iterable[int]) -> dict[int, Finding]:
    """The bookings that may not start as they stand, because somebody would be alone; judged whenever one looks.

    A buddy counts once they have accepted, and for the time they accepted.
    """
    rows = _ahead(session, now, booking_ids)
    said_yes = session.execute(
        select(Buddy.booking_id, Buddy.member_id).where(
            Buddy.booking_id.in_(sorted(row.id for row in rows)), Buddy.state == "accepted"
        )
    )
    accepted = {(booking_id, member_id) for booking_id, member_id in said_yes}
    found = lacking(session, now, rows, accepted)
    return {row.id: _as_asked(session, row, found[row.id]) for row in rows if row.id in found}


def lacking(
    session: Session, now: datetime, rows: Iterable[Booking], accepted: set[tuple[int, int]]
) -> dict[int, Finding]:
    """What R33 finds at these bookings when only those who have accepted count as buddies."""
    items = _items(session, rows)
    cards = resources_by_id(session, {item.resource_id for held in items.values() for item in held})
    asking = _that_ask(session, now, cards)
    alike: dict[tuple[int, tuple[int, ...]], list[Booking]] = {}
    for row in rows:
        ids = tuple(item.resource_id for item in items[row.id])
        if asking.intersection(ids):
            alike.setdefault((row.member_id, ids), []).append(row)
    found: dict[int, Finding] = {}
    for (member_id, ids), group in alike.items():
        held = {id_: cards[id_] for id_ in ids}
        window = TimeSpan(min(row.starts_at for row in group), max(row.ends_at for row in group)).padded(HOUR, HOUR)
        facts = facts_of(session, now, held, member_id=member_id, window=window, without_booking_id=group[0].id)
        for row in group:
            verdict = judge_span(_request(row, items[row.id], held[ids[0]], accepted), row.span, facts)
            alone = next((each for each in verdict.findings if each.code == "R33.uncovered"), None)
            if alone:
                found[row.id] = alone
    return found


def buddy_state(session: Session, booking: Booking) -> tuple[str, str] | None:
    """The name of the buddy a booking names, and what they have answered; None when it needs none."""
    buddy_id = details_of(booking).buddy_id
    if buddy_id is None:
        return None
    row = session.execute(
        select(Member.name, Buddy.state)
        .join(Buddy, Buddy.member_id == Member.id)
        .where(Buddy.booking_id == booking.id, Buddy.member_id == buddy_id, Buddy.state != "released")
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _as_asked(session: Session, row: Booking, finding: Finding) -> Finding:
    """The finding, saying that there is a buddy who has not answered, where that is so."""
    buddy = buddy_state(session, row)
    return replace(finding, facts={**finding.facts, "kind": "asked"}) if buddy and buddy[1] == "asked" else finding


def _request(row: Booking, items: tuple[Item, ...], card: ResourceCard, accepted: set[tuple[int, int]]) -> Request:
    details = details_of(row)
    if details.buddy_id is not None and (row.id, details.buddy_id) not in accepted:
        details = replace(details, buddy_id=None)
    return Request(WallSpan.of(row.span, card.zone), items, row.people, row.member_id, details=details)


def _items(session: Session, rows: Iterable[Booking]) -> dict[int, tuple[Item, ...]]:
    held: dict[int, tuple[Item, ...]] = {}
    found = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id, BookingItem.quantity)
        .where(BookingItem.booking_id.in_(sorted(row.id for row in rows)))
        .order_by(BookingItem.id)
    )
    for booking_id, resource_id, quantity in found:
        held[booking_id] = (*held.get(booking_id, ()), Item(resource_id, quantity))
    return held


def _that_ask(session: Session, now: datetime, cards: dict[int, ResourceCard]) -> set[int]:
    """The resources where the rule is set at all; for all others nothing more is read."""
    scopes = {scope for card in cards.values() for scope in card.scopes}
    rows = settings.rows_at(session, scopes, now) if scopes else []
    asking = {(row.scope_kind, row.scope_id) for row in rows if row.rule == "R33"}
    return {id_ for id_, card in cards.items() if asking.intersection(card.scopes)}


def _ahead(session: Session, now: datetime, booking_ids: Iterable[int]) -> list[Booking]:
    ids = sorted(set(booking_ids))
    if not ids:
        return []
    return list(session.scalars(select(Booking).where(Booking.id.in_(ids), Booking.live, Booking.ends_at > now)))


def details_of(row: Booking) -> Details:
    return Details.from_json(row.details or {})


__all__ = ["buddy_state", "details_of", "lacking", "uncovered"]
