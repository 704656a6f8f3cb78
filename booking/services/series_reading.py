"""Reads the bookings of a series as they stand, and which of them a change of the series reaches."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.details import NO_DETAILS, Details
from booking.core.errors import NotFound, WrongState
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, Series
from booking.permissions import Actor, BookingSubject, can
from booking.services import visibility
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.standing import Standing, found


class Reach(StrEnum):
    """How far a change of a series goes."""

    FOLLOWING = "following"
    ALL = "all"


class Why(StrEnum):
    """Why a booking of the series stays as it is."""

    BY_HAND = "by_hand"
    CANCELLED = "cancelled"
    BEGUN = "begun"
    ANOTHERS = "anothers"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One booking of a series; `day` is the date that the series means, wherever it was moved."""

    id: int
    public_id: str
    day: date
    span: TimeSpan
    items: tuple[Item, ...]
    state: str
    live: bool
    member_id: int
    organisation_id: int | None
    title: str
    people: int | None
    visibility: str
    by_hand: bool
    version: int
    sequence: int
    modified_at: datetime
    details: Details = NO_DETAILS

    def request(self, wall: WallSpan) -> Request:
        """What the judge would have been asked for it at these wall times."""
        return Request(wall, self.items, self.people, self.member_id, self.organisation_id, details=self.details)


@dataclass(frozen=True, slots=True)
class SeriesNow:
    """A series as it stands."""

    id: int
    public_id: str
    recipe: dict[str, object]
    occurrences: tuple[Occurrence, ...]
    cards: dict[int, ResourceCard]

    def subject(self, each: Occurrence) -> BookingSubject:
        """The subject of permissions about one of its bookings."""
        cards = [self.cards[item.resource_id] for item in each.items]
        scopes = frozenset(scope for card in cards for scope in card.scopes)
        return BookingSubject(each.member_id, each.organisation_id, each.visibility, scopes)


def series_by_public_id(session: Session, now: datetime, actor: Actor, public_id: str) -> SeriesNow:
    """A series, with those of its bookings that the actor may see by now. Raises NotFound."""
    row = session.scalar(select(Series).where(Series.public_id == public_id))
    if row is None:
        raise NotFound(kind="series")
    whole = _whole(session, row)
    subjects = {each.id: whole.subject(each) for each in whole.occurrences}
    caps = visibility.caps(
        session, now, {each.id: (each.span.ends_at, subjects[each.id].scopes) for each in whole.occurrences}
    )
    seen = tuple(each for each in whole.occurrences if _may_see(actor, subjects[each.id], caps[each.id]))
    if not seen:
        raise NotFound(kind="series")
    return SeriesNow(row.id, row.public_id, row.recipe, seen, whole.cards)


def _may_see(actor: Actor, subject: BookingSubject, cap: str) -> bool:
    return can(actor, "booking.see", replace(subject, visibility=visibility.narrower(subject.visibility, cap)))


def recipe_of_series(session: Session, series_id: int) -> tuple[str, dict[str, object], int]:
    """A series' public id, its recipe, and how many bookings it has. Raises NotFound."""
    row = session.get(Series, series_id)
    if row is None:
        raise NotFound(kind="series")
    number = session.scalar(select(func.count()).where(Booking.series_id == series_id)) or 0
    return row.public_id, row.recipe, number


def series_of(session: Session, actor: Actor, public_id: str, permission: str) -> tuple[Standing, SeriesNow]:
    """A booking and its whole series. Raises NotFound, NotAllowed, WrongState for one that belongs to none."""
    standing = found(session, actor, public_id, permission, fresh=True)
    row = session.get(Series, standing.row.series_id) if standing.row.series_id else None
    if row is None or standing.row.series_day is None:
        raise WrongState(state="no_series")
    return standing, _whole(session, row)


def _whole(session: Session, row: Series) -> SeriesNow:
    bookings = session.scalars(
        select(Booking)
        .where(Booking.series_id == row.id)
        .order_by(Booking.series_day, Booking.id)
        .execution_options(populate_existing=True)
    ).all()
    items = _items(session, [each.id for each in bookings])
    cards = resources_by_id(session, {item.resource_id for held in items.values() for item in held})
    occurrences = tuple(_occurrence(each, items[each.id]) for each in bookings if each.series_day)
    return SeriesNow(row.id, row.public_id, row.recipe, occurrences, cards)


def _items(session: Session, ids: Iterable[int]) -> dict[int, tuple[Item, ...]]:
    held: dict[int, tuple[Item, ...]] = {}
    rows = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id, BookingItem.quantity)
        .where(BookingItem.booking_id.in_(sorted(ids)))
        .order_by(BookingItem.id)
    )
    for booking_id, resource_id, quantity in rows:
        held[booking_id] = (*held.get(booking_id, ()), Item(resource_id, quantity))
    return held


def _occurrence(row: Booking, items: tuple[Item, ...]) -> Occurrence:
    return Occurrence(
        id=row.id,
        public_id=row.public_id,
        day=row.series_day or row.starts_at.date(),
        span=row.span,
        items=items,
        state=row.state,
        live=row.live,
        member_id=row.member_id,
        organisation_id=row.organisation_id,
        title=row.title,
        people=row.people,
        visibility=row.visibility,
        by_hand=row.by_hand,
        version=row.version,
        sequence=row.sequence,
        modified_at=row.modified_at,
        details=Details.from_json(row.details or {}),
    )


def within(series: SeriesNow, anchor: Booking, reach: Reach) -> list[Occurrence]:
    """The bookings that the change is about, in order."""
    first = anchor.series_day
    return [each for each in series.occurrences if reach is Reach.ALL or first is None or each.day >= first]


def staying(each: Occurrence, series: SeriesNow, actor: Actor, anchor: Booking, now: datetime) -> Why | None:
    """Why a booking is left alone by a change of the series; None when it follows."""
    if not each.live:
        return Why.CANCELLED
    if each.span.starts_at <= now:
        return Why.BEGUN
    if each.member_id != anchor.member_id or not can(actor, "booking.change", series.subject(each)):
        return Why.ANOTHERS
    return Why.BY_HAND if each.by_hand and each.id != anchor.id else None


def fingerprint(occurrences: Sequence[Occurrence]) -> str:
    """Tells whether any of them was changed since it was shown."""
    told = " ".join(f"{each.id}:{each.version}" for each in occurrences)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
