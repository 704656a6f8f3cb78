"""Closures: stretches of time when nothing within a scope can be booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.core.timespan import TimeSpan
from booking.models import Closure
from booking.models.ids import new_public_id
from booking.permissions import Actor, ScopeKey, require
from booking.services.saving import Change, saving
from booking.services.scopes import District, Where

MOST_NAME = 120
LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One closure as lists show it."""

    public_id: str
    key: ScopeKey
    span: TimeSpan
    name: str


def upcoming_closures(
    session: Session, now: datetime, keys: Sequence[ScopeKey] | None = None, *, most: int | None = None
) -> list[ClosureLine]:
    """Those that have not ended, at these scopes or anywhere, in order of time."""
    rows = session.scalars(select(Closure).where(Closure.ends_at > now).order_by(Closure.starts_at, Closure.id))
    wanted = [_line(row) for row in rows if keys is None or (row.scope_kind, row.scope_id) in set(keys)]
    return wanted[:most]


def add_closure(session: Session, now: datetime, actor: Actor, where: Where, span: TimeSpan, name: str) -> Change:
    """Raises NotAllowed, InvalidInput. Bookings in the closed time stay until somebody decides."""
    require(actor, "resource.manage", where.place)
    if not name.strip() or len(name) > MOST_NAME:
        raise InvalidInput("name", "setting.required" if not name.strip() else "input.too_long", {"most": MOST_NAME})
    if span.ends_at <= now:
        raise InvalidInput("end_date", "closure.past")
    if span.duration > LONGEST:
        raise InvalidInput("end_date", "closure.too_long")
    with saving(session, now, actor, "closure.added", where.key, where.resource_ids) as change:
        kind, id_ = where.key
        session.add(
            Closure(
                public_id=new_public_id(),
                scope_kind=kind,
                scope_id=id_,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                name=name.strip(),
                set_by_id=actor.member_id,
                set_at=now,
            )
        )
        change.after = _plain(span, name.strip())
    return change


def remove_closure(session: Session, now: datetime, actor: Actor, public_id: str, all_: District) -> Change:
    """Opens the time again. Raises NotFound, NotAllowed."""
    row = session.scalar(select(Closure).where(Closure.public_id == public_id))
    if row is None:
        raise NotFound(kind="closure")
    where = all_.where(row.scope_kind, row.scope_id)
    require(actor, "resource.manage", where.place)
    with saving(session, now, actor, "closure.removed", where.key, where.resource_ids) as change:
        change.before = _plain(TimeSpan(row.starts_at, row.ends_at), row.name)
        session.delete(row)
    return change


def scope_of_closure(session: Session, public_id: str) -> ScopeKey:
    """Where it is set. Raises NotFound."""
    row = session.scalar(select(Closure).where(Closure.public_id == public_id))
    if row is None:
        raise NotFound(kind="closure")
    return (row.scope_kind, row.scope_id)


def _plain(span: TimeSpan, name: str) -> dict[str, str]:
    return {"starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat(), "name": name}


def _line(row: Closure) -> ClosureLine:
    return ClosureLine(row.public_id, (row.scope_kind, row.scope_id), TimeSpan(row.starts_at, row.ends_at), row.name)
