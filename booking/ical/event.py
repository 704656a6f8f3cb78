"""One booking as a VEVENT: no recurrence, no duration, and UTC wherever the wall clock would be doubtful."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.localtime import is_doubled
from booking.core.timespan import TimeSpan
from booking.ical.text import line, text, texts
from booking.ical.zones import has_vtimezone

STEP = timedelta(days=28)  # shorter than any summer or winter


class Status(StrEnum):
    """How a calendar program is to show the event."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


BUSY_STATUS = {Status.TENTATIVE: "TENTATIVE", Status.CONFIRMED: "BUSY", Status.CANCELLED: "FREE"}


@dataclass(frozen=True, slots=True)
class EventView:
    """What is shown of one booking; an empty text leaves its line out."""

    uid: str
    span: TimeSpan
    zone: ZoneInfo
    status: Status
    sequence: int
    created_at: datetime
    modified_at: datetime
    summary: str
    location: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()


def event_lines(event: EventView) -> bytes:
    """The VEVENT. Its stamps come from the booking, never from the clock: two renderings are equal."""
    stamp = in_utc(event.modified_at)
    lines = [
        b"BEGIN:VEVENT\r\n",
        line("UID", event.uid),
        line("DTSTAMP", stamp),
        line("CREATED", in_utc(event.created_at)),
        line("LAST-MODIFIED", stamp),
        line("SEQUENCE", str(event.sequence)),
        *_times(event.span, event.zone),
        text("SUMMARY", event.summary),
        text("LOCATION", event.location) if event.location else b"",
        line("URL", event.url) if event.url else b"",
        line("STATUS", event.status),
        line("TRANSP", "TRANSPARENT" if event.status is Status.CANCELLED else "OPAQUE"),
        line("X-MICROSOFT-CDO-BUSYSTATUS", BUSY_STATUS[event.status]),
        texts("CATEGORIES", event.categories) if event.categories else b"",
        b"END:VEVENT\r\n",
    ]
    return b"".join(lines)


def in_utc(instant: datetime) -> str:
    """20261122T093000Z: UTC, in whole seconds."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def needs_utc(span: TimeSpan, zone: ZoneInfo) -> bool:
    """Whether readers could differ on the wall times: the clock changes within, or an end lies in a doubled hour."""
    ends = [instant.astimezone(zone) for instant in (span.starts_at, span.ends_at)]
    if any(is_doubled(end.replace(tzinfo=None), zone) for end in ends):
        return True
    within = (span.starts_at + n * STEP for n in range(1, span.duration // STEP + 1))
    offsets = {end.utcoffset() for end in ends} | {instant.astimezone(zone).utcoffset() for instant in within}
    return len(offsets) > 1


def _times(span: TimeSpan, zone: ZoneInfo) -> tuple[bytes, bytes]:
    if not has_vtimezone(zone.key) or needs_utc(span, zone):
        return line("DTSTART", in_utc(span.starts_at)), line("DTEND", in_utc(span.ends_at))
    return (
        line(f"DTSTART;TZID={zone.key}", _wall(span.starts_at, zone)),
        line(f"DTEND;TZID={zone.key}", _wall(span.ends_at, zone)),
    )


def _wall(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y%m%dT%H%M%S}"
