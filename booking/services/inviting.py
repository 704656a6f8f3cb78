"""The calendar part of a mail: a booking or a date as it was when it was posted, a series as it is when it is sent.

A series that is read late is newer than its message, never older: whatever came between is followed by its own message.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.core.recurrence import Recurrence
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.ical import invitation
from booking.ical.event import Status
from booking.ical.invitation import Envelope, Meeting, Method, Party
from booking.ical.pattern import Pattern
from booking.models import Booking, Series
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.mine import listed_bookings

STATUSES = {State.REQUESTED: Status.TENTATIVE, State.CONFIRMED: Status.CONFIRMED}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who invites: the service's name, mail address and web address, and its words on a booking that has a page."""

    name: str
    address: str
    base_url: str
    describe: Callable[[str], str]

    @property
    def party(self) -> Party:
        return Party(self.name, self.address)


def calendar_part(
    session: Session,
    posted_at: datetime,
    calendar: Mapping[str, Any],
    booking_id: int | None,
    member: Party,
    sender: Sender,
    member_id: int | None,
) -> tuple[Method, bytes]:
    """What was posted as `calendar`, as an iTIP message to the member. Raises LookupError for what is no more."""
    if calendar["form"] == "series":
        return _series(session, posted_at, calendar, member, sender)
    booking = session.get_one(Booking, booking_id)
    method: Method = "CANCEL" if calendar["method"] == "CANCEL" else "REQUEST"
    cards = _in_order(session, calendar["resources"])
    span = TimeSpan(*(datetime.fromisoformat(calendar[name]) for name in ("starts_at", "ends_at")))
    stamp = datetime.fromisoformat(calendar["stamp"])
    meeting = _meeting(booking, span, str(calendar["state"]), cards, sender, stamp)
    if not knows_title(session, booking.id, member_id, calendar):
        meeting = replace(meeting, summary=_names(cards))
    if calendar["form"] == "booking":
        sealed = Envelope(booking.uid, cards[0].zone, calendar["sequence"], stamp, sender.party, member)
        return method, invitation.single(sealed, meeting, method)
    series = session.get_one(Series, calendar["series"])
    sealed = Envelope(series.uid, cards[0].zone, calendar["sequence"], posted_at, sender.party, member)
    day = date.fromisoformat(calendar["day"])
    return method, invitation.one_date(sealed, pattern_of(series, cards[0].zone), day, meeting, method)


def knows_title(session: Session, booking_id: int, member_id: int | None, calendar: Mapping[str, Any]) -> bool:
    """Whether its title is the member's own: of what they have given away, as long as nobody has touched it since."""
    booking = session.get_one(Booking, booking_id)
    return booking.member_id == member_id or booking.modified_at.isoformat() == calendar.get("stamp")


def _series(
    session: Session, posted_at: datetime, calendar: Mapping[str, Any], member: Party, sender: Sender
) -> tuple[Method, bytes]:
    """All dates that its own member holds now."""
    series = session.get_one(Series, calendar["series"])
    rows = session.scalars(
        select(Booking)
        .where(Booking.series_id == series.id, Booking.series_day.is_not(None))
        .order_by(Booking.member_id != series.member_id, ~Booking.live, Booking.series_day)
    ).all()
    stands = [row for row in rows if row.live and row.member_id == series.member_id]
    first = rows[0]
    listed = listed_bookings(session, [first.id, *(row.id for row in stands)])
    cards = {id_: each.cards for id_, each in listed.items()}
    dates = {
        row.series_day: _meeting(row, row.span, row.state, cards[row.id], sender, row.modified_at)
        for row in stands
        if row.series_day
    }
    url = f"{sender.base_url}/series/{series.public_id}"
    about = _meeting(first, first.span, first.state, cards[first.id], sender, posted_at)
    if first.member_id != series.member_id:
        about = replace(about, summary=about.location)  # the title is another's by now
    whole = Meeting(
        about.span, about.status, series.created_at, posted_at, about.summary, about.location, about.things, url,
        sender.describe(url),
    )  # fmt: skip
    zone = cards[first.id][0].zone
    sealed = Envelope(series.uid, zone, calendar["sequence"], posted_at, sender.party, member)
    method: Method = "REQUEST" if dates else "CANCEL"
    return method, invitation.series(sealed, pattern_of(series, zone), dates, whole)


def pattern_of(series: Series, zone: ZoneInfo) -> Pattern:
    """How the series' recipe repeats."""
    starts, ends = (datetime.fromisoformat(str(series.recipe[name])) for name in ("starts", "ends"))
    return Pattern(WallSpan(starts, ends), Recurrence.from_json(series.recipe["rule"]), zone)


def _meeting(
    booking: Booking, span: TimeSpan, state: str, cards: Iterable[ResourceCard], sender: Sender, modified_at: datetime
) -> Meeting:
    cards = tuple(cards)
    names = _names(cards)
    url = f"{sender.base_url}/bookings/{booking.public_id}"
    return Meeting(
        span=span,
        status=STATUSES.get(State(state), Status.CANCELLED),
        created_at=booking.created_at,
        modified_at=modified_at,
        summary=booking.title or names,
        location=f"{names}, {cards[0].address or cards[0].site_name}",
        things=tuple(_thing(card, sender) for card in cards),
        url=url,
        description=sender.describe(url),
    )


def _names(cards: Iterable[ResourceCard]) -> str:
    return ", ".join(card.name for card in cards)


def _thing(card: ResourceCard, sender: Sender) -> Party:
    """What is booked takes part; its address is the service's own, so that nothing sent there bounces."""
    local, _, host = sender.address.rpartition("@")
    return Party(card.name, f"{local}+{card.slug}@{host}", "ROOM" if card.kind == "space" else "RESOURCE")


def _in_order(session: Session, resource_ids: Iterable[int]) -> tuple[ResourceCard, ...]:
    cards = resources_by_id(session, resource_ids)
    return tuple(cards[id_] for id_ in resource_ids)


def first_date(session: Session, series_id: int) -> int | None:
    """The booking that stands for a series which its member is told of; one of theirs if they have any left in it."""
    series = session.get(Series, series_id)
    if series is None:
        return None
    dates = select(Booking.id).where(Booking.series_id == series_id)
    anothers = Booking.member_id != series.member_id
    return session.scalar(dates.order_by(anothers, ~Booking.live, Booking.series_day, Booking.id).limit(1))


def live_dates(session: Session, series_id: int) -> list[int]:
    """The bookings that stand of a series, of those its own member holds, in order."""
    series = session.get_one(Series, series_id)
    theirs = select(Booking.id).where(Booking.series_id == series_id, Booking.member_id == series.member_id)
    return list(session.scalars(theirs.where(Booking.live).order_by(Booking.starts_at, Booking.id)))
