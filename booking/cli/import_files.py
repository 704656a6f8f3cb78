"""Reads the files that bookings are imported from, CSV and ICS, into rows; what cannot be read becomes a row too."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.ical.apart import OF_OPERATORS, read_apart
from booking.ical.bounds import MOST_EVENTS, MOST_OCTETS
from booking.ical.reading import UnreadableCalendar
from booking.services.addresses import decoded
from booking.services.importing import Row

COLUMNS = ("uid", "date", "start", "end", "end_date", "title", "people", "email")
NEEDED = {"date", "start", "end"}
CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})?|(\d{1,2})(\d{2})", re.ASCII)
BEHIND, AHEAD = timedelta(days=3 * 366), timedelta(days=400)


def read_rows(name: str, data: bytes, zone: ZoneInfo, now: datetime) -> list[Row]:
    """The rows of a file, by its name's ending. Raises UnreadableCalendar."""
    if len(data) > MOST_OCTETS:
        raise UnreadableCalendar("import.too_large", most=MOST_OCTETS // 1_000_000)
    if name.lower().endswith((".ics", ".ical")):
        return list(_calendar_rows(data, zone, now))
    rows = list(_table_rows(decoded(data)))
    if len(rows) > MOST_EVENTS:
        raise UnreadableCalendar("import.too_many", most=MOST_EVENTS)
    return rows


def _calendar_rows(data: bytes, zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    """Events in order of time; repeated ones from three years ago until thirteen months ahead."""
    within = TimeSpan(now - BEHIND, now + AHEAD)
    reading = read_apart(data, zone, within, with_titles=True, limits=OF_OPERATORS)
    for number, event in enumerate(reading.events, 1):
        yield Row(
            number=number,
            uid=event.uid,
            wall=_wall(event.span, zone),
            title=event.title,
            email=event.email,
            recurrence=event.recurrence,
            cancelled=event.cancelled,
            note="import.unknown_zone" if event.unknown_zone else "",
        )
    for number, each in enumerate(reading.troubles, len(reading.events) + 1):
        yield Row(number, each.uid, None, each.title, trouble=each.code, harmless=each.harmless)


def _wall(span: TimeSpan, zone: ZoneInfo) -> WallSpan | None:
    """None for years that local time cannot be told of."""
    latest = datetime(9999, 12, 30, tzinfo=UTC)
    return WallSpan.of(span, zone) if span.ends_at < latest else None


def _table_rows(text: str) -> Iterator[Row]:
    """Each line by the names in the first; commas or semicolons, whichever the first line has more of."""
    first = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        names = [name.strip().lower() for name in lines.fieldnames or ()]
        lines.fieldnames = names
        if NEEDED - set(names):
            raise UnreadableCalendar("import.no_columns", columns=", ".join(sorted(NEEDED)))
        yield from _without_twins(_table_row(lines.line_num, line) for line in lines)
    except csv.Error as broken:
        raise UnreadableCalendar("import.no_table") from broken


def _table_row(number: int, line: dict[str, str | None]) -> Row:
    said = {name: (line.get(name) or "").strip() for name in COLUMNS}
    day, wall = _day(said["date"]), None
    if day is not None:
        wall = _times(day, said["start"], said["end"], _day(said["end_date"]) if said["end_date"] else day)
    people = int(said["people"]) if said["people"].isascii() and said["people"].isdigit() else None
    trouble = "import.no_time" if wall is None else ""
    if said["people"] and (people is None or len(said["people"]) > 4):
        people, trouble = None, trouble or "import.people"
    uid = said["uid"] or _made_up(said)
    return Row(number, uid, wall, said["title"], people, said["email"].lower(), trouble=trouble)


def _made_up(said: dict[str, str]) -> str:
    """The same for the same day, start and person, so that the file can be imported again."""
    identity = "|".join(said[name] for name in ("date", "start", "email"))
    return f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@csv"


def _without_twins(rows: Iterable[Row]) -> Iterator[Row]:
    """A UID may stand once; lines without one that begin together are numbered, any other twin is refused."""
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.uid] += 1
        if seen[row.uid] == 1:
            yield row
        elif row.uid.endswith("@csv"):
            yield Row(row.number, f"{seen[row.uid]}-{row.uid}", row.wall, row.title, row.people, row.email,
                      trouble=row.trouble)  # fmt: skip
        else:
            yield Row(row.number, row.uid, row.wall, row.title, trouble="import.uid_twice")


def _day(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def _times(day: date, start: str, end: str, end_day: date | None) -> WallSpan | None:
    """24:00 is midnight at the end of the day."""
    starts, ends = _clock(start), _clock(end)
    if starts is None or ends is None or end_day is None:
        return None
    midnight = time()
    return WallSpan(datetime.combine(day, midnight) + starts, datetime.combine(end_day, midnight) + ends)


def _clock(text: str) -> timedelta | None:
    match = CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    return timedelta(hours=hours, minutes=minutes) if minutes < 60 and (hours, minutes) <= (24, 0) else None
