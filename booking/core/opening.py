"""Weekly opening hours and special days, turned into the stretches of UTC time when a place is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from booking.core.timespan import SpanSet, TimeSpan


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from `opens` on a weekday (Monday is 0); closing at or before `opens` means the next day.

    Closing at 24:00 is 00:00 of the next day.
    """

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with hours of its own instead of the weekday's; no windows means closed that day."""

    day: date
    windows: tuple[Window, ...] = ()
    name: str = ""


def open_spans(
    windows: Sequence[Window] | None, special_days: Sequence[SpecialDay], within: TimeSpan, zone: ZoneInfo
) -> SpanSet:
    """When it is open inside `within`; `windows` None means at all hours, apart from the special days."""
    raise NotImplementedError
