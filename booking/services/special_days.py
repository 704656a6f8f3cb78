"""Special days: dates with hours of their own at a scope, or closed altogether."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.core.params import Hours
from booking.models import SpecialDay
from booking.models.ids import new_public_id
from booking.permissions import Actor, ScopeKey, require
from booking.services.actors import local_today
from booking.services.saving import Change, saving
from booking.services.scopes import District, Where

MOST_NAME = 120
Windows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class SpecialDayLine:
    """One special day as lists show it; no windows means closed."""

    public_id: str
    key: ScopeKey
    day: date
    windows: tuple[tuple[str, str], ...] = field(hash=False)
    name: str


def upcoming_days(session: Session, now: datetime, keys: Sequence[ScopeKey]) -> list[SpecialDayLine]:
    """Today's and later ones at these scopes, in order of date."""
    rows = session.scalars(select(SpecialDay).where(SpecialDay.day >= local_today(now)).order_by(SpecialDay.day))
    return [_line(row) for row in rows if (row.scope_kind, row.scope_id) in set(keys)]


def add_special_day(
    session: Session, now: datetime, actor: Actor, where: Where, day: date, windows: Windows, name: str
) -> Change:
    """One special day a date and scope. Raises NotAllowed, InvalidInput."""
    require(actor, "resource.manage", where.place)
    if not name.strip() or len(name) > MOST_NAME:
        raise InvalidInput("name", "setting.required" if not name.strip() else "input.too_long", {"most": MOST_NAME})
    if day < local_today(now, where.zone):
        raise InvalidInput("day", "special_day.past")
    kept = [{"opens": each["opens"], "closes": each["closes"]} for each in windows]
    _check_windows(day, kept)
    with saving(session, now, actor, "special_day.added", where.key, where.resource_ids) as change:
        kind, id_ = where.key
        here = select(SpecialDay).where(SpecialDay.scope_kind == kind, SpecialDay.scope_id == id_)
        if session.scalar(here.where(SpecialDay.day == day)):
            raise InvalidInput("day", "special_day.exists")
        session.add(
            SpecialDay(
                public_id=new_public_id(),
                scope_kind=kind,
                scope_id=id_,
                day=day,
                windows=kept,
                name=name.strip(),
                set_by_id=actor.member_id,
            )
        )
        change.after = {"day": day.isoformat(), "windows": kept, "name": name.strip()}
    return change


def remove_special_day(session: Session, now: datetime, actor: Actor, public_id: str, all_: District) -> Change:
    """Takes it away, so that the week's hours count again. Raises NotFound, NotAllowed."""
    row = session.scalar(select(SpecialDay).where(SpecialDay.public_id == public_id))
    if row is None:
        raise NotFound(kind="special_day")
    where = all_.where(row.scope_kind, row.scope_id)
    require(actor, "resource.manage", where.place)
    with saving(session, now, actor, "special_day.removed", where.key, where.resource_ids) as change:
        change.before = {"day": row.day.isoformat(), "windows": row.windows, "name": row.name}
        session.delete(row)
    return change


def scope_of_day(session: Session, public_id: str) -> ScopeKey:
    """Where it is set. Raises NotFound."""
    row = session.scalar(select(SpecialDay).where(SpecialDay.public_id == public_id))
    if row is None:
        raise NotFound(kind="special_day")
    return (row.scope_kind, row.scope_id)


def _check_windows(day: date, windows: Windows) -> None:
    try:
        Hours.from_json({"windows": [{"weekday": day.weekday(), **window} for window in windows]})
    except InvalidInput as wrong:
        raise InvalidInput("windows", wrong.code, wrong.facts) from None


def _line(row: SpecialDay) -> SpecialDayLine:
    windows = tuple((each["opens"], each["closes"]) for each in row.windows)
    return SpecialDayLine(row.public_id, (row.scope_kind, row.scope_id), row.day, windows, row.name)
