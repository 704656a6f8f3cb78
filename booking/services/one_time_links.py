"""Addresses that work once and for a while: an invitation to join, or a way to choose a new password.

Only a hash of each is stored, so a link can be shown when it is made and never again; making another ends the first.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import DomainError
from booking.models import OneTimeLink
from booking.services.signing_in import hash_token

LIFETIME = timedelta(days=7)
SHORT_LIFETIME = timedelta(hours=1)  # of what anybody can ask for


class LinkKind(StrEnum):
    """What a link lets its holder do."""

    INVITATION = "invitation"
    PASSWORD = "password"


class LinkGone(DomainError):
    """The link was used, has expired, was replaced, or never existed; the answer is the same."""

    code = "link.gone"
    status = 410


@dataclass(frozen=True, slots=True)
class Purpose:
    """Whom a link is for and what it leads to."""

    kind: LinkKind
    email: str
    name: str = ""
    member_id: int | None = None
    organisation_id: int | None = None
    role: str = "member"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made: the one moment its token is known."""

    id: int
    token: str
    purpose: Purpose
    expires_at: datetime


def issue(
    session: Session,
    now: datetime,
    by_id: int | None,
    purpose: Purpose,
    *,
    token: str = "",
    lasts: timedelta = LIFETIME,
) -> NewLink:
    """Makes a link and ends earlier ones for the same purpose; its token is random unless the caller has one."""
    end_earlier(session, now, purpose)
    token = token or secrets.token_urlsafe(24)
    row = OneTimeLink(kind=purpose.kind, token_hash=hash_token(token), email=purpose.email, name=purpose.name)
    row.member_id, row.organisation_id, row.role = purpose.member_id, purpose.organisation_id, purpose.role
    row.created_by_id, row.created_at, row.expires_at = by_id, now, now + lasts
    session.add(row)
    session.flush()
    return NewLink(row.id, token, purpose, row.expires_at)


def end_earlier(session: Session, now: datetime, purpose: Purpose) -> None:
    """Ends the open links of this kind for this person (and organisation)."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.kind == purpose.kind, OneTimeLink.email == purpose.email)
        .where(OneTimeLink.organisation_id.is_not_distinct_from(purpose.organisation_id))
        .where(OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .values(expires_at=now)
    )


def end_all(session: Session, now: datetime, email: str) -> None:
    """Ends every open link of a person who is out."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.email == email, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .values(expires_at=now)
    )


def read(session: Session, now: datetime, kind: LinkKind, token: str) -> Purpose:
    """What the link is for. Raises LinkGone."""
    return _purpose(_open_row(session, now, kind, token))


def is_open(session: Session, now: datetime, token: str) -> bool:
    """Whether the link still works."""
    open_ = (OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    return session.scalar(select(OneTimeLink.id).where(OneTimeLink.token_hash == hash_token(token), *open_)) is not None


def use(session: Session, now: datetime, kind: LinkKind, token: str) -> Purpose:
    """Uses the link up. Raises LinkGone; of two who use it at once, one wins."""
    row = _open_row(session, now, kind, token, is_to_be_used=True)
    row.used_at = now
    return _purpose(row)


def _open_row(
    session: Session, now: datetime, kind: LinkKind, token: str, *, is_to_be_used: bool = False
) -> OneTimeLink:
    wanted = select(OneTimeLink).where(
        OneTimeLink.token_hash == hash_token(token),
        OneTimeLink.kind == kind,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    row = session.scalar(wanted.with_for_update() if is_to_be_used else wanted)
    if row is None:
        raise LinkGone
    return row


def _purpose(row: OneTimeLink) -> Purpose:
    return Purpose(LinkKind(row.kind), row.email, row.name, row.member_id, row.organisation_id, row.role)
