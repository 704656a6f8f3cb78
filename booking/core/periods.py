"""Periods of the local calendar that quotas count in: days, ISO weeks, months, and so many days on end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from booking.core.localtime import day_span, last_day, local_day
from booking.core.timespan import TimeSpan

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first local day to the end of the last; a day is 23, 24 or 25 hours."""

    per: str
    first: date
    last: date

    def span(self, zone: ZoneInfo) -> TimeSpan:
        """Midnight to midnight by the clock on the wall."""
        return TimeSpan(day_span(self.first, zone).starts_at, day_span(self.last, zone).ends_at)

    def to_json(self) -> dict[str, object]:
        """As facts hold it."""
        return {"per": self.per, "first": self.first.isoformat(), "last": self.last.isoformat()}


def period_of(day: date, per: str, days: int = 0) -> Period:
    """The period a day lies in; of rolling ones the one that begins on it."""
    if per == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(per, monday, monday + 6 * DAY)
    if per == "month":
        first = day.replace(day=1)
        return Period(per, first, (first + 31 * DAY).replace(day=1) - DAY)
    return Period(per, day, day + (days - 1) * DAY if per == "rolling" else day)


def periods_touched(span: TimeSpan, per: str, days: int, zone: ZoneInfo) -> Iterator[Period]:
    """Every period that some minute of the span falls in, the first one first."""
    first, last = local_day(span.starts_at, zone), last_day(span, zone)
    day = first - (days - 1) * DAY if per == "rolling" else first
    while day <= last:
        period = period_of(day, per, days)
        yield period
        day = day + DAY if per == "rolling" else period.last + DAY
