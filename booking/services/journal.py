"""Writes the journal: who did what to which thing, when, through which door, with values before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.models import JournalEntry
from booking.services.feed_counters import RIGHTS, raise_counters

# What changes who may read what: feeds of others' bookings are put together anew after it.
OF_RIGHTS = (
    "membership.",
    "organisation.",
    "duty.",
    "invitation.accepted",
    "member.appointed",
    "member.changed",
    "member.reactivated",
    "member.deactivated",
    "member.ended",
    "feed_key.revoked",
    "requests.delegat",
    "booking.delegated",
    "rules.changed",
    "demo.removed",
)


def record(
    session: Session,
    now: datetime,
    actor_id: int | None,
    action: str,
    subject: tuple[str, int],
    *,
    door: str = "form",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    text: str | None = None,
) -> JournalEntry:
    """Adds one entry, and gives it for whoever needs its id.

    `before` and `after` hold ids and plain values; personal text belongs in `text` alone.
    """
    entry = JournalEntry(
        at=now,
        actor_id=actor_id,
        action=action,
        subject_kind=subject[0],
        subject_id=subject[1],
        door=door,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        text=text,
    )
    session.add(entry)
    if action.startswith(OF_RIGHTS):
        raise_counters(session, now, [RIGHTS])
    return entry
