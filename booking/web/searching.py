"""Reads what somebody looks for from an address, and gives the blanks of the sentence that asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from booking import wording
from booking.core.request import WallSpan
from booking.http.display import length as short_length
from booking.http.features import feature_words
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.find import Search
from booking.web.display import day_text
from booking.web.features import CHOICES
from booking.web.reading import clock_field, read_day, read_number, read_wall

LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)
USUAL_LENGTH = 60
USUAL_PEOPLE = 4
DAYS_LISTED = 21
DAY_OF_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the blanks, as text, and what could be read of it."""

    people: str
    day: date
    start: str
    minutes: int
    features: tuple[str, ...] = ()
    site: str = ""
    kind: str = "space"
    wall: WallSpan | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def search(self, site_id: int | None) -> Search:
        """What the service looks for; only when there are no errors. Instruments have no seats to count."""
        if self.wall is None:
            raise ValueError("an unreadable question finds nothing")
        people = read_number(self.people) if self.kind != "instrument" else None
        kind = self.kind if self.kind in ("space", "instrument") else None
        return Search(self.wall, people, frozenset(self.features), site_id, kind)


def read_asked(args: MultiDict[str, str], otherwise: Asked) -> Asked:
    """The question an address asks; what it leaves out is as in `otherwise`."""
    errors: dict[str, str] = {}
    day = read_day(args.get("other_day", "")) or read_day(args.get("date", ""))
    if day is None and (args.get("date") or args.get("other_day")):
        errors["date"] = _("Write the day as 2026-11-24 or 24.11.2026.")
    day = day or otherwise.day
    people = args.get("people", otherwise.people).strip()
    if people and read_number(people) is None:
        errors["people"] = _("Write the number of people as a whole number.")
    start = args.get("start", otherwise.start)
    starts = read_wall(day, start)
    if starts is None:
        errors["start"] = _("Write the time as 9, 0900, 9.00 or 09:00.")
    minutes, wall = otherwise.minutes, None
    if starts is not None:
        minutes = _minutes(args, starts, day, otherwise.minutes)
        wall = WallSpan(starts, starts + timedelta(minutes=minutes))
        start = clock_field(starts)
    return Asked(
        people=people,
        day=day,
        start=start,
        minutes=minutes,
        features=tuple(dict.fromkeys(args.getlist("feature"))),
        site=args.get("site", otherwise.site),
        kind=args.get("kind", otherwise.kind),
        wall=None if errors else wall,
        errors=errors,
    )


def _minutes(args: Mapping[str, str], starts: datetime, day: date, otherwise: int) -> int:
    """The length asked for, or what an end makes of it; an end before the start is on the next day."""
    length = read_number(args.get("length", ""), 14 * DAY_OF_MINUTES)
    ends = read_wall(day, args.get("end", ""))
    if length is not None or ends is None:
        return length or otherwise
    minutes = int((ends - starts).total_seconds()) // 60
    return minutes if minutes > 0 else minutes + DAY_OF_MINUTES


def usual(now: datetime, zone: ZoneInfo) -> Asked:
    """Four people, from the next half hour, for an hour."""
    local = now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    starts = local + timedelta(minutes=-local.minute % 30)
    return Asked(str(USUAL_PEOPLE), starts.date(), clock_field(starts), USUAL_LENGTH)


def day_options(chosen: date, today: date) -> list[tuple[str, str]]:
    """Today, tomorrow, and the next three weeks; and the chosen day, wherever it is."""
    days = [today + timedelta(days=n) for n in range(DAYS_LISTED)]
    if chosen not in days:
        days = sorted([*days, chosen])
    return [(day.isoformat(), _day_words(day, today)) for day in days]


def _day_words(day: date, today: date) -> str:
    if day in (today, today + timedelta(days=1)):
        return day_text(day, today)
    return wording.short_day(day, language())


def length_options(chosen: int) -> list[tuple[str, str]]:
    """The usual lengths, and the chosen one."""
    return [(str(each), length_words(each)) for each in sorted({*LENGTHS, chosen})]


def length_words(minutes: int) -> str:
    """1 hour, 1 h 30 min."""
    if minutes % 60 and minutes > 60:
        return short_length(timedelta(minutes=minutes))
    return wording.length(timedelta(minutes=minutes), language())


def feature_options(chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    """The features most ask for, and any other that was asked for."""
    return [(key, feature_words(key)) for key in dict.fromkeys((*CHOICES, *chosen))]
