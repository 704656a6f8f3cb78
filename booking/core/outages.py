"""Why a resource cannot be had though nobody has booked it: maintenance, faults, and what calendars elsewhere say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.core.timespan import SpanSet, TimeSpan


class Effect(StrEnum):
    """What an outage does: nothing can be booked then, or it is only told of."""

    BLOCK = "block"
    NOTICE = "notice"


class FaultReports(StrEnum):
    """Which reports of a fault put a resource out of service at once."""

    NEVER = "never"
    SAFETY = "safety"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Outage:
    """A planned stretch of maintenance of `place`, which is the resource itself, its whole or one of its parts."""

    span: TimeSpan
    effect: Effect
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class OutOfService:
    """A fault that keeps `place` out of service; when it is back may not be known, or the day may have passed."""

    since: datetime
    expected_back: datetime | None
    is_safety: bool
    place: str

    def span(self, now: datetime, assume_down: timedelta) -> TimeSpan | None:
        """When nothing can start: until it is expected back; unknown or overdue, for as long as we assume it is down.

        None for a safety fault, which has no end until it is cleared.
        """
        if self.is_safety:
            return None
        until = self.known_back(now) or max(now, self.since) + assume_down
        return TimeSpan(self.since, until) if until > self.since else TimeSpan(self.since, self.since + assume_down)

    def known_back(self, now: datetime) -> datetime | None:
        """When it is expected back, unless that has passed without anybody clearing the fault."""
        return self.expected_back if self.expected_back is not None and self.expected_back > now else None


@dataclass(frozen=True, slots=True)
class BusyElsewhere:
    """Time that a calendar elsewhere says is taken of `place`; `calendar` is the name its managers gave it.

    What it is taken for is nobody's business here, and is not kept.
    """

    span: TimeSpan
    calendar: str
    place: str


def blocked_spans(
    outages: tuple[Outage, ...], faults: tuple[OutOfService, ...], now: datetime, assume_down: timedelta
) -> SpanSet:
    """All the time that outages and faults take; safety faults, which take all, are left out."""
    planned = [outage.span for outage in outages if outage.effect is Effect.BLOCK]
    found = [fault.span(now, assume_down) for fault in faults]
    return SpanSet([*planned, *(span for span in found if span is not None)])
