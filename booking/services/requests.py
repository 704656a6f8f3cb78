"""A request that waits for an answer: found and locked for whoever may answer, noted what was said, and ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import DomainError, InvalidInput, NotAllowed, NotFound, WrongState
from booking.core.lifecycle import State, check_move
from booking.models import ApprovalDecision, Booking, Member
from booking.permissions import Actor
from booking.services import applications, feed_fragments, telling
from booking.services.approval_steps import Step, steps_of
from booking.services.holding import forget_units, let_go
from booking.services.locks import lock
from booking.services.on_duty import stands_in_for
from booking.services.rewriting import touch, values
from booking.services.standing import Standing, standing_of

ANSWERS = ("approved", "declined", "expired")


class AlreadyDecided(DomainError):
    """Somebody has answered; `facts` tell who (nobody is the clock), what and when."""

    code = "approval.already_decided"
    status = 409


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request under its locks, with the steps that the actor may answer and whom each was put to."""

    standing: Standing
    steps: list[Step]
    mine: Mapping[int, int] = field(hash=False)

    @property
    def row(self) -> Booking:
        """The booking."""
        return self.standing.row


def is_waiting(session: Session, row: Booking) -> bool:
    """Whether somebody is still to answer."""
    return row.state == State.REQUESTED or applications.is_open(session, row.id)


def request_by(session: Session, public_id: str, *, fresh: bool = False) -> Standing:
    """The booking; the caller asks who may know. Raises NotFound."""
    query = select(Booking).where(Booking.public_id == public_id).execution_options(populate_existing=fresh)
    row = session.scalar(query)
    if row is None:
        raise NotFound(kind="booking")
    return standing_of(session, row)


def locked_request(session: Session, now: datetime, actor: Actor, public_id: str, *, any_turn: bool = False) -> Waiting:
    """The request as it is under its locks. With `any_turn` those who are asked may speak before it is their turn.

    Raises NotFound, NotAllowed (the requester's own, or nobody asked them), AlreadyDecided, WrongState (not their
    turn, or its time has run out).
    """
    peek = request_by(session, public_id)
    organisation = peek.row.organisation_id
    lock(
        session,
        organisation_ids=[organisation] if organisation else [],
        member_ids=[peek.row.member_id],
        resource_ids=peek.resource_ids,
    )
    standing = request_by(session, public_id, fresh=True)
    row = standing.row
    steps = steps_of(session, now, [row]).get(row.id, [])
    speaks_for = voices(session, now, actor.member_id, row.id)
    taking_part = {step.id: speaks_for & {*step.asked, *step.above} for step in steps}
    if actor.member_id in (row.member_id, row.booked_by_id) or not any(taking_part.values()):
        raise NotAllowed(permission="request.decide")
    if not is_waiting(session, row):
        raise already_decided(session, row)
    if any(step.has_expired for step in steps):
        raise WrongState(state="timed_out")
    mine = turns(steps, speaks_for)
    if any_turn:
        mine = {id_: min(people) for id_, people in taking_part.items() if people} | mine
    if not mine:
        raise (
            already_decided(session, row)
            if _has_approved(session, row.id, actor)
            else WrongState(state="not_your_turn")
        )
    return Waiting(standing, steps, mine)


def voices(session: Session, now: datetime, member_id: int, booking_id: int) -> set[int]:
    """The member, and all for whom they answer about this booking now."""
    others = stands_in_for(session, now, member_id)
    return {member_id, *(each for each, only in others.items() if only is None or booking_id in only)}


def is_asked(session: Session, now: datetime, member_id: int, row: Booking) -> bool:
    """Whether the member may still answer, for themselves or for somebody else."""
    speaks_for = voices(session, now, member_id, row.id)
    steps = steps_of(session, now, [row]).get(row.id, [])
    return any(speaks_for & {*step.asked, *step.above} for step in steps)


def turns(steps: list[Step], speaks_for: set[int]) -> dict[int, int]:
    """The steps that wait for one of these, each with whom."""
    found = {}
    for step in steps:
        waited = [each for each in (*step.awaited, *step.above) if each in speaks_for]
        if waited and not step.is_settled:
            found[step.id] = waited[0]
    return found


def note(
    session: Session,
    now: datetime,
    waiting: Waiting,
    actor: Actor,
    what: str,
    text: str | None = None,
) -> None:
    """Adds what was said in each step that is theirs; nothing of it is ever changed."""
    for step_id, for_id in waiting.mine.items():
        add_decision(session, now, (waiting.row.id, step_id), (actor.member_id, for_id), what, text)


def add_decision(
    session: Session,
    now: datetime,
    where: tuple[int, int],
    who: tuple[int | None, int | None],
    what: str,
    text: str | None = None,
) -> None:
    """`where` is the booking and the step, `who` who spoke and for whom."""
    row = ApprovalDecision(booking_id=where[0], step_id=where[1], member_id=who[0], for_id=who[1], what=what)
    row.text, row.at = text, now
    session.add(row)


def end_request(
    session: Session, now: datetime, actor: Actor | None, standing: Standing, kind: str, said: str | None = None
) -> None:
    """The request ends without a booking, as declined, lost or expired: its time is free, and the holder is told."""
    row, before = standing.row, values(standing)
    state = State.EXPIRED if kind == "expired" else State.DECLINED
    if applications.is_open(session, row.id):
        applications.close(session, now, row.id, kind)
    else:
        check_move(State(row.state), state)
        let_go(session, row.id)
    row.state, row.live = state, False
    touch(row, now, moved=True)
    session.flush()
    forget_units(session, row.id)
    door = telling.BY_HAND if actor else telling.BY_CLOCK
    telling.record_change(
        session, now, actor, f"booking.{kind}", row, door=door, before=before, after=values(standing), message=said
    )
    feed_fragments.changed(session, now, [row.id])


def already_decided(session: Session, row: Booking) -> AlreadyDecided:
    """Who has answered, what and when."""
    last = session.execute(
        select(ApprovalDecision, Member.name)
        .outerjoin(Member, Member.id == ApprovalDecision.member_id)
        .where(ApprovalDecision.booking_id == row.id, ApprovalDecision.what.in_(ANSWERS))
        .order_by(ApprovalDecision.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return AlreadyDecided(kind=str(row.state), decided_at=row.modified_at.isoformat())
    said, name = last
    return AlreadyDecided(kind=said.what, name=name, decided_at=said.at.isoformat())


def written(text: str, field_name: str, code: str) -> str:
    """What somebody wrote. Raises InvalidInput for nothing, and for too much."""
    said = text.strip()
    if not said:
        raise InvalidInput(field_name, code)
    if len(said) > telling.LONGEST_MESSAGE:
        raise InvalidInput(field_name, "input.too_long", {"most": telling.LONGEST_MESSAGE})
    return said


def _has_approved(session: Session, booking_id: int, actor: Actor) -> bool:
    said = select(ApprovalDecision.id).where(
        ApprovalDecision.booking_id == booking_id,
        ApprovalDecision.member_id == actor.member_id,
        ApprovalDecision.what == "approved",
    )
    return session.scalar(said.limit(1)) is not None
