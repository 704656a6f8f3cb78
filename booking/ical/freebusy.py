"""Busy times as a VFREEBUSY: spans of UTC and nothing else."""

from collections.abc import Mapping
from datetime import datetime

from booking.core.timespan import SpanSet, TimeSpan
from booking.ical.calendar import PRODUCT
from booking.ical.event import in_utc
from booking.ical.text import line


def freebusy(uid: str, window: TimeSpan, stamped_at: datetime, busy: Mapping[str, SpanSet]) -> bytes:
    """The calendar file; `busy` by FBTYPE, such as BUSY and BUSY-TENTATIVE."""
    periods = (
        line(f"FREEBUSY;FBTYPE={kind}", f"{in_utc(span.starts_at)}/{in_utc(span.ends_at)}")
        for kind, spans in busy.items()
        for span in spans
    )
    lines = (
        line("BEGIN", "VCALENDAR"),
        line("VERSION", "2.0"),
        line("PRODID", PRODUCT),
        line("BEGIN", "VFREEBUSY"),
        line("UID", uid),
        line("DTSTAMP", in_utc(stamped_at)),
        line("DTSTART", in_utc(window.starts_at)),
        line("DTEND", in_utc(window.ends_at)),
        *periods,
        line("END", "VFREEBUSY"),
        line("END", "VCALENDAR"),
    )
    return b"".join(lines)
