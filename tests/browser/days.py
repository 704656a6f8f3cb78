"""Days for walks: working days beyond the demo's bookings, so that what a test books is all there is."""

from datetime import date, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

import holidays

from booking import clock

OSLO = ZoneInfo("Europe/Oslo")
BEYOND_THE_DEMO = 40
ONE_DAY = timedelta(days=1)


def today() -> date:
    """The local day."""
    return clock.now().astimezone(OSLO).date()


@cache
def workday(number: int) -> date:
    """The ordinary working day with this number; every test that writes has its own, up to 22."""
    return next(islice(_workdays(), number, None))


def midweek() -> date:
    """A day of its own, after all of those, between two other ordinary days: the same is offered around it always."""
    later = islice(_workdays(), 23, None)
    return next(
        day for day in later if day.weekday() in (1, 2, 3) and all(map(_is_ordinary, (day - ONE_DAY, day + ONE_DAY)))
    )


def near_workdays() -> list[date]:
    """Ordinary working days that the sentence on the first page can name, the farthest first."""
    listed = (today() + timedelta(days=n) for n in range(20, 8, -1))
    return [day for day in listed if _is_ordinary(day)]


def _workdays():
    day = today() + timedelta(days=BEYOND_THE_DEMO)
    while True:
        if _is_ordinary(day):
            yield day
        day += ONE_DAY


def _is_ordinary(day: date) -> bool:
    is_yule = (day.month, day.day) >= (12, 23)  # half days, and a room that the demo books in week 53
    return day.weekday() < 5 and not is_yule and day not in holidays.country_holidays("NO")


@cache
def weekday_for(weeks: int) -> date:
    """A working day that is one for so many weeks in a row."""
    return next(day for day in _workdays() if all(_is_ordinary(day + timedelta(weeks=n)) for n in range(weeks)))
