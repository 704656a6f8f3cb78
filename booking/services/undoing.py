"""Takes back a cancellation while the time is free, and ends a running booking before its time."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, WrongState
from booking.core.facts import Facts
from booking.core.judge import judge
from booking.core.lifecycle import State, check_move
from booking.core.rules.deadline import REGRET
from booking.core.verdict import Verdict
from booking.models import Booking, BookingItem, JournalEntry
from booking.permissions import Actor, can, require
from booking.services import applications, feed_fragments, overriding, telling
from booking.services.after_writing import follow_up
from booking.services.approval_steps import Asking, ask
from booking.services.approval_time import clear_the_way
from booking.services.bookings import judged_facts
from booking.services.holding import give_back, hold
from booking.services.rewriting import touch, values
from booking.services.standing import Standing, found, locked

# How it was asked for, which was accepted once; who has the time, the place and the member are judged always.
ABOUT_ASKING = frozenset({"R02", "R03", "R17", "R18", "R20", "R21"})
MINUTE = timedelta(minutes=1)


def restore_booking(
    session: Session, now: datetime, actor: Actor, public_id: str, *, door: str = "form", override: str | None = None
) -> str:
    """Makes a cancelled booking stand again, as the same event; judged anew. Twice is the same as once.

    Raises NotFound, NotAllowed (a manager cancelled it), WrongState, BookingRefused, InvalidInput (no reason).
    """
    wish = found(session, actor, public_id, "booking.cancel").wish
    standing = locked(session, actor, public_id, "booking.cancel", wish)
    row = standing.row
    if row.live or applications.is_open(session, row.id):
        return row.public_id
    check_move(State(row.state), State.CONFIRMED)
    clear_the_way(session, now, standing.resource_ids)
    if row.starts_at <= now:
        raise WrongState(state="begun_restore")
    if _cancelled_by_manager(session, row.id):
        require(actor, "booking.manage", standing.subject)
    facts = judged_facts(session, now, standing.cards, wish, row.member_id, row.id)
    verdict = _forgiving(judge(standing.request, facts), now, row)
    through = overriding.passed(session, now, actor, verdict, standing.request, facts, standing.cards, override)
    if through.verdict.refused:
        raise BookingRefused(through.verdict)
    before = values(standing)
    _stand_again(session, now, standing, facts, through.verdict)
    after = values(standing) | through.marks
    telling.record_change(
        session, now, actor, "booking.restored", row, door=door, before=before, after=after, reason=through.reason
    )
    follow_up(session, now, [row.id], actor.member_id)
    feed_fragments.changed(session, now, [row.id])
    return row.public_id


def may_restore_anyway(session: Session, now: datetime, actor: Actor, standing: Standing) -> bool:
    """Whether the actor may take the cancellation back in spite of what refuses it, with a reason."""
    row = standing.row
    facts = judged_facts(session, now, standing.cards, standing.wish, row.member_id, row.id)
    verdict = _forgiving(judge(standing.request, facts), now, row)
    return overriding.may_pass(actor, verdict, standing.request, facts, standing.cards)


def _stand_again(session: Session, now: datetime, standing: Standing, facts: Facts, verdict: Verdict) -> None:
    """Holds its time anew, or asks for it anew."""
    row, needs = standing.row, verdict.needs_approval
    competes = needs and applications.compete(facts, standing.items)
    give_back(session, row.id)
    waits = applications.STANDS_AS if competes else State.REQUESTED
    row.state, row.live, row.cancelled_at = waits if needs else State.CONFIRMED, not competes, None
    touch(row, now, moved=True)
    session.flush()
    if competes:
        applications.enter(session, now, row.id, row.span, standing.items, facts)
    else:
        hold(session, row.id, row.span, standing.items, facts)
    if needs:
        ask(session, now, [Asking(row.id, row.starts_at, standing.items, verdict.findings, facts)])


def may_restore(session: Session, now: datetime, actor: Actor, standing: Standing) -> bool:
    """Whether it is worth offering; whether the time is free is judged when it is done."""
    row = standing.row
    waiting = row.state == State.CANCELLED and row.starts_at > now and can(actor, "booking.cancel", standing.subject)
    return waiting and (not _cancelled_by_manager(session, row.id) or can(actor, "booking.manage", standing.subject))


def end_booking(session: Session, now: datetime, actor: Actor, public_id: str, *, door: str = "form") -> str:
    """Ends a running booking now and frees the rest, its clean-up moved along; nothing is judged, as nobody loses.

    Raises NotFound, NotAllowed, WrongState (it is not running).
    """
    standing = locked(session, actor, public_id, "booking.own", None)
    row = standing.row
    ends_at = max(_next_minute(now), row.starts_at + MINUTE)
    if not row.live or row.starts_at > now or row.ends_at <= now:
        raise WrongState(state="not_running")
    if ends_at >= row.ends_at:
        return row.public_id
    before = values(standing)
    _cut(session, row, ends_at)
    touch(row, now, moved=True)
    session.flush()
    telling.record_change(session, now, actor, "booking.ended", row, door=door, before=before, after=values(standing))
    feed_fragments.changed(session, now, [row.id])
    return row.public_id


def _cut(session: Session, row: Booking, ends_at: datetime) -> None:
    """The booking and all it holds end earlier; who uses which unit stays as it is."""
    items = session.execute(select(BookingItem.id, BookingItem.busy_to).where(BookingItem.booking_id == row.id)).all()
    shorter = row.ends_at - ends_at
    row.ends_at = ends_at
    session.flush()
    for item_id, busy_to in items:
        session.execute(update(BookingItem).where(BookingItem.id == item_id).values(busy_to=busy_to - shorter))


def _next_minute(now: datetime) -> datetime:
    whole = now.replace(second=0, microsecond=0)
    return whole if whole == now else whole + MINUTE


def _forgiving(verdict: Verdict, now: datetime, row: Booking) -> Verdict:
    """Whoever cancelled by mistake gets it back, though it could not be asked for like this anew."""
    if row.cancelled_at is None or now > row.cancelled_at + REGRET:
        return verdict
    return Verdict(tuple(finding for finding in verdict.findings if finding.rule not in ABOUT_ASKING))


def _cancelled_by_manager(session: Session, booking_id: int) -> bool:
    last = session.scalar(
        select(JournalEntry)
        .where(JournalEntry.subject_kind == "booking", JournalEntry.subject_id == booking_id)
        .where(JournalEntry.action == "booking.cancelled")
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return last is not None and (last.after or {}).get("as") == "manager"
