"""Letting another manager or approver answer: one request, or all that come in a period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from booking.core.errors import InvalidInput, NotFound
from booking.models import ApprovalDelegation, Duty, Member
from booking.models.ids import new_public_id
from booking.models.people import SiteRole
from booking.permissions import Actor, require
from booking.services import journal, telling
from booking.services.actors import is_active
from booking.services.requests import locked_request


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who can answer; `key` is for forms."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """A period in which somebody answers for somebody else; `is_mine` when the reader gave it."""

    key: str
    giver: str
    taker: str
    starts_at: datetime
    ends_at: datetime
    is_mine: bool


def stand_ins(session: Session, now: datetime, actor: Actor) -> list[StandIn]:
    """Other managers, approvers and site admins, by name."""
    on_duty = select(Duty.member_id)
    rows = session.scalars(
        select(Member)
        .where((Member.id.in_(on_duty)) | (Member.site_role == SiteRole.SITE_ADMIN), Member.id != actor.member_id)
        .order_by(Member.name, Member.id)
    )
    return [StandIn(row.public_id, row.name) for row in rows if is_active(row, now)]


def delegate_request(session: Session, now: datetime, actor: Actor, public_id: str, to: str) -> str:
    """Lets somebody answer this request too; their name. Raises what `locked_request` does, and InvalidInput."""
    waiting = locked_request(session, now, actor, public_id, any_turn=True)
    row, taker = waiting.row, _taker(session, now, actor, to)
    for giver_id in sorted(set(waiting.mine.values())):
        _add(session, now, giver_id, taker.id, (now, row.starts_at), row.id)
    after = {"to": taker.id}
    journal.record(session, now, actor.member_id, "booking.delegated", ("booking", row.id), after=after)
    telling.tell(session, now, taker.id, row.id, "delegated", actor.member_id)
    return taker.name


def delegate_period(
    session: Session, now: datetime, actor: Actor, to: str, starts_at: datetime, ends_at: datetime
) -> str:
    """Lets somebody answer all that the actor is asked in a period; their name. Raises InvalidInput, NotAllowed."""
    require(actor, "request.decide")
    if ends_at <= max(starts_at, now):
        raise InvalidInput("until", "delegation.order")
    taker = _taker(session, now, actor, to)
    _add(session, now, actor.member_id, taker.id, (starts_at, ends_at), None)
    after = {"to": taker.id, "from": starts_at.isoformat(), "until": ends_at.isoformat()}
    journal.record(session, now, actor.member_id, "requests.delegated", ("member", actor.member_id), after=after)
    return taker.name


def end_delegation(session: Session, now: datetime, actor: Actor, key: str) -> None:
    """Takes it back. Raises NotFound for anybody else's."""
    row = session.scalar(select(ApprovalDelegation).where(ApprovalDelegation.public_id == key))
    if row is None or row.from_id != actor.member_id:
        raise NotFound(kind="delegation")
    row.ended_at = now
    journal.record(session, now, actor.member_id, "requests.delegation_ended", ("member", actor.member_id))


def delegations(session: Session, now: datetime, actor: Actor) -> list[Delegation]:
    """Periods that count now or later, given by the actor or to them, the first first."""
    giver, taker = aliased(Member), aliased(Member)
    rows = session.execute(
        select(ApprovalDelegation, giver.name, taker.name)
        .join(giver, giver.id == ApprovalDelegation.from_id)
        .join(taker, taker.id == ApprovalDelegation.to_id)
        .where(ApprovalDelegation.booking_id.is_(None), ApprovalDelegation.ended_at.is_(None))
        .where(ApprovalDelegation.ends_at > now)
        .where((ApprovalDelegation.from_id == actor.member_id) | (ApprovalDelegation.to_id == actor.member_id))
        .order_by(ApprovalDelegation.starts_at, ApprovalDelegation.id)
    )
    return [
        Delegation(row.public_id, giver_, taker_, row.starts_at, row.ends_at, row.from_id == actor.member_id)
        for row, giver_, taker_ in rows
    ]


def _taker(session: Session, now: datetime, actor: Actor, key: str) -> Member:
    if key not in {each.key for each in stand_ins(session, now, actor)}:
        raise InvalidInput("to", "delegation.nobody")
    return session.scalars(select(Member).where(Member.public_id == key)).one()


def _add(
    session: Session,
    now: datetime,
    from_id: int,
    to_id: int,
    period: tuple[datetime, datetime],
    booking_id: int | None,
) -> None:
    row = ApprovalDelegation(public_id=new_public_id(), from_id=from_id, to_id=to_id, booking_id=booking_id)
    row.starts_at, row.ends_at, row.made_at = *period, now
    session.add(row)
    session.flush()
