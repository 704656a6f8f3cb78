"""A forgotten password: a link by mail for whoever has an account; the same answer and work for whoever has none."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import DomainError
from booking.models import Member
from booking.services import journal, mailed_links, throttle
from booking.services.actors import is_active
from booking.services.mailed_links import PASSWORD_FORGOTTEN, Seal
from booking.services.one_time_links import SHORT_LIFETIME, LinkKind, Purpose


class LinkThrottled(DomainError):
    """Links were asked for too often; `seconds` says how long to wait."""

    code = "link.throttled"
    status = 429


def send_password_link(session: Session, now: datetime, email: str, address: str, seal: Seal) -> None:
    """Posts the link if there is an account. Nobody can tell: not by the answer, and not by what was done meanwhile.

    For an unknown address the same statements are run, and taken back. `email` is in its normal form, `address` is
    where the wish comes from. Raises LinkThrottled.
    """
    wait = throttle.count(session, now, throttle.link_to(email), throttle.link_from(address))
    if wait:
        raise LinkThrottled(seconds=wait)
    member = session.scalar(select(Member).where(Member.email == email))
    known = member if member is not None and is_active(member, now) else None
    trial = session.begin_nested()
    _post(session, now, email, known, seal)
    if known is None:
        trial.rollback()
    else:
        trial.commit()


def _post(session: Session, now: datetime, email: str, member: Member | None, seal: Seal) -> None:
    id_, name = (member.id, member.name) if member else (None, "")
    purpose = Purpose(LinkKind.PASSWORD, email, name, member_id=id_)
    mailed_links.send_link(session, now, None, purpose, PASSWORD_FORGOTTEN, seal, lasts=SHORT_LIFETIME)
    journal.record(session, now, None, "member.password_forgotten", ("member", id_ or 0), door="link")
    session.flush()
