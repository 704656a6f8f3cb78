"""Keeps foreign repetitions within bounds: which are refused unread, and an end for those that have none."""

from copy import deepcopy
from datetime import date, datetime, time
from typing import Any

MOST_OCTETS = 5_000_000
MOST_EVENTS = 20_000
MOST_DATES = 1_000
FIRST_YEAR = 1900  # whoever repeats something since before makes us count the days from there
FASTEST = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


def is_wild(event: Any) -> bool:
    """Whether expanding it might never end: repeats within the day, does not move on, or lists dates by the thousand.

    Raises KeyError when it repeats and never begins.

    Repeating every nought weeks never ends; every minute takes longer than anybody waits.
    """
    if "RRULE" in event and event["DTSTART"].dt.year < FIRST_YEAR:
        return True
    dates = sum(len(getattr(each, "dts", ())) for name in ("RDATE", "EXDATE") for each in _listed(event, name))
    return dates > MOST_DATES or any(_is_wild_rule(rule) for rule in _listed(event, "RRULE"))


def _is_wild_rule(rule: Any) -> bool:
    often = {str(each).upper() for each in rule.get("FREQ", ())}
    standing = any(int(each) < 1 for each in rule.get("INTERVAL", ()))
    return not often or not often <= FASTEST or standing or any(len(rule.get(part, ())) > 1 for part in CLOCK_PARTS)


def bounded(event: Any, last: datetime) -> Any:
    """The event with an end to its rule.

    A last day that is only a date counts to the end of that day, as its writers mean it.
    """
    if "RRULE" not in event:
        return event
    kept = deepcopy(event)
    starts = kept["DTSTART"].dt
    for rule in _listed(kept, "RRULE"):
        until = rule.get("UNTIL", [None])[0]
        if until is None and "COUNT" not in rule:
            rule["UNTIL"] = [last if isinstance(starts, datetime) and starts.tzinfo else _like(last, starts)]
        elif until is not None and isinstance(starts, datetime) and not isinstance(until, datetime):
            rule["UNTIL"] = [datetime.combine(until, time(23, 59, 59)).replace(tzinfo=starts.tzinfo)]
    return kept


def _like(last: datetime, starts: date) -> date:
    return last.replace(tzinfo=None) if isinstance(starts, datetime) else last.date()


def _listed(event: Any, name: str) -> list[Any]:
    """A property that may stand once, often, or not at all."""
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]
