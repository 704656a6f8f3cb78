"""Reads foreign calendars: events as plain values, repeated ones date by date, and what could not be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty, IncompleteComponent

from booking.core.errors import DomainError
from booking.core.timespan import TimeSpan
from booking.ical.bounds import MOST_EVENTS, MOST_OCTETS, bounded, is_wild
from booking.ical.text import clean

DAY = timedelta(days=1)
# What icalendar, dateutil and datetime raise for events that no calendar should hold.
BROKEN = (
    ValueError, OverflowError, KeyError, TypeError, AttributeError, BrokenCalendarProperty, IncompleteComponent,
)  # fmt: skip


class UnreadableCalendar(DomainError):
    """The file as a whole is no calendar we read; the code says why."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(**facts)


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """One use of the time; `recurrence` names the date of a repeated event, and is empty for one that stands alone."""

    uid: str
    recurrence: str
    span: TimeSpan
    title: str
    email: str
    cancelled: bool
    unknown_zone: bool = False
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """An event that was left out, and the code of why; `harmless` when it would not have taken any time."""

    uid: str
    title: str
    code: str
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was found, in order of time."""

    events: tuple[ForeignEvent, ...]
    troubles: tuple[Trouble, ...]


def read_calendar(data: bytes, zone: ZoneInfo, within: TimeSpan) -> Reading:
    """The events of a file; repeated ones inside `within` only, for many never end. Raises UnreadableCalendar.

    Times without a zone, or with one that nobody knows, are read by the calendar's own zone or else by `zone`.
    """
    if len(data) > MOST_OCTETS:
        raise UnreadableCalendar("import.too_large", most=MOST_OCTETS // 1_000_000)
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        families = [(calendar, uid, family) for calendar in calendars for uid, family in _families(calendar)]
    except BROKEN as broken:
        raise UnreadableCalendar("import.no_calendar") from broken
    if not calendars:
        raise UnreadableCalendar("import.no_calendar")
    if sum(len(family) for _, _, family in families) > MOST_EVENTS:
        raise UnreadableCalendar("import.too_many", most=MOST_EVENTS)
    events: list[ForeignEvent] = []
    troubles: list[Trouble] = []
    for calendar, uid, family in families:
        for found in _read_family(calendar, uid, family, _own_zone(calendar) or zone, within):
            (events if isinstance(found, ForeignEvent) else troubles).append(found)  # type: ignore[arg-type]
        if len(events) > MOST_EVENTS:
            raise UnreadableCalendar("import.too_many", most=MOST_EVENTS)
    return Reading(tuple(sorted(events, key=lambda each: (each.span, each.uid))), tuple(troubles))


def _families(calendar: Any) -> Iterable[tuple[str, list[Any]]]:
    """Events by UID: a repeated one and the dates that differ belong together."""
    families: dict[str, list[Any]] = {}
    for event in calendar.walk("VEVENT"):
        families.setdefault(clean(str(event.get("UID", ""))).strip(), []).append(event)
    return families.items()


def _own_zone(calendar: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(calendar["X-WR-TIMEZONE"]).strip())
    except (KeyError, ValueError, OSError):
        return None


def _read_family(
    calendar: Any, uid: str, family: list[Any], zone: ZoneInfo, within: TimeSpan
) -> Iterator[ForeignEvent | Trouble]:
    if not uid:
        yield from (Trouble("", _title(event), "import.no_uid") for event in family)
        return
    try:
        if any(is_wild(event) for event in family):
            yield Trouble(uid, _title(family[0]), "import.wild_rule")
            return
        for event in _occurrences(calendar, family, within):
            yield _read_event(uid, event, zone)
    except BROKEN:
        yield Trouble(uid, _title(family[0]), "import.broken")


def _occurrences(calendar: Any, family: list[Any], within: TimeSpan) -> list[Any]:
    """What does not repeat stands as it is, its newest version; what does is expanded."""
    if any("RRULE" in event or "RDATE" in event for event in family):
        small = Calendar()
        zones = calendar.walk("VTIMEZONE")
        small.subcomponents = [*zones, *(bounded(event, within.ends_at) for event in family)]
        return list(recurring_ical_events.of(small).between(within.starts_at, within.ends_at))
    newest: dict[str, Any] = {}
    for event in sorted(family, key=lambda each: int(each.get("SEQUENCE", 0))):
        newest[str(event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in event else ""] = event
    return list(newest.values())


def _read_event(uid: str, event: Any, zone: ZoneInfo) -> ForeignEvent | Trouble:
    if _marks(event, "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS") & {"TRANSPARENT", "FREE"}:
        return Trouble(uid, _title(event), "import.transparent", harmless=True)
    starts = event["DTSTART"].dt
    if starts.year < 1900:
        return Trouble(uid, _title(event), "import.broken")
    span = _span(event, starts, zone)
    if span is None:
        return Trouble(uid, _title(event), "import.no_length")
    organiser = str(event.get("ORGANIZER", ""))
    return ForeignEvent(
        uid=uid,
        recurrence=_instant(event["RECURRENCE-ID"].dt, zone).strftime("%Y%m%dT%H%M%SZ")
        if "RECURRENCE-ID" in event
        else "",
        span=span,
        title=_title(event),
        email=organiser[7:].strip().lower() if organiser.lower().startswith("mailto:") else "",
        cancelled="CANCELLED" in _marks(event, "STATUS"),
        unknown_zone=_names_unknown_zone(event, starts),
        tentative="TENTATIVE" in _marks(event, "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS"),
    )


def _marks(event: Any, *names: str) -> set[str]:
    """What these properties say; Outlook tells how busy somebody is by one of its own ([MS-OXCICAL] 2.1.3.1.1.20)."""
    return {str(event.get(name, "")).strip().upper() for name in names}


def _span(event: Any, starts: date, zone: ZoneInfo) -> TimeSpan | None:
    """A DURATION of hours is elapsed time; days, and what has no end but a date, follow the calendar."""
    starts_at = _instant(starts, zone)
    duration = event["DURATION"].dt if "DURATION" in event and "DTEND" not in event else None
    if duration is not None:
        ends_at = _instant(starts + duration, zone) if duration % DAY == timedelta() else starts_at + duration
    elif "DTEND" in event:
        ends_at = _instant(event["DTEND"].dt, zone)
    elif isinstance(starts, datetime):
        return None
    else:
        ends_at = _instant(starts + DAY, zone)
    return TimeSpan(starts_at, ends_at) if starts_at < ends_at else None


def _instant(when: date, zone: ZoneInfo) -> datetime:
    """A date is its midnight; the missing hour is read by the clock before it went forward."""
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _names_unknown_zone(event: Any, starts: date) -> bool:
    named = "TZID" in event["DTSTART"].params
    return named and isinstance(starts, datetime) and starts.tzinfo is None


def _title(event: Any) -> str:
    return " ".join(clean(str(event.get("SUMMARY", ""))).split())
