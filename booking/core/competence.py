"""Competence, what a resource asks people to have learnt, who has learnt it, and when they last used the resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Qualification:
    """Something to have learnt; `course_on` is the next date with a free seat, and `contact` whom to ask."""

    id: int
    name: str
    is_safety: bool = False
    course_on: date | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """That somebody has a qualification, from a day on and until the end of another; None means for good."""

    qualification_id: int
    granted_on: date
    expires_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it counts on that day."""
        return self.granted_on <= day and self.lasts(day)

    def lasts(self, day: date) -> bool:
        """Whether it has not run out by that day."""
        return self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True, slots=True)
class Competence:
    """What is known for one resource; grants are by member, and those that were withdrawn are left out.

    `used_on` are the last local days of the members' own bookings of it, past and coming. `names` are those of
    members who may supervise; nobody else's grants are known but the beneficiary's, and those of possible buddies.
    """

    qualifications: Mapping[int, Qualification] = field(default_factory=dict, hash=False)
    grants: Mapping[int, tuple[Grant, ...]] = field(default_factory=dict, hash=False)
    used_on: Mapping[int, tuple[date, ...]] = field(default_factory=dict, hash=False)
    names: Mapping[int, str] = field(default_factory=dict, hash=False)

    def held(self, member_id: int, ids: tuple[int, ...]) -> tuple[Grant, ...]:
        """The member's grants of any of these qualifications."""
        return tuple(each for each in self.grants.get(member_id, ()) if each.qualification_id in ids)


NO_COMPETENCE = Competence()
