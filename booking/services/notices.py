"""What a member has been told, of bookings and of faults, and that they have read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from booking.core.errors import NotFound
from booking.core.timespan import TimeSpan
from booking.models import Booking, Fault, Member, Notice
from booking.permissions import Actor
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.mine import Mine, listed_bookings

MOST = 20


@dataclass(frozen=True, slots=True)
class AboutFault:
    """The fault that a notice is about; `back` is when the resource was expected back as the notice was written."""

    public_id: str
    card: ResourceCard
    is_dangerous: bool
    back: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """One notice, about a booking or a fault; `who` is empty where the name stays hidden.

    `before` and `after` are empty where nothing moved.
    """

    key: str
    kind: str
    at: datetime
    who: str
    message: str
    is_read: bool
    booking: Mine | None
    fault: AboutFault | None
    before: TimeSpan | None
    after: TimeSpan | None
    places_before: tuple[int, ...]
    places_after: tuple[int, ...]
    about: dict[str, Any] = field(default_factory=dict, hash=False)


def unread_count(session: Session, member_id: int) -> int:
    """How many the member has not read."""
    return session.scalar(select(func.count()).where(Notice.member_id == member_id, Notice.read_at.is_(None))) or 0


def unread(session: Session, actor: Actor, *, most: int = MOST) -> list[Told]:
    """What the member has not read yet, newest first."""
    return _told(session, most, Notice.member_id == actor.member_id, Notice.read_at.is_(None))


def of_booking(session: Session, actor: Actor, public_id: str, *, most: int = 3) -> list[Told]:
    """What the member was told about one booking and has not read, newest first."""
    booking = Booking.public_id == public_id
    return _told(session, most, Notice.member_id == actor.member_id, Notice.read_at.is_(None), booking)


def recent(session: Session, actor: Actor, *, most: int = 100) -> list[Told]:
    """Everything the member has been told, newest first."""
    return _told(session, most, Notice.member_id == actor.member_id)


def mark_read(session: Session, now: datetime, actor: Actor, keys: Collection[str]) -> int:
    """Marks the member's own notices as read; how many there were. Raises NotFound for anybody else's."""
    rows = select(Notice.id).where(Notice.public_id.in_(sorted(keys)), Notice.member_id == actor.member_id)
    ids = list(session.scalars(rows))
    if len(ids) != len(set(keys)):
        raise NotFound(kind="notice")
    session.execute(update(Notice).where(Notice.id.in_(ids), Notice.read_at.is_(None)).values(read_at=now))
    return len(ids)


def _told(session: Session, most: int, *wanted: ColumnElement[bool]) -> list[Told]:
    actor = aliased(Member)
    rows = session.execute(
        select(Notice, actor.name)
        .outerjoin(Booking, Booking.id == Notice.booking_id)
        .outerjoin(actor, actor.id == Notice.actor_id)
        .where(*wanted)
        .order_by(Notice.id.desc())
        .limit(most)
    ).all()
    bookings = listed_bookings(session, {row.booking_id for row, _ in rows if row.booking_id})
    faults = _faults(session, [row for row, _ in rows if row.fault_id])
    return [_one(row, name or "", bookings.get(row.booking_id or 0), faults.get(row.id)) for row, name in rows]


def _faults(session: Session, rows: Collection[Notice]) -> dict[int, AboutFault]:
    """What each of these notices is about, by the notice's id."""
    if not rows:
        return {}
    ids = sorted({row.fault_id for row in rows if row.fault_id})
    faults = {fault.id: fault for fault in session.scalars(select(Fault).where(Fault.id.in_(ids)))}
    cards = resources_by_id(session, {fault.resource_id for fault in faults.values()})
    return {row.id: _fault(row, fault, cards) for row in rows if (fault := faults.get(row.fault_id or 0))}


def _fault(row: Notice, fault: Fault, cards: Mapping[int, ResourceCard]) -> AboutFault:
    back = datetime.fromisoformat(row.facts["back"]) if "back" in row.facts else None
    return AboutFault(fault.public_id, cards[fault.resource_id], bool(row.facts.get("is_dangerous")), back)


def _one(row: Notice, who: str, booking: Mine | None, fault: AboutFault | None) -> Told:
    before, after = (row.facts.get(name) or {} for name in ("before", "after"))
    return Told(
        key=row.public_id,
        kind=row.kind,
        at=row.created_at,
        who=who,
        message=row.text or "",
        is_read=row.read_at is not None,
        booking=booking,
        fault=fault,
        before=span_of(before),
        after=span_of(after) or _wanted(row.facts),
        places_before=tuple(before.get("resources", ())),
        places_after=tuple(after.get("resources", ())),
        about=row.facts,
    )


def span_of(values: dict[str, Any]) -> TimeSpan | None:
    """The span that the journal's or a notice's values hold."""
    if "starts_at" not in values or "ends_at" not in values:
        return None
    return TimeSpan(datetime.fromisoformat(values["starts_at"]), datetime.fromisoformat(values["ends_at"]))


def _wanted(facts: dict[str, Any]) -> TimeSpan | None:
    if "from" not in facts:
        return None
    return TimeSpan(datetime.fromisoformat(facts["from"]), datetime.fromisoformat(facts["to"]))
