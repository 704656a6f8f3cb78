"""What people looked for and did not find: where, how large, how long, and how often."""

from dataclasses import dataclass
from datetime import timedelta

from babel.dates import get_day_names
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock, wording
from booking.core.localtime import local_day
from booking.db import db
from booking.http.access import allowed
from booking.http.features import feature_words
from booking.http.language import language, locale
from booking.services.actors import HOME_ZONE
from booking.services.catalogue import sites
from booking.services.demand import ANY, LEAST_PEOPLE, LONGER, MOST_MINUTES, Demand, unmet

pages = Blueprint("admin_demand", __name__, url_prefix="/admin/demand")
DAYS = 90


@dataclass(frozen=True, slots=True)
class DemandView:
    """One kind of search, in words."""

    times: int
    what: str
    people: str
    length: str
    features: str
    where: str
    when: str


@pages.get("")
@allowed("site.inspect")
def listing() -> ResponseReturnValue:
    """The searches of the last three months that found nothing, the most frequent first."""
    since = local_day(clock.now(), HOME_ZONE) - timedelta(days=DAYS)
    places = {site.slug: site.name for site in sites(db.session())}
    found = [_view(each, places) for each in unmet(db.session(), since)]
    return render_template("admin/demand.html", found=found, since=wording.day_text(since, language()))


def _view(demand: Demand, places: dict[str, str]) -> DemandView:
    looked = demand.looked
    kinds = {"space": _("Room"), "instrument": _("Instrument")}
    return DemandView(
        times=demand.times,
        what=kinds.get(looked.kind) or _("Anything"),
        people=_people(looked.people),
        length=_length(looked.minutes),
        features=", ".join(feature_words(each) for each in looked.features.split(",") if each),
        where=places.get(looked.site, looked.site) or _("Everywhere"),
        when=_when(looked.weekday, looked.hour),
    )


def _people(least: int) -> str:
    """5–8 people; 41 or more."""
    if not least:
        return ""
    larger = [each for each in LEAST_PEOPLE if each > least]
    if not larger:
        return str(_("%(number)s or more", number=least))
    most = min(larger) - 1
    return str(ngettext("%(num)s person", "%(num)s people", 1)) if most == 1 else f"{least}–{most}"


def _length(most: int) -> str:
    if most == LONGER:
        longest = wording.length(timedelta(minutes=MOST_MINUTES[-1]), language())
        return str(_("more than %(length)s", length=longest))
    return str(_("up to %(length)s", length=wording.length(timedelta(minutes=most), language())))


def _when(weekday: int, hour: int) -> str:
    """Tuesday from 10; any day."""
    day = get_day_names("wide", locale=locale())[weekday] if weekday != ANY else str(_("Any day"))
    day = day[:1].upper() + day[1:]
    return day if hour == ANY else str(_("%(day)s from %(hour)s", day=day, hour=f"{hour:02}"))
