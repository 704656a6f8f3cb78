"""Buddies: who is asked to be there while another works alone, what they answer, and which bookings wait for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.details import Details
from booking.core.errors import NotFound, WrongState
from booking.core.judge import judge_span
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding
from booking.models import Booking, BookingItem, Buddy, Member
from booking.permissions import Actor
from booking.services import journal, settings, telling
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.facts import facts_of
from booking.services.locks import lock
from booking.services.mine import Mine, listed_bookings

OPEN = ("asked", "accepted")
HOUR = timedelta(hours=1)
MAY_FOLLOW = {
    "accepted": frozenset({"asked", "declined", "withdrawn"}),
    "declined": frozenset({"asked"}),
    "withdrawn": frozenset({"accepted"}),
}


@dataclass(frozen=True, slots=True)
class Watch:
    """One time when the member is asked to be somebody's buddy; `others` are how many more dates of the series."""

    booking: Mine
    holder: str
    state: str
    others: int = 0


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
    found = _lacking(session, now, rows, accepted)
    return {row.id: _as_asked(session, row, found[row.id]) for row in rows if row.id in found}


def on_hold(session: Session, now: datetime, listed: Iterable[Mine]) -> dict[str, Finding]:
    """The same for bookings in a list, by their public id; asks nothing more where the rule is not set."""
    shown = list(listed)
    cards = {card.id: card for each in shown for card in each.cards}
    asking = _that_ask(session, now, cards)
    keys = [each.public_id for each in shown if asking.intersection(card.id for card in each.cards)]
    if not keys:
        return {}
    by_id = {row.id: row.public_id for row in session.execute(
        select(Booking.id, Booking.public_id).where(Booking.public_id.in_(keys))
    )}  # fmt: skip
    return {by_id[id_]: finding for id_, finding in uncovered(session, now, by_id).items()}


def keep_company(session: Session, now: datetime, booking_ids: Collection[int], actor_id: int) -> None:
    """After bookings were written: asks the buddies that are named and needed, and releases those who no longer are."""
    rows = [row for id_ in sorted(booking_ids) if (row := session.get(Booking, id_, populate_existing=True))]
    known = {
        (each.booking_id, each.member_id): each
        for each in session.scalars(select(Buddy).where(Buddy.booking_id.in_(sorted(booking_ids))))
    }
    named = {row.id: buddy for row in rows if row.live and (buddy := _details(row).buddy_id) is not None}
    if not known and not named:
        return
    needed = _lacking(session, now, [row for row in rows if row.id in named], set())
    told: set[tuple[int, str]] = set()
    for row in rows:
        buddy_id = named.get(row.id) if row.id in needed else None
        for (booking_id, member_id), each in known.items():
            if booking_id == row.id and member_id != buddy_id and each.state in OPEN:
                each.state = "released"
                _tell_once(session, now, told, member_id, row, "buddy_released", actor_id)
        if buddy_id is not None and _ask(session, now, row, buddy_id, known.get((row.id, buddy_id))):
            _tell_once(session, now, told, buddy_id, row, "buddy_asked", row.member_id)
    session.flush()


def watch(session: Session, actor: Actor, public_id: str) -> Watch:
    """What the actor is asked about a booking. Raises NotFound when they are not asked."""
    booking, buddy = _asked(session, actor, public_id)
    listed = listed_bookings(session, [booking.id])[booking.id]
    holder = session.scalar(select(Member.name).where(Member.id == booking.member_id)) or ""
    alike = _alike(session, booking, actor.member_id, buddy.state)
    return Watch(listed, holder, _state(booking, buddy), len(alike) - 1)


def watches(session: Session, now: datetime, actor: Actor) -> list[Watch]:
    """Everything ahead that the actor is asked about or has accepted, soonest first."""
    rows = session.execute(
        select(Buddy, Booking, Member.name)
        .join(Booking, Booking.id == Buddy.booking_id)
        .join(Member, Member.id == Booking.member_id)
        .where(Buddy.member_id == actor.member_id, Buddy.state.in_(OPEN), Booking.live, Booking.ends_at > now)
        .order_by(Booking.starts_at)
    ).all()
    listed = listed_bookings(session, [booking.id for _, booking, _ in rows])
    return [Watch(listed[booking.id], name, buddy.state) for buddy, booking, name in rows]


def answer(
    session: Session, now: datetime, actor: Actor, public_id: str, state: str, *, whole_series: bool = False
) -> None:
    """Accepts, declines or withdraws, for one date or for all of a series that were asked alike; the holder is told.

    Raises NotFound, WrongState.
    """
    booking, _ = _asked(session, actor, public_id)
    lock(session, member_ids=[booking.member_id])
    booking, buddy = _asked(session, actor, public_id)
    if not booking.live or booking.ends_at <= now or buddy.state not in MAY_FOLLOW.get(state, ()):
        raise WrongState(state="answered")
    answered = _alike(session, booking, actor.member_id, buddy.state) if whole_series else [buddy]
    for each in answered:
        each.state, each.answered_at = state, now
        subject = ("booking", each.booking_id)
        journal.record(session, now, actor.member_id, f"buddy.{state}", subject, after={"member_id": actor.member_id})
    telling.tell(session, now, booking.member_id, booking.id, f"buddy_{state}", actor.member_id)
    if state == "withdrawn":
        telling.tell(session, now, actor.member_id, booking.id, "buddy_stepped_back", None)
    session.flush()


def buddy_state(session: Session, booking: Booking) -> tuple[str, str] | None:
    """The name of the buddy a booking names, and what they have answered; None when it needs none."""
    buddy_id = _details(booking).buddy_id
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


def _details(row: Booking) -> Details:
    return Details.from_json(row.details or {})


def _ahead(session: Session, now: datetime, booking_ids: Iterable[int]) -> list[Booking]:
    ids = sorted(set(booking_ids))
    if not ids:
        return []
    return list(session.scalars(select(Booking).where(Booking.id.in_(ids), Booking.live, Booking.ends_at > now)))


def _lacking(
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


def _request(row: Booking, items: tuple[Item, ...], card: ResourceCard, accepted: set[tuple[int, int]]) -> Request:
    details = _details(row)
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


def _ask(session: Session, now: datetime, row: Booking, buddy_id: int, known: Buddy | None) -> bool:
    """Whether the buddy was asked now: at first, once more after being released, and for a time they did not accept."""
    if known is None:
        known = Buddy(booking_id=row.id, member_id=buddy_id)
        session.add(known)
    elif known.state in ("asked", "accepted", "declined") and known.span.covers(row.span):
        return False
    known.state, known.asked_at, known.answered_at = "asked", now, None
    known.starts_at, known.ends_at = row.starts_at, row.ends_at
    return True


def _tell_once(
    session: Session, now: datetime, told: set[tuple[int, str]], member_id: int, row: Booking, kind: str, by: int
) -> None:
    """One notice for all dates of a series."""
    if (member_id, kind) not in told:
        told.add((member_id, kind))
        telling.tell(session, now, member_id, row.id, kind, by)


def _asked(session: Session, actor: Actor, public_id: str) -> tuple[Booking, Buddy]:
    row = session.execute(
        select(Booking, Buddy)
        .join(Buddy, Buddy.booking_id == Booking.id)
        .where(Booking.public_id == public_id, Buddy.member_id == actor.member_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="booking")
    return row[0], row[1]


def _state(booking: Booking, buddy: Buddy) -> str:
    return buddy.state if booking.live else "released"


def _alike(session: Session, booking: Booking, member_id: int, state: str) -> list[Buddy]:
    """What the member was asked about all dates of the series in the same way; the booking alone without one."""
    query = select(Buddy).join(Booking, Booking.id == Buddy.booking_id)
    query = query.where(Buddy.member_id == member_id, Buddy.state == state, Booking.live)
    whole = Booking.series_id == booking.series_id if booking.series_id else Booking.id == booking.id
    return list(session.scalars(query.where(whole)))


__all__ = ["Watch", "answer", "buddy_state", "keep_company", "on_hold", "uncovered", "watch", "watches"]
