"""Reads what admins type: whole numbers, days, and times such as 9, 0900, 9.00, 09:00 and 24:00."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core import localtime
from booking.core.errors import InvalidInput
from booking.core.timespan import TimeSpan

CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?|(\d{1,2})(\d{2})")


def clock_text(text: str) -> str:
    """As rules store it, 09:00; what cannot be read comes back as it was, for the rule's own check to refuse."""
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        return text.strip()
    hours, minutes = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    return f"{hours:02d}:{minutes:02d}"


def number(text: str) -> object:
    """A whole number; None for an empty field; what cannot be read comes back as it was."""
    text = text.strip()
    if not text:
        return None
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text


def optional_number(text: str, field: str) -> int | None:
    """Raises InvalidInput when it is not a whole number."""
    value = number(text)
    if value is None or isinstance(value, int):
        return value
    raise InvalidInput(field, "setting.not_a_number")


def day(text: str, field: str) -> date:
    """2026-11-24 or 24.11.2026. Raises InvalidInput."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise InvalidInput(field, "input.not_a_day" if text.strip() else "setting.required")


def wall_time(on: date, text: str, field: str) -> datetime:
    """The wall time of a day and a clock; 24:00 is 00:00 of the next day. Raises InvalidInput."""
    if not text.strip():
        raise InvalidInput(field, "setting.required")
    clock = clock_text(text)
    if clock == "24:00":
        return datetime.combine(on + timedelta(days=1), datetime.min.time())
    try:
        return datetime.combine(on, datetime.strptime(clock, "%H:%M").time())  # noqa: DTZ007 - a wall time
    except ValueError:
        raise InvalidInput(field, "setting.not_a_time") from None


def wall_span(form: Mapping[str, str]) -> tuple[datetime, datetime]:
    """From `start_date` and `start` to `end_date` and `end`, by the clock. Raises InvalidInput.

    Without times whole days are meant, the last day included; without a last day, one day.
    """
    first = day(form.get("start_date", ""), "start_date")
    last = day(form["end_date"], "end_date") if form.get("end_date", "").strip() else first
    starts = wall_time(first, form.get("start", "").strip() or "00:00", "start")
    ends = wall_time(last, form.get("end", "").strip() or "24:00", "end")
    if ends <= starts:
        raise InvalidInput("end", "closure.order")
    return starts, ends


def span_in(form: Mapping[str, str], zone: ZoneInfo) -> TimeSpan:
    """The same as instants. Raises InvalidInput, also for a time the clock jumps over."""
    starts, ends = wall_span(form)
    if any(localtime.is_missing(wall, zone) for wall in (starts, ends)):
        raise InvalidInput("start", "outage.no_time")
    return TimeSpan(*(localtime.to_utc(wall.date(), wall.time(), zone) for wall in (starts, ends)))


def chosen_id(text: str, field: str) -> int:
    """The id of what was chosen in a list. Raises InvalidInput."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise InvalidInput(field, "setting.not_a_choice")
    return int(text)
