"""A room that a calendar elsewhere has taken for two hours, and what the judge says of it."""

from booking.services.bookings import preview
from tests.support.calendars import a_calendar
from tests.support.deciding import NOW, WEEKDAYS, a_district, a_wish, set_rule

TUESDAY = "2027-05-04"
TEN_TO_TWELVE = f"{TUESDAY} 10:00-12:00"


def a_taken_room(session, **about):
    """Sluppen is open on weekdays, and Innocamp has it on Tuesday from ten to twelve."""
    made = a_district(session)
    set_rule(session, "site", made.site.id, "R10", {"windows": WEEKDAYS})
    a_calendar(session, made.sluppen, TEN_TO_TWELVE, **about)
    return made


def judged(session, place, at, room=None, **more):
    """The verdict on Kari's wish."""
    return preview(session, NOW, a_wish(room or place.sluppen, at, **more), place.kari.id)[0]
