"""What a feed shows beside bookings: closures and maintenance, and set-up and clean-up for those who ask for it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.orm import Session

from booking.core.localtime import day_span, last_day, local_day
from booking.core.timespan import TimeSpan
from booking.ical.event import EventView, event_lines
from booking.models import Booking, BookingItem, Building, Closure, Outage, Resource, Site
from booking.permissions import ScopeKey
from booking.services.beside import sharing_units
from booking.services.bookings import UID_HOST
from booking.services.feed_about import About
from booking.services.feed_keys import Detail, Kind
from booking.services.feed_rendering import status_of
from booking.services.feeds import Feed, Words

BEFORE_IT_WAS_KEPT = datetime(2026, 1, 1, tzinfo=UTC)  # closures from before their making was noted
AT_ONCE = 500


def closures(session: Session, feed: Feed, words: Words, about: About) -> Iterator[bytes]:
    """What closes the room or site, whole days as days; and the maintenance of a room."""
    if feed.kind not in (Kind.RESOURCE, Kind.SITE):
        return
    zone = ZoneInfo(about.zone)
    for row in session.scalars(_during(feed, Closure, _closed(session, about))):
        made_at = row.set_at or BEFORE_IT_WAS_KEPT
        yield _event(feed, words, f"closure-{row.public_id}", row, zone, made_at, row.name)
    if feed.kind is Kind.RESOURCE:
        blocks = Outage.resource_id.in_(sharing_units(session, [feed.scope_id])), Outage.effect == "block"
        for outage in session.scalars(_during(feed, Outage, *blocks)):
            reason = f"{words.maintenance} {outage.reason}"
            yield _event(feed, words, f"outage-{outage.public_id}", outage, zone, outage.set_at, reason)


def buffers(session: Session, feed: Feed, words: Words, rows: Sequence[Row[Any]]) -> Iterator[bytes]:
    """The time before and after each booking that nobody else can have, as events of their own."""
    by_id = {row.id: row for row in rows if row.state in ("requested", "confirmed")}
    ids = sorted(by_id)
    for start in range(0, len(ids), AT_ONCE):
        for busy in session.execute(_busy(ids[start : start + AT_ONCE])):
            row = by_id[busy.id]
            if busy.busy_from < row.starts_at:
                yield _buffer(feed, "set-up", words.set_up, row, busy, TimeSpan(busy.busy_from, row.starts_at), words)
            if row.ends_at < busy.busy_to:
                yield _buffer(feed, "clean-up", words.clean_up, row, busy, TimeSpan(row.ends_at, busy.busy_to), words)


def _buffer(feed: Feed, kind: str, name: str, row: Row[Any], busy: Row[Any], span: TimeSpan, words: Words) -> bytes:
    view = EventView(
        uid=f"{kind}-{row.uid}",
        span=span,
        zone=ZoneInfo(busy.timezone),
        status=status_of(row.state, row.application),
        sequence=row.sequence,
        created_at=busy.created_at,
        modified_at=row.modified_at,
        summary=words.busy if feed.detail is Detail.BUSY else name,
    )
    return event_lines(view)


def _busy(booking_ids: list[int]) -> Any:
    return (
        select(
            Booking.id,
            Booking.created_at,
            Site.timezone,
            func.min(BookingItem.busy_from).label("busy_from"),
            func.max(BookingItem.busy_to).label("busy_to"),
        )
        .join(Site, Site.id == Booking.site_id)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(Booking.id.in_(booking_ids))
        .group_by(Booking.id, Booking.created_at, Site.timezone)
        .order_by(Booking.id)
    )


def _during(feed: Feed, model: Any, *wanted: ColumnElement[bool]) -> Any:
    inside = model.starts_at < feed.window.ends_at, model.ends_at > feed.window.starts_at
    return select(model).where(*wanted, *inside).order_by(model.starts_at, model.id)


def _closed(session: Session, about: About) -> ColumnElement[bool]:
    """The scopes around a room; of a site its own and its buildings'."""
    return tuple_(Closure.scope_kind, Closure.scope_id).in_(sorted(_scopes(session, about)))


def _scopes(session: Session, about: About) -> set[ScopeKey]:
    scopes: set[ScopeKey] = {("site", about.site_id or 0)}
    if about.resource_id is None:
        return scopes | {("building", id_) for id_ in session.scalars(
            select(Building.id).where(Building.site_id == about.site_id))}  # fmt: skip
    row = session.get_one(Resource, about.resource_id)
    scopes |= {("resource", row.id), ("category", row.category_id)}
    return scopes | ({("building", row.building_id)} if row.building_id else set())


def _event(
    feed: Feed, words: Words, key: str, row: Closure | Outage, zone: ZoneInfo, made_at: datetime, name: str
) -> bytes:
    span = TimeSpan(row.starts_at, row.ends_at)
    first, last = (day_span(day, zone) for day in (local_day(span.starts_at, zone), last_day(span, zone)))
    view = EventView(
        uid=f"{key}@{UID_HOST}",
        span=span,
        zone=zone,
        status=status_of("confirmed", None),
        sequence=0,
        created_at=made_at,
        modified_at=made_at,
        summary=words.busy if feed.detail is Detail.BUSY else name,
        as_days=TimeSpan(first.starts_at, last.ends_at) == span,
    )
    return event_lines(view)
