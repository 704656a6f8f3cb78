"""What somebody may know of bookings they pass by: busy always, the organisation mostly, the title sometimes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, Organisation, Resource
from booking.permissions import Actor, BookingSubject, ScopeKey, can
from booking.services import visibility

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
NOWHERE: frozenset[ScopeKey] = frozenset()
booking, item = Booking.__table__, BookingItem.__table__
resource, organisation = Resource.__table__, Organisation.__table__
# Built once, and on tables: a day page reads hundreds of these rows.
ITEMS = (
    select(item.c.booking_id, resource.c.id, resource.c.name)
    .add_columns(resource.c.category_id, resource.c.building_id, resource.c.site_id)
    .select_from(item.join(resource, resource.c.id == item.c.resource_id))
    .where(item.c.booking_id.in_(IDS))
    .order_by(item.c.id)
)
BOOKINGS = (
    select(booking.c.id, booking.c.public_id, booking.c.starts_at, booking.c.ends_at, booking.c.state)
    .add_columns(booking.c.member_id, booking.c.organisation_id, booking.c.visibility, booking.c.title)
    .add_columns(organisation.c.name.label("organisation"))
    .select_from(booking.outerjoin(organisation, organisation.c.id == booking.c.organisation_id))
    .where(booking.c.id.in_(IDS))
)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A booking as one actor may see it; empty texts are not for them to know."""

    public_id: str
    span: TimeSpan
    state: str
    is_mine: bool
    is_public: bool  # announced to everybody, members or not
    may_open: bool
    title: str
    organisation: str
    resource_names: tuple[str, ...]


def glimpses(
    session: Session, now: datetime, actor: Actor | None, booking_ids: Iterable[int], until: datetime | None = None
) -> dict[int, Glimpse]:
    """The bookings by id, each with no more than the actor may see by now, and as time passes until then."""
    ids = sorted(set(booking_ids))
    if not ids:
        return {}
    scopes: dict[int, frozenset[ScopeKey]] = {}
    names: dict[int, tuple[str, ...]] = {}
    for booking_id, resource_id, name, category_id, building_id, site_id in session.execute(ITEMS, {"ids": ids}):
        names[booking_id] = (*names.get(booking_id, ()), name)
        scopes[booking_id] = scopes.get(booking_id, NOWHERE) | _around(resource_id, category_id, building_id, site_id)
    rows = session.execute(BOOKINGS, {"ids": ids}).all()
    caps = visibility.caps(session, now, {row.id: (row.ends_at, scopes.get(row.id, NOWHERE)) for row in rows}, until)
    return {
        row.id: _glimpse(row, actor, scopes.get(row.id, NOWHERE), names.get(row.id, ()), caps[row.id]) for row in rows
    }


@lru_cache(maxsize=8192)
def _around(resource_id: int, category_id: int, building_id: int | None, site_id: int) -> frozenset[ScopeKey]:
    around = {("resource", resource_id), ("category", category_id), ("site", site_id)}
    return frozenset(around | {("building", building_id)} if building_id else around)


def _glimpse(row: Any, actor: Actor | None, scopes: frozenset[ScopeKey], names: tuple[str, ...], cap: str) -> Glimpse:
    seen_by = visibility.narrower(row.visibility, cap)
    may_open = can(actor, "booking.see", BookingSubject(row.member_id, row.organisation_id, seen_by, scopes))
    knows_organisation = may_open or (actor is not None and seen_by != "private")
    return Glimpse(
        public_id=row.public_id,
        span=TimeSpan(row.starts_at, row.ends_at),
        state=row.state,
        is_mine=actor is not None and row.member_id == actor.member_id,
        is_public=seen_by == "public",
        may_open=may_open,
        title=row.title if may_open else "",
        organisation=row.organisation or "" if knows_organisation else "",
        resource_names=names,
    )
