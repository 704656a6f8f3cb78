"""Bookings as iTIP messages (RFC 5546): REQUEST for what stands, CANCEL for what no longer does, to one attendee.

The service is the organizer, the holder attends and has accepted, and so do the rooms. One message speaks of one UID.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from booking.core.timespan import TimeSpan
from booking.ical.calendar import PRODUCT
from booking.ical.event import BUSY_STATUS, Status, in_utc, needs_utc, times
from booking.ical.pattern import Pattern, recurring
from booking.ical.text import clean, line, text
from booking.ical.zones import has_vtimezone, vtimezone

Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Party:
    """The organizer, a person, or a thing that takes part; `kind` is RFC 5545's CUTYPE."""

    name: str
    address: str
    kind: Literal["INDIVIDUAL", "ROOM", "RESOURCE"] = "INDIVIDUAL"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all events of one message share. The stamp is when it was written; a sequence never goes back for a UID."""

    uid: str
    zone: ZoneInfo
    sequence: int
    stamp: datetime
    organizer: Party
    member: Party


@dataclass(frozen=True, slots=True)
class Meeting:
    """One booking as its holder's calendar is to show it."""

    span: TimeSpan
    status: Status
    created_at: datetime
    modified_at: datetime
    summary: str
    location: str
    things: tuple[Party, ...]
    url: str
    description: str

    @property
    def looks(self) -> tuple[Status, str, str, tuple[Party, ...]]:
        """What a date shares with the others of its series, apart from the time."""
        return self.status, self.summary, self.location, self.things


def single(envelope: Envelope, meeting: Meeting, method: Method) -> bytes:
    """A booking that stands by itself."""
    return _calendar(envelope, method, [_event(envelope, meeting, method, times(meeting.span, envelope.zone))])


def one_date(envelope: Envelope, pattern: Pattern, day: date, meeting: Meeting, method: Method) -> bytes:
    """One date of a series that the reader's calendar has: moved, renamed, in another state, or gone."""
    return _calendar(envelope, method, [_override(envelope, pattern, day, meeting, method)])


def series(envelope: Envelope, pattern: Pattern, dates: Mapping[date, Meeting], whole: Meeting) -> bytes:
    """All that stands of a series, by the dates it means; it replaces whatever was said of it before.

    `whole` gives the words, the address and the stamps of the series itself. Without a date left it is cancelled.
    """
    if not dates:
        return single(envelope, whole, "CANCEL")
    found = recurring(pattern, dates)
    first = pattern.span(found.first)
    (status, summary, location, things), _ = Counter(meeting.looks for meeting in dates.values()).most_common(1)[0]
    shared = Meeting(
        first, status, whole.created_at, whole.modified_at, summary, location, things, whole.url, whole.description
    )
    ends = pattern.walled("DTEND", first.ends_at.astimezone(pattern.zone).replace(tzinfo=None))
    master = _event(envelope, shared, "REQUEST", (pattern.dated("DTSTART", found.first), ends, *found.lines))
    # A first date on which the clock changes has another length than the rest, so none may take its length from it.
    is_odd = needs_utc(first, pattern.zone)
    others = [
        _override(envelope, pattern, day, meeting, "REQUEST")
        for day, meeting in sorted(dates.items())
        if is_odd
        or meeting.looks != shared.looks
        or meeting.span != pattern.span(day)
        or needs_utc(meeting.span, pattern.zone)
    ]
    return _calendar(envelope, "REQUEST", [master, *others])


def _override(envelope: Envelope, pattern: Pattern, day: date, meeting: Meeting, method: Method) -> bytes:
    named = pattern.dated("RECURRENCE-ID", day)
    return _event(envelope, meeting, method, (named, *times(meeting.span, envelope.zone)))


def _calendar(envelope: Envelope, method: Method, events: Iterable[bytes]) -> bytes:
    zone = vtimezone(envelope.zone.key) if has_vtimezone(envelope.zone.key) else b""
    head = (line("VERSION", "2.0"), line("PRODID", PRODUCT), line("CALSCALE", "GREGORIAN"), line("METHOD", method))
    return b"".join((b"BEGIN:VCALENDAR\r\n", *head, zone, *events, b"END:VCALENDAR\r\n"))


def _event(envelope: Envelope, meeting: Meeting, method: Method, times: Iterable[bytes]) -> bytes:
    status = Status.CANCELLED if method == "CANCEL" else meeting.status
    lines = [
        b"BEGIN:VEVENT\r\n",
        line("UID", envelope.uid),
        line("DTSTAMP", in_utc(envelope.stamp)),
        line("CREATED", in_utc(meeting.created_at)),
        line("LAST-MODIFIED", in_utc(meeting.modified_at)),
        line("SEQUENCE", str(envelope.sequence)),
        *times,
        text("SUMMARY", meeting.summary),
        text("LOCATION", meeting.location),
        text("DESCRIPTION", meeting.description),
        line("URL", meeting.url),
        line(f"ORGANIZER;CN={parameter(envelope.organizer.name)}", f"mailto:{envelope.organizer.address}"),
        _attendee(envelope.member, "REQ-PARTICIPANT", "ACCEPTED"),
        *(_attendee(thing, "NON-PARTICIPANT", _answer(status)) for thing in meeting.things),
        line("STATUS", status),
        line("TRANSP", "TRANSPARENT" if status is Status.CANCELLED else "OPAQUE"),
        line("X-MICROSOFT-CDO-BUSYSTATUS", BUSY_STATUS[status]),
        b"END:VEVENT\r\n",
    ]
    return b"".join(lines)


def _attendee(party: Party, role: str, answer: str) -> bytes:
    """RSVP=FALSE: nobody reads answers, and they would change nothing."""
    about = f"CN={parameter(party.name)};CUTYPE={party.kind};ROLE={role};PARTSTAT={answer};RSVP=FALSE"
    return line(f"ATTENDEE;{about}", f"mailto:{party.address}")


def _answer(status: Status) -> str:
    """What the room says: a request is not yet a yes."""
    return {Status.TENTATIVE: "TENTATIVE", Status.CONFIRMED: "ACCEPTED", Status.CANCELLED: "DECLINED"}[status]


def parameter(value: str) -> str:
    """A parameter's value in quotes, which it can neither hold nor leave (RFC 6868)."""
    safe = clean(value).replace("\t", " ").replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{safe}"'
