"""Turns the facts of a finding, which are plain data, into words for the gaps in its sentence.

The name of a fact tells what it is: `..._minutes` and `..._hours` are lengths, `..._at` an instant, `..._on` a day,
`..._wall` a wall time; `from` with `to` becomes {span}. The way out becomes {try}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list

from booking.core.timespan import TimeSpan
from booking.wording import times
from booking.wording.translating import N_, babel_locale, language, translate

MOST_LISTED = 3
AND_MORE = N_("{times}, and more")
REASONS = {
    "always": N_("every booking"),
    "first_time": N_("a first booking"),
    "outside": N_("somebody from outside"),
    "long": N_("a long booking"),
    "evening": N_("early or late in the day"),
    "weekend": N_("a weekend"),
    "series": N_("a long series"),
}
WITHIN_HOURS = N_("{period}, within the hours that count")

Shown = Callable[[Any, str | Locale, ZoneInfo], str]


def placeholders(
    facts: Mapping[str, object], way_out: Mapping[str, object] | None, locale: str | Locale, zone: ZoneInfo
) -> dict[str, str]:
    """Words by the name of their gap; a fact with nothing to say leaves its gap out."""
    gaps = dict(_gaps(facts, locale, zone))
    if way_out and "from" in way_out:
        gaps["try"] = _from_to(way_out, locale, zone)
    return {name: words for name, words in gaps.items() if words}


def _gaps(facts: Mapping[str, object], locale: str | Locale, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    if "from" in facts:
        yield "span", _from_to(facts, locale, zone)
    for name, value in facts.items():
        if value is None:
            continue
        if name in _NAMED:
            yield name, _NAMED[name](value, locale, zone)
            continue
        stem, _, kind = name.rpartition("_")
        if stem and kind in _KINDS:
            yield stem, _KINDS[kind](value, locale, zone)
        elif isinstance(value, str | int):
            yield name, str(value)
    names = facts.get("names")
    if isinstance(names, Mapping) and names:
        yield "name", _in_language(names, str(facts.get("name", "")), locale)


def _from_to(facts: Mapping[str, Any], locale: str | Locale, zone: ZoneInfo) -> str:
    starts_at = datetime.fromisoformat(facts["from"])
    if "to" not in facts:
        return times.moment(starts_at, locale, zone)
    return times.when(TimeSpan(starts_at, datetime.fromisoformat(facts["to"])), locale, zone)


def _taken(value: Sequence[Sequence[str]], locale: str | Locale, zone: ZoneInfo) -> str:
    """When it is taken: in full for one stretch, the first few shortly for several."""
    spans = [TimeSpan(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in value]
    if len(spans) == 1:
        return times.when(spans[0], locale, zone)
    shown = [times.when_compact(span, locale, zone) for span in spans[:MOST_LISTED]]
    if len(spans) > MOST_LISTED:
        return translate(AND_MORE, locale).format(times=", ".join(shown))
    return format_list(shown, locale=babel_locale(locale)) if shown else ""


def _groups(value: Sequence[str], locale: str | Locale, _zone: ZoneInfo) -> str:
    return format_list(list(value), style="or", locale=babel_locale(locale)) if value else ""


def _who(value: Sequence[str], locale: str | Locale, _zone: ZoneInfo) -> str:
    """Those who are asked; of many, the first few."""
    return format_list(
        [*value[:MOST_LISTED], *(["…"] if len(value) > MOST_LISTED else [])], locale=babel_locale(locale)
    )


def _why(value: Sequence[str], locale: str | Locale, _zone: ZoneInfo) -> str:
    return format_list([translate(REASONS[each], locale) for each in value], locale=babel_locale(locale))


def _hours(value: Sequence[Sequence[str]], locale: str | Locale, _zone: ZoneInfo) -> str:
    return times.hours_text(value, locale) if value else ""


def _in_language(names: Mapping[str, str], otherwise: str, locale: str | Locale) -> str:
    spoken = language(locale)
    nearest = {"nn": ("nn", "nb"), "nb": ("nb", "nn"), "en": ("en", "en_GB")}[spoken]
    return next((names[each] for each in nearest if each in names), otherwise)


def _period(value: Mapping[str, Any], locale: str | Locale, _zone: ZoneInfo) -> str:
    first, last = date.fromisoformat(value["first"]), date.fromisoformat(value["last"])
    words = times.period(value["per"], first, last, locale)
    return translate(WITHIN_HOURS, locale).format(period=words) if value.get("prime") else words


def _minutes(value: float, locale: str | Locale, _zone: ZoneInfo) -> str:
    return times.length(timedelta(minutes=value), locale)


def _seconds(value: float, locale: str | Locale, _zone: ZoneInfo) -> str:
    """A wait, told in whole minutes and never too short."""
    return times.length(timedelta(minutes=max(1, ceil(value / 60))), locale)


def _of_hours(value: float, locale: str | Locale, _zone: ZoneInfo) -> str:
    return times.length(timedelta(hours=value), locale)


def _instant(value: str, locale: str | Locale, zone: ZoneInfo) -> str:
    return times.moment(datetime.fromisoformat(value), locale, zone)


def _day(value: str, locale: str | Locale, _zone: ZoneInfo) -> str:
    return times.day_text(date.fromisoformat(value), locale)


def _wall(value: str, locale: str | Locale, _zone: ZoneInfo) -> str:
    return times.wall_clock(datetime.fromisoformat(value).time(), locale)


_NAMED: Mapping[str, Shown] = {
    "taken": _taken, "groups": _groups, "qualifications": _groups, "hours": _hours, "minutes": _minutes, "day": _day,
    "seconds": _seconds, "who": _who, "why": _why, "period": _period,
}  # fmt: skip
_KINDS: Mapping[str, Shown] = {
    "minutes": _minutes, "hours": _of_hours, "at": _instant, "on": _day, "wall": _wall,
}  # fmt: skip
