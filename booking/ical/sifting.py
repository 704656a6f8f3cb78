"""Sifts a foreign calendar line by line before any parser sees it: what we have no use for is not read at all.

That keeps titles, notes and names of others out of the service, and makes the size of what is parsed a matter of how
many events there are, not of what somebody hid in them. Only lines are looked at (RFC 5545, 3.1), in one pass.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from booking.ical.bounds import MOST_DATES, MOST_EVENTS

WHEN = frozenset(
    b"UID DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID STATUS TRANSP SEQUENCE"
    b" X-MICROSOFT-CDO-BUSYSTATUS".split()
)
WHO_AND_WHAT = frozenset({b"SUMMARY", b"ORGANIZER"})
REPEATED = (b"RRULE", b"RDATE", b"RECURRENCE-ID")
LONGEST_LINE = 65_536
MOST_ZONES = 100
WIDE = timedelta(days=2)  # a date by itself may be a day off, in either direction


@dataclass(slots=True)
class Sifted:
    """What is left, and the codes of why events were left out."""

    data: bytes
    left_out: list[str] = field(default_factory=list)
    events: int = 0


def sift(data: bytes, *, with_titles: bool, from_day: date | None = None) -> Sifted:
    """Calendars with their zones and events, each with the lines that are asked for.

    Events that stand alone and end before `from_day` are dropped; it says nothing of them, for they are over. An event
    with a line beyond all measure, or with dates by the thousand, is left out by code. It stops at the first event
    over the measure of them all; `events` tells.
    """
    sieve = _Sieve(WHEN | WHO_AND_WHAT if with_titles else WHEN, from_day)
    lines = _unfolded(data)
    for line in lines:
        sieve.take(line, lines)
        if sieve.sifted.events > MOST_EVENTS:
            break
    sieve.sifted.data = b"\r\n".join([*sieve.kept, b""])
    return sieve.sifted


@dataclass(slots=True)
class _Sieve:
    """What has been kept so far; `is_open` inside a calendar, and calendars are never inside one another."""

    wanted: Collection[bytes]
    from_day: date | None
    sifted: Sifted = field(default_factory=lambda: Sifted(b""))
    kept: list[bytes] = field(default_factory=list)
    zones: int = 0
    is_open: bool = False

    def take(self, line: bytes, lines: Iterator[bytes]) -> None:
        """A line between components, and the whole component when it begins one."""
        name, begun = _name(line), _begins(line)
        if begun == b"VCALENDAR" and not self.is_open:
            self.kept.append(b"BEGIN:VCALENDAR")
            self.is_open = True
        elif begun == b"VEVENT":
            self._take_event(list(_component(lines, self.wanted)))
        elif begun == b"VTIMEZONE" and self.zones < MOST_ZONES:
            self.zones += 1
            self.kept += [b"BEGIN:VTIMEZONE", *_zone(lines), b"END:VTIMEZONE"]
        elif begun is not None:
            _skip(lines)
        elif name == b"END" and self.is_open:
            self.kept.append(b"END:VCALENDAR")
            self.is_open = False
        elif name == b"X-WR-TIMEZONE":
            self.kept.append(line)

    def _take_event(self, event: list[bytes]) -> None:
        code = _left_out(event, self.from_day)
        if code:
            self.sifted.left_out.append(code)
        elif code is None:
            self.sifted.events += 1
            self.kept += [b"BEGIN:VEVENT", *event, b"END:VEVENT"]


def _unfolded(data: bytes) -> Iterator[bytes]:
    """Whole lines; one that is folded is put together again, and what is too long is cut behind its measure."""
    parts: list[bytes] = []
    length = 0
    for raw in data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").splitlines():
        if raw[:1] in (b" ", b"\t") and parts:
            if length <= LONGEST_LINE:
                parts.append(raw[1:])
                length += len(raw) - 1
            continue
        if parts:
            yield b"".join(parts)
        parts, length = [raw[: LONGEST_LINE + 1]], len(raw)
    if parts:
        yield b"".join(parts)


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].partition(b";")[0].strip().upper()


def _begins(line: bytes) -> bytes | None:
    return line.partition(b":")[2].strip().upper() if _name(line) == b"BEGIN" else None


def _skip(lines: Iterator[bytes]) -> None:
    """Everything to the end of a component that has just begun, with all that is nested in it."""
    depth = 1
    for line in lines:
        name = _name(line)
        depth += (name == b"BEGIN") - (name == b"END")
        if depth == 0:
            return


def _component(lines: Iterator[bytes], wanted: Collection[bytes]) -> Iterator[bytes]:
    """The lines of these names up to the component's end; what is nested in it is skipped."""
    for line in lines:
        name = _name(line)
        if name == b"END":
            return
        if name == b"BEGIN":
            _skip(lines)
        elif name in wanted:
            yield line


def _zone(lines: Iterator[bytes]) -> Iterator[bytes]:
    """A zone with its parts, which hold no further ones."""
    is_part = False
    for line in lines:
        name = _name(line)
        if name == b"BEGIN" and (is_part or _begins(line) not in (b"STANDARD", b"DAYLIGHT")):
            _skip(lines)
            continue
        if name == b"END" and not is_part:
            return
        is_part = (is_part or name == b"BEGIN") and name != b"END"
        if name in (b"BEGIN", b"END") or len(line) <= LONGEST_LINE:
            yield line


def _left_out(event: list[bytes], from_day: date | None) -> str | None:
    """The code of why, nothing when it is over, and None for an event that is kept."""
    if any(len(line) > LONGEST_LINE for line in event):
        return "import.wild_rule" if any(_name(line) in REPEATED for line in event) else "import.broken"
    dates = sum(line.count(b",") + 1 for line in event if _name(line) in (b"RDATE", b"EXDATE"))
    if dates > MOST_DATES:
        return "import.wild_rule"
    return "" if from_day is not None and _is_over(event, from_day - WIDE) else None


def _is_over(event: list[bytes], day: date) -> bool:
    """Whether it stands alone, and the date it ends on, which is read at a glance, has passed."""
    by_name = {_name(line): line for line in event}
    if any(name in by_name for name in (*REPEATED, b"DURATION")):
        return False
    last = by_name.get(b"DTEND", by_name.get(b"DTSTART", b"")).rpartition(b":")[2].strip()[:8]
    return len(last) == 8 and last.isdigit() and last < f"{day:%Y%m%d}".encode()
