"""Organisations: shown to those who may see them, created and changed by site admins."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Membership, Organisation
from booking.permissions import Actor, OrganisationSubject, can, require
from booking.services import journal, submissions
from booking.services.actors import local_today
from booking.services.locks import lock
from booking.services.members import a_name
from booking.services.people import administered

KINDS = ("academia", "business", "public", "association", "student")
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """An organisation as lists and pages show it."""

    id: int
    slug: str
    name: str
    kind: str
    is_here: bool
    ends_on: date | None
    members: int
    members_may_change: bool = False


def visible(session: Session, now: datetime, actor: Actor) -> list[OrganisationCard]:
    """Every organisation the actor may see, by name."""
    return _cards(session, now, _visible_to(actor))


def manageable(session: Session, now: datetime, actor: Actor) -> list[OrganisationCard]:
    """The organisations that are here and whose members the actor may invite and change."""
    cards = [] if actor.is_auditor else _cards(session, now, _visible_to(actor))
    return [card for card in cards if card.is_here]


def find(session: Session, now: datetime, actor: Actor, slug: str) -> OrganisationCard:
    """One organisation. Raises NotFound, also when it is none of the actor's."""
    cards = _cards(session, now, _visible_to(actor), Organisation.slug == slug)
    if not cards:
        raise NotFound(kind="organisation")
    return cards[0]


def create(session: Session, now: datetime, actor: Actor, *, name: str, kind: str) -> str:
    """A new organisation; its slug. Raises InvalidInput when the name is taken."""
    require(actor, "site.administer")
    row = Organisation(name=_free_name(session, name), kind=_a_kind(kind), state="active", created_at=now)
    row.slug = _free_slug(session, row.name)
    session.add(row)
    session.flush()
    after = {"name": row.name, "kind": kind}
    journal.record(session, now, actor.member_id, "organisation.created", ("organisation", row.id), after=after)
    return row.slug


def create_once(session: Session, now: datetime, actor: Actor, *, name: str, kind: str, key: str) -> str:
    """As `create`; the same form sent again gives the same organisation."""
    content = {"name": name, "kind": kind}
    lock(session, member_ids=[actor.member_id])
    earlier = submissions.earlier_result(session, actor.member_id, "organisation", key, content)
    if earlier is not None:
        return earlier
    slug = create(session, now, actor, name=name, kind=kind)
    submissions.remember(session, now, actor.member_id, "organisation", key, content, slug)
    return slug


def change(session: Session, now: datetime, actor: Actor, slug: str, *, name: str, kind: str) -> None:
    """Another name or kind; the slug stays, so that addresses keep working."""
    require(actor, "site.administer")
    row = organisation_row(session, slug)
    before = {"name": row.name, "kind": row.kind}
    row.name, row.kind = _free_name(session, name, but=row.id), _a_kind(kind)
    after = {"name": row.name, "kind": kind}
    journal.record(
        session, now, actor.member_id, "organisation.changed", ("organisation", row.id), before=before, after=after
    )


def let_members_change(session: Session, now: datetime, actor: Actor, slug: str, *, allowed: bool) -> None:
    """Whether all members may change and cancel each other's bookings for the organisation, or its admins alone."""
    row = organisation_row(session, slug)
    require(actor, "organisation.administer", OrganisationSubject(row.id))
    before = {"members_may_change": row.members_may_change}
    row.members_may_change = allowed
    after = {"members_may_change": allowed}
    journal.record(
        session, now, actor.member_id, "organisation.changed", ("organisation", row.id), before=before, after=after
    )


def welcome_back(session: Session, now: datetime, actor: Actor, slug: str) -> None:
    """Makes an organisation that left active again, without an end date."""
    require(actor, "site.administer")
    row = organisation_row(session, slug)
    row.state, row.ends_on = "active", None
    journal.record(session, now, actor.member_id, "organisation.reactivated", ("organisation", row.id))


def organisation_row(session: Session, slug: str) -> Organisation:
    """The organisation's row, for changing. Raises NotFound."""
    row = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if row is None:
        raise NotFound(kind="organisation")
    return row


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    if can(actor, "site.inspect"):
        return Organisation.id > 0
    return Organisation.id.in_(administered(actor))


def _cards(session: Session, now: datetime, *wanted: ColumnElement[bool]) -> list[OrganisationCard]:
    today = local_today(now)
    count = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.organisation_id == Organisation.id)
        .where(Membership.ends_on.is_(None) | (Membership.ends_on >= today))
        .scalar_subquery()
    )
    rows = session.execute(select(Organisation, count).where(*wanted).order_by(func.lower(Organisation.name)))
    return [
        OrganisationCard(
            row.id,
            row.slug,
            row.name,
            row.kind,
            row.state != "left" and (row.ends_on is None or row.ends_on >= today),
            row.ends_on,
            members,
            row.members_may_change,
        )
        for row, members in rows
    ]


def _a_kind(kind: str) -> str:
    if kind not in KINDS:
        raise InvalidInput("kind")
    return kind


def _free_name(session: Session, name: str, but: int | None = None) -> str:
    clean = a_name(name)
    others = session.execute(select(Organisation.id, Organisation.name))  # SQLite knows no small å: compared here
    if any(id_ != but and other.casefold() == clean.casefold() for id_, other in others):
        raise InvalidInput("name", "name.taken", {"name": clean})
    return clean


def _free_slug(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "organisation"
    taken = set(session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(slug, autoescape=True))))
    return next(s for n in range(1, len(taken) + 2) if (s := slug if n == 1 else f"{slug}-{n}") not in taken)
