"""What people do to bookings in the history, and how often: each looks first, then acts in one transaction."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.outages import Effect
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.models import Outage
from booking.services import outages
from booking.services.bookings import request_booking
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.outages import Plan
from booking.services.standing import Standing
from booking.services.suggesting import suggestions
from booking.services.triage import Affected, Choice, Decision
from booking.services.undoing import end_booking, restore_booking
from booking.services.wishes import Wish
from tests.support.history import series_deeds
from tests.support.history.records import Doing
from tests.support.history.walk import QUARTER, Act, Deeds, Prepare, Walk, wall
from tests.support.history.world import PARTS, WHOLE

SORRY = "Sorry, it cannot be helped."


def book(walk: Walk) -> Act:
    member = walk.one_of(walk.world.members)
    organisation = walk.world.organisation_of(member) if walk.sometimes(0.6) else None
    wish = Wish(walk.items(), wall(walk.span()), walk.title, organisation_id=organisation)

    def act(session: Session) -> Doing:
        booked = request_booking(session, walk.now, walk.actor(session, member), wish)
        return Doing({booked.public_id: wish})

    return act


def _changing(changed: Callable[[Walk, Standing], Wish | None]) -> Prepare:
    """A deed that changes some booking to what `changed` makes of it."""

    def prepare(walk: Walk) -> Act | None:
        standing = walk.some_booking()
        wish = changed(walk, standing) if standing else None
        if standing is None or wish is None:
            return None
        who, public_id, version = walk.somebody_for(standing), standing.row.public_id, standing.row.version

        def act(session: Session) -> Doing:
            actor = walk.actor(session, who)
            change_booking(session, walk.now, actor, public_id, wish, version=version, message=SORRY)
            return Doing({public_id: wish})

        return act

    return prepare


def _moved(walk: Walk, standing: Standing) -> Wish:
    return replace(standing.wish, wall=wall(walk.span()))


def _longer(walk: Walk, standing: Standing) -> Wish:
    span = standing.row.span
    return replace(
        standing.wish, wall=wall(TimeSpan(span.starts_at, span.ends_at + walk.chance.randint(1, 4) * QUARTER))
    )


def _shorter(_walk: Walk, standing: Standing) -> Wish | None:
    span = standing.row.span
    if span.duration <= QUARTER:
        return None
    return replace(standing.wish, wall=wall(TimeSpan(span.starts_at, span.ends_at - QUARTER)))


def _elsewhere(walk: Walk, standing: Standing) -> Wish:
    """The whole instead of a part or the reverse, or whatever else there is."""
    hall = {walk.world.things[slug]: slug for slug in (WHOLE, *PARTS)}
    first, *rest = standing.items
    if not rest and first.resource_id in hall:
        return replace(standing.wish, items=(Item(walk.one_of([id_ for id_ in hall if id_ != first.resource_id])),))
    return replace(standing.wish, items=walk.items())


def _another_quantity(walk: Walk, standing: Standing) -> Wish | None:
    pools = {walk.world.things[slug]: slug for slug in walk.world.pools}
    items = tuple(
        replace(item, quantity=walk.quantity(pools[item.resource_id])) if item.resource_id in pools else item
        for item in standing.items
    )
    return replace(standing.wish, items=items) if items != standing.items else None


def cancel(walk: Walk) -> Act | None:
    standing = walk.some_booking()
    if standing is None:
        return None
    who, public_id = walk.somebody_for(standing), standing.row.public_id

    def act(session: Session) -> Doing:
        cancel_booking(session, walk.now, walk.actor(session, who), public_id, reason=SORRY)
        return Doing({public_id: None})

    return act


def undo(walk: Walk) -> Act | None:
    standing = walk.some_booking(live=False)
    if standing is None:
        return None
    who, public_id, wish = standing.row.member_id, standing.row.public_id, standing.wish

    def act(session: Session) -> Doing:
        restore_booking(session, walk.now, walk.actor(session, who), public_id)
        return Doing({public_id: wish})

    return act


def hand_over(walk: Walk) -> Act | None:
    standing = walk.some_booking()
    if standing is None:
        return None
    public_id, to = standing.row.public_id, walk.one_of(walk.world.members)

    def act(session: Session) -> Doing:
        hand_over_booking(session, walk.now, walk.actor(session, standing.row.member_id), public_id, to)
        return Doing({public_id: None})

    return act


def end_now(walk: Walk) -> Act | None:
    standing = walk.some_booking(running=True)
    if standing is None:
        return None
    who, public_id = standing.row.member_id, standing.row.public_id

    def act(session: Session) -> Doing:
        end_booking(session, walk.now, walk.actor(session, who), public_id)
        return Doing({public_id: None})

    return act


def lay_maintenance(walk: Walk) -> Act:
    """Decides for each booking under it: move it where it fits, cancel it, or let it stand."""
    id_ = walk.one_of(sorted(walk.world.things.values()))
    card = resources_by_id(db.session(), [id_])[id_]
    plan = Plan((walk.span(most_quarters=20),), Effect.BLOCK, "New filter")
    admin = walk.actor(db.session(), walk.world.admin)
    under = outages.lies_over(db.session(), walk.now, admin, card, plan)
    decisions = _decisions(walk, card, plan, under)

    def act(session: Session) -> Doing:
        outages.lay_outage(session, walk.now, admin, card, plan, decisions, SORRY)
        kept = tuple(public_id for public_id, each in decisions.items() if each.choice is Choice.KEEP)
        return Doing(dict.fromkeys(decisions), kept)

    return act


def _decisions(walk: Walk, card: ResourceCard, plan: Plan, under: list[Affected]) -> dict[str, Decision]:
    admin = walk.actor(db.session(), walk.world.admin)
    offered = suggestions(db.session(), walk.now, admin, under, outages.planned(db.session(), card, plan))
    decisions = {}
    for each in under:
        version, choice = each.standing.row.version, walk.one_of(each.choices)
        decisions[each.public_id] = Decision(version, choice)
        if choice is Choice.MOVE:
            places = offered.get(each.public_id)
            decisions[each.public_id] = (
                Decision(version, choice, places[0].card.id, places[0].span)
                if places
                else Decision(version, Choice.CANCEL)
            )
    return decisions


def take_maintenance_away(walk: Walk) -> Act | None:
    lying = db.session.scalars(select(Outage.public_id).where(Outage.ends_at > walk.now).order_by(Outage.id)).all()
    if not lying:
        return None
    public_id = walk.one_of(lying)

    def act(session: Session) -> Doing:
        outages.remove_outage(session, walk.now, walk.actor(session, walk.world.admin), public_id)
        return Doing()

    return act


DEEDS: Deeds = {
    "book": (36, book),
    "move": (8, _changing(_moved)),
    "lengthen": (6, _changing(_longer)),
    "shorten": (4, _changing(_shorter)),
    "another thing": (5, _changing(_elsewhere)),
    "another quantity": (4, _changing(_another_quantity)),
    "cancel": (8, cancel),
    "undo a cancellation": (5, undo),
    "hand over": (3, hand_over),
    "end now": (3, end_now),
    "series": (4, series_deeds.book_series),
    "change a series": (4, series_deeds.change_series),
    "cancel a series": (2, series_deeds.cancel_series),
    "lay maintenance": (4, lay_maintenance),
    "take it away": (4, take_maintenance_away),
}
