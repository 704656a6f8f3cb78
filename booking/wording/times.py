"""The one formatter of times: days, clock times, spans, opening hours and lengths, in each language's own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from booking.core import localtime
from booking.core.timespan import TimeSpan
from booking.wording.translating import N_, babel_locale, language, translate

ENGLISH_DAY, NORWEGIAN_DAY = "EEE d MMMM y", "EEEE d. MMMM y"
SHORT_DAYS = {"en": "EEE d MMM", "nb": "EEE d. MMM", "nn": "ccc. d. MMM"}  # nn: mån., where EEE would give må.
DOUBLED = (N_("{time} (the first time)"), N_("{time} (the second time)"))


@lru_cache(maxsize=1024)
def when(span: TimeSpan, locale: str | Locale, zone: ZoneInfo) -> str:
    """Tue 24 November 2026, 10:00–11:00; tirsdag 24. november 2026 kl. 10.00–11.00."""
    first, last = localtime.local_day(span.starts_at, zone), localtime.last_day(span, zone)
    if _is_whole_days(span, first, last, zone):
        days = [day_text(day, locale) for day in dict.fromkeys((first, last))]
        return " – ".join(days)
    start, end = clock(span.starts_at, locale, zone), end_clock(span, locale, zone)
    if first == last:
        return _at(day_text(first, locale), f"{start}–{end}", locale)
    return f"{_at(day_text(first, locale), start, locale)} – {_at(day_text(last, locale), end, locale)}"


def when_compact(span: TimeSpan, locale: str | Locale, zone: ZoneInfo) -> str:
    """Tue 24 Nov 10:00–11:00."""
    first, last = localtime.local_day(span.starts_at, zone), localtime.last_day(span, zone)
    start, end = clock(span.starts_at, locale, zone), end_clock(span, locale, zone)
    if first == last:
        return f"{short_day(first, locale)} {start}–{end}"
    return f"{short_day(first, locale)} {start} – {short_day(last, locale)} {end}"


def moment(at: datetime, locale: str | Locale, zone: ZoneInfo) -> str:
    """Tue 24 November 2026, 10:00."""
    return _at(day_text(localtime.local_day(at, zone), locale), clock(at, locale, zone), locale)


@lru_cache(maxsize=1024)
def day_text(day: date, locale: str | Locale) -> str:
    pattern = ENGLISH_DAY if language(locale) == "en" else NORWEGIAN_DAY
    return format_date(day, pattern, locale=babel_locale(locale))


@lru_cache(maxsize=8192)
def clock(at: datetime, locale: str | Locale, zone: ZoneInfo) -> str:
    """What the clock on the wall shows, and which time round in a doubled hour; a page shows the same times often."""
    local = at.astimezone(zone)
    shown = wall_clock(local.time(), locale)
    if localtime.is_doubled(local.replace(tzinfo=None, fold=0), zone):
        return translate(DOUBLED[local.fold], locale).format(time=shown)
    return shown


def wall_clock(wall: time | str, locale: str | Locale) -> str:
    """10:00, or 10.00 in Norwegian; a closing time may be 24:00."""
    text = wall if isinstance(wall, str) else localtime.clock_text(wall)
    return text if language(locale) == "en" else text.replace(":", ".")


def hours_text(hours: Sequence[Sequence[str]], locale: str | Locale) -> str:
    """07:00–15:00 and 17:00–22:00, from wall times in pairs."""
    ranges = [f"{wall_clock(opens, locale)}–{wall_clock(closes, locale)}" for opens, closes in hours]
    return format_list(ranges, locale=babel_locale(locale))


def length(duration: timedelta, locale: str | Locale) -> str:
    """45 minutes, 8 hours, 1 hour 30 minutes, 3 days; counted as time passes."""
    minutes = round(duration / timedelta(minutes=1))
    if minutes >= 2 * 24 * 60 and minutes % (24 * 60) == 0:
        return _amount(minutes // (24 * 60), "day", locale)
    hours, rest = divmod(minutes, 60)
    parts = [_amount(hours, "hour", locale)] if hours else []
    if rest or not hours:
        parts.append(_amount(rest, "minute", locale))
    return " ".join(parts)


def _amount(number: int, unit: str, locale: str | Locale) -> str:
    return format_unit(number, f"duration-{unit}", "long", locale=babel_locale(locale))


def _is_whole_days(span: TimeSpan, first: date, last: date, zone: ZoneInfo) -> bool:
    whole = TimeSpan(localtime.day_span(first, zone).starts_at, localtime.day_span(last, zone).ends_at)
    return span == whole


def end_clock(span: TimeSpan, locale: str | Locale, zone: ZoneInfo) -> str:
    """A span that ends at midnight ends at 24:00 of the day before."""
    return _end_clock(span.ends_at, locale, zone)


@lru_cache(maxsize=8192)
def _end_clock(at: datetime, locale: str | Locale, zone: ZoneInfo) -> str:
    midnight = at.astimezone(zone).time() == time()
    return wall_clock("24:00", locale) if midnight else clock(at, locale, zone)


@lru_cache(maxsize=1024)
def short_day(day: date, locale: str | Locale) -> str:
    return format_date(day, SHORT_DAYS[language(locale)], locale=babel_locale(locale))


def _at(day: str, clock_text: str, locale: str | Locale) -> str:
    return f"{day}, {clock_text}" if language(locale) == "en" else f"{day} kl. {clock_text}"
