"""When nobody may be alone, and which minutes are covered by others; plain sets of instants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.core.localtime import on_the_clock
from booking.core.opening import Window, open_spans
from booking.core.pool import Usage
from booking.core.safety_params import LoneWork
from booking.core.timespan import SpanSet, TimeSpan

WEEKEND = (5, 6)
MIDNIGHT = time()


def lone_times(params: LoneWork, closed: Iterable[TimeSpan], within: TimeSpan, zone: ZoneInfo) -> SpanSet:
    """The evenings and nights, weekends and closures inside `within`, by the clock on the wall."""
    nights = [Window(day, params.after, params.until) for day in range(7)]
    whole_days = [Window(day, MIDNIGHT, MIDNIGHT) for day in WEEKEND] if params.weekends else []
    alone = open_spans((*nights, *whole_days), (), within, zone)
    return alone | (SpanSet(closed) & SpanSet((within,))) if params.closures else alone


def accompanied(others: Mapping[int, SpanSet], least: int, within: TimeSpan) -> SpanSet:
    """The instants when at least so many others are there; each of them counts once."""
    return SpanSet(Usage(span for each in others.values() for span in each).above(least - 1, within))


def through_day(day: date, within: TimeSpan, zone: ZoneInfo) -> SpanSet:
    """What of `within` lies before the end of a local day."""
    end = on_the_clock(datetime.combine(day + timedelta(days=1), MIDNIGHT), zone)
    if end <= within.starts_at:
        return SpanSet()
    return SpanSet((TimeSpan(within.starts_at, min(end, within.ends_at)),))
