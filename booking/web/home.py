"""The first page: a sentence that asks what one needs, what is free now, and one's own next bookings."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for

from booking import clock
from booking.core.grid import down_to_grid
from booking.core.localtime import local_day
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.access import current_actor, public
from booking.services.catalogue import resources
from booking.services.find import Result, Search, find
from booking.services.mine import upcoming
from booking.services.notices import unread
from booking.web.answers import blanks, found_view, member_of, nearest_choices
from booking.web.display import by_day, clock_span, week_text
from booking.web.places import common_zone, site_choices
from booking.web.searching import Asked, usual
from booking.web.told import notice_view

pages = Blueprint("home", __name__)
MOST_FREE = 6
MOST_MINE = 3
STEP = 15
NINE = time(9)


@pages.get("/")
@public
def page() -> str:
    """Anybody may ask and look; booking asks who one is."""
    now, actor = clock.now(), current_actor()
    sites = site_choices(resources(db.session()))
    zone = common_zone(sites)
    span = _the_next_hour(now, zone)
    wall = WallSpan.of(span, zone)
    free = find(db.session(), now, member_of(actor), Search(wall, site_id=sites[0].id if sites else None, kind="space"))
    asked = _likely(usual(now, zone), free, zone)
    at_once = replace(asked, wall=wall, people="")
    mine = upcoming(db.session(), now, actor, most=MOST_MINE) if actor else []
    return render_template(
        "home/page.html",
        asked=asked,
        blanks=blanks(asked, local_day(now, zone), sites),
        free=[found_view(each, span, at_once) for each in free.fits[:MOST_FREE]],
        free_count=len(free.fits),
        free_time=clock_span(span, zone),
        free_week=week_text(local_day(span.starts_at, zone)),
        near=nearest_choices(free, at_once),
        days=by_day(mine, now),
        news=[notice_view(each) for each in unread(db.session(), actor, most=MOST_MINE)] if actor else [],
        site=sites[0] if sites else None,
        all_free=url_for("find.results", date=f"{wall.starts:%Y-%m-%d}", start=f"{wall.starts:%H:%M}", people=""),
        day_href=url_for("day.page"),
    )


def _the_next_hour(now: datetime, zone: ZoneInfo) -> TimeSpan:
    starts_at = down_to_grid(now.replace(second=0), STEP, zone)
    return TimeSpan(starts_at, starts_at + timedelta(hours=1))


def _likely(asked: Asked, free: Result, zone: ZoneInfo) -> Asked:
    """What one most likely wants: the next half hour, or the next working day when all is closed until then."""
    if free.fits or not free.near:
        return asked
    first = min(each.span.starts_at for each in free.near).astimezone(zone)
    if first.date() == asked.day:
        return asked
    start = max(first.time(), NINE)
    return replace(asked, day=first.date(), start=f"{start:%H:%M}")
