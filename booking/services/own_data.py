"""What the service keeps about one member, for the member to see."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.models import (
    Booking,
    Duty,
    FeedKey,
    LoginSession,
    MailChoice,
    Member,
    Membership,
    Organisation,
    OutboxMessage,
    QualificationGrant,
)
from booking.permissions import Actor

Counted = Booking | LoginSession | FeedKey | Duty | QualificationGrant | OutboxMessage | MailChoice


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """An organisation the member belongs to."""

    organisation: str
    role: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything that is kept about a member, counted where it is many."""

    name: str
    email: str
    created_at: datetime
    ends_on: date | None
    memberships: tuple[OwnMembership, ...]
    bookings: int
    bookings_ahead: int
    sign_ins: int
    feeds: int
    duties: int
    qualifications: int
    mails: int
    chose_mails: bool


def summary(session: Session, now: datetime, actor: Actor) -> OwnData:
    """The member's own data."""
    id_ = actor.member_id
    row = session.get_one(Member, id_)
    memberships = session.execute(
        select(Organisation.name, Membership.role, Membership.ends_on)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.member_id == id_)
        .order_by(Organisation.name)
    )

    def count(model: type[Counted], *more: object) -> int:
        wanted = select(func.count()).select_from(model).where(model.member_id == id_, *more)  # type: ignore[arg-type]
        return session.scalar(wanted) or 0

    return OwnData(
        row.name,
        row.email,
        row.created_at,
        row.ends_on,
        tuple(OwnMembership(*membership) for membership in memberships),
        bookings=count(Booking),
        bookings_ahead=count(Booking, Booking.live, Booking.ends_at > now),
        sign_ins=count(LoginSession, LoginSession.expires_at > now),
        feeds=count(FeedKey, FeedKey.revoked_at.is_(None)),
        duties=count(Duty),
        qualifications=count(QualificationGrant),
        mails=count(OutboxMessage),
        chose_mails=bool(count(MailChoice)),
    )
