"""Which bookings a feed shows: those of its scope that hold time, and for a month those that no longer do."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from booking.core.lifecycle import HOLDING
from booking.models import (
    Application,
    ApprovalStep,
    Booking,
    BookingFragment,
    BookingHold,
    BookingItem,
    FeedDeparture,
    JournalEntry,
    ResourceUnit,
)
from booking.services.feed_keys import Kind
from booking.services.feed_rendering import PUBLIC
from booking.services.feeds import Feed

TOMBSTONE = timedelta(days=30)
booking, fragment, item = Booking.__table__, BookingFragment.__table__, BookingItem.__table__
hold, application, departure = BookingHold.__table__, Application.__table__, FeedDeparture.__table__
step, entry = ApprovalStep.__table__, JournalEntry.__table__
here, there = ResourceUnit.__table__.alias("here"), ResourceUnit.__table__.alias("there")
BOOKINGS = (
    select(booking.c.id, booking.c.public_id, booking.c.state, booking.c.modified_at, booking.c.sequence)
    .add_columns(booking.c.starts_at, booking.c.ends_at, booking.c.uid, application.c.state.label("application"))
    .add_columns(hold.c.booking_id.label("hold"), fragment.c.template, fragment.c.modified_at.label("kept_at"))
    .add_columns(fragment.c.sequence.label("kept_sequence"), fragment.c.categories, fragment.c.core)
    .add_columns(fragment.c.summary, fragment.c.short_place, fragment.c.full_place)
    .select_from(
        booking.outerjoin(fragment, fragment.c.booking_id == booking.c.id)
        .outerjoin(hold, hold.c.booking_id == booking.c.id)
        .outerjoin(application, application.c.booking_id == booking.c.id)
    )
)


def shown(session: Session, feed: Feed, most: int) -> list[Row[Any]]:
    """The bookings, what is to come first in order of time, then what is past, the latest first.

    When there are too many, those farthest ahead are left out, and all that is past.
    """
    wanted = BOOKINGS.where(
        _of(feed),
        booking.c.starts_at < feed.window.ends_at,
        booking.c.ends_at > feed.window.starts_at,
        _stands_or_stood_lately(feed),
    )
    ahead = wanted.where(booking.c.ends_at > feed.week).order_by(booking.c.starts_at, booking.c.id).limit(most)
    rows = list(session.execute(ahead))
    if len(rows) < most:
        behind = wanted.where(booking.c.ends_at <= feed.week).order_by(booking.c.starts_at.desc(), booking.c.id)
        rows += session.execute(behind.limit(most - len(rows)))
    return rows


def departed(session: Session, feed: Feed) -> Sequence[Any]:
    """What has left the feed and is not back."""
    rows = session.execute(
        select(departure.c.booking_id, departure.c.core, departure.c.summary)
        .where(departure.c.scope_kind == feed.kind.value, departure.c.scope_id == feed.scope_id)
        .where(departure.c.departed_at >= feed.week - TOMBSTONE)
        .order_by(departure.c.departed_at, departure.c.booking_id)
    )
    return rows.all()


def _of(feed: Feed) -> ColumnElement[bool]:
    """The bookings of the feed's scope; a hall's are those of its parts as well."""
    if feed.kind is Kind.MEMBER:
        return booking.c.member_id == feed.scope_id
    if feed.kind is Kind.ORGANISATION:
        return booking.c.organisation_id == feed.scope_id
    if feed.kind is Kind.RESOURCE:
        of_room = item.c.resource_id.in_(_sharing(feed.scope_id)), item.c.starts_at < feed.window.ends_at
        return booking.c.id.in_(select(item.c.booking_id).where(*of_room, item.c.ends_at > feed.window.starts_at))
    if feed.kind is Kind.APPROVALS:
        return booking.c.id.in_(select(ApprovalStep.booking_id))
    at_site = booking.c.site_id == feed.scope_id
    return at_site if feed.kind is Kind.SITE else and_(at_site, booking.c.visibility == PUBLIC)


def _sharing(resource_id: int) -> Select[int]:
    return (
        select(there.c.resource_id)
        .select_from(here.join(there, there.c.unit_id == here.c.unit_id))
        .where(here.c.resource_id == resource_id)
    )


def _stands_or_stood_lately(feed: Feed) -> ColumnElement[bool]:
    ended_at: ColumnElement[Any] = func.coalesce(booking.c.cancelled_at, booking.c.modified_at)
    states = [state.value for state in HOLDING]
    stands = or_(booking.c.state.in_(states), application.c.state == "open")
    if feed.kind is Kind.EVENTS:
        stands = booking.c.state == "confirmed"  # what nobody has said yes to is not announced
    if feed.kind is Kind.APPROVALS:
        stands = or_(booking.c.state == "requested", application.c.state == "open")
        ended_at = booking.c.modified_at
    return or_(stands, and_(ended_at >= feed.week - TOMBSTONE, _was_shown(feed)))


def _was_shown(feed: Feed) -> ColumnElement[bool]:
    """Of the public programme only what had been announced, and is no longer on."""
    if feed.kind is not Kind.EVENTS:
        return booking.c.id.is_not(None)
    said_yes = exists().where(
        entry.c.subject_kind == "booking", entry.c.subject_id == booking.c.id,
        entry.c.action == "booking.approved", entry.c.at >= step.c.asked_at,
    )  # fmt: skip
    in_vain = exists().where(step.c.booking_id == booking.c.id, ~said_yes)
    return and_(booking.c.state == "cancelled", ~in_vain)
