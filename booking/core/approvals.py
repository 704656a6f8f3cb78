"""Who must say yes to a request, in which order, and until when: plain values, no clock and no database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core.localtime import on_the_clock

ANY, ALL, ORDERED = "any", "all", "ordered"
ESCALATE, EXPIRE = "escalate", "expire"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """By resource: who would be asked, and until when they have. `used` are resources the member has booked before."""

    who: Mapping[int, tuple[str, ...]] = field(default_factory=dict, hash=False)
    until: Mapping[int, datetime] = field(default_factory=dict, hash=False)
    used: frozenset[int] = frozenset()


NO_APPROVALS = ApprovalFacts()


def awaited(mode: str, asked: Sequence[int], approved: Collection[int]) -> tuple[int, ...]:
    """Whose yes is missing now: anybody's, everybody's, or that of the next in order; empty when it is given."""
    missing = tuple(each for each in asked if each not in approved)
    if mode == ANY:
        return () if len(missing) < len(asked) else missing
    return missing[:1] if mode == ORDERED else missing


def after_working_days(
    start: datetime, days: int, zone: ZoneInfo, is_holiday: Callable[[date], bool] = lambda _: False
) -> datetime:
    """The same time of day so many working days later; Saturdays, Sundays and holidays do not count."""
    wall = start.astimezone(zone).replace(tzinfo=None)
    while days > 0:
        wall += timedelta(days=1)
        if wall.weekday() < SATURDAY and not is_holiday(wall.date()):
            days -= 1
    return on_the_clock(wall, zone)
