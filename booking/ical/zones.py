"""VTIMEZONE as two yearly rules, read from the footer of the zone's TZif file.

Lists of RDATEs, as the icalendar package writes them, make Thunderbird show every summer event an hour late.
"""

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from booking.ical.text import line

NAME = r"<[A-Za-z0-9+-]+>|[A-Za-z]+"
OFFSET = r"[+-]?\d{1,3}(?::\d\d){0,2}"
RULE = r"M(\d+)\.(\d)\.(\d)(?:/([+-]?\d{1,3}(?::\d\d){0,2}))?"
FOOTER = re.compile(rf"({NAME})({OFFSET})(?:({NAME})({OFFSET})?,{RULE},{RULE})?")
DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
LAST = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = "19700101T000000"
WEEKS = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(weeks=n) for n in range(13 * 52)]
NO_CHANGES = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 1) + bytes(7)  # RFC 9636: one local time, UTC


class NoYearlyRule(ValueError):
    """The zone's clock changes in a way that two yearly rules cannot say."""


@dataclass(frozen=True, slots=True)
class Change:
    """When the clock changes each year: the nth such weekday of a month (5 is the last), at a wall time."""

    month: int
    nth: int
    weekday: int  # 0 is Sunday
    at: timedelta

    @property
    def rule(self) -> str:
        nth = -1 if self.nth == LAST else self.nth
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={nth}{DAYS[self.weekday]}"

    @property
    def first(self) -> str:
        """The wall time of the change in 1970."""
        first_of_month = datetime(1970, self.month, 1)  # noqa: DTZ001 - a wall time
        ahead = (self.weekday - first_of_month.isoweekday()) % 7
        day = first_of_month + DAY * (ahead + 7 * (self.nth - 1))
        if day.month != self.month:
            day -= 7 * DAY
        return f"{day + self.at:%Y%m%dT%H%M%S}"


@cache
def vtimezone(name: str) -> bytes:
    """The VTIMEZONE of an IANA zone. Raises NoYearlyRule for the dozen zones with odd changes or new laws."""
    footer = _footer(name)
    match = FOOTER.fullmatch(footer)
    if match is None or not _is_steady(name, footer):
        raise NoYearlyRule(name)
    standard_name, standard_offset, summer_name, summer_offset, *changes = match.groups()
    standard = -_length(standard_offset)  # POSIX counts west of Greenwich
    if summer_name is None:
        parts = _part("STANDARD", ALWAYS, standard, standard, standard_name)
    else:
        summer = -_length(summer_offset) if summer_offset else standard + HOUR
        begins, ends = _change(name, changes[:4]), _change(name, changes[4:])
        names = ("DAYLIGHT", "STANDARD") if summer > standard else ("STANDARD", "DAYLIGHT")
        parts = _part(names[0], begins.first, standard, summer, summer_name, begins.rule)
        parts += _part(names[1], ends.first, summer, standard, standard_name, ends.rule)
    return b"BEGIN:VTIMEZONE\r\n" + line("TZID", name) + parts + b"END:VTIMEZONE\r\n"


@cache
def has_vtimezone(name: str) -> bool:
    """Whether the zone can be written; times in other zones are written in UTC."""
    try:
        vtimezone(name)
    except NoYearlyRule:
        return False
    return True


def _is_steady(name: str, footer: str) -> bool:
    """Whether the clock goes by the footer in all these years; in Casablanca it leaves it each Ramadan until 2087."""
    zone, ruled = ZoneInfo(name), ZoneInfo.from_file(BytesIO(NO_CHANGES * 2 + f"\n{footer}\n".encode()))
    return all(week.astimezone(zone).utcoffset() == week.astimezone(ruled).utcoffset() for week in WEEKS)


def _part(kind: str, starts: str, before: timedelta, after: timedelta, name: str, rule: str = "") -> bytes:
    lines = [
        line("BEGIN", kind),
        line("DTSTART", starts),
        line("TZOFFSETFROM", _offset(before)),
        line("TZOFFSETTO", _offset(after)),
        line("TZNAME", name.strip("<>")),
    ]
    return b"".join((*lines, line("RRULE", rule) if rule else b"", line("END", kind)))


def _change(zone: str, parts: list[str]) -> Change:
    month, nth, weekday, at = parts
    change = Change(int(month), int(nth), int(weekday), _length(at or "2"))
    if not timedelta(0) <= change.at < DAY:
        raise NoYearlyRule(zone)
    return change


def _length(text: str) -> timedelta:
    """`-3:30` is minus three and a half hours."""
    hours, minutes, seconds = (*map(int, text.lstrip("+-").split(":")), 0, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _offset(length: timedelta) -> str:
    minutes = round(abs(length).total_seconds() / 60)
    return f"{'-' if length < timedelta(0) else '+'}{minutes // 60:02}{minutes % 60:02}"


def _footer(name: str) -> str:
    """The last line of the TZif file that ZoneInfo itself reads: how the clock goes from now on."""
    ZoneInfo(name)  # raises for what is no zone's name, before it is used as a path
    files = (Path(folder, name) for folder in TZPATH)
    found = next((file for file in files if file.is_file()), None)
    source = found or resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    return source.read_bytes().rsplit(b"\n", 2)[1].decode("ascii")
