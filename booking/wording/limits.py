"""Lines of quotas in words: how many or how long, in which period, for whom and of what."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from babel import Locale
from babel.dates import get_day_names

from booking.core.fields import closing_text
from booking.core.limits import Limit
from booking.core.localtime import clock_text
from booking.core.opening import Window
from booking.wording import times
from booking.wording.translating import N_, babel_locale, language, translate

BOOKINGS = {
    "day": N_("{amount} bookings a day"), "week": N_("{amount} bookings a week"),
    "month": N_("{amount} bookings a month"), "rolling": N_("{amount} bookings in any {days} days"),
    "ahead": N_("{amount} bookings ahead"),
}  # fmt: skip
HOURS = {
    "day": N_("{amount} hours a day"), "week": N_("{amount} hours a week"),
    "month": N_("{amount} hours a month"), "rolling": N_("{amount} hours in any {days} days"),
    "ahead": N_("{amount} hours ahead"),
}  # fmt: skip
WHOSE = {"member": N_("{much} for each member"), "organisation": N_("{much} for each organisation")}
REACHES = {
    "resource": "{much}",
    "category": N_("{much}, all of its kind together"),
    "building": N_("{much}, all of the building together"),
    "site": N_("{much}, all of the site together"),
}
WITHIN = N_("{much}, within {hours}")


def limit_text(limit: Limit, locale: str | Locale, *, hours: bool) -> str:
    """10 hours a week for each organisation, all of its kind together, within Mon–Fri 08:00–16:00."""
    much = translate((HOURS if hours else BOOKINGS)[limit.per], locale).format(amount=limit.amount, days=limit.days)
    for shape in (WHOSE[limit.subject], REACHES[limit.over]):
        much = translate(shape, locale).format(much=much)
    if limit.windows:
        much = translate(WITHIN, locale).format(much=much, hours=weekly_text(limit.windows, locale))
    return much


def weekly_text(windows: Iterable[Window], locale: str | Locale) -> str:
    """Mon–Fri 08:00–16:00, Sat 09:00–12:00; days in a row with the same hours are told together."""
    by_day = {
        day: [[clock_text(each.opens), closing_text(each)] for each in sorted(windows) if each.weekday == day]
        for day in range(7)
    }
    names = get_day_names("abbreviated", "stand-alone", locale=babel_locale(locale))
    stop = "" if language(locale) == "en" else "."
    told = []
    for hours, days in groupby(range(7), key=by_day.__getitem__):
        listed = list(days)
        if hours:
            ends = dict.fromkeys(f"{names[day].rstrip('.')}{stop}" for day in (listed[0], listed[-1]))
            told.append(f"{'–'.join(ends)} {times.hours_text(hours, locale)}")
    return ", ".join(told)
