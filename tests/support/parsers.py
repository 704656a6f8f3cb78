"""Calendars as independent programs read them: one function for each, all with the same answer.

`occurrences(data, start, end)` gives what lies in the span: an instant as aware UTC, an all-day date as a date.
"""

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

from tests.support import node

Moment = datetime | date
Read = Callable[[bytes, datetime, datetime], "set[Occurrence]"]
ELSEWHERE = ("Pacific/Auckland", "America/Los_Angeles")  # far from Oslo, in both directions


class Occurrence(NamedTuple):
    """One event on one date, as a program shows it."""

    uid: str
    start: Moment
    end: Moment
    status: str
    summary: str


def recurring_ical_events_(data: bytes, start: datetime, end: datetime) -> set[Occurrence]:
    """By icalendar and recurring-ical-events."""
    calendar = icalendar.Calendar.from_ical(data)
    # The expander moves UTC times to the calendar's zone and then forgets which of a doubled hour was meant.
    calendar.pop("X-WR-TIMEZONE", None)
    return {
        Occurrence(
            str(event["UID"]),
            moment(event.start),
            moment(event.end),
            str(event.get("STATUS", "")),
            str(event.get("SUMMARY", "")),
        )
        for event in recurring_ical_events.of(calendar).between(start, end)
    }


def home_assistant(data: bytes, start: datetime, end: datetime) -> set[Occurrence]:
    """By `ical`, the strict reader of Home Assistant."""
    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return {
        Occurrence(
            event.uid,
            moment(event.dtstart),
            moment(event.end),
            event.status.value if event.status else "",
            event.summary,
        )
        for event in calendar.timeline_tz(UTC).overlapping(start, end)
    }


def ical_js(data: bytes, start: datetime, end: datetime, zone: str = "UTC") -> set[Occurrence]:
    """By ical.js, on a machine in `zone`."""
    return _by_node("ical.js", data, start, end, zone)


def node_ical(data: bytes, start: datetime, end: datetime, zone: str = "UTC") -> set[Occurrence]:
    """By node-ical, on a machine in `zone`."""
    return _by_node("node-ical", data, start, end, zone)


def _in(zone: str, read: Callable[..., set[Occurrence]]) -> Read:
    return lambda data, start, end: read(data, start, end, zone)


PARSERS: Mapping[str, Read] = {
    "recurring-ical-events": recurring_ical_events_,
    "ical": home_assistant,
    **{f"ical.js in {zone}": _in(zone, ical_js) for zone in ELSEWHERE},
    **{f"node-ical in {zone}": _in(zone, node_ical) for zone in ELSEWHERE},
}


def as_seen(parser: str, events: set[Occurrence]) -> set[Occurrence]:
    """What a parser that reads times rightly makes of the words: node-ical has two slips of its own.

    It takes an escaped backslash before an n for a line break, and drops quotes around the whole.
    """
    if not parser.startswith("node-ical"):
        return events
    return {each._replace(summary=_by_node_ical(each.summary)) for each in events}


def _by_node_ical(words: str) -> str:
    broken = re.sub(r"\\[nN]", "\\\\\n", words)
    return broken[1:-1] if len(broken) > 1 and broken[0] == broken[-1] == '"' else broken


def moment(when: Moment) -> Moment:
    """An instant in UTC, or a date as it is; a time without a zone stays without, and equals none of ours."""
    return when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo else when


def _by_node(library: str, data: bytes, start: datetime, end: datetime, zone: str) -> set[Occurrence]:
    with tempfile.NamedTemporaryFile(suffix=".ics") as file:
        file.write(data)
        file.flush()
        printed = node.run("read.js", library, file.name, start.isoformat(), end.isoformat(), TZ=zone)
    return {_from_json(json.loads(line)) for line in printed.split("\n") if line}


def _from_json(found: Mapping[str, Any]) -> Occurrence:
    start, end = (read_moment(found[name]) for name in ("start", "end"))
    return Occurrence(found["uid"], start, end, found.get("status") or "", found.get("summary") or "")


def read_moment(words: str) -> Moment:
    """`2027-03-01T09:00:00Z` or, for a whole day, `2027-03-01`."""
    return moment(datetime.fromisoformat(words)) if "T" in words else date.fromisoformat(words)
