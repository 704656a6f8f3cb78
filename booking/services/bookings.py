"""Making a booking: lock, judge with everything that is known, write, record; whatever the door."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, InvalidInput, NotAllowed, NotFound
from booking.core.facts import Facts
from booking.core.judge import judge
from booking.core.lifecycle import State
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.models import Booking
from booking.models.ids import new_public_id
from booking.permissions import Actor
from booking.services import applications, feed_fragments, overriding, submissions, telling
from booking.services.after_writing import follow_up, in_own_name
from booking.services.approval_steps import Asking, ask
from booking.services.approval_time import clear_the_way
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.delegations import may_book_for_others, proxy_for
from booking.services.facts import facts_of
from booking.services.holding import hold
from booking.services.locks import lock_for
from booking.services.mine import APPLIED
from booking.services.wishes import Wish

UID_HOST = "samrom"
FORM = "booking"
CLASHES = frozenset({"R05.overlap", "R06.buffer", "R08.companion"})


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking became; `repeated` when the same form had been answered before."""

    public_id: str
    state: State
    repeated: bool = False
    competes: bool = False


def request_booking(
    session: Session,
    now: datetime,
    actor: Actor,
    wish: Wish,
    *,
    member_id: int | None = None,
    door: str = "form",
    override: str | None = None,
) -> Booked:
    """Books what is wished for, for the actor or for another member; every rule tests whom it is for.

    `override` is why it is booked in spite of the rules, for whoever may. Raises BookingRefused with every finding
    (its status is 409 when somebody else was faster than this form), KeyReused, NotFound, NotAllowed, InvalidInput.
    """
    holder_id = member_id or actor.member_id
    wish = in_own_name(wish, holder_id, actor.member_id)
    lock_for(session, wish, (holder_id, actor.member_id))
    clear_the_way(session, now, wish.resource_ids)
    cards = known_cards(session, wish)
    if wish.visitor and not may_book_for_others(actor, cards.values()):
        raise NotAllowed(permission="booking.for_another")
    content = {**wish.content, "member": holder_id}
    if wish.key and (earlier := submissions.earlier_result(session, actor.member_id, FORM, wish.key, content)):
        id_, state = session.execute(select(Booking.id, Booking.state).where(Booking.public_id == earlier)).one()
        return Booked(earlier, State(state), repeated=True, competes=applications.is_open(session, id_))
    facts = judged_facts(session, now, cards, wish, holder_id)
    if facts.member.id != holder_id:
        raise NotFound(kind="member")
    check_organisation(wish, facts)
    request = replace(wish.request(holder_id), proxy=proxy_for(session, actor, holder_id, cards.values()))
    through = overriding.passed(session, now, actor, judge(request, facts), request, facts, cards, override)
    refuse_if_refused(session, through.verdict, facts, wish)
    site_id = next(iter(cards.values())).site_id
    booked = _write(session, now, actor, wish, site_id, holder_id, facts, through, door)
    if wish.key:
        submissions.remember(session, now, actor.member_id, FORM, wish.key, content, booked.public_id)
    return booked


def preview(
    session: Session, now: datetime, wish: Wish, member_id: int | None, by: Actor | None = None
) -> tuple[Verdict, Facts]:
    """The verdict as it would fall now, without locks: for showing before anything is sent.

    `by` is who books, where that is not the member.
    """
    cards = known_cards(session, wish)
    facts = judged_facts(session, now, cards, wish, member_id)
    proxy = proxy_for(session, by, member_id, cards.values()) if by and member_id else None
    return judge(replace(wish.request(member_id or 0), proxy=proxy), facts), facts


def known_cards(session: Session, wish: Wish) -> dict[int, ResourceCard]:
    """The resources asked for. Raises NotFound when one does not exist, or when they are not all of one site."""
    cards = resources_by_id(session, wish.resource_ids)
    if set(cards) != set(wish.resource_ids) or len({card.site_id for card in cards.values()}) != 1:
        raise NotFound(kind="resource")
    return cards


def judged_facts(
    session: Session,
    now: datetime,
    cards: dict[int, ResourceCard],
    wish: Wish,
    member_id: int | None,
    without_booking_id: int | None = None,
) -> Facts:
    """The facts for the wish's own time."""
    zone = next(iter(cards.values())).zone
    return facts_of(
        session, now, cards, member_id=member_id, window=wish.window(zone), without_booking_id=without_booking_id
    )


def check_organisation(wish: Wish, facts: Facts) -> None:
    """One books for an organisation one belongs to, or for none. Raises InvalidInput."""
    mine = {membership.organisation_id for membership in facts.member.memberships}
    if wish.organisation_id is not None and wish.organisation_id not in mine:
        raise InvalidInput("organisation", "booking.not_your_organisation")


def refuse_if_refused(session: Session, verdict: Verdict, facts: Facts, wish: Wish) -> None:
    """Raises BookingRefused; 409 when the only reason is a booking made after the form was shown."""
    if not verdict.refused:
        return
    refusal = BookingRefused(verdict)
    if wish.seen_at and {each.code for each in verdict.refusals} <= CLASHES:
        newest = session.scalar(select(func.max(Booking.created_at)).where(Booking.id.in_(_in_the_way(facts, wish))))
        refusal.status = 409 if newest is not None and newest >= wish.seen_at else 422
    raise refusal


def _in_the_way(facts: Facts, wish: Wish) -> set[int]:
    span = wish.wall.resolve(facts.zone)
    if not isinstance(span, TimeSpan):
        return set()
    return {
        taken.booking_id
        for resource in facts.resources.values()
        for taken in resource.taken
        if taken.busy.overlaps(span.padded(timedelta(hours=6), timedelta(hours=6)))
    }


def _write(
    session: Session,
    now: datetime,
    actor: Actor,
    wish: Wish,
    site_id: int,
    holder_id: int,
    facts: Facts,
    through: overriding.Passed,
    door: str,
) -> Booked:
    span, verdict = wish.wall.resolve(facts.zone), through.verdict
    if not isinstance(span, TimeSpan):
        raise BookingRefused(verdict)
    competes = verdict.needs_approval and applications.compete(facts, wish.items)
    waits = applications.STANDS_AS if competes else State.REQUESTED
    state = waits if verdict.needs_approval else State.CONFIRMED
    row = _row(now, actor, wish, (site_id, holder_id), span, state, live=not competes)
    session.add(row)
    session.flush()
    if competes:
        applications.enter(session, now, row.id, span, wish.items, facts)
    else:
        hold(session, row.id, span, wish.items, facts)
    if verdict.needs_approval:
        ask(session, now, [Asking(row.id, span.starts_at, wish.items, verdict.findings, facts)])
    told = APPLIED if competes else state.value
    after: dict[str, object] = {"state": told, "starts_at": span.starts_at.isoformat(), **through.marks}
    after |= {
        "ends_at": span.ends_at.isoformat(),
        "resources": list(wish.resource_ids),
        "quantities": [item.quantity for item in wish.items],
        "people": wish.people,
        "codes": list(verdict.codes),
        "version": row.version,
    }
    telling.record_change(
        session, now, actor, "booking.made", row,
        door=door, before={}, after=after, titles=("", wish.title), reason=through.reason,
    )  # fmt: skip
    if row.details:
        follow_up(session, now, [row.id], actor.member_id)
    feed_fragments.changed(session, now, [row.id])
    return Booked(row.public_id, state, competes=competes)


def _row(
    now: datetime, actor: Actor, wish: Wish, where: tuple[int, int], span: TimeSpan, state: State, *, live: bool
) -> Booking:
    """`where` is the site and the holder."""
    return Booking(
        public_id=new_public_id(),
        uid=wish.uid or f"{new_public_id()}@{UID_HOST}",
        site_id=where[0],
        member_id=where[1],
        organisation_id=wish.organisation_id,
        booked_by_id=actor.member_id,
        state=state,
        live=live,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        title=wish.title,
        people=wish.people,
        visibility=wish.visibility,
        version=1,
        sequence=0,
        created_at=now,
        modified_at=now,
        visitor_name=wish.visitor.name if wish.visitor else "",
        visitor_contact=wish.visitor.contact if wish.visitor else "",
        details=wish.details.to_json() or None,
    )
