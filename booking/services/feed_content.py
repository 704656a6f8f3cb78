"""What a feed says: the bookings of its scope within its window, as an iCalendar file."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from booking.core.lifecycle import HOLDING, State
from booking.ical.calendar import CalendarView, calendar
from booking.ical.event import EventView, Status, event_lines
from booking.models import Booking, BookingItem, Category, Resource, Site
from booking.services.bookings import UID_HOST
from booking.services.feed_keys import Detail
from booking.services.feeds import Feed, House, Words
from booking.services.holds import on_hold

TOMBSTONE = timedelta(days=30)
MOST_EVENTS = 1000  # Google stops a little above
STATUSES = {State.REQUESTED: Status.TENTATIVE, State.CONFIRMED: Status.CONFIRMED}


def content(session: Session, feed: Feed, words: Words, house: House) -> bytes:
    """The whole calendar; when there are too many bookings, those farthest ahead are left out.

    What is on hold is judged as of the week, so that two readings in it are the same.
    """
    held = on_hold(session, feed.week, Booking.member_id == feed.scope_id).keys()
    views = [_view(lines, feed, words, house, held) for lines in _by_booking(session, feed)]
    about = CalendarView(
        uid=f"{feed.uid}@{UID_HOST}",
        name=words.name,
        description=words.description,
        url=f"{house.base_url}/bookings",
        modified_at=feed.modified_at,
        zones=tuple(dict.fromkeys((house.zone.key, *(view.zone.key for view in views)))),
    )
    return calendar(about, map(event_lines, views))


def _by_booking(session: Session, feed: Feed) -> Iterator[list[Row[Any]]]:
    rows = session.execute(_lines(_shown(feed)))
    return (list(lines) for _, lines in groupby(rows, key=lambda row: row.Booking.id))


def _shown(feed: Feed) -> Select[int]:
    """The bookings that hold time, and for a month those that no longer do."""
    ended_at = func.coalesce(Booking.cancelled_at, Booking.modified_at)
    return (
        select(Booking.id)
        .where(
            Booking.member_id == feed.scope_id,
            Booking.starts_at < feed.window.ends_at,
            Booking.ends_at > feed.window.starts_at,
            or_(Booking.state.in_(HOLDING), ended_at >= feed.week - TOMBSTONE),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_EVENTS)
    )


def _lines(shown: Select[int]) -> Select[*tuple[Any, ...]]:
    """One row for each resource of each booking."""
    return (
        select(
            Booking,
            Site.timezone,
            func.coalesce(func.nullif(Site.address, ""), Site.name).label("place"),
            Resource.name.label("resource"),
            Category.names.label("categories"),
        )
        .join(Site, Site.id == Booking.site_id)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .join(Resource, Resource.id == BookingItem.resource_id)
        .join(Category, Category.id == Resource.category_id)
        .where(Booking.id.in_(shown))
        .order_by(Booking.starts_at, Booking.id, BookingItem.id)
    )


def _view(lines: list[Row[Any]], feed: Feed, words: Words, house: House, held: Collection[int]) -> EventView:
    booking: Booking = lines[0].Booking
    status = STATUSES.get(State(booking.state), Status.CANCELLED)
    resources = ", ".join(line.resource for line in lines)
    title = words.busy if feed.detail is Detail.BUSY else booking.title or resources
    tells_all = feed.detail is Detail.FULL
    return EventView(
        uid=booking.uid,
        span=booking.span,
        zone=ZoneInfo(lines[0].timezone),
        status=status,
        sequence=booking.sequence,
        created_at=booking.created_at,
        modified_at=booking.modified_at,
        summary=_summary(title, words, status, booking.id in held and feed.detail is not Detail.BUSY),
        location=_location(feed.detail, resources, lines[0].place),
        url=f"{house.base_url}/bookings/{booking.public_id}" if tells_all else "",
        categories=_categories(lines, feed.language) if tells_all else (),
    )


def _summary(title: str, words: Words, status: Status, is_on_hold: bool) -> str:
    if status is Status.CANCELLED:
        return f"{words.cancelled} {title}"
    return f"{words.on_hold} {title}" if is_on_hold else title


def _location(detail: Detail, resources: str, place: str) -> str:
    return {Detail.FULL: f"{resources}, {place}", Detail.TITLE: resources, Detail.BUSY: ""}[detail]


def _categories(lines: list[Row[Any]], language: str) -> tuple[str, ...]:
    """Each category once, in the feed's language or else in any."""
    names = (line.categories.get(language) or next(iter(line.categories.values()), "") for line in lines)
    return tuple(name for name in dict.fromkeys(names) if name)
