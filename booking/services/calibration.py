"""Until when the calibration of a resource counts: set by whoever manages it, its history in the journal."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import JournalEntry, Member, Resource
from booking.permissions import Actor, require
from booking.services.catalogue import ResourceCard
from booking.services.saving import Change, saving

ACTION = "calibration.set"


@dataclass(frozen=True, slots=True)
class Past:
    """What was set once, when and by whom; no day means that none was kept any more."""

    at: datetime
    who: str
    due: date | None


def set_due(session: Session, now: datetime, actor: Actor, card: ResourceCard, due: date | None) -> Change:
    """The last day it counts, None when nobody keeps count; which bookings fit no longer is in the change.

    Raises NotAllowed.
    """
    require(actor, "resource.manage", card.place)
    with saving(session, now, actor, ACTION, ("resource", card.id), [card.id]) as change:
        row = session.get_one(Resource, card.id)
        if row.calibration_due != due:
            change.before, change.after = {"due": _text(row.calibration_due)}, {"due": _text(due)}
            row.calibration_due = due
    return change


def history(session: Session, card: ResourceCard, *, most: int = 20) -> list[Past]:
    """Every day that was set, the newest first."""
    rows = session.execute(
        select(JournalEntry.at, Member.name, JournalEntry.after)
        .outerjoin(Member, Member.id == JournalEntry.actor_id)
        .where(
            JournalEntry.subject_kind == "resource",
            JournalEntry.subject_id == card.id,
            JournalEntry.action == ACTION,
        )
        .order_by(JournalEntry.id.desc())
        .limit(most)
    )
    return [Past(at, name or "", _day((after or {}).get("due"))) for at, name, after in rows]


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
