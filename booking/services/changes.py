"""Changing, cancelling and handing over a booking; what goes back and what is taken anew is one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, NotFound, Stale, WrongState
from booking.core.judge import judge, judge_change
from booking.core.lifecycle import State, check_move
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.models import Booking, BookingItem, Member
from booking.permissions import Actor, BookingSubject, holder, organisation_admin, require
from booking.services import feed_counters, journal
from booking.services.beside import sharing_units
from booking.services.bookings import (
    check_organisation,
    feed_scopes,
    judged_facts,
    known_cards,
    lock_for,
    refuse_if_refused,
)
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.holding import forget_units, give_back, hold, let_go
from booking.services.locks import lock
from booking.services.pools import held_units
from booking.services.wishes import Wish

OF_THE_MEMBER = "R30"  # who may hold it is asked of each holder anew, whatever the last one was forgiven


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking's row, locked with its units, and what is known of its resources."""

    row: Booking
    items: tuple[Item, ...]
    cards: dict[int, ResourceCard]

    @property
    def resource_ids(self) -> tuple[int, ...]:
        """The resources it holds or held."""
        return tuple(item.resource_id for item in self.items)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the site."""
        return next(iter(self.cards.values())).zone

    @property
    def wish(self) -> Wish:
        """The booking as it stands, as if it were wished for again."""
        wall = WallSpan.of(self.row.span, self.zone)
        return Wish(self.items, wall, self.row.title, self.row.people, self.row.organisation_id, self.row.visibility)

    @property
    def request(self) -> Request:
        """What the judge would have been asked."""
        return self.wish.request(self.row.member_id)

    @property
    def subject(self) -> BookingSubject:
        """The subject of permissions."""
        parts = tuple(frozenset(card.scopes) for card in self.cards.values())
        scopes = frozenset(scope for part in parts for scope in part)
        return BookingSubject(self.row.member_id, self.row.organisation_id, self.row.visibility, scopes, parts)


def change_booking(
    session: Session, now: datetime, actor: Actor, public_id: str, wish: Wish, *, version: int, door: str = "form"
) -> str:
    """Moves, lengthens, shortens, renames or moves to another resource; judged by what gets new or worse (E7).

    Returns the public id. Raises NotFound, NotAllowed, Stale (somebody changed it since `version`), WrongState,
    BookingRefused.
    """
    standing = locked(session, actor, public_id, "booking.change", wish)
    row = standing.row
    if row.version != version:
        raise Stale(version=row.version)
    if not row.live or row.ends_at <= now:
        raise WrongState(state=row.state)
    cards = _cards(session, standing, wish)
    _require_new_parts(actor, standing, cards)
    facts = judged_facts(session, now, cards, wish, row.member_id, row.id)
    if wish.organisation_id != row.organisation_id:
        check_organisation(wish, facts)
    verdict = judge_change(standing.request, wish.request(row.member_id), facts)
    refuse_if_refused(session, verdict, facts, wish)
    span = wish.wall.resolve(facts.zone)
    if not isinstance(span, TimeSpan):
        raise BookingRefused(verdict)
    if row.starts_at <= now and span.starts_at != row.starts_at:
        raise WrongState(state="begun_start")
    before = _values(standing)
    moved = (span, wish.items) != (row.span, standing.items)
    begun = row.starts_at <= now
    keep = held_units(session, row.id) if moved and begun else None
    if moved:
        give_back(session, row.id)
    row.starts_at, row.ends_at, row.title, row.people = span.starts_at, span.ends_at, wish.title, wish.people
    row.organisation_id, row.visibility = wish.organisation_id, wish.visibility
    waits_again = verdict.needs_approval and row.state != State.REQUESTED
    if waits_again:
        row.state = State.REQUESTED
    _touch(row, now, moved=moved or waits_again)
    session.flush()
    if moved:
        hold(session, row.id, span, wish.items, facts, keep)
    after = _values(replace(standing, items=wish.items))
    journal.record(
        session, now, actor.member_id, "booking.changed", ("booking", row.id), door=door, before=before, after=after
    )
    _raise_counters(session, now, standing, wish.resource_ids)
    return row.public_id


def preview_change(session: Session, now: datetime, actor: Actor, public_id: str, wish: Wish) -> Verdict:
    """The verdict a change would get now, without locks."""
    standing = found(session, actor, public_id, "booking.change")
    cards = _cards(session, standing, wish)
    facts = judged_facts(session, now, cards, wish, standing.row.member_id, standing.row.id)
    return judge_change(standing.request, wish.request(standing.row.member_id), facts)


def cancel_booking(
    session: Session, now: datetime, actor: Actor, public_id: str, *, door: str = "form", reason: str | None = None
) -> str:
    """Gives the time back and keeps the booking as history; cancelling twice is one cancellation.

    Raises NotFound, NotAllowed, WrongState (it has begun, or it was declined).
    """
    standing = locked(session, actor, public_id, "booking.cancel", None)
    row = standing.row
    if row.state == State.CANCELLED:
        return row.public_id
    check_move(State(row.state), State.CANCELLED)
    if row.starts_at <= now:
        raise WrongState(state="begun")
    before = _values(standing)
    let_go(session, row.id)
    row.state, row.live, row.cancelled_at = State.CANCELLED, False, now
    _touch(row, now, moved=True)
    session.flush()
    forget_units(session, row.id)
    journal.record(
        session, now, actor.member_id, "booking.cancelled", ("booking", row.id), door=door, before=before, text=reason
    )
    _raise_counters(session, now, standing)
    return row.public_id


def hand_over_booking(
    session: Session, now: datetime, actor: Actor, public_id: str, member_id: int, *, door: str = "form"
) -> str:
    """Gives the booking to another member; refused when the rules refuse it for them but not for its holder.

    Raises NotFound, NotAllowed, WrongState, BookingRefused.
    """
    standing = locked(session, actor, public_id, "booking.change", None, also_member=member_id)
    row = standing.row
    if session.get(Member, member_id) is None:
        raise NotFound(kind="member")
    if not row.live or row.ends_at <= now:
        raise WrongState(state=row.state)
    as_is = {f.code for f in _verdict_for(session, now, standing, row.member_id).refusals if f.rule != OF_THE_MEMBER}
    new = Verdict(tuple(f for f in _verdict_for(session, now, standing, member_id).findings if f.code not in as_is))
    if new.refused:
        raise BookingRefused(new)
    before = _values(standing)
    scopes = [*feed_scopes(row, sharing_units(session, standing.resource_ids)), ("member", member_id)]
    row.member_id = member_id
    _touch(row, now, moved=False)
    session.flush()
    journal.record(
        session,
        now,
        actor.member_id,
        "booking.handed_over",
        ("booking", row.id),
        door=door,
        before=before,
        after=_values(standing),
    )
    feed_counters.raise_counters(session, now, scopes)
    return row.public_id


def found(session: Session, actor: Actor, public_id: str, permission: str, *, fresh: bool = False) -> Standing:
    """The booking, if the actor holds the permission. Raises NotFound, NotAllowed."""
    query = select(Booking).where(Booking.public_id == public_id)
    row = session.scalar(query.execution_options(populate_existing=fresh))
    if row is None:
        raise NotFound(kind="booking")
    items = tuple(
        Item(resource_id, quantity)
        for resource_id, quantity in session.execute(
            select(BookingItem.resource_id, BookingItem.quantity)
            .where(BookingItem.booking_id == row.id)
            .order_by(BookingItem.id)
        )
    )
    standing = Standing(row, items, resources_by_id(session, [item.resource_id for item in items]))
    require(actor, permission, standing.subject)
    return standing


def locked(
    session: Session,
    actor: Actor,
    public_id: str,
    permission: str,
    wish: Wish | None,
    *,
    also_member: int | None = None,
) -> Standing:
    """Locks everything the booking holds and the wish would take, then reads the booking as it is now."""
    peek = found(session, actor, public_id, permission)
    holder_id = peek.row.member_id
    if wish is not None:
        lock_for(session, wish, (holder_id,), peek.resource_ids)
    else:
        members = [holder_id, *([also_member] if also_member else [])]
        lock(session, member_ids=members, resource_ids=peek.resource_ids)
    return found(session, actor, public_id, permission, fresh=True)


def _cards(session: Session, standing: Standing, wish: Wish) -> dict[int, ResourceCard]:
    """What it holds and what is wished for. Raises NotFound for another site: a booking has one."""
    wanted = known_cards(session, wish)
    if any(card.site_id != standing.row.site_id for card in wanted.values()):
        raise NotFound(kind="resource")
    return standing.cards | wanted


def _require_new_parts(actor: Actor, standing: Standing, cards: dict[int, ResourceCard]) -> None:
    """Who may change the booking only as a manager, brings in only what they manage. Raises NotAllowed."""
    subject = standing.subject
    if holder(actor, subject) or organisation_admin(actor, subject):
        return
    for card in cards.values():
        if card.id not in standing.cards:
            require(actor, "resource.manage", card.place)


def _verdict_for(session: Session, now: datetime, standing: Standing, member_id: int) -> Verdict:
    wish = standing.wish
    facts = judged_facts(session, now, standing.cards, wish, member_id, standing.row.id)
    return judge(wish.request(member_id), facts)


def _touch(row: Booking, now: datetime, *, moved: bool) -> None:
    """LAST-MODIFIED must rise strictly, and SEQUENCE with time, place and state (RFC 5545, 3.8.7)."""
    row.version += 1
    row.sequence += 1 if moved else 0
    row.modified_at = max(now, row.modified_at + timedelta(seconds=1))


def _values(standing: Standing) -> dict[str, object]:
    row = standing.row
    return {
        "state": str(row.state),
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "resources": list(standing.resource_ids),
        "quantities": [item.quantity for item in standing.items],
        "people": row.people,
        "member_id": row.member_id,
        "organisation_id": row.organisation_id,
    }


def _raise_counters(session: Session, now: datetime, standing: Standing, also: tuple[int, ...] = ()) -> None:
    ids = sharing_units(session, (*standing.resource_ids, *also))
    feed_counters.raise_counters(session, now, feed_scopes(standing.row, ids))
