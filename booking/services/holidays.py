"""Public holidays by law, with their names in each language; computed by a library, Easter included."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from booking.core.facts import Closed, ClosedKind
from booking.core.localtime import day_span, last_day, local_day
from booking.core.scope import Scope
from booking.core.timespan import TimeSpan

# The library speaks bokmål and English; nynorsk is close enough to be derived from these few differences.
NYNORSK = {
    "Første nyttårsdag": "Første nyttårsdag",
    "Skjærtorsdag": "Skjærtorsdag",
    "Første påskedag": "Første påskedag",
    "Andre påskedag": "Andre påskedag",
    "Arbeidernes dag": "Arbeidaranes dag",
    "Grunnlovsdag": "Grunnlovsdagen",
    "Kristi himmelfartsdag": "Kristi himmelfartsdag",
    "Første pinsedag": "Første pinsedag",
    "Andre pinsedag": "Andre pinsedag",
    "Første juledag": "Første juledag",
    "Andre juledag": "Andre juledag",
}


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
        day: Holiday(day, {"nb": name, "nn": NYNORSK.get(name, name), "en": english.get(day) or name})
        for day, name in bokmål.items()
    }


def holiday(country: str, day: date) -> Holiday | None:
    """The public holiday on this date, if any."""
    return _of_year(country, day.year).get(day)


def closed_days(country: str, within: TimeSpan, zone: ZoneInfo, scope: Scope | None) -> list[Closed]:
    """Each public holiday that touches the span, as a whole local day that is closed."""
    first, last = local_day(within.starts_at, zone), last_day(within, zone)
    found = [
        each
        for year in range(first.year, last.year + 1)
        for each in _of_year(country, year).values()
        if first <= each.day <= last
    ]
    return [
        Closed(day_span(each.day, zone), each.names["nb"], scope, ClosedKind.PUBLIC_HOLIDAY, each.names)
        for each in sorted(found, key=lambda each: each.day)
    ]
