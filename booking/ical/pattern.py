"""How a series repeats as calendars say it: one rule, with what it must leave out; a list of dates where none will do.

A date is named by its anchor: the wall time at which the pattern lets it begin, wherever it was moved.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil import rrule

from booking.core.localtime import clock_forward, is_missing
from booking.core.recurrence import Every, Recurrence, nth_of, on_day
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.ical.event import in_utc
from booking.ical.text import line
from booking.ical.zones import has_vtimezone

MOST_DAYS = 800  # of a list of dates as weekdays; the others are left out one by one
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The wall times of the first date, how they repeat, and whose wall the clock hangs on."""

    wall: WallSpan
    rule: Recurrence
    zone: ZoneInfo

    @property
    def days(self) -> tuple[date, ...]:
        """The dates it means, left out or not."""
        return self.rule.days(self.wall.starts.date())

    def span(self, day: date) -> TimeSpan:
        """When the date would be if nobody had moved it; in an hour that is missing, once the clock has gone on."""
        wall = on_day(self.wall, day)
        starts_at, ends_at = (each.replace(tzinfo=self.zone).astimezone(UTC) for each in (wall.starts, wall.ends))
        return TimeSpan(starts_at, ends_at if ends_at > starts_at else starts_at + (wall.ends - wall.starts))

    def anchor(self, day: date) -> datetime:
        """The wall time that names the date."""
        return clock_forward(on_day(self.wall, day).starts, self.zone)

    def dated(self, name: str, day: date) -> bytes:
        """A line such as RECURRENCE-ID or EXDATE; in UTC in the few zones that cannot be written."""
        return self.walled(name, self.anchor(day))

    def walled(self, name: str, wall: datetime) -> bytes:
        """A line with a wall time of this zone."""
        if not has_vtimezone(self.zone.key):
            return line(name, in_utc(wall.replace(tzinfo=self.zone)))
        return line(f"{name};TZID={self.zone.key}", f"{wall:%Y%m%dT%H%M%S}")


@dataclass(frozen=True, slots=True)
class Recurring:
    """The date that a series' event begins on, and the lines that make it repeat."""

    first: date
    lines: tuple[bytes, ...]


def recurring(pattern: Pattern, live: Collection[date]) -> Recurring:
    """The lines that yield exactly the live dates, of which there is at least one.

    One RDATE or EXDATE a line: ical.js reads no further than the first value. RDATE is the last resort: Outlook and
    node-ical do not read it, and ical.js then forgets the first date.
    """
    days = pattern.days
    rule = _rule(pattern, days) if days and days[0] <= min(live) else None
    if rule is None:
        days = _weekly(live)
        rule = _rule(replace(pattern, rule=_of_weekdays(days)), days) if len(days) <= MOST_DAYS else None
    if rule is None:
        first, *others = sorted(live)
        return Recurring(first, tuple(pattern.dated("RDATE", day) for day in others))
    left_out = (pattern.dated("EXDATE", day) for day in days if day not in live)
    added = (pattern.dated("RDATE", day) for day in sorted(set(live).difference(days)))
    return Recurring(days[0], (rule, *left_out, *added))


def _weekly(live: Collection[date]) -> tuple[date, ...]:
    """Every date from the first to the last that shares a weekday with one of them."""
    first, last = min(live), max(live)
    weekdays = {day.weekday() for day in live}
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in every if day.weekday() in weekdays)


def _of_weekdays(days: tuple[date, ...]) -> Recurrence:
    return Recurrence(Every.WEEK, weekdays=tuple(sorted({day.weekday() for day in days})), until=days[-1])


def _rule(pattern: Pattern, days: tuple[date, ...]) -> bytes | None:
    """RRULE to the last date; None for a list, for a wall time that is missing on one of them, or for odd zones."""
    said = rule_text(pattern.rule, pattern.wall.starts.date(), days[0])
    if said is None or not has_vtimezone(pattern.zone.key) or not _means(said, days):
        return None
    if any(is_missing(on_day(pattern.wall, day).starts, pattern.zone) for day in days):
        return None
    last = pattern.span(days[-1]).starts_at
    return line("RRULE", f"{said};UNTIL={in_utc(last)}")


def rule_text(rule: Recurrence, first: date, begins: date) -> str | None:
    """The rule without its end, in the words of RFC 5545 (3.3.10); `first` is the date it was wished for."""
    step = f";INTERVAL={rule.step}" if rule.step > 1 else ""
    if rule.every is Every.DAY:
        return f"FREQ=DAILY{step}"
    if rule.every is Every.WEEK:
        weekdays = sorted(set(rule.weekdays)) or [first.weekday()]
        return f"FREQ=WEEKLY{step};WKST=MO;BYDAY={','.join(WEEKDAYS[day] for day in weekdays)}"
    if rule.every is Every.MONTH_DATE:
        return f"FREQ=MONTHLY{step};BYMONTHDAY={begins.day}"
    if rule.every is Every.MONTH_WEEKDAY:
        return f"FREQ=MONTHLY{step};BYDAY={rule.nth or nth_of(first)}{WEEKDAYS[first.weekday()]}"
    if rule.every is Every.YEAR:
        return f"FREQ=YEARLY{step}"
    return None


def _means(said: str, days: tuple[date, ...]) -> bool:
    """Whether the words give these dates and no others."""
    first, last = (datetime.combine(day, datetime.min.time()) for day in (days[0], days[-1]))
    expanded = rrule.rrulestr(said, dtstart=first)
    return tuple(each.date() for each in expanded.between(first, last, inc=True)) == days
