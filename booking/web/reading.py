"""Reads what people type: days, times such as 9, 0900, 9.00 or 09:00, lengths and small whole numbers."""

import re
from datetime import UTC, date, datetime, time, timedelta

from booking.core.timespan import TimeSpan
from booking.services.wishes import YEARS

CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?|(\d{1,2})(\d{2})", re.ASCII)
MIDNIGHT = time()
MOST_PEOPLE = 9999
STAMP = "%Y%m%dT%H%M%SZ"


def read_day(text: str) -> date | None:
    """2026-11-24, as a date field sends it, or 24.11.2026, as people here write it; None when it is neither.

    Nor is a year far from ours a day: no calendar program shows it.
    """
    text = text.strip()
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        return day if day.year in YEARS else None
    return None


def read_clock(text: str) -> tuple[time, bool] | None:
    """The time, and whether it is the midnight that ends the day (24:00); None when it cannot be read."""
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    if (hours, minutes) == (24, 0):
        return MIDNIGHT, True
    return (time(hours, minutes), False) if hours < 24 and minutes < 60 else None


def read_wall(day: date, text: str) -> datetime | None:
    """The wall time that a day and a clock make; 24:00 is 00:00 of the next day."""
    clock = read_clock(text)
    if clock is None:
        return None
    wall, ends_day = clock
    return datetime.combine(day + timedelta(days=ends_day), wall)


def read_number(text: str, most: int = MOST_PEOPLE) -> int | None:
    """A whole number from 1; None when it is not one."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if 1 <= number <= most else None


def clock_field(wall: datetime | time) -> str:
    """How a time stands in a field: 09:00."""
    return wall.strftime("%H:%M")


def span_token(span: TimeSpan) -> str:
    """A span as a button carries it, exact also in a doubled hour."""
    return "/".join(instant.strftime(STAMP) for instant in (span.starts_at, span.ends_at))


def read_span_token(text: str) -> TimeSpan | None:
    """The span that a button carried; None when it is not one of ours."""
    try:
        starts, ends = (datetime.strptime(part, STAMP).replace(tzinfo=UTC) for part in text.split("/"))
        span = TimeSpan(starts, ends)
    except ValueError:
        return None
    return span if starts.year in YEARS and ends.year in YEARS else None
