"""Renders bookings as the lines of a calendar file, in bulk; words that belong to a language are joined on later."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Row, bindparam, func, select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.core.timespan import TimeSpan
from booking.ical.calendar import TEMPLATE
from booking.ical.event import EventView, Status, core_lines
from booking.ical.text import clean, text
from booking.models import Application, Booking, BookingItem, Resource, ResourceUnit, Site
from booking.permissions import ScopeKey

MOST_AT_ONCE = 500
PUBLIC = "public"
STATUSES = {State.REQUESTED.value: Status.TENTATIVE, State.CONFIRMED.value: Status.CONFIRMED}
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
booking, item, site = Booking.__table__, BookingItem.__table__, Site.__table__
resource, application = Resource.__table__, Application.__table__
here, there = ResourceUnit.__table__.alias("here"), ResourceUnit.__table__.alias("there")
LINES = (
    select(booking.c.id, booking.c.uid, booking.c.state, booking.c.starts_at, booking.c.ends_at, booking.c.title)
    .add_columns(booking.c.member_id, booking.c.organisation_id, booking.c.site_id, booking.c.visibility)
    .add_columns(booking.c.sequence, booking.c.created_at, booking.c.modified_at, site.c.timezone)
    .add_columns(func.coalesce(func.nullif(site.c.address, ""), site.c.name).label("place"))
    .add_columns(resource.c.id.label("resource_id"), resource.c.name.label("resource"), resource.c.category_id)
    .add_columns(application.c.state.label("application"))
    .select_from(
        booking.join(site, site.c.id == booking.c.site_id)
        .join(item, item.c.booking_id == booking.c.id)
        .join(resource, resource.c.id == item.c.resource_id)
        .outerjoin(application, application.c.booking_id == booking.c.id)
    )
    .where(booking.c.id.in_(IDS))
    .order_by(booking.c.id, item.c.id)
)
SHARING = (
    select(here.c.resource_id, there.c.resource_id)
    .select_from(here.join(there, there.c.unit_id == here.c.unit_id))
    .where(here.c.resource_id.in_(IDS))
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A booking's lines, the feeds that show it, and which state of it they are from."""

    booking_id: int
    modified_at: datetime
    sequence: int
    span: TimeSpan
    scopes: frozenset[ScopeKey]
    categories: tuple[int, ...]
    core: bytes
    summary: bytes
    short_place: bytes
    full_place: bytes

    def values(self) -> dict[str, object]:
        """The columns of its row."""
        return {
            "booking_id": self.booking_id,
            "template": TEMPLATE,
            "modified_at": self.modified_at,
            "sequence": self.sequence,
            "starts_at": self.span.starts_at,
            "ends_at": self.span.ends_at,
            "scopes": [list(scope) for scope in sorted(self.scopes)],
            "categories": list(self.categories),
            "core": self.core,
            "summary": self.summary,
            "short_place": self.short_place,
            "full_place": self.full_place,
        }


def render(session: Session, booking_ids: Collection[int]) -> Iterator[Rendered]:
    """These bookings as they stand now, by rising id; what has no resource any more is left out."""
    ids = sorted(set(booking_ids))
    for start in range(0, len(ids), MOST_AT_ONCE):
        rows = session.execute(LINES, {"ids": ids[start : start + MOST_AT_ONCE]}).all()
        sharing = _sharing(session, {row.resource_id for row in rows})
        for _, lines in groupby(rows, key=lambda row: row.id):
            yield _one(list(lines), sharing)


def status_of(state: str, application_state: str | None) -> Status:
    """How a calendar is to show it; a request that competes with others holds nothing, and is asked for still."""
    if application_state == "open":
        return Status.TENTATIVE
    return STATUSES.get(state, Status.CANCELLED)


def _one(lines: list[Row[Any]], sharing: Mapping[int, frozenset[int]]) -> Rendered:
    row, names = lines[0], ", ".join(line.resource for line in lines)
    view = EventView(
        uid=row.uid,
        span=TimeSpan(row.starts_at, row.ends_at),
        zone=ZoneInfo(row.timezone),
        status=status_of(row.state, row.application),
        sequence=row.sequence,
        created_at=row.created_at,
        modified_at=row.modified_at,
        summary=clean(row.title).strip() or clean(names).strip(),
    )
    shown_at = frozenset(id_ for line in lines for id_ in sharing.get(line.resource_id, ()))
    return Rendered(
        booking_id=row.id,
        modified_at=row.modified_at,
        sequence=row.sequence,
        span=view.span,
        scopes=scopes_of(row, shown_at),
        categories=tuple(dict.fromkeys(line.category_id for line in lines)),
        core=core_lines(view),
        summary=text("SUMMARY", view.summary),
        short_place=text("LOCATION", names),
        full_place=text("LOCATION", f"{names}, {row.place}"),
    )


def scopes_of(row: Any, resource_ids: Collection[int]) -> frozenset[ScopeKey]:
    """Every feed that shows a booking which takes time of these resources."""
    scopes = {("member", row.member_id), ("site", row.site_id), *(("resource", id_) for id_ in resource_ids)}
    if row.organisation_id is not None:
        scopes.add(("organisation", row.organisation_id))
    if row.visibility == PUBLIC:
        scopes.add(("events", row.site_id))
    return frozenset(scopes)


def _sharing(session: Session, resource_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By resource, all that a booking of it takes too: itself, the whole of a part, the parts of a whole."""
    found = {id_: frozenset({id_}) for id_ in resource_ids}
    for mine, other in session.execute(SHARING, {"ids": sorted(resource_ids)}):
        found[mine] |= {other}
    return found
