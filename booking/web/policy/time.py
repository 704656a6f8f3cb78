"""When it is open, and how early and how late: what these rules say for themselves."""

from datetime import timedelta
from itertools import groupby

from babel.dates import get_day_names
from flask_babel import lazy_gettext as _l

from booking import wording
from booking.core.fields import closing_text
from booking.core.opening import Window
from booking.core.params import MIDNIGHT, Closures, Deadline, Horizon, Hours, Notice, Past, Service
from booking.core.settings import Effective
from booking.http.language import language, locale
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, length, nothing, params_of


def _hours(found: Effective, _names: Names) -> Told:
    weekly = params_of(found, Hours).weekly
    if weekly is None:
        yield _("Open at all hours."), "windows"
    elif not weekly:
        yield _("Never open."), "windows"
    else:
        yield _("Open %(hours)s.", hours="; ".join(_weekly(weekly))), "windows"


def _weekly(windows: tuple[Window, ...]) -> list[str]:
    """Monday–Friday 07:00–22:00; days in a row with the same hours are told together."""
    by_day = {
        day: [[f"{each.opens:%H:%M}", closing_text(each)] for each in sorted(windows) if each.weekday == day]
        for day in range(7)
    }
    names = get_day_names("wide", locale=locale())
    told = []
    for hours, days in groupby(range(7), key=by_day.__getitem__):
        listed = list(days)
        if not hours:
            continue
        span = names[listed[0]] if len(listed) == 1 else f"{names[listed[0]]}–{names[listed[-1]]}"
        told.append(f"{span} {wording.hours_text(hours, language())}")
    return told


def _closures(found: Effective, _names: Names) -> Told:
    if params_of(found, Closures).public_holidays:
        yield _("Closed on public holidays."), "public_holidays"


def _service(found: Effective, _names: Names) -> Told:
    time = length(params_of(found, Service).assume_down_hours * 60)
    told = _(
        "Out of service, it cannot be booked until it is back; while nobody knows when, not for %(time)s.", time=time
    )
    yield told, "assume_down_hours"


def _notice(found: Effective, _names: Names) -> Told:
    hours = params_of(found, Notice).hours
    if hours:
        yield _("Book at least %(time)s ahead.", time=length(hours * 60)), "hours"


def _horizon(found: Effective, _names: Names) -> Told:
    params = params_of(found, Horizon)
    if params.days is None:
        return
    yield _("Book at most %(time)s ahead.", time=wording.length(timedelta(days=params.days), language())), "days"
    if params.opens_at != MIDNIGHT:
        yield _("A new day opens at %(time)s.", time=f"{params.opens_at:%H:%M}"), "opens_at"


def _deadline(found: Effective, _names: Names) -> Told:
    params = params_of(found, Deadline)
    if params.hours is None or params.effect == "none":
        return
    time = length(params.hours * 60)
    if params.effect == "refuse":
        yield _("Change or cancel at least %(time)s before the start.", time=time), "hours"
    else:
        yield _("Changed or cancelled later than %(time)s before the start, it is marked as late.", time=time), "hours"


def _past(found: Effective, _names: Names) -> Told:
    grace = params_of(found, Past).grace_minutes
    if grace == 0:
        yield _("Booked before it begins."), "grace_minutes"
    elif grace:
        yield _("Can still be booked %(time)s after it has begun.", time=length(grace)), "grace_minutes"


POLICY = {
    "R10": Policy(_l("Opening hours"), _hours, _l("Open at all hours.")),
    "R11": Policy(_l("Closures"), _closures, _l("Open on public holidays. Nothing is booked in a closure.")),
    "R12": Policy(_l("Maintenance"), nothing, _l("Nothing is booked during planned maintenance.")),
    "R13": Policy(_l("Out of service"), _service, "", quiet=True),
    "R17": Policy(_l("How late"), _notice, _l("Can be booked until it begins.")),
    "R18": Policy(_l("How early"), _horizon, _l("Can be booked as far ahead as you like.")),
    "R19": Policy(_l("Changing and cancelling"), _deadline, _l("Change or cancel until it begins.")),
    "R03": Policy(_l("What has begun"), _past, _l("Can still be booked one step after it has begun."), quiet=True),
}
