"""Turns a member's row into an Actor: plain facts for permissions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Duty, Member, Membership, Organisation
from booking.permissions import Actor

HOME_ZONE = ZoneInfo("Europe/Oslo")  # where nobody says otherwise; edges pass the configured zone


def actor_for_member(
    session: Session, now: datetime, member_id: int, session_id: int | None = None, *, zone: ZoneInfo = HOME_ZONE
) -> Actor | None:
    """None when the member does not exist, is deactivated, or their time has ended."""
    member = session.get(Member, member_id)
    if member is None or not is_active(member, now, zone):
        return None
    duties = session.execute(select(Duty.kind, Duty.scope_kind, Duty.scope_id).where(Duty.member_id == member_id)).all()
    return Actor(
        member_id=member.id,
        name=member.name,
        email=member.email,
        language=member.language,
        site_role=member.site_role,
        organisations=_organisations(session, local_today(now, zone), member_id),
        manages=frozenset((kind, id_) for duty, kind, id_ in duties if duty == "manager"),
        approves=frozenset((kind, id_) for _, kind, id_ in duties),
        session_id=session_id,
    )


def is_active(member: Member, now: datetime, zone: ZoneInfo = HOME_ZONE) -> bool:
    """Whether the member may sign in and act; `ends_on` is the last day."""
    ended = member.ends_on is not None and member.ends_on < local_today(now, zone)
    return member.deactivated_at is None and not ended


def local_today(now: datetime, zone: ZoneInfo = HOME_ZONE) -> date:
    """The date people have on their calendars."""
    return now.astimezone(zone).date()


def _organisations(session: Session, today: date, member_id: int) -> dict[int, str]:
    """Memberships that count today, in organisations that are here."""
    rows = session.execute(
        select(Membership.organisation_id, Membership.role, Membership.ends_on, Organisation.ends_on)
        .join(Organisation)
        .where(Membership.member_id == member_id, Organisation.state == "active")
    )
    return {id_: role for id_, role, *ends in rows if all(last is None or last >= today for last in ends)}
