"""What the rules about safety know of the world: activities, documents, answers, and who else is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from booking.core.timespan import TimeSpan

if TYPE_CHECKING:
    from booking.core.facts import MemberFacts

CONTAINED_FROM = 2  # from this level on, an activity needs a room with a level, and an approval


@dataclass(frozen=True, slots=True)
class Activity:
    """Something done in laboratories, with the containment level it needs and until when it is approved."""

    id: int
    name: str
    level: int
    approval: str = ""
    approved_until: date | None = None

    def is_approved_through(self, day: date) -> bool:
        """Level 1 needs no approval, but one that is there must not have run out."""
        if self.level >= CONTAINED_FROM and (not self.approval or self.approved_until is None):
            return False
        return self.approved_until is None or day <= self.approved_until


class Frequency(StrEnum):
    """How often a document is to be accepted."""

    ONCE = "once"
    EACH = "each"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class Document:
    """The newest version of a document; `names` and `questions` are by language."""

    id: int
    version: int
    frequency: Frequency
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """That a member has accepted a version of a document, and on which day."""

    document_id: int
    version: int
    day: date


@dataclass(frozen=True, slots=True)
class Presence:
    """Another member who is in the area during this time."""

    member_id: int
    span: TimeSpan


@dataclass(frozen=True, slots=True)
class SafetyFacts:
    """Read only where a rule asks. `answers` are the member's own; activities, documents and members are by id.

    `present` is who has a booking in each resource's area; `dispensed` the last day on which a member may be alone at
    a resource, by both their ids.
    """

    activities: Mapping[int, Activity] = field(default_factory=dict, hash=False)
    documents: Mapping[int, Document] = field(default_factory=dict, hash=False)
    answers: tuple[Answer, ...] = ()
    present: Mapping[int, tuple[Presence, ...]] = field(default_factory=dict, hash=False)
    dispensed: Mapping[tuple[int, int], date] = field(default_factory=dict, hash=False)
    members: Mapping[int, MemberFacts] = field(default_factory=dict, hash=False)


NO_SAFETY = SafetyFacts()


def is_answered(
    document: Document, declared: tuple[tuple[int, int], ...], answers: tuple[Answer, ...], last: date
) -> bool:
    """Whether the newest version was accepted with the booking, or before and lasting to the booking's last day."""
    if (document.id, document.version) in declared:
        return True
    if document.frequency is Frequency.EACH:
        return False
    days = [each.day for each in answers if (each.document_id, each.version) == (document.id, document.version)]
    return any(document.frequency is Frequency.ONCE or last < _a_year_after(day) for day in days)


def _a_year_after(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
