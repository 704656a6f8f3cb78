"""Reads a question about any of several days from an address, and gives the choices of its sentence."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from booking.http.words import gettext as _
from booking.services.find_times import WideSearch
from booking.web.reading import read_clock, read_day, read_number
from booking.web.searching import USUAL_LENGTH, USUAL_PEOPLE

WHENS = ("day", "this-week", "next-week", "range")
MOST_DAYS = 14
WORKDAYS = 5
USUAL_FROM, USUAL_TO = "08:00", "16:00"
LONGEST = 24 * 60


@dataclass(frozen=True, slots=True)
class WideAsked:
    """What stands in the blanks, as text, and what could be read of it."""

    people: str
    when: str
    opens: str
    closes: str
    minutes: int
    day: date
    until: date
    features: tuple[str, ...] = ()
    site: str = ""
    kind: str = "space"
    days: tuple[date, ...] = ()
    between: tuple[timedelta, timedelta] | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def search(self, site_id: int | None) -> WideSearch:
        """What the service looks for; only when there are no errors."""
        if self.errors or self.between is None:
            raise ValueError("an unreadable question finds nothing")
        return WideSearch(
            days=self.days,
            opens=self.between[0],
            closes=self.between[1],
            length=timedelta(minutes=self.minutes),
            people=read_number(self.people) if self.kind != "instrument" else None,
            features=frozenset(self.features),
            site_id=site_id,
            kind=self.kind if self.kind in ("space", "instrument") else None,
        )


def is_wide(args: MultiDict[str, str]) -> bool:
    """Whether the address asks for more than one time of one day."""
    return args.get("when", "") in WHENS or "from" in args or "to" in args


def read_wide(args: MultiDict[str, str], today: date) -> WideAsked:
    """The question an address asks; what it leaves out is usual."""
    errors: dict[str, str] = {}
    when = args.get("when", "") if args.get("when", "") in WHENS else "day"
    day = _read_day(args, "date", today, errors)
    until = _read_day(args, "until", day + timedelta(days=6), errors)
    days = _days(when, day, until, today)
    if not days and "until" not in errors:
        errors["when"] = _("This week is over. Choose another.")
    if when == "range" and (until < day or len(days) > MOST_DAYS):
        errors["until"] = _("Choose a last day within two weeks of the first.")
    people = args.get("people", str(USUAL_PEOPLE)).strip()
    if people and read_number(people) is None:
        errors["people"] = _("Write the number of people as a whole number.")
    opens, closes = args.get("from", USUAL_FROM).strip(), args.get("to", USUAL_TO).strip()
    minutes = read_number(args.get("length", ""), LONGEST) or USUAL_LENGTH
    between = _between(opens, closes, minutes, errors)
    if between is not None:
        opens, closes = (_clock_text(each) for each in between)
    return WideAsked(
        people=people,
        when=when,
        opens=opens,
        closes=closes,
        minutes=minutes,
        day=day,
        until=until,
        features=tuple(dict.fromkeys(args.getlist("feature"))),
        site=args.get("site", ""),
        kind=args.get("kind", "space"),
        days=days[:MOST_DAYS],
        between=between,
        errors=errors,
    )


def when_options() -> list[tuple[str, str]]:
    """How several days are said."""
    return [
        ("this-week", _("any weekday this week")),
        ("next-week", _("any weekday next week")),
        ("range", _("within these days")),
        ("day", _("on one day")),
    ]


def _read_day(args: MultiDict[str, str], name: str, otherwise: date, errors: dict[str, str]) -> date:
    text = args.get(name, "").strip()
    day = read_day(text)
    if text and day is None:
        errors[name] = _("Write the day as 2026-11-24 or 24.11.2026.")
    return day or otherwise


def _days(when: str, day: date, until: date, today: date) -> tuple[date, ...]:
    monday = today - timedelta(days=today.weekday())
    if when == "this-week":
        return tuple(each for each in _from(monday, WORKDAYS) if each >= today)
    if when == "next-week":
        return _from(monday + timedelta(days=7), WORKDAYS)
    if when == "range":
        return _from(day, min((until - day).days, MOST_DAYS) + 1) if until >= day else (day,)
    return (day,)


def _from(first: date, count: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range(count))


def _between(opens: str, closes: str, minutes: int, errors: dict[str, str]) -> tuple[timedelta, timedelta] | None:
    read = [_clock(each) for each in (opens, closes)]
    for name, each in zip(("from", "to"), read, strict=True):
        if each is None:
            errors[name] = _("Write the time as 9, 0900, 9.00 or 09:00.")
    first, last = read
    if first is None or last is None:
        return None
    if last - first < timedelta(minutes=minutes):
        errors["to"] = _("There is not enough time between. Choose a later time or a shorter length.")
    return first, last


def _clock(text: str) -> timedelta | None:
    """24:00 is the end of the day."""
    clock = read_clock(text)
    if clock is None:
        return None
    wall, ends_day = clock
    return timedelta(days=ends_day, hours=wall.hour, minutes=wall.minute)


def _clock_text(clock: timedelta) -> str:
    minutes = clock // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"
