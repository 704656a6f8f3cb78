"""What templates may use to show things: filters for times, names for places, and the page's common facts."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import StrictUndefined

from booking import clock, wording
from booking.http.language import LANGUAGES, language, locale

if TYPE_CHECKING:
    from config import Config


def day_long(day: date) -> str:
    """tirsdag 24. november 2026"""
    pattern = "EEEE d MMMM y" if language() == "en" else "EEEE d. MMMM y"
    return format_date(day, pattern, locale())


def day_short(day: date) -> str:
    """tir. 24. nov."""
    return wording.short_day(day, language())


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The local date."""
    return instant.astimezone(zone).date()


def stamp(instant: datetime, zone: ZoneInfo) -> str:
    """A date and a time of day, for histories and lists."""
    pattern = "d MMM y HH:mm" if language() == "en" else "d. MMM y 'kl.' HH.mm"
    return str(format_datetime(instant.astimezone(zone), pattern, locale=locale()))


def length(duration: timedelta) -> str:
    """1 h 30 min; elapsed time."""
    minutes = round(duration.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    parts = ([_("%(n)s h", n=hours)] if hours else []) + ([_("%(n)s min", n=rest)] if rest or not hours else [])
    return " ".join(parts)


def age(duration: timedelta) -> str:
    """5 h: how long ago something was, as a person would say it."""
    minutes = max(1, int(duration / timedelta(minutes=1)))
    if minutes < 60:
        return str(_("%(n)s min", n=minutes))
    if minutes < 48 * 60:
        return str(_("%(n)s h", n=minutes // 60))
    return str(ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60)))


def starts_in(instant: datetime) -> str:
    """in 20 min; nothing when it is more than a day away or has begun."""
    ahead = instant - clock.now()
    if not timedelta(0) < ahead < timedelta(days=1):
        return ""
    return str(_("in %(time)s", time=length(timedelta(minutes=-(-ahead.total_seconds() // 60)))))


def init_app(app: Flask, config: "Config") -> None:
    """Registers the filters and the facts every page needs."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for filter_ in (day_long, day_short, day_of, stamp, starts_in):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.filters["duration"] = length  # `length` is Jinja's own and counts
    app.jinja_env.globals.update(ngettext=ngettext, languages=LANGUAGES)
    app.context_processor(
        lambda: {"site_name": config.site_name, "demo_mode": config.demo, "locale": language(), "now": clock.now()}
    )
