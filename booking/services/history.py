"""What happened to a booking, from its journal: who did what, field by field, with every id told by its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.models import JournalEntry, Member, Organisation, Resource
from booking.services.notices import span_of
from booking.services.telling import read_back

PLAIN = ("people", "visibility", "state")
NAMED = {"resources": Resource, "member_id": Member, "organisation_id": Organisation}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed: time, title, quantities, or one of those above.

    A time is a TimeSpan, everything else is text as people know it or a plain value.
    """

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a booking's history."""

    at: datetime
    action: str
    who: str
    door: str
    message: str
    differences: tuple[Difference, ...]
    is_late: bool = False
    by_manager: bool = False
    overridden: tuple[str, ...] = ()
    wanted: TimeSpan | None = None
    reason: str = ""


def history(session: Session, booking_id: int) -> list[Happening]:
    """Everything, oldest first. The caller has asked whether the actor may know."""
    entries = _entries(session, booking_id)
    names = _names(session, [entry for entry, _ in entries])
    return [_happening(entry, name or "", names) for entry, name in entries]


def since(session: Session, booking_id: int, version: int) -> list[Happening]:
    """What was done after this version of the booking, oldest first."""
    entries = [pair for pair in _entries(session, booking_id) if (pair[0].after or {}).get("version", 0) > version]
    names = _names(session, [entry for entry, _ in entries])
    return [_happening(entry, name or "", names) for entry, name in entries]


def _entries(session: Session, booking_id: int) -> list[tuple[JournalEntry, str | None]]:
    rows = session.execute(
        select(JournalEntry, Member.name)
        .outerjoin(Member, Member.id == JournalEntry.actor_id)
        .where(JournalEntry.subject_kind == "booking", JournalEntry.subject_id == booking_id)
        .order_by(JournalEntry.id)
    )
    return [(entry, name) for entry, name in rows]


def _happening(entry: JournalEntry, who: str, names: dict[tuple[str, int], str]) -> Happening:
    after = entry.after or {}
    written = read_back(entry.text)
    titles = written.titles
    differences = tuple(_differences(entry.before or {}, after, names))
    if titles and entry.action != "booking.made":
        differences += (Difference("title", *titles),)
    wanted = None
    if "from" in after:
        wanted = TimeSpan(datetime.fromisoformat(after["from"]), datetime.fromisoformat(after["to"]))
    return Happening(
        at=entry.at,
        action=entry.action,
        who=who,
        door=entry.door,
        message=written.message,
        differences=differences,
        is_late=bool(after.get("late")),
        by_manager=after.get("as") == "manager",
        overridden=tuple(after.get("overridden", ())),
        wanted=wanted,
        reason=written.reason,
    )


def _differences(before: dict[str, Any], after: dict[str, Any], names: dict[tuple[str, int], str]) -> list[Difference]:
    """Only what stands on both sides; what an entry says nothing of has not changed."""
    found = []
    old, new = span_of(before), span_of(after)
    if old and new and old != new:
        found.append(Difference("time", old, new))
    told = [each for each in (*NAMED, *PLAIN, "quantities") if each in before and each in after]
    changed = [each for each in told if before[each] != after[each]]
    return found + [Difference(each, *(_said(each, side[each], names) for side in (before, after))) for each in changed]


def _said(field: str, value: object, names: dict[tuple[str, int], str]) -> object:
    if field in NAMED:
        return ", ".join(names.get((field, id_), "?") for id_ in _ids(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _names(session: Session, entries: Iterable[JournalEntry]) -> dict[tuple[str, int], str]:
    """The names of everything that the entries speak of, in three queries."""
    wanted: dict[str, set[int]] = {field: set() for field in NAMED}
    for entry in entries:
        for values in (entry.before or {}, entry.after or {}):
            for field in NAMED:
                wanted[field].update(_ids(values.get(field)))
    return {
        (field, id_): name
        for field, model in NAMED.items()
        for id_, name in session.execute(select(model.id, model.name).where(model.id.in_(sorted(wanted[field]))))  # type: ignore[attr-defined]
    }


def _ids(value: object) -> list[int]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, int)]
    return [value] if isinstance(value, int) else []
