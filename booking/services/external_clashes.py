"""Bookings that lie under what a calendar elsewhere says is taken: which, and that managers hear of new ones, once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.timespan import SpanSet, TimeSpan
from booking.models import Booking, BookingItem, ExternalBusy, ExternalCalendar
from booking.permissions import Actor
from booking.services import telling
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.fault_news import looked_after_by
from booking.services.glimpses import Glimpse, glimpses
from booking.services.outages_known import reached_by

TAKEN_ELSEWHERE = "taken_elsewhere"


@dataclass(frozen=True, slots=True)
class Clash:
    """A booking as the actor may see it, and when the calendar elsewhere has its resource taken."""

    glimpse: Glimpse
    calendar: str
    elsewhere: tuple[TimeSpan, ...]


def clashing(session: Session, now: datetime, calendar_id: int, reached: Collection[int]) -> frozenset[int]:
    """The live bookings of these resources that the calendar lies over and that have not ended."""
    found = select(BookingItem.booking_id).join(ExternalBusy, _meets()).where(*_counts(now, reached))
    of_calendar = found.join(ExternalCalendar, ExternalCalendar.id == ExternalBusy.calendar_id)
    return frozenset(session.scalars(of_calendar.where(ExternalCalendar.id == calendar_id).distinct()))


def clashes(session: Session, now: datetime, actor: Actor, card: ResourceCard) -> list[Clash]:
    """All that there are now with the calendars of this resource, in order of time."""
    found = (
        select(
            BookingItem.booking_id, ExternalCalendar.id, ExternalCalendar.name,
            ExternalBusy.starts_at, ExternalBusy.ends_at,
        )
        .join(ExternalBusy, _meets())
        .join(ExternalCalendar, ExternalCalendar.id == ExternalBusy.calendar_id)
        .where(ExternalCalendar.resource_id == card.id, *_counts(now, reached_by(session, card.id)))
    )  # fmt: skip
    met: dict[tuple[int, int, str], list[TimeSpan]] = {}
    for booking_id, calendar_id, name, starts_at, ends_at in session.execute(found):
        met.setdefault((booking_id, calendar_id, name), []).append(TimeSpan(starts_at, ends_at))
    seen = glimpses(session, now, actor, {booking_id for booking_id, _, _ in met})
    listed = [Clash(seen[id_], name, SpanSet(spans).spans) for (id_, _, name), spans in met.items()]
    return sorted(listed, key=lambda each: (each.glimpse.span, each.glimpse.public_id, each.calendar))


def _meets() -> ColumnElement[bool]:
    return (BookingItem.starts_at < ExternalBusy.ends_at) & (BookingItem.ends_at > ExternalBusy.starts_at)


def _counts(now: datetime, reached: Collection[int]) -> Iterable[ColumnElement[bool]]:
    yield BookingItem.resource_id.in_(sorted(reached))
    yield BookingItem.live.is_(True)
    yield BookingItem.ends_at > now
    yield ExternalCalendar.tentative_blocks | ~ExternalBusy.is_tentative


def tell_managers(session: Session, now: datetime, calendar: ExternalCalendar, booking_ids: Collection[int]) -> None:
    """Those who look after the resource read of the first of these bookings and of how many there are."""
    if not booking_ids:
        return
    first = session.scalars(
        select(Booking.id).where(Booking.id.in_(sorted(booking_ids))).order_by(Booking.starts_at, Booking.id).limit(1)
    ).one()
    card = resources_by_id(session, [calendar.resource_id])[calendar.resource_id]
    facts = {"calendar": calendar.name, "slug": card.slug, "name": card.name, "clashes": len(booking_ids)}
    for member_id in looked_after_by(session, now, card):
        telling.tell(session, now, member_id, first, TAKEN_ELSEWHERE, None, facts)
