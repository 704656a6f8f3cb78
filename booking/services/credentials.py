"""Chooses passwords: one's own anew, by a one-time link, and the first one when an invitation is accepted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.models import Member
from booking.permissions import Actor
from booking.services import journal, one_time_links, outbox, passwords, signing_in
from booking.services.actors import is_active, local_today
from booking.services.locks import lock
from booking.services.members import a_name, join
from booking.services.one_time_links import LinkGone, LinkKind, Purpose

CHANGED = "password_changed"


def change_password(session: Session, now: datetime, actor: Actor, current: str, new: str, cost: str) -> None:
    """Replaces one's own password and signs out all other browsers. Raises InvalidInput for either field."""
    row = session.get_one(Member, actor.member_id)
    if not passwords.is_right(row.password_hash, current, cost):
        raise InvalidInput("current_password", "password.wrong")
    _check(new, row.email, "new_password")
    row.password_hash = passwords.hash_password(new, cost)
    journal.record(session, now, actor.member_id, "account.password_changed", ("member", row.id))
    signing_in.sign_out_everywhere(session, now, row.id, except_session_id=actor.session_id)
    one_time_links.end_earlier(session, now, Purpose(LinkKind.PASSWORD, row.email))
    outbox.post(session, now, CHANGED, to=row.id)


def choose_by_link(session: Session, now: datetime, token: str, new: str, cost: str) -> int:
    """Sets the password of the link's member and ends all their sign-ins; who they are. Raises LinkGone."""
    purpose = one_time_links.use(session, now, LinkKind.PASSWORD, token)
    row = session.get(Member, purpose.member_id)
    if row is None or not is_active(row, now):
        raise LinkGone
    _check(new, row.email, "password")
    row.password_hash = passwords.hash_password(new, cost)
    journal.record(session, now, row.id, "account.password_changed", ("member", row.id), door="link")
    signing_in.sign_out_everywhere(session, now, row.id)
    one_time_links.end_earlier(session, now, purpose)
    outbox.post(session, now, CHANGED, to=row.id)
    return row.id


def has_account(session: Session, purpose: Purpose) -> bool:
    """Whether the invited person has an account already: then the invitation gives a membership and nothing else."""
    return session.scalar(select(Member.id).where(Member.email == purpose.email)) is not None


def accept(session: Session, now: datetime, token: str, name: str, password: str, cost: str) -> int | None:
    """Makes the account and the membership; the new member's id.

    For somebody who has an account already it only adds the membership and gives None: the link is no way past a
    password. Raises LinkGone, InvalidInput.
    """
    purpose = one_time_links.use(session, now, LinkKind.INVITATION, token)
    row = session.scalar(select(Member).where(Member.email == purpose.email))
    is_new = row is None
    if row is None:
        _check(password, purpose.email, "password")
        row = Member(email=purpose.email, name=a_name(name), password_hash=passwords.hash_password(password, cost))
        row.created_at = now
        session.add(row)
        session.flush()
    if purpose.organisation_id is not None:
        lock(session, organisation_ids=[purpose.organisation_id])
        join(session, row.id, purpose.organisation_id, purpose.role, today=local_today(now))
    after = {"organisation_id": purpose.organisation_id, "role": purpose.role}
    journal.record(session, now, row.id, "invitation.accepted", ("member", row.id), door="link", after=after)
    return row.id if is_new else None


def _check(password: str, email: str, field: str) -> None:
    try:
        passwords.check_choice(password, email)
    except InvalidInput as refused:
        raise InvalidInput(field, refused.code, refused.facts) from None
