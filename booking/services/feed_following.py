"""What a member may follow in a calendar: their own bookings, rooms, their organisations, sites, and requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.models import Booking, Organisation, Resource, Site
from booking.permissions import Actor, can
from booking.services.catalogue import norwegian
from booking.services.feed_keys import KeyLine, Kind
from booking.services.feed_rendering import PUBLIC

MODELS: dict[Kind, Any] = {
    Kind.RESOURCE: Resource,
    Kind.ORGANISATION: Organisation,
    Kind.SITE: Site,
}


@dataclass(frozen=True, slots=True)
class Followable:
    """Something that can be followed; `word` is how forms and links say it, and `name` is empty where words are."""

    kind: Kind
    scope_id: int = 0
    slug: str = ""
    name: str = ""

    @property
    def word(self) -> str:
        """`resource:teknobyen`, or the kind alone."""
        return f"{self.kind.value}:{self.slug}" if self.slug else self.kind.value


def may_follow(actor: Actor | None, kind: Kind, scope_id: int) -> bool:
    """Whether the feed opens for this reader; which of its bookings say their titles is asked of each of them."""
    if kind is Kind.EVENTS:
        return True
    if actor is None:
        return False
    if kind is Kind.ORGANISATION:
        return scope_id in actor.organisations or can(actor, "site.inspect")
    if kind is Kind.APPROVALS:
        return can(actor, "request.decide")
    return kind is not Kind.MEMBER or scope_id == actor.member_id


def choices(session: Session, actor: Actor) -> list[Followable]:
    """What the form offers: rooms are followed from their own pages, for there may be thousands."""
    found = [Followable(Kind.MEMBER)]
    if may_follow(actor, Kind.APPROVALS, 0):
        found.append(Followable(Kind.APPROVALS))
    mine = select(Organisation).where(Organisation.id.in_(sorted(actor.organisations)))
    found += _named(Kind.ORGANISATION, session.scalars(mine))
    return found + _named(Kind.SITE, session.scalars(select(Site)))


def followable(session: Session, actor: Actor, word: str) -> Followable:
    """What a form or a link means. Raises InvalidInput for what does not exist or is not for the actor."""
    found = _meant(session, actor, word)
    if found is None or not may_follow(actor, found.kind, found.scope_id):
        raise InvalidInput("what", "setting.not_a_choice")
    return found


def _meant(session: Session, actor: Actor, word: str) -> Followable | None:
    kind, _, slug = word.partition(":")
    if kind == Kind.MEMBER and not slug:
        return Followable(Kind.MEMBER, actor.member_id)
    if kind == Kind.APPROVALS and not slug:
        return Followable(Kind.APPROVALS)
    model = next((model for each, model in MODELS.items() if each == kind), None)
    row = session.scalar(select(model).where(model.slug == slug)) if model else None
    return Followable(Kind(kind), row.id, row.slug, row.name) if row is not None else None


def names_of(session: Session, lines: Iterable[KeyLine]) -> dict[tuple[Kind, int], str]:
    """What the keys follow, by name."""
    wanted: dict[Kind, set[int]] = {}
    for line in lines:
        wanted.setdefault(line.kind, set()).add(line.scope_id)
    return {
        (kind, id_): name
        for kind, model in MODELS.items()
        if wanted.get(kind)
        for id_, name in session.execute(select(model.id, model.name).where(model.id.in_(sorted(wanted[kind]))))
    }


def programmes(session: Session) -> list[Followable]:
    """Sites that have announced something to everybody, with the address of their public programme."""
    sites = select(Site).where(Site.id.in_(select(Booking.site_id).where(Booking.visibility == PUBLIC)))
    return _named(Kind.EVENTS, session.scalars(sites))


def _named(kind: Kind, rows: Iterable[Organisation | Site]) -> list[Followable]:
    found = [Followable(kind, row.id, row.slug, row.name) for row in rows]
    return sorted(found, key=lambda each: norwegian(each.name))
