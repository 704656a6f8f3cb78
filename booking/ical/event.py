"""One event as a VEVENT: no recurrence, no duration, and UTC wherever the wall clock would be doubtful."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.localtime import is_doubled, last_day, local_day
from booking.core.timespan import TimeSpan
from booking.ical.text import escaped, folded, line, text, texts
from booking.ical.zones import has_vtimezone

DAY = timedelta(days=1)
STEP = timedelta(days=28)  # shorter than any summer or winter


class Status(StrEnum):
    """How a calendar program is to show the event."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


BUSY_STATUS = {Status.TENTATIVE: "TENTATIVE", Status.CONFIRMED: "BUSY", Status.CANCELLED: "FREE"}


@dataclass(frozen=True, slots=True)
class EventView:
    """What is shown of one event; an empty text leaves its line out. `as_days` is for whole local days."""

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
    as_days: bool = False


def event_lines(event: EventView) -> bytes:
    """The VEVENT. Its stamps come from the event, never from the clock: two renderings are equal."""
    return joined(
        core_lines(event),
        text("SUMMARY", event.summary),
        text("LOCATION", event.location) if event.location else b"",
        line("URL", event.url) if event.url else b"",
        texts("CATEGORIES", event.categories) if event.categories else b"",
    )


def joined(*parts: bytes) -> bytes:
    """A VEVENT of lines that were rendered before."""
    return b"".join((b"BEGIN:VEVENT\r\n", *parts, b"END:VEVENT\r\n"))


def core_lines(event: EventView) -> bytes:
    """What even a calendar that only shows busy times may know: no name, no place (RFC 5545, 3.6.1)."""
    stamp = in_utc(event.modified_at)
    lines = [
        line("UID", event.uid),
        line("DTSTAMP", stamp),
        line("CREATED", in_utc(event.created_at)),
        line("LAST-MODIFIED", stamp),
        line("SEQUENCE", str(event.sequence)),
        *(_days(event.span, event.zone) if event.as_days else times(event.span, event.zone)),
        line("STATUS", event.status),
        line("TRANSP", "TRANSPARENT" if event.status is Status.CANCELLED else "OPAQUE"),
        line("X-MICROSOFT-CDO-BUSYSTATUS", BUSY_STATUS[event.status]),
    ]
    return b"".join(lines)


def ended(core: bytes, sequence: int | None = None, modified_at: datetime | None = None) -> bytes:
    """The core of an event that is no more, perhaps with a later stamp."""
    new = {"STATUS": "CANCELLED", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
    if sequence is not None:
        new["SEQUENCE"] = str(sequence)
    if modified_at is not None:
        new |= dict.fromkeys(("DTSTAMP", "LAST-MODIFIED"), in_utc(modified_at))
    lines = core.removesuffix(b"\r\n").split(b"\r\n")
    names = (each.partition(b":")[0].decode() for each in lines)
    return b"".join(
        line(name, new[name]) if name in new else each + b"\r\n" for name, each in zip(names, lines, strict=True)
    )


def prefixed(words: str, summary: bytes) -> bytes:
    """A rendered SUMMARY with words before it, folded anew."""
    whole = summary.replace(b"\r\n ", b"").removesuffix(b"\r\n").removeprefix(b"SUMMARY:").decode()
    return folded(f"SUMMARY:{escaped(words)} {whole}")


def alarm_lines(uid: str, minutes: int, words: str) -> bytes:
    """A reminder so many minutes before the event; its DESCRIPTION is compulsory (RFC 5545, 3.6.6; UID: RFC 9074)."""
    lines = [
        b"BEGIN:VALARM\r\n",
        line("UID", f"alarm-{uid}"),
        line("ACTION", "DISPLAY"),
        text("DESCRIPTION", words),
        line("TRIGGER", f"-PT{minutes}M"),
        b"END:VALARM\r\n",
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


def times(span: TimeSpan, zone: ZoneInfo) -> tuple[bytes, bytes]:
    """DTSTART and DTEND in the zone's wall time, or in UTC where readers could differ on that."""
    if not has_vtimezone(zone.key) or needs_utc(span, zone):
        return line("DTSTART", in_utc(span.starts_at)), line("DTEND", in_utc(span.ends_at))
    return (
        line(f"DTSTART;TZID={zone.key}", _wall(span.starts_at, zone)),
        line(f"DTEND;TZID={zone.key}", _wall(span.ends_at, zone)),
    )


def _days(span: TimeSpan, zone: ZoneInfo) -> tuple[bytes, bytes]:
    """The last day of an all-day event is the one after it (RFC 5545, 3.6.1)."""
    first, after = local_day(span.starts_at, zone), last_day(span, zone) + DAY
    return line("DTSTART;VALUE=DATE", f"{first:%Y%m%d}"), line("DTEND;VALUE=DATE", f"{after:%Y%m%d}")


def _wall(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y%m%dT%H%M%S}"
