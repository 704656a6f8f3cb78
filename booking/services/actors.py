"""Turns a member's row into an Actor: plain facts for permissions."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.models import Duty, Member, Membership, Organisation
from booking.permissions import Actor

member, duty = Member.__table__, Duty.__table__
membership, organisation = Membership.__table__, Organisation.__table__
# Built once, and on tables: every request of a member reads these.
ABOUT = [member.c[name] for name in ("id", "name", "email", "language", "site_role", "ends_on", "deactivated_at")]
MEMBER = select(*ABOUT).where(member.c.id == bindparam("id"))
DUTIES = select(duty.c.kind, duty.c.scope_kind, duty.c.scope_id).where(duty.c.member_id == bindparam("id"))
ORGANISATIONS = (
    select(membership.c.organisation_id, membership.c.role, membership.c.ends_on, organisation.c.ends_on)
    .select_from(membership.join(organisation, organisation.c.id == membership.c.organisation_id))
    .where(membership.c.member_id == bindparam("id"), organisation.c.state == "active")
)
HOME_ZONE = ZoneInfo("Europe/Oslo")  # where nobody says otherwise; edges pass the configured zone


def actor_for_member(
    session: Session, now: datetime, member_id: int, session_id: int | None = None, *, zone: ZoneInfo = HOME_ZONE
) -> Actor | None:
    """None when the member does not exist, is deactivated, or their time has ended."""
    session.flush()
    member = session.execute(MEMBER, {"id": member_id}).one_or_none()
    return actor_of(session, now, member, session_id, zone) if member else None


def actor_of(
    session: Session, now: datetime, member: Any, session_id: int | None, zone: ZoneInfo = HOME_ZONE
) -> Actor | None:
    """The same for a row that holds the columns of `ABOUT`."""
    if not is_active(member, now, zone):
        return None
    duties = session.execute(DUTIES, {"id": member.id}).all()
    return Actor(
        member_id=member.id,
        name=member.name,
        email=member.email,
        language=member.language,
        site_role=member.site_role,
        organisations=_organisations(session, local_today(now, zone), member.id),
        manages=frozenset((kind, id_) for duty, kind, id_ in duties if duty == "manager"),
        approves=frozenset((kind, id_) for _, kind, id_ in duties),
        session_id=session_id,
    )


def is_active(member: Any, now: datetime, zone: ZoneInfo = HOME_ZONE) -> bool:
    """Whether the member, by row or columns, may sign in and act; `ends_on` is the last day."""
    ended = member.ends_on is not None and member.ends_on < local_today(now, zone)
    return member.deactivated_at is None and not ended


def local_today(now: datetime, zone: ZoneInfo = HOME_ZONE) -> date:
    """The date people have on their calendars."""
    return now.astimezone(zone).date()


def _organisations(session: Session, today: date, member_id: int) -> dict[int, str]:
    """Memberships that count today, in organisations that are here."""
    rows = session.execute(ORGANISATIONS, {"id": member_id})
    return {id_: role for id_, role, *ends in rows if all(last is None or last >= today for last in ends)}
