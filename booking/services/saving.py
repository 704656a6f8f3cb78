"""Saving what decides over bookings: under the locks, compared before and after, written in the journal.

Locks. Whoever changes rules, closures, special days or a resource's state first takes the locks of every unit it
reaches, the same that a booking takes before it is judged. So each booking is either committed before the change and
among those we look at, or judged after it by the new rules; none slips between. (On SQLite the whole write
transaction is alone.) That a booking read its clock before it waited does not matter: see `settings.rows_at`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import NotFound
from booking.models import JournalEntry, Resource
from booking.permissions import Actor, ScopeKey
from booking.services import feed_counters, holds, journal
from booking.services.locks import lock
from booking.services.standing_bookings import of_resources
from booking.services.stranded import Stranded, stranded, unfit

SHOWN = ("closure.", "outage.")  # what calendars of rooms and sites show beside bookings


@dataclass(slots=True)
class Change:
    """What is being saved; the one who saves fills in what it was, what it is, and reads the entry's id at the end."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    entry_id: int | None = None
    no_longer_fit: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequences:
    """The bookings that do not fit now: through the change that was looked up, and those that did not fit before."""

    new: tuple[Stranded, ...]
    old: tuple[Stranded, ...]
    asked: bool = False  # a change was looked up


@contextmanager
def saving(
    session: Session,
    now: datetime,
    actor: Actor,
    action: str,
    subject: ScopeKey,
    resource_ids: Iterable[int],
    *,
    member_ids: Iterable[int] = (),
) -> Iterator[Change]:
    """Takes the locks, lets the change happen, and records it with the bookings that fitted before and do not now.

    A change that says nothing of what it was and is leaves no trace.
    """
    reached = sorted(set(resource_ids))
    lock(session, member_ids=member_ids, resource_ids=reached)
    before = unfit(session, now, reached)
    change = Change()
    yield change
    if not change.after and not change.before:
        return
    session.flush()
    session.expire_all()
    change.no_longer_fit = tuple(sorted(set(unfit(session, now, reached)) - set(before)))
    entry = journal.record(
        session,
        now,
        actor.member_id,
        action,
        subject,
        before=change.before,
        after={**change.after, "no_longer_fit": list(change.no_longer_fit)},
    )
    holds.refresh(session, now, of_resources(reached, now))
    if action.startswith(SHOWN):
        sites = session.scalars(select(Resource.site_id).where(Resource.id.in_(reached)).distinct())
        shown = [*(("resource", id_) for id_ in reached), *(("site", id_) for id_ in sites)]
        feed_counters.raise_counters(session, now, shown)
    change.entry_id = entry.id


def consequences(
    session: Session, now: datetime, actor: Actor, subject: ScopeKey, resource_ids: Iterable[int], entry_id: int | None
) -> Consequences:
    """How things stand now. Raises NotFound when the entry is about something else.

    Whoever booked with a note, such as too few seats, knew it; only what would be refused is told of again.
    """
    new = no_longer_fit(session, subject, entry_id) if entry_id is not None else frozenset()
    found: Mapping[int, Stranded] = stranded(session, now, actor, resource_ids)
    return Consequences(
        tuple(each for id_, each in found.items() if id_ in new),
        tuple(each for id_, each in found.items() if id_ not in new and each.refused),
        asked=entry_id is not None,
    )


def no_longer_fit(session: Session, subject: ScopeKey, entry_id: int) -> frozenset[int]:
    """The bookings a change left behind when it was saved. Raises NotFound when the entry is about something else."""
    entry = session.get(JournalEntry, entry_id)
    if entry is None or (entry.subject_kind, entry.subject_id) != subject:
        raise NotFound(kind="change")
    return frozenset((entry.after or {}).get("no_longer_fit", ()))
