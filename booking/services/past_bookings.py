"""Bookings that stand or stood, as the judge needs them, read in bulk for looking back at many of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.details import NO_DETAILS, Details
from booking.core.facts import OwnBooking
from booking.core.request import Item, Request, SeriesShape, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, Resource

LOOKED_BACK = timedelta(days=365)
NO_WALL = WallSpan(datetime.min, datetime.min)  # noqa: DTZ901 - R01 alone reads it, and nobody can set R01


@dataclass(frozen=True, slots=True)
class Stood:
    """A booking that was made and not given back."""

    id: int
    span: TimeSpan
    site_id: int
    items: tuple[Item, ...]
    request: Request
    member_id: int
    organisation_id: int | None
    created_at: datetime


def stood(session: Session, now: datetime, resource_ids: Iterable[int]) -> list[Stood]:
    """The bookings of these resources in the last year and from now on, in order of time."""
    concerned = select(BookingItem.booking_id).where(
        BookingItem.resource_id.in_(sorted(set(resource_ids))),
        BookingItem.live,
        BookingItem.starts_at >= now - LOOKED_BACK,
    )
    rows = session.execute(
        select(
            Booking.id, Booking.starts_at, Booking.ends_at, Booking.site_id, Booking.people, Booking.member_id,
            Booking.organisation_id, Booking.created_at, Booking.series_id, Booking.details,
            BookingItem.resource_id, BookingItem.quantity,
        )
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(Booking.id.in_(concerned))
        .order_by(Booking.starts_at, Booking.id, BookingItem.id)
    )  # fmt: skip
    return list(_assembled(rows, _shapes(session, concerned)))


def _shapes(session: Session, concerned: Any) -> dict[int, SeriesShape]:
    """How large each series is, as far as its bookings were not given back."""
    series = select(Booking.series_id).where(Booking.id.in_(concerned), Booking.series_id.is_not(None)).distinct()
    days = (func.count(), func.min(Booking.series_day), func.max(Booking.series_day))
    rows: Iterable[Any] = session.execute(
        select(Booking.series_id, *days).where(Booking.series_id.in_(series), Booking.live).group_by(Booking.series_id)
    )
    return {
        id_: SeriesShape(many, (last - first).days + 1) for id_, many, first, last in rows if id_ and first and last
    }


def _assembled(rows: Iterable[Any], shapes: dict[int, SeriesShape]) -> Iterator[Stood]:
    """One for each booking: its rows, one for each item, follow one another."""
    last: list[Any] = []
    for row in rows:
        if last and last[0].id != row.id:
            yield _one(last, shapes)
            last = []
        last.append(row)
    if last:
        yield _one(last, shapes)


def _one(rows: list[Any], shapes: dict[int, SeriesShape]) -> Stood:
    row = rows[0]
    items = tuple(Item(each.resource_id, each.quantity) for each in rows)
    details = Details.from_json(row.details) if row.details else NO_DETAILS
    request = Request(
        NO_WALL, items, row.people, row.member_id, row.organisation_id, shapes.get(row.series_id), details
    )
    span = TimeSpan(row.starts_at, row.ends_at)
    return Stood(row.id, span, row.site_id, items, request, row.member_id, row.organisation_id, row.created_at)


def all_of(session: Session, member_ids: Iterable[int], window: TimeSpan) -> dict[int, list[OwnBooking]]:
    """Every booking of these members inside the window, of whatever resource."""
    rows = session.execute(
        select(
            Booking.member_id, Booking.id, Booking.starts_at, Booking.ends_at, BookingItem.resource_id, Resource.name
        )
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .join(Resource, Resource.id == BookingItem.resource_id)
        .where(
            Booking.member_id.in_(sorted(set(member_ids))),
            Booking.live,
            Booking.starts_at < window.ends_at,
            Booking.ends_at > window.starts_at,
        )
        .order_by(Booking.id, BookingItem.id)
    )
    found: dict[int, dict[int, OwnBooking]] = {}
    for member_id, id_, starts_at, ends_at, resource_id, name in rows:
        known = found.setdefault(member_id, {}).get(id_)
        ids, names = (known.resource_ids, f"{known.name}, {name}") if known else (frozenset(), name)
        found[member_id][id_] = OwnBooking(id_, TimeSpan(starts_at, ends_at), ids | {resource_id}, names)
    return {member_id: list(each.values()) for member_id, each in found.items()}


__all__ = ["LOOKED_BACK", "Stood", "all_of", "stood"]
