"""What bookings were allowed in spite of: the journal remembers it, so that nobody is stopped for it later."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.verdict import Finding
from booking.models import JournalEntry

Marks = set[tuple[str, int | None]]  # a finding's code and the resource it is about
ANEW = "booking.handed_over"  # what was allowed to one holder was not allowed to the next


def without_passed(session: Session, found: Mapping[int, Iterable[Finding]]) -> dict[int, tuple[Finding, ...]]:
    """The findings by booking without those that were overridden for it; bookings with none left are left out."""
    held = {id_: tuple(findings) for id_, findings in found.items() if findings}
    known = _passed(session, held)
    left = {
        id_: tuple(each for each in findings if (each.code, each.resource_id) not in known.get(id_, ()))
        for id_, findings in held.items()
    }
    return {id_: findings for id_, findings in left.items() if findings}


def _passed(session: Session, booking_ids: Iterable[int]) -> dict[int, Marks]:
    ids = sorted(booking_ids)
    rows = session.execute(
        select(JournalEntry.subject_id, JournalEntry.action, JournalEntry.after)
        .where(JournalEntry.subject_kind == "booking", JournalEntry.subject_id.in_(ids))
        .order_by(JournalEntry.id)
    ) if ids else ()  # fmt: skip
    found: dict[int, Marks] = {}
    for id_, action, after in rows:
        if action == ANEW:
            found.pop(id_, None)
        for mark in (after or {}).get("overrides", ()):
            found.setdefault(id_, set()).add((mark["code"], mark["resource"]))
    return found


__all__ = ["without_passed"]
