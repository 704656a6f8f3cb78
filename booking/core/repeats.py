"""Repeats of an outage: every so many weeks on the weekday of the first, by the clock on the wall, until a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core.errors import InvalidInput
from booking.core.localtime import is_doubled, on_the_clock
from booking.core.timespan import TimeSpan

MOST_WEEKS = 52
MOST_DATES = 260


@dataclass(frozen=True, slots=True)
class Repeat:
    """The recipe; the last date may fall on `until`."""

    every_weeks: int
    until: date

    def to_json(self, first: date) -> dict[str, object]:
        """As it is stored, with the weekday it falls on (Monday is 0)."""
        return {"every_weeks": self.every_weeks, "weekday": first.weekday(), "until": self.until.isoformat()}


def dates(first: date, repeat: Repeat | None) -> list[date]:
    """The first date and those that follow. Raises InvalidInput for a recipe that leads nowhere, or to too many."""
    if repeat is None:
        return [first]
    if not 1 <= repeat.every_weeks <= MOST_WEEKS:
        raise InvalidInput("every_weeks", "setting.out_of_range", {"least": 1, "most": MOST_WEEKS})
    if repeat.until < first:
        raise InvalidInput("until", "outage.until_before_start")
    step = timedelta(weeks=repeat.every_weeks)
    count = (repeat.until - first) // step + 1
    if count > MOST_DATES:
        raise InvalidInput("until", "outage.too_many_dates", {"most": MOST_DATES})
    return [first + n * step for n in range(count)]


def spans(starts: datetime, ends: datetime, repeat: Repeat | None, zone: ZoneInfo) -> list[TimeSpan]:
    """One span for each date, from one wall time to another; every instant at which the clock shows such a time.

    A date on which the clock never shows one, because it jumps over all of them, has none.
    """
    length = ends.date() - starts.date()
    found = []
    for day in dates(starts.date(), repeat):
        first = on_the_clock(datetime.combine(day, starts.time()), zone)
        last = _last_end(datetime.combine(day + length, ends.time()), zone)
        if first < last:
            found.append(TimeSpan(first, last))
    return found


def _last_end(ends: datetime, zone: ZoneInfo) -> datetime:
    """The end by the clock; where a wall time just before it comes twice, after the second time."""
    before = ends - timedelta(minutes=1)
    if is_doubled(before, zone):
        return before.replace(tzinfo=zone, fold=1).astimezone(UTC) + timedelta(minutes=1)
    return on_the_clock(ends, zone)
