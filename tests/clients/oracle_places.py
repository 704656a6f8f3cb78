"""What else calendars of rooms and sites must show: closures, maintenance, and the time before and after bookings."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import ApprovalStep, Booking, BookingItem, Building, Closure, Outage, Resource, Site
from tests.clients.oracle import MONTH, STATUSES, WEEK, YEAR, Reader, occurrences, of_member, plain, this_week
from tests.support.parsers import Moment, Occurrence

MIDNIGHT = (0, 0)


def of_site(session: Session, now: datetime, slug: str, reader: Reader) -> set[Occurrence]:
    """All that is booked there, and what closes the site or one of its buildings."""
    site = session.scalars(select(Site).where(Site.slug == slug)).one()
    rows = session.scalars(select(Booking).where(Booking.site_id == site.id)).all()
    buildings = session.scalars(select(Building.id).where(Building.site_id == site.id)).all()
    scopes = {("site", site.id), *(("building", id_) for id_ in buildings)}
    return occurrences(session, now, rows, reader) | set(_closures(session, now, scopes, site, reader))


def of_room(session: Session, now: datetime, slug: str, reader: Reader) -> set[Occurrence]:
    """All that is booked there, whatever closes it, and its maintenance."""
    room = session.scalars(select(Resource).where(Resource.slug == slug)).one()
    site = session.get_one(Site, room.site_id)
    booked = select(BookingItem.booking_id).where(BookingItem.resource_id == room.id)
    rows = session.scalars(select(Booking).where(Booking.id.in_(booked))).all()
    scopes = {
        ("site", site.id), ("building", room.building_id), ("category", room.category_id), ("resource", room.id),
    }  # fmt: skip
    found = occurrences(session, now, rows, reader) | set(_closures(session, now, scopes, site, reader))
    for row in session.scalars(select(Outage).where(Outage.resource_id == room.id, Outage.effect == "block")):
        name = reader.word("busy") if reader.busy_only else f"Maintenance: {plain(row.reason)}"
        found |= _shut(f"outage-{row.public_id}@samrom", row, site, name, now)
    return found


def of_organisation(session: Session, now: datetime, email: str, reader: Reader) -> set[Occurrence]:
    """All that is booked for the organisation that this member books for."""
    ids = {row.organisation_id for row in of_member(session, email)}
    rows = session.scalars(select(Booking).where(Booking.organisation_id.in_(ids))).all()
    return occurrences(session, now, rows, reader)


def announced(session: Session, now: datetime, slug: str, reader: Reader) -> set[Occurrence]:
    """What is open to everybody and stands, or was open and is cancelled."""
    site_id = session.scalars(select(Site.id).where(Site.slug == slug)).one()
    rows = session.scalars(select(Booking).where(Booking.site_id == site_id, Booking.visibility == "public")).all()
    return occurrences(session, now, [row for row in rows if row.state in ("confirmed", "cancelled")], reader)


def with_set_up(session: Session, now: datetime, email: str, reader: Reader) -> set[Occurrence]:
    """A member's own bookings, and beside each that stands what it needs before and after."""
    own = of_member(session, email)
    found = occurrences(session, now, own, reader)
    shown = {each.uid for each in found}
    for row in own:
        if row.uid not in shown or row.state not in STATUSES:
            continue
        items = session.scalars(select(BookingItem).where(BookingItem.booking_id == row.id)).all()
        first, last = min(each.busy_from for each in items), max(each.busy_to for each in items)
        for kind, starts, ends in (("set-up", first, row.starts_at), ("clean-up", row.ends_at, last)):
            if starts < ends:
                found.add(Occurrence(f"{kind}-{row.uid}", starts, ends, STATUSES[row.state], reader.word(kind)))
    return found


def _closures(
    session: Session, now: datetime, scopes: set[tuple[str, int]], site: Site, reader: Reader
) -> Iterator[Occurrence]:
    for row in session.scalars(select(Closure)):
        if (row.scope_kind, row.scope_id) in scopes:
            name = reader.word("busy") if reader.busy_only else plain(row.name)
            yield from _shut(f"closure-{row.public_id}@samrom", row, site, name, now)


def _shut(uid: str, row: Closure | Outage, site: Site, name: str, now: datetime) -> set[Occurrence]:
    """From midnight to midnight on the site's clock it is days, the last not among them; otherwise instants."""
    monday = this_week(now)
    if row.ends_at <= monday - MONTH or row.starts_at >= monday + WEEK + YEAR:
        return set()
    starts, ends = (instant.astimezone(ZoneInfo(site.timezone)) for instant in (row.starts_at, row.ends_at))
    whole = all((each.hour, each.minute) == MIDNIGHT for each in (starts, ends))
    span: tuple[Moment, Moment] = (starts.date(), ends.date()) if whole else (row.starts_at, row.ends_at)
    return {Occurrence(uid, *span, "CONFIRMED", name)}


def to_answer(session: Session, now: datetime, reader: Reader) -> set[Occurrence]:
    """Requests of times to come as long as they wait, and for a month what became of them."""
    asked = select(ApprovalStep.booking_id)
    rows = session.scalars(select(Booking).where(Booking.id.in_(asked))).all()
    found = occurrences(session, now, rows, reader)
    answered = {row.uid for row in rows if row.state != "requested"}
    over = reader.word(reader.over)
    return {
        each._replace(status="CANCELLED", summary=f"{over} {each.summary.removeprefix(over + ' ')}")
        if each.uid in answered
        else each
        for each in found
        if each.uid not in answered or _modified(rows, each.uid) >= this_week(now) - MONTH
    }


def _modified(rows: Sequence[Booking], uid: str) -> datetime:
    return next(row.modified_at for row in rows if row.uid == uid)
