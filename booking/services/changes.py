"""Changing and cancelling a booking; what goes back and what is taken anew is one transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, NotFound, Stale, WrongState
from booking.core.facts import Facts
from booking.core.judge import judge_change
from booking.core.lifecycle import State, check_move
from booking.core.request import Request
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.permissions import Actor, can, delegate, require
from booking.services import applications, feed_fragments, overriding, telling
from booking.services.after_writing import follow_up, in_own_name
from booking.services.alternatives import Alternative
from booking.services.approval_steps import Asking, ask
from booking.services.approval_time import clear_the_way
from booking.services.bookings import (
    check_organisation,
    judged_facts,
    known_cards,
    refuse_if_refused,
)
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.delegations import proxy_for
from booking.services.feed_rendering import PUBLIC
from booking.services.holding import forget_units, give_back, hold, let_go
from booking.services.pools import held_units
from booking.services.rewriting import touch, values
from booking.services.standing import Standing, found, locked
from booking.services.wishes import Wish


def change_booking(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    wish: Wish,
    *,
    version: int,
    door: str = "form",
    message: str | None = None,
    override: str | None = None,
) -> str:
    """Moves, lengthens, shortens, renames or moves to another resource; judged by what gets new or worse (E7).

    `override` is why, in spite of the rules, for whoever may. Returns the public id. Raises NotFound, NotAllowed,
    Stale (somebody changed it since `version`), WrongState, InvalidInput (a manager gave no message), BookingRefused.
    """
    standing = locked(session, actor, public_id, "booking.change", wish)
    row = standing.row
    clear_the_way(session, now, wish.resource_ids)
    wish = in_own_name(wish, row.member_id, actor.member_id, standing.wish.details)
    if row.version != version:
        raise Stale(version=row.version)
    if not row.live or row.ends_at <= now:
        raise WrongState(state=row.state)
    cards = _cards(session, standing, wish)
    _require_new_parts(actor, standing, cards)
    facts = judged_facts(session, now, cards, wish, row.member_id, row.id)
    if wish.organisation_id != row.organisation_id:
        check_organisation(wish, facts)
    late, marks = telling.lateness_for(session, now, actor, standing, wish, door)
    before_it, request = _requests(session, actor, standing, wish)
    verdict = Verdict((*judge_change(before_it, request, facts).findings, *late.findings))
    through = overriding.passed(session, now, actor, verdict, request, facts, cards, override)
    verdict = through.verdict
    refuse_if_refused(session, verdict, facts, wish)
    span = wish.wall.resolve(facts.zone)
    if not isinstance(span, TimeSpan):
        raise BookingRefused(verdict)
    if row.starts_at <= now and span.starts_at != row.starts_at:
        raise WrongState(state="begun_start")
    message = telling.checked_message(actor, standing.subject, message, door)
    before, old_title = values(standing), row.title
    _carry_out(session, now, standing, wish, span, facts, needs_approval=verdict.needs_approval)
    if verdict.needs_approval:
        ask(session, now, [Asking(row.id, span.starts_at, wish.items, verdict.findings, facts)])
    after = values(replace(standing, items=wish.items)) | marks | through.marks
    titles = (old_title, row.title)
    telling.record_change(
        session, now, actor, "booking.changed", row,
        door=door, before=before, after=after, titles=titles, message=message, reason=through.reason,
    )  # fmt: skip
    follow_up(session, now, [row.id], actor.member_id)
    feed_fragments.changed(session, now, [row.id])
    return row.public_id


def _carry_out(
    session: Session,
    now: datetime,
    standing: Standing,
    wish: Wish,
    span: TimeSpan,
    facts: Facts,
    *,
    needs_approval: bool,
) -> None:
    """Writes what was accepted: gives back what the booking held and takes anew, when time or things change."""
    row = standing.row
    moved = (span, wish.items) != (row.span, standing.items)
    keep = held_units(session, row.id) if moved and row.starts_at <= now else None
    if moved:
        give_back(session, row.id)
    leaves = (row.organisation_id, row.visibility == PUBLIC) != (wish.organisation_id, wish.visibility == PUBLIC)
    row.starts_at, row.ends_at, row.title, row.people = span.starts_at, span.ends_at, wish.title, wish.people
    row.organisation_id, row.visibility = wish.organisation_id, wish.visibility
    row.details = wish.details.to_json() or None
    row.by_hand = row.by_hand or (moved and row.series_id is not None)
    waits_again = needs_approval and row.state != State.REQUESTED
    if waits_again:
        row.state = State.REQUESTED
    touch(row, now, moved=moved or waits_again or leaves)  # what leaves a calendar must outdo what it showed
    session.flush()
    if moved:
        hold(session, row.id, span, wish.items, facts, keep)


def preview_change(session: Session, now: datetime, actor: Actor, public_id: str, wish: Wish) -> Verdict:
    """The verdict a change would get now, without locks."""
    standing = found(session, actor, public_id, "booking.change")
    cards = _cards(session, standing, wish)
    facts = judged_facts(session, now, cards, wish, standing.row.member_id, standing.row.id)
    late, _ = telling.lateness_for(session, now, actor, standing, wish, telling.BY_HAND)
    found_now = judge_change(*_requests(session, actor, standing, wish), facts)
    return Verdict((*found_now.findings, *late.findings))


def may_change_anyway(
    session: Session, now: datetime, actor: Actor, public_id: str, wish: Wish, verdict: Verdict
) -> bool:
    """Whether the actor may make the change in spite of what refuses it, with a reason."""
    if not verdict.refused:
        return False
    standing = found(session, actor, public_id, "booking.change")
    row, cards = standing.row, _cards(session, standing, wish)
    facts = judged_facts(session, now, cards, wish, row.member_id, row.id)
    return overriding.may_pass(actor, verdict, _requests(session, actor, standing, wish)[1], facts, cards)


def _requests(session: Session, actor: Actor, standing: Standing, wish: Wish) -> tuple[Request, Request]:
    """The booking as it stands and as it is wished for; a delegate asks for both in the holder's name."""
    holder_id, cards = standing.row.member_id, standing.cards.values()
    proxy = proxy_for(session, actor, holder_id, cards) if delegate(actor, standing.subject) else None
    return replace(standing.request, proxy=proxy), replace(wish.request(holder_id), proxy=proxy)


def cancel_booking(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    *,
    door: str = "form",
    reason: str | None = None,
    override: str | None = None,
) -> str:
    """Gives the time back and keeps the booking as history; cancelling twice is one cancellation.

    Raises NotFound, NotAllowed, WrongState (it has begun, or it was declined), InvalidInput (a manager gave no
    reason), BookingRefused (the deadline has passed).
    """
    standing = locked(session, actor, public_id, "booking.cancel", None)
    row = standing.row
    if row.state == State.CANCELLED:
        return row.public_id
    competes = applications.is_open(session, row.id)
    if not competes:
        check_move(State(row.state), State.CANCELLED)
    if row.starts_at <= now:
        raise WrongState(state="begun")
    reason = telling.checked_message(actor, standing.subject, reason, door)
    late, marks = telling.lateness_for(session, now, actor, standing, None, door)
    through = in_spite_of(session, now, actor, standing, late, override)
    before = values(standing)
    if competes:
        applications.close(session, now, row.id, "withdrawn")
    let_go(session, row.id)
    row.state, row.live, row.cancelled_at = State.CANCELLED, False, now
    touch(row, now, moved=True)
    session.flush()
    forget_units(session, row.id)
    after = values(standing) | marks | through.marks
    telling.record_change(
        session, now, actor, "booking.cancelled", row,
        door=door, before=before, after=after, message=reason, reason=through.reason,
    )  # fmt: skip
    follow_up(session, now, [row.id], actor.member_id)
    feed_fragments.changed(session, now, [row.id])
    return row.public_id


def in_spite_of(
    session: Session, now: datetime, actor: Actor, standing: Standing, verdict: Verdict, override: str | None
) -> overriding.Passed:
    """Raises BookingRefused, and InvalidInput for an override without a reason."""
    row, cards = standing.row, standing.cards
    if not verdict.refused:
        return overriding.Passed(verdict)
    facts = judged_facts(session, now, cards, standing.wish, row.member_id, row.id)
    through = overriding.passed(session, now, actor, verdict, standing.request, facts, cards, override)
    if through.verdict.refused:
        raise BookingRefused(through.verdict)
    return through


def _cards(session: Session, standing: Standing, wish: Wish) -> dict[int, ResourceCard]:
    """What it holds and what is wished for. Raises NotFound for another site: a booking has one."""
    wanted = known_cards(session, wish)
    if any(card.site_id != standing.row.site_id for card in wanted.values()):
        raise NotFound(kind="resource")
    return standing.cards | wanted


def may_bring_in(actor: Actor, standing: Standing, card: ResourceCard) -> bool:
    """Who may change the booking only as a manager, brings in only what they manage."""
    own = card.id in standing.cards or can(actor, "booking.own", standing.subject)
    return own or can(actor, "resource.manage", card.place)


def may_take(session: Session, actor: Actor, standing: Standing, way: Alternative) -> bool:
    """Whether the actor may move the booking there, with all that is needed beside it."""
    beside = resources_by_id(session, way.along) if way.along else {}
    return all(may_bring_in(actor, standing, card) for card in (way.card, *beside.values()))


def _require_new_parts(actor: Actor, standing: Standing, cards: dict[int, ResourceCard]) -> None:
    """Raises NotAllowed."""
    for card in cards.values():
        if not may_bring_in(actor, standing, card):
            require(actor, "resource.manage", card.place)
