"""Changes members: their names and roles, the organisations they belong to, and what they manage."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import DomainError, InvalidInput, NotFound
from booking.models import Member, Membership, Organisation, OrganisationRole, SiteRole
from booking.permissions import Actor, OrganisationSubject, can, require
from booking.services import journal, mailed_links, one_time_links, signing_in
from booking.services.actors import is_active
from booking.services.locks import lock
from booking.services.mailed_links import PASSWORD_LINK, Seal
from booking.services.one_time_links import LinkKind, NewLink, Purpose

DETAIL_LEVELS = ("busy", "title", "full")
LANGUAGES = ("nb", "nn", "en")


class LastSiteAdmin(DomainError):
    """Without this member nobody could administer the service."""

    code = "member.last_site_admin"
    status = 409


def change_account(session: Session, now: datetime, actor: Actor, *, name: str, language: str | None) -> None:
    """A member's own name and language. Raises InvalidInput."""
    if language not in {None, *LANGUAGES}:
        raise InvalidInput("language")
    row = session.get_one(Member, actor.member_id)
    before = {"language": row.language}
    row.name, row.language = a_name(name), language
    after = {"language": language}
    journal.record(session, now, actor.member_id, "account.changed", ("member", row.id), before=before, after=after)


def choose_detail_level(session: Session, now: datetime, actor: Actor, detail_level: str) -> None:
    """What the member's new feeds show unless they say otherwise. Raises InvalidInput."""
    if detail_level not in DETAIL_LEVELS:
        raise InvalidInput("detail_level")
    row = session.get_one(Member, actor.member_id)
    if row.detail_level != detail_level:
        before, after = {"detail_level": row.detail_level}, {"detail_level": detail_level}
        row.detail_level = detail_level
        journal.record(session, now, actor.member_id, "account.changed", ("member", row.id), before=before, after=after)


def a_name(name: str) -> str:
    """The name without stray spaces and line ends. Raises InvalidInput when nothing is left or it is too long."""
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not clean or len(clean) > 120:
        raise InvalidInput("name", "name.length", {"longest": 120})
    return clean


def change_member(session: Session, now: datetime, actor: Actor, public_id: str, *, name: str, site_role: str) -> None:
    """A member's name and role for the whole service. Raises LastSiteAdmin."""
    require(actor, "site.administer")
    row = member_row(session, public_id)
    if site_role not in set(SiteRole):
        raise InvalidInput("site_role")
    if site_role != SiteRole.SITE_ADMIN:
        keep_a_site_admin(session, now, row)
    before = {"site_role": str(row.site_role)}
    row.name, row.site_role = a_name(name), site_role
    after = {"site_role": site_role}
    journal.record(session, now, actor.member_id, "member.changed", ("member", row.id), before=before, after=after)


def keep_a_site_admin(session: Session, now: datetime, leaving: Member, last_day: date | None = None) -> None:
    """Raises LastSiteAdmin when nobody would be left to administer the service after this member (and that day)."""
    if leaving.site_role != SiteRole.SITE_ADMIN:
        return
    admins = select(Member).where(Member.site_role == SiteRole.SITE_ADMIN)
    lock(session, member_ids=session.scalars(admins.with_only_columns(Member.id)))
    others = session.scalars(admins.where(Member.id != leaving.id).execution_options(populate_existing=True)).all()
    lasting = [o for o in others if is_active(o, now) and (o.ends_on is None or (last_day and o.ends_on > last_day))]
    if not lasting:
        raise LastSiteAdmin


def set_membership(
    session: Session, now: datetime, actor: Actor, public_id: str, organisation_id: int, role: str
) -> None:
    """Makes the member belong to the organisation as this; a role that changes ends nothing."""
    require(actor, "organisation.administer", OrganisationSubject(organisation_id))
    if role not in set(OrganisationRole):
        raise InvalidInput("role")
    member = member_row(session, public_id)
    lock(session, organisation_ids=[organisation_id], member_ids=[member.id])
    row = session.get(Membership, (member.id, organisation_id))
    if row is None and not can(actor, "site.administer"):
        raise NotFound(kind="member")
    if session.get(Organisation, organisation_id) is None:
        raise NotFound(kind="organisation")
    before = {"organisation_id": organisation_id, "role": row.role if row else None}
    join(session, member.id, organisation_id, role)
    after = {"organisation_id": organisation_id, "role": role}
    journal.record(
        session, now, actor.member_id, "membership.changed", ("member", member.id), before=before, after=after
    )


def prolong_membership(session: Session, now: datetime, actor: Actor, public_id: str, organisation_id: int) -> None:
    """Takes the end of a membership away. Raises NotFound when there is none."""
    require(actor, "organisation.administer", OrganisationSubject(organisation_id))
    member = member_row(session, public_id)
    row = session.get(Membership, (member.id, organisation_id))
    if row is None:
        raise NotFound(kind="membership")
    before = {"organisation_id": organisation_id, "ends_on": row.ends_on.isoformat() if row.ends_on else None}
    row.ends_on = None
    journal.record(session, now, actor.member_id, "membership.prolonged", ("member", member.id), before=before)


def join(session: Session, member_id: int, organisation_id: int, role: str, today: date | None = None) -> bool:
    """Adds the membership or sets its role; with `today`, only one that has ended. False when nothing changed."""
    row = session.get(Membership, (member_id, organisation_id))
    if row is None:
        session.add(Membership(member_id=member_id, organisation_id=organisation_id, role=role))
        session.flush()
        return True
    if today is not None and (row.ends_on is None or row.ends_on >= today):
        return False
    row.role = role
    if today is not None:
        row.ends_on = None
    return True


def reactivate(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Lets a member in again, without an end date."""
    require(actor, "site.administer")
    row = member_row(session, public_id)
    row.deactivated_at = row.ends_on = None
    journal.record(session, now, actor.member_id, "member.reactivated", ("member", row.id))


def password_link(session: Session, now: datetime, actor: Actor, public_id: str) -> NewLink:
    """A link to choose a new password, to hand over. Only for site admins: whoever holds it can become the member."""
    purpose = _password_purpose(session, actor, public_id)
    _record_link(session, now, actor, purpose, by_mail=False)
    return one_time_links.issue(session, now, actor.member_id, purpose)


def mail_password_link(session: Session, now: datetime, actor: Actor, public_id: str, seal: Seal, key: str) -> None:
    """The same by mail, so that only the member gets to know it; once for each form (`key`)."""
    purpose = _password_purpose(session, actor, public_id)
    if mailed_links.send_link(session, now, actor.member_id, purpose, PASSWORD_LINK, seal, key=key):
        _record_link(session, now, actor, purpose, by_mail=True)


def _password_purpose(session: Session, actor: Actor, public_id: str) -> Purpose:
    require(actor, "site.administer")
    row = member_row(session, public_id)
    return Purpose(LinkKind.PASSWORD, row.email, row.name, member_id=row.id)


def _record_link(session: Session, now: datetime, actor: Actor, purpose: Purpose, *, by_mail: bool) -> None:
    subject, after = ("member", purpose.member_id or 0), {"by_mail": by_mail}
    journal.record(session, now, actor.member_id, "member.password_link_made", subject, after=after)


def put_out(session: Session, now: datetime, by_id: int | None, row: Member) -> None:
    """Deactivates the member at once: no sign-in and no link of theirs works from here on."""
    row.deactivated_at = now
    signing_in.sign_out_everywhere(session, now, row.id, by_id=by_id)
    one_time_links.end_all(session, now, row.email)
    journal.record(session, now, by_id, "member.deactivated", ("member", row.id))


def member_row(session: Session, public_id: str) -> Member:
    """The member's row, for changing. Raises NotFound."""
    row = session.scalar(select(Member).where(Member.public_id == public_id))
    if row is None:
        raise NotFound(kind="member")
    return row
