"""Finding something to book: the sentence again, what fits, best first, and what comes nearest when nothing does."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for

from booking import clock
from booking.core.localtime import local_day
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.access import current_actor, public
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.catalogue import ResourceCard, resources
from booking.services.find import Result, find
from booking.services.find_combinations import find_combinations
from booking.services.find_times import MOST_FOUND, WideResult, find_times
from booking.web.answers import blanks, found_view, member_of, nearest_choices
from booking.web.display import sentence_case, week_text, when
from booking.web.places import SiteChoice, common_zone, sites_in_use
from booking.web.searching import feature_options, length_options, read_asked, usual
from booking.web.unmet import count_unmet, count_unmet_times
from booking.web.wide import is_wide, read_wide, when_options
from booking.web.wide_answers import near_choices, times_view

pages = Blueprint("find", __name__)


@pages.get("/find")
@public
def results() -> str:
    """What fits what the address asks for; what it leaves out is as the home page has it."""
    now, sites = clock.now(), sites_in_use()
    zone = common_zone(sites)
    if is_wide(request.args):
        return _on_any_day(now, resources(db.session()), sites, zone)
    asked = read_asked(request.args, usual(now, zone))
    site = next((each for each in sites if each.slug == asked.site), None)
    result = None
    if asked.wall is not None:
        wanted = asked.search(site.id if site else None)
        result = find(db.session(), now, member_of(current_actor()), wanted)
    span = asked.wall.resolve(zone) if asked.wall else None
    known = isinstance(span, TimeSpan)
    page = render_template(
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
    if result is not None and not result.fits and "start" in request.args:
        count_unmet(local_day(now, zone), asked, resources(db.session()))
    return page


def _on_any_day(now: datetime, cards: Sequence[ResourceCard], sites: list[SiteChoice], zone: ZoneInfo) -> str:
    """The same over several days, between two times."""
    asked = read_wide(request.args, local_day(now, zone))
    site = next((each for each in sites if each.slug == asked.site), None)
    result, together = None, []
    if not asked.errors:
        wanted, member_id = asked.search(site.id if site else None), member_of(current_actor())
        result = find_times(db.session(), now, member_id, wanted, cards)
        together = find_combinations(db.session(), now, member_id, wanted, cards, result.fits)
    page = render_template(
        "find/wide.html",
        asked=asked,
        whens=when_options(),
        lengths=length_options(asked.minutes),
        features=feature_options(asked.features),
        sites=[("", _("Everywhere")), *((each.slug, each.name) for each in sites)],
        kinds=[("space", _("Rooms")), ("instrument", _("Instruments")), ("any", _("Everything"))],
        found=[times_view(each, asked) for each in result.fits] if result else [],
        together=[times_view(each, asked) for each in together],
        near=near_choices(result, asked),
        asked_for="length" in request.args,
        heading=_heading(result, asked.kind, any_day=True, together=bool(together)),
    )
    if result is not None and not result.fits and not together and "length" in request.args:
        count_unmet_times(local_day(now, zone), asked, cards)
    return page


def _heading(result: Result | WideResult | None, kind: str, *, any_day: bool = False, together: bool = False) -> str:
    if result is None:
        return _("What do you need?")
    count = len(result.fits)
    if any_day and count >= MOST_FOUND:
        return _("The %(num)s that fit best", num=count)
    if count and kind == "space":
        return ngettext("%(num)s room is free", "%(num)s rooms are free", count)
    if count:
        return ngettext("%(num)s is free", "%(num)s are free", count)
    if together:
        return _("No room alone, but two together")
    if not result.suitable:
        return _("Nothing here suits that")
    return _("Nothing is free in that time") if any_day else _("Nothing is free just then")
