"""A calendar elsewhere in the demo district: courses that somebody else plans, as if their file had been read."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from booking.core.timespan import TimeSpan
from booking.demo.happenings import OSLO, an_actor
from booking.ical.reading import ForeignEvent, Reading, Trouble
from booking.services import external_calendars, external_reading
from booking.services.catalogue import resource_by_slug
from booking.services.external_calendars import CalendarValues

WEEKS = 8
FILE = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"  # in its place what it would say is given below


def mind_courses(session: Session, now: datetime, today: date) -> None:
    """Every Wednesday and Friday morning, early enough to lie under nothing; one of its events cannot be read."""
    card = resource_by_slug(session, "simuleringsrom")
    values = CalendarValues("Simulatorkurs", tentative_blocks=False, upload=FILE)
    external_calendars.add_calendar(session, now, an_actor(session, now, "lab"), card, values)
    claimed = external_reading.claim(session, now)
    if claimed is None:
        raise LookupError("the calendar that was just added is not due")
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(weeks=week, days=day) for week in range(WEEKS) for day in (2, 4)]
    reading = Reading(tuple(map(_course, days)), (Trouble("", "", "import.broken"),))
    external_reading.take_over(session, now, claimed, reading, 1.0)


def _course(day: date) -> ForeignEvent:
    starts_at = datetime.combine(day, time(7), OSLO).astimezone(UTC)
    span = TimeSpan(starts_at, starts_at + timedelta(minutes=90))
    return ForeignEvent(f"course-{day}@example.invalid", "", span, title="", email="", cancelled=False)
