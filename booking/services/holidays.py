"""Public holidays by law, with their names in each language; computed by a library, Easter included."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

from booking.core.facts import Closed, ClosedKind
from booking.core.localtime import day_span, last_day, local_day
from booking.core.scope import Scope
from booking.core.timespan import TimeSpan

# The library speaks bokmål and American English; these names differ, and all others are the same.
NYNORSK = {
    "Arbeidernes dag": "Arbeidardagen",
    "Grunnlovsdag": "Grunnlovsdagen",
    "Skjærtorsdag": "Skjertorsdag",
}
BOKMÅL = {"Grunnlovsdag": "Grunnlovsdagen"}
ENGLISH = {"Labor Day": "Labour Day", "Pentecost": "Whit Sunday", "Pentecost Monday": "Whit Monday"}


@dataclass(frozen=True, slots=True)
class Holiday:
    """One date and its names by language."""

    day: date
    names: dict[str, str]


@cache
def _of_year(country: str, year: int) -> dict[date, Holiday]:
    bokmål = holidays.country_holidays(country, years=year, language="no")
    english = holidays.country_holidays(country, years=year, language="en_US")
    return {
        day: Holiday(
            day,
            {"nb": _named(name, BOKMÅL), "nn": _named(name, NYNORSK), "en": _named(english.get(day) or name, ENGLISH)},
        )
        for day, name in bokmål.items()
    }


def _named(names: str, ours: dict[str, str]) -> str:
    """Our own names where we have them; the library puts two holidays on one date as "one; another"."""
    return ", ".join(ours.get(name, name) for name in names.split("; "))


def holiday(country: str, day: date) -> Holiday | None:
    """The public holiday on this date, if any."""
    return _of_year(country, day.year).get(day)


def closed_days(country: str, within: TimeSpan, zone: ZoneInfo, scope: Scope | None) -> tuple[Closed, ...]:
    """Each public holiday that touches the span, as a whole local day that is closed."""
    return _closed_from(country, local_day(within.starts_at, zone), last_day(within, zone), zone, scope)


@lru_cache(maxsize=1024)
def _closed_from(country: str, first: date, last: date, zone: ZoneInfo, scope: Scope | None) -> tuple[Closed, ...]:
    found = [
        each
        for year in range(first.year, last.year + 1)
        for each in _of_year(country, year).values()
        if first <= each.day <= last
    ]
    return tuple(
        Closed(day_span(each.day, zone), each.names["nb"], scope, ClosedKind.PUBLIC_HOLIDAY, each.names)
        for each in sorted(found, key=lambda each: each.day)
    )
