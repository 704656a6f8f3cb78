"""Finds and shows members to those who may see them: site admins and auditors all, organisation admins their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Member, Membership, Organisation
from booking.permissions import Actor, can
from booking.services.actors import is_active

SHORTEST_SEARCH = 3
MOST = 50


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """That a member belongs to an organisation, for display."""

    organisation_id: int
    slug: str
    name: str
    role: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the pages of the people in charge show them."""

    id: int
    public_id: str
    name: str
    email: str
    site_role: str
    ends_on: date | None
    is_active: bool
    is_deactivated: bool
    has_password: bool
    memberships: tuple[MembershipLine, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave, and whether there was more than is shown."""

    people: tuple[Person, ...]
    is_cut: bool


def search(session: Session, now: datetime, actor: Actor, words: str = "", organisation_id: int | None = None) -> Found:
    """Members by name or e-mail, the first by name. Raises InvalidInput for fewer than three letters."""
    words = words.strip()
    if words and len(words) < SHORTEST_SEARCH:
        raise InvalidInput("words", "search.too_short", {"shortest": SHORTEST_SEARCH})
    query = select(Member).where(_visible_to(actor)).order_by(func.lower(Member.name), Member.id).limit(MOST + 1)
    if words:
        query = query.where(or_(*(_written(words, column) for column in (Member.name, Member.email))))
    if organisation_id is not None:
        query = query.where(Member.id.in_(_members_of([organisation_id])))
    rows = session.scalars(query).all()
    return Found(_people(session, now, actor, rows[:MOST]), len(rows) > MOST)


def find(session: Session, now: datetime, actor: Actor, public_id: str) -> Person:
    """One member. Raises NotFound, also when the member is none of the actor's."""
    row = session.scalar(select(Member).where(Member.public_id == public_id, _visible_to(actor)))
    if row is None:
        raise NotFound(kind="member")
    return _people(session, now, actor, [row])[0]


def colleagues(
    session: Session, now: datetime, organisation_ids: Sequence[int], but: int | None = None
) -> list[Person]:
    """The active members of the organisations, by name: those a booking can be handed over to."""
    rows = session.scalars(
        select(Member).where(Member.id.in_(_members_of(organisation_ids))).order_by(func.lower(Member.name))
    )
    kept = [row for row in rows if row.id != but and is_active(row, now)]
    return list(_people(session, now, None, kept))


def _written(words: str, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether the column holds the words, small or capital; SQLite lowers no æ, ø and å, so they are tried each way."""
    ways = {words, words.lower(), words.upper(), words.title()}
    return or_(*(column.icontains(way, autoescape=True) for way in sorted(ways)))


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """The part of all members that the actor may see."""
    if can(actor, "site.inspect"):
        return Member.id > 0
    return Member.id.in_(_members_of(administered(actor)))


def administered(actor: Actor) -> list[int]:
    """The organisations the actor is an admin of."""
    return [id_ for id_, role in actor.organisations.items() if role == "admin"]


def _members_of(organisation_ids: Sequence[int]) -> Select[int]:
    return select(Membership.member_id).where(Membership.organisation_id.in_(organisation_ids))


def _people(session: Session, now: datetime, actor: Actor | None, rows: Sequence[Member]) -> tuple[Person, ...]:
    """With the memberships that the actor may see; None sees all."""
    query = (
        select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.member_id.in_([row.id for row in rows]))
        .order_by(Organisation.name)
    )
    if actor is not None and not can(actor, "site.inspect"):
        query = query.where(Membership.organisation_id.in_(administered(actor)))
    lines: dict[int, list[MembershipLine]] = {}
    for membership, organisation in session.execute(query):
        line = MembershipLine(
            organisation.id, organisation.slug, organisation.name, membership.role, membership.ends_on
        )
        lines.setdefault(membership.member_id, []).append(line)
    return tuple(
        Person(
            row.id,
            row.public_id,
            row.name,
            row.email,
            row.site_role,
            row.ends_on,
            is_active(row, now),
            row.deactivated_at is not None,
            row.password_hash is not None,
            tuple(lines.get(row.id, ())),
        )
        for row in rows
    )
