"""Takes the demo accounts away, with what they booked, before a service is used in earnest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from booking.db import Base
from booking.models import Booking, BookingItem, Member
from booking.services import journal
from booking.services.feed_counters import raise_counters

KEPT_WITHOUT_NAME = {"journal_entry", "rule_setting", "special_day", "closure", "outage", "fault", "one_time_link",
                     "external_calendar", "qualification_grant", "series"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Removed:
    """How much went."""

    members: int
    bookings: int


def remove_demo_accounts(session: Session, now: datetime) -> Removed:
    """Deletes every demo member, what they hold and what signs them in; history keeps its lines without the name."""
    members = list(session.scalars(select(Member.id).where(Member.is_demo)))
    bookings = list(session.scalars(select(Booking.id).where(_is_theirs(members))))
    _tell_feeds(session, now, bookings)
    session.execute(delete(Booking).where(Booking.id.in_(bookings)))
    for table in reversed(Base.metadata.sorted_tables):
        _forget(session, table, members)
    session.execute(delete(Member).where(Member.id.in_(members)))
    counts = {"members": len(members), "bookings": len(bookings)}
    journal.record(session, now, None, "demo.removed", ("site", 0), door="command", after=counts)
    return Removed(**counts)


def _is_theirs(members: list[int]) -> ColumnElement[bool]:
    return or_(Booking.member_id.in_(members), Booking.booked_by_id.in_(members))


def _tell_feeds(session: Session, now: datetime, bookings: list[int]) -> None:
    """Whoever follows a resource, organisation or site in a calendar sees the bookings go."""
    scopes: set[tuple[str, int]] = set()
    for site, organisation in session.execute(
        select(Booking.site_id, Booking.organisation_id).where(Booking.id.in_(bookings)).distinct()
    ):
        scopes |= {("site", site)} | ({("organisation", organisation)} if organisation else set())
    held = select(BookingItem.resource_id).where(BookingItem.booking_id.in_(bookings)).distinct()
    raise_counters(session, now, scopes | {("resource", id_) for id_ in session.scalars(held)})


def _forget(session: Session, table: Table, members: list[int]) -> None:
    """Deletes the rows that are about the members; where they only signed for something, the signature goes."""
    for column in table.columns:
        if not any(key.column.table.name == "member" for key in column.foreign_keys):
            continue
        if table.name in KEPT_WITHOUT_NAME and column.nullable:
            session.execute(update(table).where(column.in_(members)).values({column: None}))
        else:
            session.execute(delete(table).where(column.in_(members)))
