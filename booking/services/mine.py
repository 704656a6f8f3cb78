"""Reads a member's own bookings, and the organisations they book for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.models import Application, Booking, BookingItem, Member, Organisation
from booking.permissions import Actor
from booking.services.catalogue import ResourceCard, norwegian, resources_by_id

MOST_PAST = 60
APPLIED = "applied"  # the state that people are told of a request that competes with others
APPLIED_FOR = select(Application.booking_id).where(Application.state == "open")


@dataclass(frozen=True, slots=True)
class Mine:
    """One booking in a list; `cards` are the resources it holds or held, `quantities` how many units of each."""

    public_id: str
    span: TimeSpan
    state: str
    title: str
    people: int | None
    organisation: str
    organisation_key: str
    visibility: str
    cards: tuple[ResourceCard, ...]
    quantities: tuple[int, ...] = ()
    in_series: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the site."""
        return self.cards[0].zone


@dataclass(frozen=True, slots=True)
class OwnOrganisation:
    """An organisation the member may book for; `key` is for forms."""

    id: int
    key: str
    name: str


def upcoming(session: Session, now: datetime, actor: Actor, *, most: int = 200) -> list[Mine]:
    """What lies ahead or is running, soonest first; waiting ones are among them."""
    asked = Booking.live | Booking.id.in_(APPLIED_FOR)
    ahead = (Booking.member_id == actor.member_id) & asked & (Booking.ends_at > now)
    return _listed(session, ahead, most, soonest_first=True)


def past(session: Session, now: datetime, actor: Actor, *, most: int = MOST_PAST) -> list[Mine]:
    """What has been, latest first."""
    been = (Booking.member_id == actor.member_id) & Booking.live & (Booking.ends_at <= now)
    return _listed(session, been, most, soonest_first=False)


def given_up(session: Session, now: datetime, actor: Actor, *, most: int = MOST_PAST) -> list[Mine]:
    """What was cancelled, declined or has expired, for times not long gone, latest first."""
    recent = now - timedelta(days=90)
    gone = (Booking.member_id == actor.member_id) & ~Booking.live & (Booking.ends_at > recent)
    gone &= Booking.id.not_in(APPLIED_FOR) | (Booking.ends_at <= now)
    return _listed(session, gone, most, soonest_first=False)


def listed_booking(session: Session, booking_id: int) -> Mine:
    """One booking as it stands in lists."""
    return _listed(session, Booking.id == booking_id, 1, soonest_first=True)[0]


def booking_by_key(session: Session, public_id: str) -> Mine:
    """The same by its public id."""
    return _listed(session, Booking.public_id == public_id, 1, soonest_first=True)[0]


def listed_bookings(session: Session, booking_ids: Iterable[int]) -> dict[int, Mine]:
    """Many of them, by their inner id."""
    ids = sorted(set(booking_ids))
    if not ids:
        return {}
    rows = session.execute(select(Booking.public_id, Booking.id).where(Booking.id.in_(ids)))
    keys = {row.public_id: row.id for row in rows}
    return {keys[each.public_id]: each for each in _listed(session, Booking.id.in_(ids), len(ids), soonest_first=True)}


def _listed(session: Session, wanted: ColumnElement[bool], most: int, *, soonest_first: bool) -> list[Mine]:
    order = Booking.starts_at.asc() if soonest_first else Booking.starts_at.desc()
    rows = session.execute(
        select(Booking, Organisation.name, Organisation.public_id, Booking.id.in_(APPLIED_FOR).label("competes"))
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .where(wanted)
        .order_by(order, Booking.id)
        .limit(most)
    ).all()
    cards = _cards(session, [row.id for row, *_ in rows])
    return [
        Mine(
            row.public_id, row.span, APPLIED if competes else row.state, row.title, row.people, name or "", key or "",
            row.visibility, *cards[row.id], row.series_id is not None,
        )
        for row, name, key, competes in rows
    ]  # fmt: skip


def _cards(session: Session, booking_ids: Iterable[int]) -> dict[int, tuple[tuple[ResourceCard, ...], tuple[int, ...]]]:
    items = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id, BookingItem.quantity)
        .where(BookingItem.booking_id.in_(sorted(booking_ids)))
        .order_by(BookingItem.id)
    ).all()
    by_id = resources_by_id(session, {resource_id for _, resource_id, _ in items})
    cards: dict[int, tuple[tuple[ResourceCard, ...], tuple[int, ...]]] = {}
    for booking_id, resource_id, quantity in items:
        before, numbers = cards.get(booking_id, ((), ()))
        cards[booking_id] = ((*before, by_id[resource_id]), (*numbers, quantity))
    return cards


def member_name(session: Session, member_id: int) -> str:
    """The name of who holds a booking."""
    return session.scalar(select(Member.name).where(Member.id == member_id)) or ""


def own_organisations(session: Session, actor: Actor) -> list[OwnOrganisation]:
    """Those the member belongs to today, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.public_id, Organisation.name).where(
            Organisation.id.in_(sorted(actor.organisations))
        )
    )
    return sorted((OwnOrganisation(*row) for row in rows), key=lambda each: norwegian(each.name))
