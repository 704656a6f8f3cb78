"""Makes the least that a test needs, straight as rows; the database's own guards see to it that they are valid.

Times are read in Oslo: `a_booking(session, on=room, member=kari, at="2027-05-18 10:00-11:30")`. An end that is not
after the start lies on the next day. `span=` takes any TimeSpan instead.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.lifecycle import HOLDING, State
from booking.core.timespan import TimeSpan
from booking.models import (
    Allocation,
    Booking,
    BookingItem,
    Category,
    Member,
    Membership,
    Organisation,
    Resource,
    ResourceUnit,
    Site,
    Unit,
)
from booking.models.ids import new_public_id
from booking.services import feed_fragments

Row = TypeVar("Row")

OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MEETING_ROOMS = {"nb": "Møterom", "nn": "Møterom", "en": "Meeting rooms"}
number = count(1)


def a_site(session: Session, **changes: object) -> Site:
    """A site in Trondheim."""
    n = next(number)
    about = {"slug": f"site-{n}", "name": f"Site {n}", "address": f"Gata {n}", "timezone": "Europe/Oslo"}
    return _added(session, Site(**{**about, **changes}))


def a_category(session: Session, **changes: object) -> Category:
    """A category of meeting rooms."""
    return _added(session, Category(**{"slug": f"category-{next(number)}", "names": MEETING_ROOMS, **changes}))


def a_room(session: Session, site: Site | None = None, units: int = 1, **changes: object) -> Resource:
    """A space with as many units as told; more than one unit makes no pool unless told so."""
    n = next(number)
    about = {
        "slug": f"room-{n}",
        "name": f"Room {n}",
        "kind": "space",
        "seats": 8,
        "site_id": (site or a_site(session)).id,
        "created_at": LONG_AGO,
    }
    if "category_id" not in changes:
        about["category_id"] = a_category(session).id
    room = _added(session, Resource(**{**about, **changes}))
    for index in range(units):
        unit = _added(session, Unit(name=f"{room.name} {index + 1}"))
        session.add(ResourceUnit(resource_id=room.id, unit_id=unit.id))
    session.flush()
    return room


def an_organisation(session: Session, **changes: object) -> Organisation:
    """An organisation that is here."""
    n = next(number)
    about = {"slug": f"organisation-{n}", "name": f"Organisation {n}", "kind": "business", "created_at": LONG_AGO}
    return _added(session, Organisation(**{**about, **changes}))


def a_member(
    session: Session, organisation: Organisation | None = None, role: str = "member", **changes: object
) -> Member:
    """A member, in the organisation when one is given; without a password."""
    n = next(number)
    about = {"email": f"member{n}@example.invalid", "name": f"Member {n}", "created_at": LONG_AGO}
    member = _added(session, Member(**{**about, **changes}))
    if organisation is not None:
        session.add(Membership(member_id=member.id, organisation_id=organisation.id, role=role))
        session.flush()
    return member


def a_booking(
    session: Session,
    *,
    on: Resource,
    member: Member,
    at: str = "",
    span: TimeSpan | None = None,
    state: State = State.CONFIRMED,
    **changes: object,
) -> Booking:
    """A booking with its item and, while it holds time, an allocation of every unit of the resource."""
    span = span or span_at(at)
    about = {
        "public_id": new_public_id(),
        "uid": f"{new_public_id()}@samrom",
        "site_id": on.site_id,
        "member_id": member.id,
        "booked_by_id": member.id,
        "created_at": LONG_AGO,
        "modified_at": LONG_AGO,
    }
    live = state in HOLDING
    when = {"starts_at": span.starts_at, "ends_at": span.ends_at, "live": live}
    booking = _added(session, Booking(**{**about, **changes}, **when, state=state))
    units = session.scalars(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == on.id)).all() if live else []
    busy = {"busy_from": span.starts_at, "busy_to": span.ends_at, "resource_id": on.id, "live": live}
    item = BookingItem(booking_id=booking.id, **{**when, **busy}, held_unit_id=units[0] if units else None)
    _added(session, item)
    for unit_id in units:
        _added(session, Allocation(item_id=item.id, unit_id=unit_id, **busy))
    feed_fragments.changed(session, LONG_AGO, [booking.id])
    return booking


def span_at(words: str) -> TimeSpan:
    """`2027-05-18 10:00-11:30` in Oslo; of a doubled hour the first."""
    day, _, clock = words.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{wall}").replace(tzinfo=OSLO) for wall in clock.split("-"))
    if ends.replace(tzinfo=None) <= starts.replace(tzinfo=None):
        ends += timedelta(days=1)
    return TimeSpan(starts.astimezone(UTC), ends.astimezone(UTC))


def _added(session: Session, row: Row) -> Row:
    """The row with its id."""
    session.add(row)
    session.flush()
    return row
