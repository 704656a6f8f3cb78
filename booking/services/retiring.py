"""Retiring a resource: its future bookings are shown first, and kept or cancelled as a human decides."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, WrongState
from booking.models import Booking, BookingItem, Resource, ResourceState
from booking.permissions import Actor
from booking.services import changes
from booking.services.glimpses import Glimpse, glimpses
from booking.services.resources import managed
from booking.services.saving import Change, saving


def future_bookings(session: Session, now: datetime, actor: Actor, resource_id: int) -> list[Glimpse]:
    """The live bookings that have not ended, in order of time; those that have begun can only be kept."""
    ids = session.scalars(
        select(BookingItem.booking_id).where(
            BookingItem.resource_id == resource_id, BookingItem.live, BookingItem.ends_at > now
        )
    )
    return sorted(glimpses(session, now, actor, ids).values(), key=lambda each: (each.span, each.public_id))


def retire(
    session: Session,
    now: datetime,
    actor: Actor,
    resource_id: int,
    *,
    cancel: Collection[str] = (),
    reason: str = "",
) -> Change:
    """Takes the resource out of use for good and cancels the chosen bookings, each with the reason in the journal.

    Bookings that are not chosen stay, also those made while the page was open. The locks of everybody concerned are
    taken before the first cancellation, members first, as the order of locks demands.
    Raises NotFound, NotAllowed, InvalidInput when a reason is missing, WrongState when it is retired already.
    """
    managed(session, actor, resource_id)
    if cancel and not reason.strip():
        raise InvalidInput("reason", "setting.required")
    members, resources = _concerned(session, resource_id, cancel)
    subject = ("resource", resource_id)
    with saving(session, now, actor, "resource.retired", subject, resources, member_ids=members) as change:
        row = session.get_one(Resource, resource_id, populate_existing=True)
        if row.state == ResourceState.RETIRED:
            raise WrongState(state="retired")
        change.before = {"state": str(row.state)}
        for public_id in sorted(cancel):
            changes.cancel_booking(session, now, actor, public_id, reason=reason.strip())
        row.state, row.retired_at = ResourceState.RETIRED, now
        change.after = {"state": ResourceState.RETIRED.value, "cancelled": len(set(cancel))}
    return change


def _concerned(session: Session, resource_id: int, cancel: Collection[str]) -> tuple[set[int], set[int]]:
    """Whose bookings are to be cancelled, and every resource they hold. WrongState for one of another."""
    rows = session.execute(
        select(Booking.public_id, Booking.member_id, BookingItem.resource_id)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(Booking.public_id.in_(sorted(cancel)))
    ).all()
    here = {public_id for public_id, _, held in rows if held == resource_id}
    if set(cancel) - here:
        raise WrongState(state="elsewhere")
    return {member_id for _, member_id, _ in rows}, {resource_id, *(held for _, _, held in rows)}
