"""Finding something to book: the sentence again, what fits, best first, and what comes nearest when nothing does."""

from flask import Blueprint, render_template, request, url_for

from booking import clock
from booking.core.localtime import local_day
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.access import current_actor, public
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.catalogue import resources
from booking.services.find import Result, find
from booking.web.answers import blanks, found_view, member_of, nearest_choices
from booking.web.display import sentence_case, week_text, when
from booking.web.places import common_zone, site_choices
from booking.web.searching import read_asked, usual

pages = Blueprint("find", __name__)


@pages.get("/find")
@public
def results() -> str:
    """What fits what the address asks for; what it leaves out is as the home page has it."""
    now, sites = clock.now(), site_choices(resources(db.session()))
    zone = common_zone(sites)
    asked = read_asked(request.args, usual(now, zone))
    site = next((each for each in sites if each.slug == asked.site), None)
    result = None
    if asked.wall is not None:
        result = find(db.session(), now, member_of(current_actor()), asked.search(site.id if site else None))
    span = asked.wall.resolve(zone) if asked.wall else None
    known = isinstance(span, TimeSpan)
    return render_template(
        "find/results.html",
        asked=asked,
        blanks=blanks(asked, local_day(now, zone), sites),
        found=[found_view(each, span, asked) for each in result.fits] if result and isinstance(span, TimeSpan) else [],
        near=nearest_choices(result, asked),
        asked_for="start" in request.args,
        heading=_heading(result, asked.kind),
        when=sentence_case(when(span, zone)) if isinstance(span, TimeSpan) else "",
        week_words=week_text(asked.day) if known else "",
        day_href=url_for("day.page", date=asked.day.isoformat(), site=asked.site or None),
    )


def _heading(result: Result | None, kind: str) -> str:
    if result is None:
        return _("What do you need?")
    count = len(result.fits)
    if count and kind == "space":
        return ngettext("%(num)s room is free", "%(num)s rooms are free", count)
    if count:
        return ngettext("%(num)s is free", "%(num)s are free", count)
    return _("Nothing is free just then") if result.suitable else _("Nothing here suits that")
