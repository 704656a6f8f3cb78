"""Delegates: whom a member lets book in their name, and in whose names a member may book."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.core.request import Proxy
from booking.models import Delegation, Member, Membership, Organisation
from booking.permissions import Actor, can
from booking.services import journal, people
from booking.services.actors import is_active, local_today
from booking.services.addresses import normal
from booking.services.catalogue import ResourceCard, norwegian
from booking.services.locks import lock
from booking.services.mine import OwnOrganisation


@dataclass(frozen=True, slots=True)
class Other:
    """A member at the other end of a delegation; `key` is for forms."""

    id: int
    key: str
    name: str
    email: str


def proxy_for(session: Session, actor: Actor, member_id: int, cards: Iterable[ResourceCard]) -> Proxy | None:
    """Whether the actor has leave to book for the member; None where nobody needs any (call it under the lock).

    One needs none for oneself, nor as a manager of everything that is asked for.
    """
    if member_id == actor.member_id or may_book_for_others(actor, cards):
        return None
    given = session.get(Delegation, (member_id, actor.member_id), populate_existing=True)
    name = session.scalar(select(Member.name).where(Member.id == member_id)) if given else None
    return Proxy(actor.member_id, given is not None, name or "")


def may_book_for_others(actor: Actor, cards: Iterable[ResourceCard]) -> bool:
    """Whoever manages everything that is asked for may book for other members, and for guests without an account."""
    return all(can(actor, "resource.manage", card.place) for card in cards)


def delegates(session: Session, actor: Actor) -> list[Other]:
    """Those who may book in the actor's name."""
    return _others(session, select(Delegation.delegate_id).where(Delegation.member_id == actor.member_id))


def books_for(session: Session, now: datetime, actor: Actor) -> list[Other]:
    """In whose names the actor may book: active members alone."""
    found = _others(session, select(Delegation.member_id).where(Delegation.delegate_id == actor.member_id))
    rows = session.scalars(select(Member).where(Member.id.in_([each.id for each in found]))) if found else ()
    active = {row.id for row in rows if is_active(row, now)}
    return [each for each in found if each.id in active]


def delegate_ids(session: Session, member_id: int) -> frozenset[int]:
    """The ids of those who may book in the member's name."""
    return frozenset(session.scalars(select(Delegation.delegate_id).where(Delegation.member_id == member_id)))


def organisations_of(session: Session, now: datetime, member_id: int) -> list[OwnOrganisation]:
    """The organisations a member belongs to today, by name."""
    today = local_today(now)
    rows = session.execute(
        select(Organisation.id, Organisation.public_id, Organisation.name, Membership.ends_on, Organisation.ends_on)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.member_id == member_id, Organisation.state == "active")
    )
    lasting = [row[:3] for row in rows if all(last is None or last >= today for last in row[3:])]
    return sorted((OwnOrganisation(*row) for row in lasting), key=lambda each: norwegian(each.name))


def member_by_key(session: Session, key: str) -> int:
    """The member a form names. Raises NotFound."""
    id_ = session.scalar(select(Member.id).where(Member.public_id == key))
    if id_ is None:
        raise NotFound(kind="member")
    return id_


def let(session: Session, now: datetime, actor: Actor, email: str) -> Other:
    """Lets a colleague book in the actor's name; twice is the same as once. Raises InvalidInput for anybody else.

    It is a colleague who is asked for, so that the page tells nobody which addresses have an account.
    """
    lock(session, member_ids=[actor.member_id])
    wanted = normal(email)
    known = people.colleagues(session, now, sorted(actor.organisations), but=actor.member_id)
    found = next((each for each in known if each.email == wanted), None)
    if found is None:
        raise InvalidInput("email", "delegate.not_a_colleague")
    if session.get(Delegation, (actor.member_id, found.id)) is None:
        session.add(Delegation(member_id=actor.member_id, delegate_id=found.id, created_at=now))
        journal.record(
            session, now, actor.member_id, "delegate.let", ("member", actor.member_id), after={"to": found.id}
        )
    return Other(found.id, found.public_id, found.name, found.email)


def withdraw(session: Session, now: datetime, actor: Actor, key: str) -> None:
    """Takes the leave back; bookings that were made stay. The lock makes it wait for one that is being made."""
    lock(session, member_ids=[actor.member_id])
    id_ = session.scalar(select(Member.id).where(Member.public_id == key))
    mine = (Delegation.member_id == actor.member_id) & (Delegation.delegate_id == (id_ or 0))
    if session.scalar(select(func.count()).select_from(Delegation).where(mine)):
        session.execute(delete(Delegation).where(mine))
        journal.record(
            session, now, actor.member_id, "delegate.withdrawn", ("member", actor.member_id), before={"to": id_}
        )


def _others(session: Session, ids: object) -> list[Other]:
    rows = session.execute(select(Member.id, Member.public_id, Member.name, Member.email).where(Member.id.in_(ids)))  # type: ignore[arg-type]
    return sorted((Other(*row) for row in rows), key=lambda each: norwegian(each.name))
