"""How a wish repeats, in the local calendar: which dates it falls on; pure dates, so that no clock change moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import islice
from typing import Literal, Self

from dateutil import rrule

from booking.core.errors import InvalidInput
from booking.core.request import WallSpan

MOST_DATES = 400  # a bound of our own; how many dates a series may have is a rule's to say (R28)
MOST_STEPS = 99
LAST = -1  # the last weekday of a month


class Every(StrEnum):
    """What it repeats by; `dates` is a hand-picked list."""

    DAY = "day"
    WEEK = "week"
    MONTH_DATE = "month_date"
    MONTH_WEEKDAY = "month_weekday"
    YEAR = "year"
    DATES = "dates"


_FREQUENCIES: Mapping[Every, Literal[0, 1, 2, 3]] = {
    Every.DAY: rrule.DAILY,
    Every.WEEK: rrule.WEEKLY,
    Every.MONTH_DATE: rrule.MONTHLY,
    Every.MONTH_WEEKDAY: rrule.MONTHLY,
    Every.YEAR: rrule.YEARLY,
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every k days, weeks (on some weekdays), months or years from the first date, until a date or so many times.

    By month it is the first date's own number (a month without it is passed over) or its place among the weekdays
    of the month: the `nth`, or the last. Raises InvalidInput for what has no end or no sense.
    """

    every: Every
    step: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    until: date | None = None
    count: int | None = None
    dates: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.every is Every.DATES:
            if not self.dates:
                raise InvalidInput("dates", "series.no_dates")
            object.__setattr__(self, "dates", tuple(sorted(set(self.dates))))
            return
        if not 1 <= self.step <= MOST_STEPS:
            raise InvalidInput("every", "series.step")
        if (self.until is None) == (self.count is None):
            raise InvalidInput("until", "series.no_end")
        if self.count is not None and not 1 <= self.count <= MOST_DATES:
            raise InvalidInput("count", "series.count")
        if any(day not in range(7) for day in self.weekdays):
            raise InvalidInput("weekdays", "setting.not_a_weekday")
        if self.nth is not None and self.nth not in (1, 2, 3, 4, 5, LAST):
            raise InvalidInput("nth", "series.nth")

    def days(self, first: date, most: int = MOST_DATES) -> tuple[date, ...]:
        """The dates in order, from the first on; one that does not fit the pattern itself is not among them."""
        if self.every is Every.DATES:
            return self.dates[:most]
        found = rrule.rrule(
            _FREQUENCIES[self.every],
            dtstart=datetime.combine(first, time()),
            interval=self.step,
            until=datetime.combine(self.until, time()) if self.until else None,
            count=self.count,
            wkst=rrule.MO,
            byweekday=self._weekdays(first),
        )
        return tuple(each.date() for each in islice(found, most))

    def _weekdays(self, first: date) -> tuple[int, ...] | tuple[rrule.weekday, ...] | None:
        if self.every is Every.WEEK:
            return tuple(sorted(set(self.weekdays))) or (first.weekday(),)
        if self.every is Every.MONTH_WEEKDAY:
            return (rrule.weekday(first.weekday(), self.nth or nth_of(first)),)
        return None

    def to_json(self) -> dict[str, object]:
        """Plain values that `from_json` reads."""
        return {
            "every": self.every.value,
            "step": self.step,
            "weekdays": list(self.weekdays),
            "nth": self.nth,
            "until": self.until.isoformat() if self.until else None,
            "count": self.count,
            "dates": [day.isoformat() for day in self.dates],
        }

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What `to_json` wrote."""
        weekdays, dates = json.get("weekdays"), json.get("dates")
        return cls(
            Every(str(json["every"])),
            _whole(json.get("step")) or 1,
            tuple(int(day) for day in weekdays) if isinstance(weekdays, list) else (),
            _whole(json.get("nth")),
            date.fromisoformat(str(json["until"])) if json.get("until") else None,
            _whole(json.get("count")),
            tuple(date.fromisoformat(day) for day in dates) if isinstance(dates, list) else (),
        )


def nth_of(day: date) -> int:
    """Which of its weekdays in the month it is, from 1; the fifth counts as the last, which every month has."""
    nth = (day.day - 1) // 7 + 1
    return nth if nth < 5 else LAST


def on_day(wall: WallSpan, day: date) -> WallSpan:
    """The same wall times on another date: an end on a later day stays as many days later.

    A doubled hour means the first time, whatever was chosen for the first date.
    """
    later = wall.ends.date() - wall.starts.date()
    return WallSpan(datetime.combine(day, wall.starts.time()), datetime.combine(day + later, wall.ends.time()))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
