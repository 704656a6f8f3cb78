"""A whole calendar: what it is called and how often to look, the zones it speaks of, and the events as they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booking.ical.event import in_utc
from booking.ical.text import line, text
from booking.ical.zones import has_vtimezone, vtimezone

TEMPLATE = 3  # raise it when anything in this package changes the bytes: it is part of every ETag
MOST_OCTETS = 1_000_000  # Google takes no more
PRODUCT = "-//Samrom//Samrom//NO"
COLOUR = "teal"  # one of CSS's names; the nearest to ours
REFRESH = "PT1H"


@dataclass(frozen=True, slots=True)
class CalendarView:
    """What is said of the calendar itself. The first zone is the one its programs should think in."""

    name: str
    description: str
    url: str
    modified_at: datetime
    zones: tuple[str, ...]
    source: str = ""  # where it can be fetched by anybody; never an address that is a secret


def calendar(about: CalendarView, events: Iterable[bytes]) -> bytes:
    """The calendar with as many of the events, in their order, as Google takes.

    No METHOD, ORGANIZER or ATTENDEE: this is a calendar to read, not a message to answer. No SOURCE: it would repeat
    the secret address in a file that people pass on. No UID of its own (RFC 7986, 5.3, lets it be left out): vdirsyncer
    takes the first in a file for that of every event, and keeps one.
    """
    head = b"".join((b"BEGIN:VCALENDAR\r\n", *_about(about), *map(vtimezone, filter(has_vtimezone, about.zones))))
    foot = b"END:VCALENDAR\r\n"
    return b"".join((head, *_as_many_as_fit(events, MOST_OCTETS - len(head) - len(foot)), foot))


def _about(about: CalendarView) -> list[bytes]:
    return [
        line("VERSION", "2.0"),
        line("PRODID", PRODUCT),
        line("CALSCALE", "GREGORIAN"),
        line("LAST-MODIFIED", in_utc(about.modified_at)),
        text("NAME", about.name),
        text("X-WR-CALNAME", about.name),
        text("DESCRIPTION", about.description),
        text("X-WR-CALDESC", about.description),
        line("X-WR-TIMEZONE", about.zones[0]),
        line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        line("X-PUBLISHED-TTL", REFRESH),
        line("URL", about.url),
        line("COLOR", COLOUR),
        *([line("SOURCE;VALUE=URI", about.source)] if about.source else ()),
    ]


def _as_many_as_fit(events: Iterable[bytes], room: int) -> Iterable[bytes]:
    for event in events:
        room -= len(event)
        if room < 0:
            return
        yield event
