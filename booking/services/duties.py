"""Who manages, or approves for, which part of the district."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Building, Category, Duty, DutyKind, Member, Resource, Site
from booking.permissions import Actor, require
from booking.services import journal
from booking.services.locks import lock

ScopeRow = Site | Building | Category | Resource
SCOPES: dict[str, type[ScopeRow]] = {
    "site": Site,
    "building": Building,
    "category": Category,
    "resource": Resource,
}


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty, with the name of its scope in the reader's language."""

    id: int
    kind: str
    scope_kind: str
    scope_name: str


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """A scope that a duty can be given for."""

    kind: str
    id: int
    name: str


def duties_of(session: Session, member_id: int, language: str) -> list[DutyLine]:
    """The member's duties, in the order they were given."""
    rows = session.scalars(select(Duty).where(Duty.member_id == member_id).order_by(Duty.id)).all()
    return [DutyLine(row.id, row.kind, row.scope_kind, _name_of(session, row, language)) for row in rows]


def choices(session: Session, language: str) -> list[ScopeChoice]:
    """Every scope, the widest first, each kind by name."""
    found = [
        ScopeChoice(kind, row.id, _name(row, language))
        for kind, model in SCOPES.items()
        for row in _every(session, model)
    ]
    order = list(SCOPES)
    return sorted(found, key=lambda choice: (order.index(choice.kind), choice.name.lower()))


def give(session: Session, now: datetime, actor: Actor, member_id: int, kind: str, scope: tuple[str, int]) -> None:
    """Gives the member a duty; giving it twice is once. Raises InvalidInput for a scope that does not exist."""
    require(actor, "site.administer")
    model = SCOPES.get(scope[0])
    if kind not in set(DutyKind) or model is None or session.get(model, scope[1]) is None:
        raise InvalidInput("scope", "duty.no_such_scope")
    lock(session, member_ids=[member_id])
    same = select(Duty).where(
        Duty.member_id == member_id, Duty.kind == kind, Duty.scope_kind == scope[0], Duty.scope_id == scope[1]
    )
    if session.scalar(same) is None:
        session.add(Duty(member_id=member_id, kind=kind, scope_kind=scope[0], scope_id=scope[1]))
        after = {"kind": kind, "scope": list(scope)}
        journal.record(session, now, actor.member_id, "duty.given", ("member", member_id), after=after)


def take_back(session: Session, now: datetime, actor: Actor, member_public_id: str, duty_id: int) -> None:
    """Ends a duty. Raises NotFound when it is not this member's."""
    require(actor, "site.administer")
    row = session.scalar(
        select(Duty)
        .join(Member, Member.id == Duty.member_id)
        .where(Duty.id == duty_id, Member.public_id == member_public_id)
    )
    if row is None:
        raise NotFound(kind="duty")
    session.delete(row)
    before = {"kind": row.kind, "scope": [row.scope_kind, row.scope_id]}
    journal.record(session, now, actor.member_id, "duty.taken_back", ("member", row.member_id), before=before)


def _every(session: Session, model: type[ScopeRow]) -> list[ScopeRow]:
    return list(session.scalars(select(model)))


def _name_of(session: Session, duty: Duty, language: str) -> str:
    named = (_name(row, language) for row in _every(session, SCOPES[duty.scope_kind]) if row.id == duty.scope_id)
    return next(named, "")


def _name(row: ScopeRow, language: str) -> str:
    if isinstance(row, Category):
        return row.names.get(language) or row.slug
    return row.name
