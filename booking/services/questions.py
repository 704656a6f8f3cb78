"""Asking whoever made a request for more, and their answer; the clock goes on meanwhile."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import WrongState
from booking.models import ApprovalDecision
from booking.permissions import Actor, require
from booking.services import journal, telling
from booking.services.requests import add_decision, is_waiting, locked_request, note, request_by, written


def ask_for_more(session: Session, now: datetime, actor: Actor, public_id: str, question: str) -> str:
    """The holder is told, and answers on the booking's page. Raises what `decline` does."""
    said = written(question, "question", "approval.question_needed")
    waiting = locked_request(session, now, actor, public_id, any_turn=True)
    note(session, now, waiting, actor, "asked", said)
    row = waiting.row
    journal.record(session, now, actor.member_id, "booking.asked", ("booking", row.id), text=said)
    telling.tell(session, now, row.member_id, row.id, "question", actor.member_id, None, said)
    return public_id


def answer(session: Session, now: datetime, actor: Actor, public_id: str, text: str) -> str:
    """The holder's answer; whoever asked is told. Raises NotFound, NotAllowed, WrongState, InvalidInput."""
    said = written(text, "answer", "approval.answer_needed")
    standing = request_by(session, public_id)
    row = standing.row
    require(actor, "booking.own", standing.subject)
    question = open_question(session, row.id)
    if question is None or not is_waiting(session, row):
        raise WrongState(state="answered")
    add_decision(session, now, (row.id, question.step_id), (actor.member_id, None), "answered", said)
    journal.record(session, now, actor.member_id, "booking.answered", ("booking", row.id), text=said)
    telling.tell(session, now, question.member_id or 0, row.id, "answer", actor.member_id, None, said)
    return public_id


def open_question(session: Session, booking_id: int) -> ApprovalDecision | None:
    """The last question, while nobody has answered it."""
    last = session.scalar(
        select(ApprovalDecision)
        .where(ApprovalDecision.booking_id == booking_id, ApprovalDecision.what.in_(("asked", "answered")))
        .order_by(ApprovalDecision.id.desc())
        .limit(1)
    )
    return last if last is not None and last.what == "asked" else None
