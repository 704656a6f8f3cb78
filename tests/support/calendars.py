"""Calendars elsewhere for tests: as rows, as files, and read the way the worker does."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.ical.reading import ForeignEvent, Reading, Trouble
from booking.models import ExternalBusy, ExternalCalendar, Resource
from booking.services import external_reading
from tests.factories import LONG_AGO, number, span_at

ADDRESS = "https://calendar.example.org/private-key/room.ics"


def a_calendar(session: Session, on: Resource, *busy: str, **changes: object) -> ExternalCalendar:
    """Innocamp's, with these times taken in Oslo: `2027-05-18 10:00-12:00`."""
    about = {"name": "Innocamp", "address": ADDRESS, "tentative_blocks": False, "skipped": {}, "failures": 0}
    row = ExternalCalendar(resource_id=on.id, added_at=LONG_AGO, **{**about, **changes})
    session.add(row)
    session.flush()
    for at in busy:
        a_busy_time(session, row, span_at(at))
    return row


def a_busy_time(session: Session, calendar: ExternalCalendar, span: TimeSpan, **changes: object) -> None:
    """One use of the time elsewhere."""
    about = {"uid": f"event-{next(number)}@elsewhere", "recurrence": "", "is_tentative": False, **changes}
    when = {"starts_at": span.starts_at, "ends_at": span.ends_at}
    session.add(ExternalBusy(calendar_id=calendar.id, resource_id=calendar.resource_id, **when, **about))
    session.flush()


def an_event(at: str, uid: str = "", **changes: object) -> ForeignEvent:
    """As a reader finds it."""
    about = {"recurrence": "", "title": "", "email": "", "cancelled": False, **changes}
    return ForeignEvent(uid or f"event-{next(number)}@elsewhere", span=span_at(at), **about)


def found(*events: ForeignEvent, troubles: tuple[str, ...] = ()) -> Reading:
    """A whole reading."""
    return Reading(events, tuple(Trouble("", "", code) for code in troubles))


def is_read(session: Session, now: datetime, calendar: ExternalCalendar, *events: ForeignEvent, **more: object) -> None:
    """The worker's turn: claimed, read so, and written."""
    calendar.due_at, calendar.claimed_until = now, None
    session.flush()
    claimed = external_reading.claim(session, now)
    assert claimed is not None
    assert claimed.calendar_id == calendar.id
    external_reading.take_over(session, now, claimed, found(*events), 1.0, **more)


def a_file(*events: str) -> bytes:
    """An .ics file; an event is given by its lines, or by when it is in UTC: `20270518T080000Z/20270518T100000Z`."""
    lines = [_lines(event, n) for n, event in enumerate(events)]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def _lines(event: str, n: int) -> str:
    starts, slash, ends = event.partition("/")
    in_lines = "\n" in event or not slash
    about = event.replace("\n", "\r\n") if in_lines else f"UID:{n}@elsewhere\r\nDTSTART:{starts}\r\nDTEND:{ends}"
    return f"BEGIN:VEVENT\r\n{about}\r\nSUMMARY:Nobody’s business\r\nEND:VEVENT"


def taken(session: Session) -> list[tuple[datetime, datetime]]:
    """What all calendars have taken, in order of time."""
    rows = session.execute(select(ExternalBusy.starts_at, ExternalBusy.ends_at).order_by(ExternalBusy.starts_at))
    return [tuple(row) for row in rows]


def ends(*at: str) -> list[tuple[datetime, datetime]]:
    """The same for what it should be, in Oslo."""
    return [(span_at(each).starts_at, span_at(each).ends_at) for each in at]
