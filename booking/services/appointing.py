"""Makes somebody site admin from the command line, where there may be no admin yet to ask."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Member, SiteRole
from booking.services import journal, one_time_links
from booking.services.one_time_links import LinkKind, Purpose


def appoint_site_admin(session: Session, now: datetime, email: str, name: str = "") -> str:
    """The token of a one-time link to choose a password; the account is made or let in again as needed."""
    member = session.scalar(select(Member).where(Member.email == email))
    if member is None:
        member = Member(email=email, name=name or email.split("@", maxsplit=1)[0], created_at=now)
        session.add(member)
    member.site_role = SiteRole.SITE_ADMIN
    member.deactivated_at, member.ends_on = None, None
    session.flush()
    journal.record(
        session, now, None, "member.appointed", ("member", member.id), door="command", after={"site_role": "site_admin"}
    )
    purpose = Purpose(LinkKind.PASSWORD, email, member.name, member.id)
    return one_time_links.issue(session, now, None, purpose).token
