"""Weekly opening hours and special days, turned into the stretches of UTC time when a place is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.core.localtime import day_span, local_day, on_the_clock
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
    """When it is open inside `within`; `windows` None means at all hours, apart from the special days.

    Hours past midnight belong to the day on which they begin, for weekdays and special days alike.
    """
    first, last = local_day(within.starts_at, zone) - timedelta(days=1), local_day(within.ends_at, zone)
    hours = None if windows is None else tuple(windows)
    return _open_on_days(hours, tuple(special_days), first, last, zone) & SpanSet((within,))


@lru_cache(maxsize=1024)
def _open_on_days(
    windows: tuple[Window, ...] | None, special_days: tuple[SpecialDay, ...], first: date, last: date, zone: ZoneInfo
) -> SpanSet:
    """The hours that begin on these days; many resources share their hours, and are asked about over and over."""
    specials = {special.day: special for special in special_days}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return SpanSet(span for day in days for span in _open_on(day, windows, specials, zone))


def hours_on(
    day: date, windows: Sequence[Window] | None, special_days: Sequence[SpecialDay]
) -> tuple[Window, ...] | None:
    """The windows that begin on this date, None when it is open at all hours."""
    for special in special_days:
        if special.day == day:
            return tuple(sorted(special.windows))
    if windows is None:
        return None
    return tuple(sorted(window for window in windows if window.weekday == day.weekday()))


def _open_on(
    day: date, windows: Sequence[Window] | None, specials: dict[date, SpecialDay], zone: ZoneInfo
) -> Iterator[TimeSpan]:
    hours = hours_on(day, windows, (specials[day],) if day in specials else ())
    if hours is None:
        yield day_span(day, zone)
        return
    for window in hours:
        closing_day = day if window.closes > window.opens else day + timedelta(days=1)
        opens_at = on_the_clock(datetime.combine(day, window.opens), zone)
        closes_at = on_the_clock(datetime.combine(closing_day, window.closes), zone)
        if opens_at < closes_at:  # a window inside the missing hour is empty that night
            yield TimeSpan(opens_at, closes_at)
