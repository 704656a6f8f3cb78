"""Tells holders what maintenance and faults mean for bookings that stand, and writes it in the bookings' history."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking, Notice
from booking.permissions import Actor
from booking.services import journal, telling
from booking.services.stranded import unfit

KEPT, LIFTED = "outage_kept", "outage_lifted"
FAULT, FAULT_OVER = "fault", "fault_over"
ACTIONS = {KEPT: "outage.kept", LIFTED: "outage.lifted", FAULT: "fault.affects", FAULT_OVER: "fault.over"}


def spread(
    session: Session,
    now: datetime,
    actor: Actor,
    kind: str,
    bookings: Iterable[Booking],
    *,
    facts: Mapping[str, object] | None = None,
    message: str | None = None,
    named: bool = True,
) -> None:
    """The same news to the holder of each; `named` is False where nobody is to know who it comes from."""
    for row in bookings:
        about, said = ("booking", row.id), telling.written(None, message)
        journal.record(session, now, actor.member_id, ACTIONS[kind], about, door=telling.FOR_OUTAGE, text=said)
        if row.member_id != actor.member_id:
            by = actor.member_id if named else None
            telling.tell(session, now, row.member_id, row.id, kind, by, facts, message or None)


def tell_of_fault(
    session: Session, now: datetime, actor: Actor, fault: str, reached: Collection[int], hit: Iterable[int]
) -> None:
    """Who cannot have what they booked hears so; who heard so and can have it after all hears that too."""
    still = unfit(session, now, reached)
    over = [id_ for id_ in _told(session, fault) if id_ not in still]
    facts = {"fault": fault}
    spread(session, now, actor, FAULT, _ahead(session, now, hit), facts=facts, named=False)
    spread(session, now, actor, FAULT_OVER, _ahead(session, now, over), facts=facts, named=False)


def _told(session: Session, fault: str) -> list[int]:
    """The bookings whose holders last heard that this fault hits them."""
    rows = session.execute(
        select(Notice.booking_id, Notice.kind, Notice.facts)
        .where(Notice.kind.in_((FAULT, FAULT_OVER)))
        .order_by(Notice.id)
    )
    last = {booking_id: kind for booking_id, kind, facts in rows if facts.get("fault") == fault}
    return [booking_id for booking_id, kind in last.items() if kind == FAULT]


def _ahead(session: Session, now: datetime, booking_ids: Iterable[int]) -> list[Booking]:
    ids = sorted(set(booking_ids))
    wanted = select(Booking).where(Booking.id.in_(ids), Booking.live, Booking.ends_at > now)
    return list(session.scalars(wanted.order_by(Booking.starts_at, Booking.id)))
