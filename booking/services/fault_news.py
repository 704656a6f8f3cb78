"""Tells those who look after a resource that a fault was reported, and them and its reporter how it was settled."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from booking.models import Duty, DutyKind, Fault, Member, SiteRole
from booking.permissions import Actor
from booking.services import telling
from booking.services.actors import is_active
from booking.services.catalogue import ResourceCard

REPORTED, OUT, USABLE, FIXED = "fault_reported", "fault_out", "fault_usable", "fault_fixed"


def tell_of_report(session: Session, now: datetime, actor: Actor, card: ResourceCard, fault: Fault) -> None:
    """Its managers read who reported it and what is wrong, in the reporter's own words."""
    facts = {"is_dangerous": fault.is_dangerous}
    for member_id in looked_after_by(session, now, card):
        telling.tell(session, now, member_id, None, REPORTED, actor.member_id, facts, fault.what, fault_id=fault.id)


def tell_of_settling(session: Session, now: datetime, actor: Actor, card: ResourceCard, fault: Fault) -> None:
    """Its other managers and the reporter read how it stands now."""
    kind = FIXED if not fault.is_open else OUT if fault.out_since else USABLE
    facts = {"back": fault.expected_back.isoformat()} if fault.expected_back else {}
    told = {*looked_after_by(session, now, card), *([fault.reported_by_id] if fault.reported_by_id else [])}
    for member_id in sorted(told):
        telling.tell(session, now, member_id, None, kind, actor.member_id, facts, fault_id=fault.id)


def looked_after_by(session: Session, now: datetime, card: ResourceCard) -> list[int]:
    """Its managers who can sign in; the site's admins where it has none, so that no report goes unread."""
    duties = or_(*((Duty.scope_kind == kind) & (Duty.scope_id == id_) for kind, id_ in card.scopes))
    managers = select(Duty.member_id).where(Duty.kind == DutyKind.MANAGER, duties)
    found = _active(session, now, card, Member.id.in_(managers))
    return list(found) or list(_active(session, now, card, Member.site_role == SiteRole.SITE_ADMIN))


def _active(session: Session, now: datetime, card: ResourceCard, wanted: ColumnElement[bool]) -> Iterator[int]:
    for member in session.scalars(select(Member).where(wanted).order_by(Member.id)):
        if is_active(member, now, card.zone):
            yield member.id
