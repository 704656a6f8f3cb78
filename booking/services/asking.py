"""Asks whoever has a resource next to shift, so that a booking can be longer; neither learns the other's name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.alternatives import near_times
from booking.core.blocking import busy_window
from booking.core.errors import DomainError, NotFound, WrongState
from booking.core.facts import Facts, Taken
from booking.core.judge import judge_change, judge_span
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Booking, ShiftRequest
from booking.permissions import Actor, can, require
from booking.services import journal, telling
from booking.services.actors import actor_for_member
from booking.services.alternatives import Alternative, alternatives
from booking.services.bookings import CLASHES, judged_facts
from booking.services.catalogue import resource_by_slug, units_of
from booking.services.changes import change_booking
from booking.services.facts import facts_of
from booking.services.locks import lock
from booking.services.standing import Standing, found, locked, standing_of
from booking.services.wishes import Wish

NEAR = timedelta(days=7)
MOST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the one who is asked sees it: what time is wanted, and nothing about by whom."""

    key: str
    wanted: TimeSpan


def whom_to_ask(session: Session, now: datetime, standing: Standing, wish: Wish) -> int | None:
    """The one booking of somebody else that stops this one from being longer; None when anything else does."""
    row = standing.row
    span = wish.wall.resolve(standing.zone)
    if not isinstance(span, TimeSpan) or span == row.span or not span.covers(row.span):
        return None
    if wish.items != standing.items or any(card.is_pool for card in standing.cards.values()):
        return None
    facts = judged_facts(session, now, standing.cards, wish, row.member_id, row.id)
    verdict = judge_change(standing.request, wish.request(row.member_id), facts)
    if not verdict.refused or not {each.code for each in verdict.refusals} <= CLASHES:
        return None
    others = {each.booking_id for each in _clashing(facts, span)}
    other = session.get(Booking, next(iter(others))) if len(others) == 1 else None
    if other is None or other.member_id == row.member_id or other.starts_at <= now:
        return None
    return other.id


def ask_to_shift(session: Session, now: datetime, actor: Actor, public_id: str, wish: Wish) -> str:
    """Asks; the request's key. Asking again while nobody has answered is the same request.

    Raises NotFound, NotAllowed, WrongState (nobody to ask, or they have said no before).
    """
    standing = locked(session, actor, public_id, "booking.change", wish)
    row, span = standing.row, wish.wall.resolve(standing.zone)
    other_id = whom_to_ask(session, now, standing, wish) if row.live and row.ends_at > now else None
    if other_id is None or not isinstance(span, TimeSpan):
        raise WrongState(state="nobody_to_ask")
    earlier = _between(session, row.id, other_id)
    if any(each.state == "declined" for each in earlier):
        raise WrongState(state="declined_before")
    request = next((each for each in earlier if each.state == "open"), None)
    if request is None:
        request = ShiftRequest(asking_booking_id=row.id, asked_booking_id=other_id, asked_by_id=actor.member_id)
        request.state, request.created_at = "open", now
        session.add(request)
    request.wanted_from, request.wanted_to = span.starts_at, span.ends_at
    session.flush()
    wanted = _wanted(request)
    journal.record(session, now, actor.member_id, "shift.asked", ("booking", row.id), after=wanted)
    holder_id = session.get_one(Booking, other_id).member_id
    telling.tell(session, now, holder_id, other_id, "shift_asked", None, wanted)
    return request.public_id


def open_requests(session: Session, now: datetime, actor: Actor, standing: Standing) -> list[Asked]:
    """What this booking's holder is asked and can still answer."""
    row = standing.row
    if not can(actor, "booking.answer", standing.subject) or not row.live or row.starts_at <= now:
        return []
    rows = session.execute(
        select(ShiftRequest, Booking)
        .join(Booking, Booking.id == ShiftRequest.asking_booking_id)
        .where(ShiftRequest.asked_booking_id == row.id, ShiftRequest.state == "open", Booking.live)
        .order_by(ShiftRequest.id)
    ).all()
    return [
        Asked(request.public_id, _span(request))
        for request, asking in rows
        if whom_to_ask(session, now, *_longer(session, asking, request)) == row.id
    ]


def ways_to_shift(session: Session, now: datetime, standing: Standing, wanted: TimeSpan) -> list[Alternative]:
    """Other times for the same thing that leave the wanted time free, and others like it at the same time."""
    row, wish, cards = standing.row, standing.wish, standing.cards
    first = cards[standing.items[0].resource_id]
    window = row.span.padded(NEAR, NEAR)
    window = TimeSpan(min(max(window.starts_at, now), row.starts_at), window.ends_at)
    facts = facts_of(session, now, cards, member_id=row.member_id, window=window, without_booking_id=row.id)
    facts = _with_taken(facts, wanted)
    request = standing.request
    spans = near_times(request, facts, most=MOST)
    times = [Alternative(first, span, judge_span(request, span, facts).needs_approval) for span in spans]
    if len(cards) > 1:
        return times
    others = [
        each
        for each in alternatives(session, now, row.member_id, wish, without_booking_id=row.id)
        if each.card.id != first.id
    ]
    units = units_of(session, [first.id, *(each.card.id for each in others)])
    return times + [each for each in others if not set(units[each.card.id]) & set(units[first.id])]


def accept(session: Session, now: datetime, actor: Actor, key: str, choice: tuple[str, TimeSpan]) -> str:
    """Moves the booking to what its holder chose and lengthens the other, both or neither; the booking's public id.

    Raises NotFound, NotAllowed, WrongState (no longer open, or it would not make room), BookingRefused.
    """
    request, asked = _request(session, actor, key)
    theirs = standing_of(session, session.get_one(Booking, request.asking_booking_id))
    slug, span = choice
    card = resource_by_slug(session, slug)
    _lock_both(session, asked, theirs, card.id)
    request, asked = _request(session, actor, key, fresh=True)
    items = asked.items if card.id in asked.cards else (Item(card.id, asked.items[0].quantity),)
    wish = replace(asked.wish, items=items, wall=WallSpan.of(span, asked.zone))
    change_booking(session, now, actor, asked.row.public_id, wish, version=asked.row.version, door=telling.ON_REQUEST)
    _lengthen(session, now, request)
    _answer(session, now, actor, request, "accepted")
    return asked.row.public_id


def decline(session: Session, now: datetime, actor: Actor, key: str) -> str:
    """Keeps the booking where it is, and tells who asked; the booking's public id. Raises as `accept`."""
    request, asked = _request(session, actor, key)
    lock(session, member_ids=[asked.row.member_id], resource_ids=asked.resource_ids)
    request, asked = _request(session, actor, key, fresh=True)
    _answer(session, now, actor, request, "declined")
    return asked.row.public_id


def _request(session: Session, actor: Actor, key: str, *, fresh: bool = False) -> tuple[ShiftRequest, Standing]:
    """An open request to the holder. Raises NotFound for anybody else, WrongState when it has been answered."""
    query = select(ShiftRequest).where(ShiftRequest.public_id == key)
    request = session.scalar(query.execution_options(populate_existing=fresh))
    if request is None:
        raise NotFound(kind="shift_request")
    asked = found(
        session, actor, session.get_one(Booking, request.asked_booking_id).public_id, "booking.see", fresh=fresh
    )
    require(actor, "booking.answer", asked.subject)
    if request.state != "open" or not asked.row.live:
        raise WrongState(state="answered")
    return request, asked


def _lock_both(session: Session, asked: Standing, asking: Standing, also: int) -> None:
    """Everything that both changes touch, at once, so that nobody waits in a ring."""
    rows = (asked.row, asking.row)
    lock(
        session,
        organisation_ids=[row.organisation_id for row in rows if row.organisation_id],
        member_ids=[row.member_id for row in rows],
        resource_ids=(*asked.resource_ids, *asking.resource_ids, also),
    )


def _lengthen(session: Session, now: datetime, request: ShiftRequest) -> None:
    """As the asker, with their own rights. Raises WrongState when the shift makes no room."""
    asking = session.get_one(Booking, request.asking_booking_id, populate_existing=True)
    asker = actor_for_member(session, now, request.asked_by_id)
    if asker is None:
        raise WrongState(state="makes_no_room")
    theirs, wish = _longer(session, asking, request)
    try:
        change_booking(session, now, asker, asking.public_id, wish, version=theirs.row.version, door=telling.ON_REQUEST)
    except DomainError as gone:
        raise WrongState(state="makes_no_room") from gone


def _longer(session: Session, asking: Booking, request: ShiftRequest) -> tuple[Standing, Wish]:
    """The booking that wants to be longer, and how long."""
    theirs = standing_of(session, asking)
    return theirs, replace(theirs.wish, wall=WallSpan.of(_span(request), theirs.zone))


def _span(request: ShiftRequest) -> TimeSpan:
    return TimeSpan(request.wanted_from, request.wanted_to)


def _answer(session: Session, now: datetime, actor: Actor, request: ShiftRequest, answer: str) -> None:
    request.state, request.answered_at = answer, now
    session.flush()
    wanted = _wanted(request)
    journal.record(
        session, now, actor.member_id, f"shift.{answer}", ("booking", request.asked_booking_id), after=wanted
    )
    journal.record(session, now, None, f"shift.{answer}", ("booking", request.asking_booking_id), after=wanted)
    asker, booking = request.asked_by_id, request.asking_booking_id
    telling.tell(session, now, asker, booking, f"shift_{answer}", None, wanted)


def _wanted(request: ShiftRequest) -> dict[str, object]:
    return {"from": request.wanted_from.isoformat(), "to": request.wanted_to.isoformat()}


def _between(session: Session, asking: int, asked: int) -> list[ShiftRequest]:
    return list(
        session.scalars(
            select(ShiftRequest).where(ShiftRequest.asking_booking_id == asking, ShiftRequest.asked_booking_id == asked)
        )
    )


def _clashing(facts: Facts, span: TimeSpan) -> Iterable[Taken]:
    for resource in facts.resources.values():
        busy = busy_window(span, resource)
        yield from (each for each in resource.taken if each.busy.overlaps(busy))


def _with_taken(facts: Facts, wanted: TimeSpan) -> Facts:
    """The same world, with the wanted time taken by somebody else on every unit."""
    resources = {
        id_: replace(
            resource,
            taken=(
                *resource.taken,
                *(Taken(unit, busy_window(wanted, resource), wanted, 0, None) for unit in resource.units),
            ),
        )
        for id_, resource in facts.resources.items()
    }
    return replace(facts, resources=resources)
