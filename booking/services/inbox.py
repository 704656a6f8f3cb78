"""The requests that somebody may answer, the oldest first, with all that one wants to know before answering."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import NotAllowed, NotFound
from booking.core.lifecycle import State
from booking.core.verdict import Finding
from booking.models import Application, ApprovalDecision, Booking, BookingItem, Member
from booking.permissions import Actor, can
from booking.services.approval_steps import Step, steps_of
from booking.services.catalogue import units_of
from booking.services.mine import Mine, listed_bookings
from booking.services.on_duty import OnDuty, on_duty, stands_in_for
from booking.services.requesters import Record, records
from booking.services.requesters_learnt import Learnt, learnt
from booking.services.requests import AlreadyDecided, already_decided, is_waiting, turns
from booking.services.standing import Standing

MOST = 200
WORDS = ("asked", "answered", "approved", "declined")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said about a request."""

    at: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class InInbox:
    """One request. `is_called` tells whether the reader is among those asked, `is_turn` whether they can say yes now.

    `rivals` are the public ids of requests that compete with it for time.
    """

    booking: Mine
    holder: str
    asked_at: datetime
    until_at: datetime
    findings: tuple[Finding, ...]
    waits_for: tuple[str, ...]
    level: str
    is_called: bool
    is_turn: bool
    has_expired: bool
    competes: bool
    record: Record
    learnt: tuple[Learnt, ...] = ()
    said: tuple[Said, ...] = ()
    rivals: tuple[str, ...] = field(default=())


class Answerable(NamedTuple):
    """A request's steps, whether the actor is called, whether it is their turn, and the resources they answer for."""

    steps: list[Step]
    called: bool
    turn: bool
    concerned: frozenset[int]


def inbox(session: Session, now: datetime, actor: Actor) -> list[InInbox]:
    """Everything the actor may answer and that begins after now, the oldest first."""
    if not can(actor, "request.decide"):
        return []
    rows, competing = _waiting(session, now)
    return _read(session, now, actor, rows, competing)


def count(session: Session, now: datetime, actor: Actor) -> int:
    """How many wait for the actor: those they are called to, and can answer now."""
    if not can(actor, "request.decide"):
        return 0
    rows, _ = _waiting(session, now)
    answerable = _answerable(session, now, actor, rows, on_duty(session, now))
    return sum(each.called and each.turn for each in answerable.values())


def one(session: Session, now: datetime, actor: Actor, public_id: str) -> InInbox:
    """One request with all that was said. Raises NotFound, NotAllowed when it is not for the actor to answer."""
    rows, competing = _waiting(session, now)
    row = next((each for each in rows if each.public_id == public_id), None)
    if row is None:
        raise NotFound(kind="booking")
    found = _read(session, now, actor, rows, competing)
    request = next((each for each in found if each.booking.public_id == public_id), None)
    if request is None:
        raise NotAllowed(permission="request.decide")
    return request


def for_actor(session: Session, now: datetime, actor: Actor, rows: Sequence[Booking]) -> dict[int, bool]:
    """Of these requests those that are the actor's to answer, and whether they wait for the actor now."""
    waiting = {row.id for row in rows if row.starts_at > now and is_waiting(session, row)}
    found = _answerable(session, now, actor, rows, on_duty(session, now))
    return {id_: id_ in waiting and each.called and each.turn for id_, each in found.items()}


def decided(session: Session, actor: Actor, standing: Standing) -> AlreadyDecided | None:
    """What has become of a request that waits no more, for those who may follow it; None for anybody else."""
    if is_waiting(session, standing.row) or not can(actor, "booking.follow", standing.subject):
        return None
    return already_decided(session, standing.row)


def _waiting(session: Session, now: datetime) -> tuple[list[Booking], frozenset[int]]:
    """Requests for times to come, and which of them compete."""
    open_ = frozenset(session.scalars(select(Application.booking_id).where(Application.state == "open")))
    asked = select(Booking).where(Booking.state == State.REQUESTED, Booking.starts_at > now)
    rows = list(session.scalars(asked.order_by(Booking.id).limit(MOST)))
    if open_:
        applied = select(Booking).where(Booking.id.in_(sorted(open_)), Booking.starts_at > now)
        rows += session.scalars(applied.order_by(Booking.id).limit(MOST))
    return rows, open_


def _answerable(
    session: Session, now: datetime, actor: Actor, rows: Iterable[Booking], duties: OnDuty
) -> dict[int, Answerable]:
    """By booking; others' are left out."""
    listed = list(rows)
    steps, others = steps_of(session, now, listed, duties), stands_in_for(session, now, actor.member_id)
    found = {}
    for row in listed:
        speaks = {actor.member_id, *(each for each, only in others.items() if only is None or row.id in only)}
        own = steps.get(row.id, [])
        part = frozenset(step.resource_id for step in own if speaks & {*step.asked, *step.above})
        if part and actor.member_id not in (row.member_id, row.booked_by_id):
            mine = turns(own, speaks)
            called = any(step.called & speaks for step in own if step.id in mine)
            found[row.id] = Answerable(own, called, bool(mine), part)
    return found


def _read(
    session: Session, now: datetime, actor: Actor, rows: Sequence[Booking], competing: frozenset[int]
) -> list[InInbox]:
    duties = on_duty(session, now)
    found = _answerable(session, now, actor, rows, duties)
    kept = [row for row in rows if row.id in found]
    listed = listed_bookings(session, found)
    names = {row.id: row.name for row in session.execute(select(Member.id, Member.name).where(
        Member.id.in_(sorted({row.member_id for row in kept}))))}  # fmt: skip
    said, rivals = _said(session, found), _rivals(session, rows, competing)
    history = records(session, now, kept)
    known = learnt(session, now, kept, {id_: each.concerned for id_, each in found.items()})
    requests = [
        InInbox(
            booking=listed[row.id],
            holder=names[row.member_id],
            asked_at=min(step.asked_at for step in found[row.id].steps),
            until_at=min(step.until_at for step in found[row.id].steps),
            findings=_findings(found[row.id].steps),
            waits_for=_waits_for(found[row.id].steps, duties),
            level=found[row.id].steps[0].level,
            is_called=found[row.id].called,
            is_turn=found[row.id].turn,
            has_expired=any(step.has_expired for step in found[row.id].steps),
            competes=row.id in competing,
            record=history[row.id],
            learnt=known.get(row.id, ()),
            said=tuple(said.get(row.id, ())),
            rivals=tuple(rivals.get(row.id, ())),
        )
        for row in kept
    ]
    return sorted(requests, key=lambda each: (each.asked_at, each.booking.span.starts_at))


def _findings(steps: Iterable[Step]) -> tuple[Finding, ...]:
    """Each once: what is about no resource stands with every step."""
    found: list[Finding] = []
    for step in steps:
        found += [each for each in step.findings if each not in found]
    return tuple(found)


def _waits_for(steps: Iterable[Step], duties: OnDuty) -> tuple[str, ...]:
    people = dict.fromkeys(each for step in steps if not step.is_settled for each in step.awaited)
    return tuple(duties.names.get(each, "") for each in people)


def _said(session: Session, booking_ids: Iterable[int]) -> dict[int, list[Said]]:
    rows = session.execute(
        select(ApprovalDecision, Member.name)
        .outerjoin(Member, Member.id == ApprovalDecision.member_id)
        .where(ApprovalDecision.booking_id.in_(sorted(booking_ids)), ApprovalDecision.what.in_(WORDS))
        .order_by(ApprovalDecision.id)
    )
    said: dict[int, list[Said]] = {}
    for row, name in rows:
        said.setdefault(row.booking_id, []).append(Said(row.at, name or "", row.what, row.text or ""))
    return said


def _rivals(session: Session, rows: Sequence[Booking], competing: frozenset[int]) -> Mapping[int, list[str]]:
    """Those that ask for a unit another asks for at the same time."""
    asked = [row for row in rows if row.id in competing]
    items = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id, BookingItem.busy_from, BookingItem.busy_to).where(
            BookingItem.booking_id.in_([row.id for row in asked])
        )
    ).all()
    units, keys = units_of(session, {item.resource_id for item in items}), {row.id: row.public_id for row in asked}
    found: dict[int, list[str]] = {}
    for one_ in items:
        for other in items:
            apart = one_.busy_to <= other.busy_from or other.busy_to <= one_.busy_from
            shared = set(units[one_.resource_id]) & set(units[other.resource_id])
            if one_.booking_id != other.booking_id and shared and not apart:
                found.setdefault(one_.booking_id, []).append(keys[other.booking_id])
    return found
