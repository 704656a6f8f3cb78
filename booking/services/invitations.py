"""Invites people, one or many, by mail or by links to hand over; and shows which invitations are still open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Member, OneTimeLink, Organisation, OrganisationRole
from booking.permissions import Actor, OrganisationSubject, require
from booking.services import journal, mailed_links, one_time_links, outbox
from booking.services.actors import local_today
from booking.services.addresses import Line
from booking.services.locks import lock
from booking.services.mailed_links import INVITATION, Seal
from booking.services.members import join
from booking.services.one_time_links import LinkKind, NewLink, Purpose


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line: mailed, invited (with the link's token), added, already, or unreadable (with a code)."""

    line: Line
    outcome: str
    token: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ByMail:
    """That links are to go by mail: the seal that makes them, the form's key, so that each is sent once, and the
    language to write in, as nobody has asked the invited yet.
    """

    seal: Seal
    key: str
    language: str


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation nobody has accepted yet."""

    id: int
    email: str
    name: str
    role: str
    organisation: str
    expires_at: datetime


def invite(
    session: Session,
    now: datetime,
    actor: Actor,
    lines: Iterable[Line],
    *,
    organisation_id: int | None,
    role: str,
    by_mail: ByMail | None = None,
) -> list[Result]:
    """Invites everybody on the list; members that exist get the membership at once.

    The links go by mail when that is asked for and mail is sent. Otherwise the result is the one place that knows them,
    for the page to show. Inviting somebody again makes a new link and ends the old one. Raises NotAllowed, NotFound,
    InvalidInput.
    """
    _check(session, actor, organisation_id, role)
    way = by_mail if outbox.posts_mail(session) else None
    return [_one(session, now, actor, line, organisation_id, role, way) for line in lines]


def open_invitations(session: Session, now: datetime, organisation_ids: Sequence[int] | None) -> list[OpenInvitation]:
    """The invitations that wait, the latest first; None means every organisation's and those without one."""
    query = (
        select(OneTimeLink, Organisation.name)
        .outerjoin(Organisation, Organisation.id == OneTimeLink.organisation_id)
        .where(OneTimeLink.kind == LinkKind.INVITATION, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .order_by(OneTimeLink.id.desc())
        .limit(200)
    )
    if organisation_ids is not None:
        query = query.where(OneTimeLink.organisation_id.in_(organisation_ids))
    return [
        OpenInvitation(row.id, row.email, row.name, row.role, organisation or "", row.expires_at)
        for row, organisation in session.execute(query)
    ]


def withdraw(session: Session, now: datetime, actor: Actor, link_id: int) -> None:
    """Ends an invitation that waits. Raises NotFound, also when it is none of the actor's."""
    row = session.get(OneTimeLink, link_id)
    if row is None or row.kind != LinkKind.INVITATION or not _is_theirs(actor, row.organisation_id):
        raise NotFound(kind="invitation")
    row.expires_at = min(row.expires_at, now)
    after = {"organisation_id": row.organisation_id}
    journal.record(session, now, actor.member_id, "invitation.withdrawn", ("invitation", row.id), after=after)


def _is_theirs(actor: Actor, organisation_id: int | None) -> bool:
    return actor.is_site_admin or actor.organisations.get(organisation_id or 0) == OrganisationRole.ADMIN


def _check(session: Session, actor: Actor, organisation_id: int | None, role: str) -> None:
    if role not in set(OrganisationRole):
        raise InvalidInput("role")
    if organisation_id is None:
        require(actor, "site.administer")
        return
    require(actor, "organisation.administer", OrganisationSubject(organisation_id))
    lock(session, organisation_ids=[organisation_id])  # so that the same list sent twice at once adds nobody twice
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation.state == "left":
        raise NotFound(kind="organisation")


def _one(
    session: Session,
    now: datetime,
    actor: Actor,
    line: Line,
    organisation_id: int | None,
    role: str,
    by_mail: ByMail | None,
) -> Result:
    if line.problem:
        return Result(line, "unreadable", code=line.problem)
    member = session.scalar(select(Member).where(Member.email == line.email))
    if member is not None:
        return Result(line, _add(session, now, actor, member, organisation_id, role))
    purpose = Purpose(LinkKind.INVITATION, line.email, line.name, organisation_id=organisation_id, role=role)
    if by_mail is None:
        link = one_time_links.issue(session, now, actor.member_id, purpose)
        _record(session, now, actor, link, by_mail=False)
        return Result(line, "invited", token=link.token)
    by = actor.member_id
    facts = {"organisation_id": organisation_id, "by": by, "language": by_mail.language}
    sent = mailed_links.send_link(session, now, by, purpose, INVITATION, by_mail.seal, facts=facts, key=by_mail.key)
    if sent:
        _record(session, now, actor, sent, by_mail=True)
    return Result(line, "mailed")


def _record(session: Session, now: datetime, actor: Actor, link: NewLink, *, by_mail: bool) -> None:
    after = {"organisation_id": link.purpose.organisation_id, "role": link.purpose.role, "by_mail": by_mail}
    journal.record(session, now, actor.member_id, "invitation.made", ("invitation", link.id), after=after)


def _add(session: Session, now: datetime, actor: Actor, member: Member, organisation_id: int | None, role: str) -> str:
    if organisation_id is None or not join(session, member.id, organisation_id, role, today=local_today(now)):
        return "already"
    after = {"organisation_id": organisation_id, "role": role}
    journal.record(session, now, actor.member_id, "membership.added", ("member", member.id), after=after)
    return "added"
