"""Dispensations from the rule about lone work: who may be alone where, until when, by which decision."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Dispensation, Member, Resource
from booking.models.ids import new_public_id
from booking.permissions import Actor, require
from booking.services import journal
from booking.services.actors import local_today

LONGEST = 120


@dataclass(frozen=True, slots=True)
class DispensationLine:
    """One that counts today, or will."""

    public_id: str
    member: str
    email: str
    resource: str
    reference: str
    ends_on: date


def dispensations(session: Session, now: datetime) -> list[DispensationLine]:
    """Those that have neither ended nor been withdrawn, the first to end first."""
    rows = session.execute(
        select(
            Dispensation.public_id,
            Member.name.label("member"),
            Member.email,
            Resource.name.label("resource"),
            Dispensation.reference,
            Dispensation.ends_on,
        )
        .join(Member, Member.id == Dispensation.member_id)
        .join(Resource, Resource.id == Dispensation.resource_id)
        .where(Dispensation.withdrawn_at.is_(None), Dispensation.ends_on >= local_today(now))
        .order_by(Dispensation.ends_on, Dispensation.id)
    )
    return [DispensationLine(*row) for row in rows]


def grant(
    session: Session, now: datetime, actor: Actor, *, email: str, slug: str, reference: str, ends_on: date
) -> str:
    """Lets a member be alone at a resource; the dispensation's public id. Raises NotAllowed, InvalidInput."""
    require(actor, "site.administer")
    member_id = session.scalar(select(Member.id).where(Member.email == email.strip().lower()))
    resource_id = session.scalar(select(Resource.id).where(Resource.slug == slug))
    if member_id is None:
        raise InvalidInput("email", "group.no_such_member")
    if resource_id is None:
        raise InvalidInput("resource", "setting.not_a_choice")
    if not 0 < len(reference) <= LONGEST:
        raise InvalidInput("reference", "dispensation.reference", {"most": LONGEST})
    if ends_on < local_today(now):
        raise InvalidInput("ends_on", "ending.in_the_past")
    about = {"member_id": member_id, "resource_id": resource_id, "reference": reference, "ends_on": ends_on}
    row = Dispensation(public_id=new_public_id(), **about, granted_by_id=actor.member_id, granted_at=now)
    session.add(row)
    session.flush()
    after = {**about, "ends_on": ends_on.isoformat()}
    journal.record(session, now, actor.member_id, "dispensation.granted", ("dispensation", row.id), after=after)
    return row.public_id


def withdraw(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Ends it at once; bookings that lived on it are on hold until somebody is there. Raises NotAllowed, NotFound."""
    require(actor, "site.administer")
    row = session.scalar(select(Dispensation).where(Dispensation.public_id == public_id))
    if row is None:
        raise NotFound(kind="dispensation")
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        journal.record(session, now, actor.member_id, "dispensation.withdrawn", ("dispensation", row.id))
