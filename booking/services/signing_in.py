"""Signing in and out. The browser holds a random token; here only its hash is kept.

A sign-in has three steps, so that a failed one stays counted and no lock is held while a password is compared:
`count_attempt` (written and committed), `recognise` (only reads), `open_session` (written).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from booking.core.errors import DomainError, NotFound
from booking.db import UTCDateTime
from booking.models import LoginSession, Member
from booking.permissions import Actor
from booking.services import journal, passwords, throttle
from booking.services.actors import ABOUT, HOME_ZONE, actor_of, is_active

login_session, member = LoginSession.__table__, Member.__table__
SIGNED_IN = (
    select(*ABOUT, login_session.c.id.label("session_id"))
    .select_from(login_session.join(member, member.c.id == login_session.c.member_id))
    .where(
        login_session.c.token_hash == bindparam("hash"),
        login_session.c.expires_at > bindparam("now", type_=UTCDateTime),
    )
)
SEEN_EVERY = timedelta(hours=1)


class SignInFailed(DomainError):
    """The e-mail and the password do not belong together; says the same whether the account exists or not."""

    code = "signin.failed"


class SignInThrottled(DomainError):
    """Too many failures; `seconds` says how long to wait."""

    code = "signin.throttled"
    status = 429


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """One of a member's sign-ins, as their account page lists it."""

    id: int
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def hash_token(token: str) -> str:
    """What is stored instead of a token; tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(session: Session, now: datetime, token: str, *, zone: ZoneInfo = HOME_ZONE) -> Actor | None:
    """The member behind a browser's token; None when the sign-in has ended or the member is out."""
    row = session.execute(SIGNED_IN, {"hash": hash_token(token), "now": now}).one_or_none()
    return actor_of(session, now, row, row.session_id, zone) if row else None


def count_attempt(session: Session, now: datetime, email: str, address: str) -> None:
    """Counts the attempt as failed until `open_session` says otherwise. Raises SignInThrottled."""
    wait = throttle.count(session, now, throttle.account(email), throttle.address(address))
    if wait:
        raise SignInThrottled(seconds=wait)


def recognise(session: Session, now: datetime, email: str, password: str, cost: str) -> int:
    """The id of the member with this e-mail and password. Raises SignInFailed; only reads."""
    member = session.scalar(select(Member).where(Member.email == email.strip().lower()))
    is_right = passwords.is_right(member.password_hash if member else None, password, cost)
    if member is None or not is_right or not is_active(member, now):
        raise SignInFailed
    return member.id


def open_session(session: Session, now: datetime, member_id: int, *, address: str, device: str, days: int) -> str:
    """Begins a sign-in for somebody who has been recognised; the token is for their browser alone."""
    member = session.get_one(Member, member_id)
    throttle.forgive(session, throttle.account(member.email), throttle.address(address))
    session.execute(delete(LoginSession).where(LoginSession.member_id == member_id, LoginSession.expires_at <= now))
    token = secrets.token_urlsafe(32)
    row = LoginSession(member_id=member_id, token_hash=hash_token(token), device=device[:80])
    row.created_at = row.last_seen_at = now
    row.expires_at = now + timedelta(days=days)
    session.add(row)
    journal.record(session, now, member_id, "member.signed_in", ("member", member_id))
    return token


def renew_hash(session: Session, member_id: int, password: str, cost: str) -> None:
    """Hashes the password anew when its hash was made with another cost."""
    member = session.get_one(Member, member_id)
    if member.password_hash and passwords.is_outdated(member.password_hash, cost):
        member.password_hash = passwords.hash_password(password, cost)


def mark_seen(session: Session, now: datetime, session_id: int) -> None:
    """Notes that the browser was used; the edge calls this at most hourly."""
    row = session.get(LoginSession, session_id)
    if row is not None:
        row.last_seen_at = now


def sign_out(session: Session, now: datetime, token: str) -> None:
    """Ends the sign-in of this token; nothing happens when it has ended already."""
    row = session.scalar(select(LoginSession).where(LoginSession.token_hash == hash_token(token)))
    if row is not None:
        session.delete(row)
        journal.record(session, now, row.member_id, "member.signed_out", ("member", row.member_id))


def sign_out_everywhere(
    session: Session, now: datetime, member_id: int, except_session_id: int | None = None, by_id: int | None = None
) -> int:
    """Ends all the member's sign-ins, but for one perhaps; how many there were."""
    ended = delete(LoginSession).where(LoginSession.member_id == member_id)
    if except_session_id is not None:
        ended = ended.where(LoginSession.id != except_session_id)
    count: int = session.execute(ended).rowcount  # type: ignore[attr-defined]
    if count:
        subject = ("member", member_id)
        journal.record(
            session, now, by_id or member_id, "member.signed_out_everywhere", subject, after={"ended": count}
        )
    return count


def browsers(session: Session, now: datetime, actor: Actor) -> list[SignedInBrowser]:
    """The member's own sign-ins, the latest seen first."""
    rows = session.scalars(
        select(LoginSession)
        .where(LoginSession.member_id == actor.member_id, LoginSession.expires_at > now)
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    )
    return [SignedInBrowser(r.id, r.device, r.created_at, r.last_seen_at, r.id == actor.session_id) for r in rows]


def end_one(session: Session, now: datetime, actor: Actor, session_id: int) -> None:
    """Ends one of the member's own sign-ins. Raises NotFound for anybody else's."""
    row = session.get(LoginSession, session_id)
    if row is None or row.member_id != actor.member_id:
        raise NotFound
    session.delete(row)
    journal.record(session, now, actor.member_id, "member.signed_out", ("member", actor.member_id))
