"""Saying yes or no to a request; whatever the door, the judge is asked again and the guard in the database stands."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused
from booking.core.facts import Facts
from booking.core.judge import judge
from booking.core.lifecycle import State, check_move
from booking.core.verdict import Verdict
from booking.models import Application, Booking, BookingItem, Member
from booking.permissions import Actor
from booking.services import applications, feed_fragments, journal, overriding, telling
from booking.services.approval_steps import steps_of
from booking.services.approval_time import clear_the_way
from booking.services.beside import sharing_units
from booking.services.bookings import CLASHES, judged_facts
from booking.services.requests import Waiting, add_decision, end_request, locked_request, note, request_by, written
from booking.services.rewriting import touch, values
from booking.services.standing import Standing, standing_of

# How long before it begins one may ask was judged when it was asked; waiting for an answer is nobody's fault.
ABOUT_ASKING = frozenset({"R03", "R17", "R18"})
SECOND = timedelta(seconds=1)
REACH = timedelta(days=1)  # no set-up or clean-up is longer


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the request; `waits_for` names those who must still say yes."""

    public_id: str
    state: State
    waits_for: tuple[str, ...] = ()


def approve(session: Session, now: datetime, actor: Actor, public_id: str, *, override: str | None = None) -> Answered:
    """Says yes. The last yes that is needed makes the booking stand; until then others are waited for.

    Raises what `locked_request` does, BookingRefused with what the rules refuse by now, BookingConflict, and
    InvalidInput (an override without a reason).
    """
    waiting = locked_request(session, now, actor, public_id)
    clear_the_way(session, now, waiting.standing.resource_ids)
    standing, row = waiting.standing, waiting.row
    verdict, facts = reviewed(session, now, standing)
    through = overriding.passed(session, now, actor, verdict, standing.request, facts, standing.cards, override)
    if through.verdict.refused:
        raise BookingRefused(through.verdict)
    note(session, now, waiting, actor, "approved", through.reason)
    session.flush()
    steps = steps_of(session, now, [row])[row.id]
    missing = sorted({each for step in steps if not step.is_settled for each in step.awaited})
    if missing:
        _partly(session, now, actor, waiting, through)
        names = session.scalars(select(Member.name).where(Member.id.in_(missing)).order_by(Member.id))
        return Answered(public_id, State(row.state), tuple(names))
    before = values(standing)
    if applications.is_open(session, row.id):
        applications.choose(session, now, row, standing.items, facts)
    else:
        check_move(State(row.state), State.CONFIRMED)
        row.state = State.CONFIRMED
    touch(row, now, moved=True)
    session.flush()
    after = values(standing) | through.marks
    telling.record_change(
        session, now, actor, "booking.approved", row,
        door=telling.BY_HAND, before=before, after=after, reason=through.reason,
    )  # fmt: skip
    feed_fragments.changed(session, now, [row.id])
    _tell_losers(session, now, actor, standing)
    return Answered(public_id, State.CONFIRMED)


def decline(session: Session, now: datetime, actor: Actor, public_id: str, reason: str) -> Answered:
    """Says no, with a reason that the holder reads; the time is free at once. One no is enough.

    Raises what `locked_request` does, and InvalidInput without a reason.
    """
    said = written(reason, "reason", "approval.reason_needed")
    waiting = locked_request(session, now, actor, public_id, any_turn=True)
    note(session, now, waiting, actor, "declined", said)
    end_request(session, now, actor, waiting.standing, "declined", said)
    return Answered(public_id, State.DECLINED)


def reviewed(session: Session, now: datetime, standing: Standing) -> tuple[Verdict, Facts]:
    """What the judge says of a request now; when it may be asked for was judged when it was."""
    row = standing.row
    facts = judged_facts(session, now, standing.cards, standing.wish, row.member_id, row.id)
    resources = {
        id_: replace(each, taken=tuple(replace(taken, requested=False) for taken in each.taken))
        for id_, each in facts.resources.items()
    }
    facts = replace(facts, resources=resources)  # what holds its time is in the way of a booking, asked for or not
    found = judge(standing.request, facts).findings
    return Verdict(tuple(each for each in found if each.rule not in ABOUT_ASKING)), facts


def may_approve_anyway(session: Session, now: datetime, actor: Actor, public_id: str) -> bool:
    """Whether the actor may say yes in spite of what the rules refuse by now, with a reason."""
    standing = request_by(session, public_id)
    verdict, facts = reviewed(session, now, standing)
    return overriding.may_pass(actor, verdict, standing.request, facts, standing.cards)


def _partly(session: Session, now: datetime, actor: Actor, waiting: Waiting, through: overriding.Passed) -> None:
    """One of several has said yes: the booking waits on, and its holder hears of it."""
    row, kind = waiting.row, "partly_approved"
    text = telling.written(None, None, through.reason)
    journal.record(
        session, now, actor.member_id, f"booking.{kind}", ("booking", row.id), after=through.marks, text=text
    )
    telling.tell(session, now, row.member_id, row.id, kind, actor.member_id)
    row.sequence, row.modified_at = (
        row.sequence + 1,
        max(now, row.modified_at + SECOND),
    )  # the giver's calendar moves on
    feed_fragments.changed(session, now, [row.id])


def _tell_losers(session: Session, now: datetime, actor: Actor, chosen: Standing) -> None:
    """Whoever competed for the same time and cannot have it any more is told at once."""
    session.flush()
    near = (
        select(Application.booking_id)
        .join(BookingItem, BookingItem.booking_id == Application.booking_id)
        .where(Application.state == "open", Application.booking_id != chosen.row.id)
        .where(BookingItem.resource_id.in_(sharing_units(session, chosen.resource_ids)))
        .where(BookingItem.busy_from < chosen.row.ends_at + REACH, BookingItem.busy_to > chosen.row.starts_at - REACH)
    )
    rows = session.scalars(select(Booking).where(Booking.id.in_(near)).order_by(Booking.id)).all()
    steps = steps_of(session, now, rows)
    for row in rows:
        standing = standing_of(session, row)
        verdict, _ = reviewed(session, now, standing)
        if CLASHES & {finding.code for finding in verdict.refusals}:
            for step in steps.get(row.id, [])[:1]:
                add_decision(session, now, (row.id, step.id), (actor.member_id, None), "declined")
            end_request(session, now, actor, standing, "lost")
