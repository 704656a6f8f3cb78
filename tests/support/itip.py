"""A small, obvious receiver of iTIP messages (RFC 5546): what a calendar program has after taking them in, in order.

A message counts if its SEQUENCE is higher than that of what it is about, or equal with a later DTSTAMP. A REQUEST with
the event itself replaces all that was said of its UID; one with a RECURRENCE-ID replaces that date alone.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import icalendar
import recurring_ical_events

Version = tuple[int, datetime]
Occurrence = tuple[datetime, datetime, str, str]


@dataclass(slots=True)
class Known:
    """What is known of one UID: the event that repeats or stands alone, and the dates that differ from it."""

    master: Any = None
    master_version: Version = (-1, datetime.min.replace(tzinfo=UTC))
    dates: dict[datetime, tuple[Version, Any]] = field(default_factory=dict)
    zones: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Diary:
    """One person's calendar."""

    known: dict[str, Known] = field(default_factory=dict)
    ignored: int = 0

    def take(self, message: bytes) -> None:
        """Applies one message."""
        calendar = icalendar.Calendar.from_ical(message)
        method, events = str(calendar["METHOD"]), list(calendar.walk("VEVENT"))
        (uid,) = {str(event["UID"]) for event in events}
        about = self.known.setdefault(uid, Known())
        about.zones |= {str(zone["TZID"]): zone for zone in calendar.walk("VTIMEZONE")}
        whole = [event for event in events if "RECURRENCE-ID" not in event]
        if whole:
            self._take_whole(about, method, whole[0], [event for event in events if event is not whole[0]])
        else:
            for event in events:
                self._take_date(about, method, event)

    def _take_whole(self, about: Known, method: str, master: Any, dates: list[Any]) -> None:
        version = _version(master)
        if version <= max([about.master_version, *(each for each, _ in about.dates.values())]):
            self.ignored += 1
            return
        about.master_version = version
        about.master = master if method == "REQUEST" else None
        about.dates = {_named(event): (_version(event), event) for event in dates}

    def _take_date(self, about: Known, method: str, event: Any) -> None:
        version, day = _version(event), _named(event)
        if version <= about.dates.get(day, (about.master_version, None))[0]:
            self.ignored += 1
            return
        about.dates[day] = (version, event if method == "REQUEST" else None)

    def occurrences(self, first: datetime, last: datetime) -> list[Occurrence]:
        """All that the calendar shows between the two, in order."""
        return sorted(found for about in self.known.values() for found in _expanded(about, first, last))


def _expanded(about: Known, first: datetime, last: datetime) -> list[Occurrence]:
    calendar = icalendar.Calendar()
    for component in [*about.zones.values(), *([about.master] if about.master else [])]:
        calendar.add_component(component)
    gone = {day for day, (_, event) in about.dates.items() if event is None}
    for _, event in about.dates.values():
        if event is not None:
            calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(first, last)
    return [
        (_utc(each["DTSTART"].dt), _utc(each["DTEND"].dt), str(each["SUMMARY"]), str(each["STATUS"]))
        for each in found
        if _utc(each["DTSTART"].dt) not in gone or _is_moved(each, about)
    ]


def _is_moved(event: Any, about: Known) -> bool:
    """Whether it stands at the time of a date that is gone, but is another date that was moved there."""
    named = event.get("RECURRENCE-ID")
    return named is not None and about.dates.get(_utc(named.dt), (None, None))[1] is not None


def _version(event: Any) -> Version:
    return int(event["SEQUENCE"]), event["DTSTAMP"].dt


def _named(event: Any) -> datetime:
    return _utc(event["RECURRENCE-ID"].dt)


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)
