"""The nightly job: brings the marks of bookings on hold in line, and warns those whose qualifications run out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from booking.core.localtime import local_day
from booking.models import Booking, BookingHold, Qualification, QualificationGrant, QualificationWarning, Site
from booking.services import holds, settings, telling
from booking.services.catalogue import ResourceCard, resources
from booking.services.holds import CAN_LAPSE, Refreshed
from booking.services.locks import lock
from booking.services.qualifications_known import who_asks
from booking.services.standing_bookings import of_resources

AHEAD = (1, 7, 30)  # days; whoever missed one is told at the next, never by equality


def holders(session: Session, now: datetime) -> list[int]:
    """Whose bookings are to be looked at: of resources where something can lapse, and those that carry a mark."""
    places = {(row.scope_kind, row.scope_id) for row in settings.all_rows_at(session, now) if row.rule in CAN_LAPSE}
    asking = [card.id for card in resources(session) if card.calibration_due or places.intersection(card.scopes)]
    coming = select(Booking.member_id).where(Booking.live, Booking.ends_at > now, of_resources(asking, now))
    marked = select(Booking.member_id).join(BookingHold, BookingHold.booking_id == Booking.id)
    return sorted({*session.scalars(coming), *session.scalars(marked)})


def recheck(session: Session, now: datetime, member_id: int) -> Refreshed:
    """One member's bookings, under the lock that their booking takes."""
    lock(session, member_ids=[member_id])
    return holds.refresh(session, now, Booking.member_id == member_id, door="command")


def warn(session: Session, now: datetime) -> int:
    """Tells holders, once at each stage, that a qualification they have a booking for runs out; how many were told."""
    asking = who_asks(session, now)
    told = 0
    for held, name, zone in session.execute(_running_out(sorted(asking))).all():
        stage = _stage(held.expires_on, local_day(now, ZoneInfo(zone)))
        if stage is None or _was_told(session, held.id, stage):
            continue
        booking_id = _next_booking(session, now, held.member_id, asking[held.qualification_id])
        if booking_id is None:
            continue
        session.add(QualificationWarning(grant_id=held.id, days=stage, told_at=now))
        facts = {"qualification": name, "expires_on": held.expires_on.isoformat()}
        telling.tell(session, now, held.member_id, booking_id, "qualification_ends", None, facts)
        told += 1
    return told


def _running_out(qualification_ids: list[int]) -> Select[*tuple[Any, ...]]:
    """Grants with a last day that no other grant of the same member outlasts."""
    later = aliased(QualificationGrant)
    outlasted = exists().where(
        later.qualification_id == QualificationGrant.qualification_id,
        later.member_id == QualificationGrant.member_id,
        later.withdrawn_at.is_(None),
        or_(later.expires_on.is_(None), later.expires_on > QualificationGrant.expires_on),
    )
    return (
        select(QualificationGrant, Qualification.name, Site.timezone)
        .join(Qualification, Qualification.id == QualificationGrant.qualification_id)
        .join(Site, Site.id == Qualification.site_id)
        .where(
            QualificationGrant.qualification_id.in_(qualification_ids),
            QualificationGrant.withdrawn_at.is_(None),
            QualificationGrant.expires_on.is_not(None),
            ~outlasted,
        )
        .order_by(QualificationGrant.id)
    )


def _stage(expires_on: date | None, today: date) -> int | None:
    """Which warning is due: the nearest there is, None when it is too early or too late."""
    left = (expires_on - today).days if expires_on else -1
    return next((days for days in AHEAD if 0 <= left <= days), None)


def _was_told(session: Session, grant_id: int, stage: int) -> bool:
    query = select(QualificationWarning.days).where(QualificationWarning.grant_id == grant_id)
    return any(days <= stage for days in session.scalars(query))


def _next_booking(session: Session, now: datetime, member_id: int, cards: Iterable[ResourceCard]) -> int | None:
    """The member's next booking that needs it."""
    concerned = of_resources([card.id for card in cards], now)
    query = select(Booking.id).where(Booking.member_id == member_id, Booking.live, Booking.ends_at > now, concerned)
    return session.scalar(query.order_by(Booking.starts_at, Booking.id).limit(1))
