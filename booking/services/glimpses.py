"""What somebody may know of bookings they pass by: busy always, the organisation mostly, the title sometimes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, Organisation, Resource
from booking.permissions import Actor, BookingSubject, can
from booking.services import visibility


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A booking as one actor may see it; empty texts are not for them to know."""

    public_id: str
    span: TimeSpan
    state: str
    is_mine: bool
    may_open: bool
    title: str
    organisation: str
    resource_names: tuple[str, ...]


def glimpses(session: Session, now: datetime, actor: Actor | None, booking_ids: Iterable[int]) -> dict[int, Glimpse]:
    """The bookings by id, each with no more than the actor may see by now."""
    ids = sorted(set(booking_ids))
    if not ids:
        return {}
    scopes: dict[int, set[tuple[str, int]]] = {}
    names: dict[int, list[str]] = {}
    items = session.execute(
        select(
            BookingItem.booking_id, Resource.id, Resource.name, Resource.category_id, Resource.building_id,
            Resource.site_id,
        )
        .join(Resource, Resource.id == BookingItem.resource_id)
        .where(BookingItem.booking_id.in_(ids))
        .order_by(BookingItem.id)
    )  # fmt: skip
    for booking_id, resource_id, name, category_id, building_id, site_id in items:
        names.setdefault(booking_id, []).append(name)
        around = {("resource", resource_id), ("category", category_id), ("site", site_id)}
        scopes.setdefault(booking_id, set()).update(around | ({("building", building_id)} if building_id else set()))
    rows = session.execute(
        select(Booking, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .where(Booking.id.in_(ids))
    ).all()
    places = {row.id: frozenset(scopes.get(row.id, ())) for row, _ in rows}
    caps = visibility.caps(session, now, {row.id: (row.ends_at, places[row.id]) for row, _ in rows})
    return {
        row.id: _glimpse(row, organisation or "", actor, places[row.id], tuple(names.get(row.id, ())), caps[row.id])
        for row, organisation in rows
    }


def _glimpse(
    row: Booking, organisation: str, actor: Actor | None, places: visibility.Places, names: tuple[str, ...], cap: str
) -> Glimpse:
    seen_by = visibility.narrower(row.visibility, cap)
    may_open = can(actor, "booking.see", BookingSubject(row.member_id, row.organisation_id, seen_by, places))
    knows_organisation = may_open or (actor is not None and seen_by != "private")
    return Glimpse(
        public_id=row.public_id,
        span=row.span,
        state=row.state,
        is_mine=actor is not None and row.member_id == actor.member_id,
        may_open=may_open,
        title=row.title if may_open else "",
        organisation=organisation if knows_organisation else "",
        resource_names=names,
    )
