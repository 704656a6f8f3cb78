"""Who is on duty for a resource, from the nearest scope to the whole service, and who stands in for whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.models import ApprovalDelegation, Duty, Member
from booking.models.people import SiteRole
from booking.permissions import ScopeKey
from booking.services.actors import local_today
from booking.services.catalogue import ResourceCard

EVERYWHERE = "everywhere"
LEVELS = ("resource", "category", "building", "site", EVERYWHERE)

DUTIES = (
    select(Duty.scope_kind, Duty.scope_id, Member.id, Member.name, Member.ends_on)
    .join(Member, Member.id == Duty.member_id)
    .where(Member.deactivated_at.is_(None))
    .order_by(Duty.id)
)
ADMINS = (
    select(Member.id, Member.name, Member.ends_on)
    .where(Member.site_role == SiteRole.SITE_ADMIN, Member.deactivated_at.is_(None))
    .order_by(Member.id)
)


@dataclass(frozen=True, slots=True)
class Rung:
    """Those on duty at one level, in the order they were given it."""

    level: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Everybody on duty today, by scope; those of the whole service; and their names."""

    by_scope: Mapping[ScopeKey, tuple[int, ...]] = field(hash=False)
    admins: tuple[int, ...]
    names: Mapping[int, str] = field(hash=False)

    def ladder(self, card: ResourceCard, without: Collection[int] = ()) -> tuple[Rung, ...]:
        """The levels around a resource that have anybody, nearest first; the wider scope answers for the nearer."""
        rungs = [Rung(kind, self._but(self.by_scope.get((kind, id_), ()), without)) for kind, id_ in card.scopes]
        rungs.append(Rung(EVERYWHERE, self._but(self.admins, without)))
        return tuple(rung for rung in rungs if rung.people)

    @staticmethod
    def _but(people: Iterable[int], without: Collection[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(each for each in people if each not in without))


def on_duty(session: Session, now: datetime) -> OnDuty:
    """Those whose accounts are open today."""
    today, by_scope, names = local_today(now), dict[ScopeKey, tuple[int, ...]](), dict[int, str]()
    for kind, id_, member_id, name, ends_on in session.execute(DUTIES):
        if ends_on is None or ends_on >= today:
            by_scope[kind, id_] = (*by_scope.get((kind, id_), ()), member_id)
            names[member_id] = name
    admins = [(row.id, row.name) for row in session.execute(ADMINS) if row.ends_on is None or row.ends_on >= today]
    return OnDuty(by_scope, tuple(id_ for id_, _ in admins), names | dict(admins))


def stands_in_for(session: Session, now: datetime, member_id: int) -> dict[int, frozenset[int] | None]:
    """For whom the member answers now: for all they are asked (None), or for these bookings only."""
    rows = session.execute(
        select(ApprovalDelegation.from_id, ApprovalDelegation.booking_id).where(
            ApprovalDelegation.to_id == member_id,
            ApprovalDelegation.starts_at <= now,
            ApprovalDelegation.ends_at > now,
            or_(ApprovalDelegation.ended_at.is_(None), ApprovalDelegation.ended_at > now),
        )
    )
    found: dict[int, frozenset[int] | None] = {}
    for from_id, booking_id in rows:
        before = found.get(from_id, frozenset())
        found[from_id] = None if booking_id is None or before is None else before | {booking_id}
    return found
