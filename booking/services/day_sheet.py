"""The day of one building for whoever prepares its rooms: what is booked, with set-up and clean-up, and by whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.core.localtime import day_span
from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, Building, Member
from booking.permissions import Actor, can
from booking.services.catalogue import ResourceCard, norwegian
from booking.services.glimpses import Glimpse, glimpses


@dataclass(frozen=True, slots=True)
class House:
    """A building, or a site's resources that are in none; `slug` is what addresses call it."""

    slug: str
    name: str
    zone: ZoneInfo
    cards: tuple[ResourceCard, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One booking of one resource; `busy` is with set-up and clean-up. What is not for the reader to know is empty."""

    card: ResourceCard
    span: TimeSpan
    busy: TimeSpan
    quantity: int
    is_requested: bool
    glimpse: Glimpse
    people: int | None
    holder: str
    contact: str


def houses(session: Session, cards: Iterable[ResourceCard]) -> list[House]:
    """Every building that has something to book, by name; then what is in no building, by site."""
    slugs = {row.id: row.slug for row in session.execute(select(Building.id, Building.slug))}
    groups: dict[tuple[bool, str], list[ResourceCard]] = {}
    for card in cards:
        at = (card.building_id is None, slugs.get(card.building_id or 0, f"site.{card.site_slug}"))
        groups.setdefault(at, []).append(card)
    found = [
        House(slug, listed[0].building_name or listed[0].site_name, listed[0].zone, tuple(listed))
        for (_, slug), listed in sorted(groups.items(), key=lambda each: each[0][0])
    ]
    return sorted(found, key=lambda house: (house.slug.startswith("site."), norwegian(house.name)))


def sheet(
    session: Session, now: datetime, actor: Actor, cards: Sequence[ResourceCard], day: date, zone: ZoneInfo
) -> list[Line]:
    """What is booked that day, in the order of the cards and then of time; each line as this actor may see it."""
    whole, by_id = day_span(day, zone), {card.id: card for card in cards}
    rows = session.execute(
        select(BookingItem, Booking.id, Booking.people, Booking.state, Booking.member_id, Member.name, Member.email)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Member, Member.id == Booking.member_id)
        .where(
            BookingItem.resource_id.in_(by_id),
            BookingItem.live,
            BookingItem.busy_from < whole.ends_at,
            BookingItem.busy_to > whole.starts_at,
        )
    ).all()
    seen = glimpses(session, now, actor, (row.id for row in rows))
    lines = [
        _line(by_id[item.resource_id], item, people, state, (member_id, name, email), seen[booking_id], actor)
        for item, booking_id, people, state, member_id, name, email in rows
    ]
    place = {id_: number for number, id_ in enumerate(by_id)}
    return sorted(lines, key=lambda line: (place[line.card.id], line.busy, line.glimpse.public_id))


def _line(
    card: ResourceCard,
    item: BookingItem,
    people: int | None,
    state: str,
    holder: tuple[int, str, str],
    glimpse: Glimpse,
    actor: Actor,
) -> Line:
    """Who may open the booking sees its people and its holder; managers and the holder see how to reach them."""
    member_id, name, email = holder
    may_reach = member_id == actor.member_id or can(actor, "resource.manage", card.place)
    return Line(
        card=card,
        span=TimeSpan(item.starts_at, item.ends_at),
        busy=TimeSpan(item.busy_from, item.busy_to),
        quantity=item.quantity,
        is_requested=state == State.REQUESTED,
        glimpse=glimpse,
        people=people if glimpse.may_open else None,
        holder=name if glimpse.may_open else "",
        contact=email if may_reach else "",
    )
