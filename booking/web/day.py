"""A day as a picture of time, or as a list; which of the two is remembered."""

from datetime import date, timedelta

from flask import Blueprint, Response, make_response, render_template, request, url_for

from booking import clock, wording
from booking.core.localtime import local_day
from booking.db import db
from booking.http.access import current_actor, public
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.catalogue import ResourceCard, resources
from booking.services.day_sheet import houses
from booking.services.holidays import holiday
from booking.services.timeline import day_of
from booking.web import day_sheet
from booking.web.display import sentence_case, week_text
from booking.web.features import category_name
from booking.web.places import SiteChoice, common_zone, sites_in_use
from booking.web.reading import read_day
from booking.web.timeline_view import day_view, wall_text

pages = Blueprint("day", __name__)
pages.add_url_rule("/day/sheet", "sheet", day_sheet.show)
VIEWS = ("timeline", "list")
COOKIE = "samrom_view"
A_YEAR = 31_536_000


@pages.get("/day")
@public
def page() -> Response:
    """Everything at one site on one day, or one category of it."""
    now, actor = clock.now(), current_actor()
    sites = sites_in_use()
    site = next((each for each in sites if each.slug == request.args.get("site")), sites[0] if sites else None)
    zone = site.zone if site else common_zone(sites)
    today = local_day(now, zone)
    day = read_day(request.args.get("date", "")) or today
    here = resources(db.session(), site_id=site.id) if site else []
    chosen = request.args.get("category", "")
    cards = [card for card in here if card.category_slug == chosen] or here
    view = _view()
    shown = day_of(db.session(), now, actor, cards, day, zone)
    body = render_template(
        "day/page.html",
        timeline=day_view(shown, now, lambda card: url_for("resources.page", slug=card.slug), _caption(day, site)),
        heading=sentence_case(wording.day_text(day, language())),
        week=week_text(day),
        iso=day.isoformat(),
        holiday=_holiday(day),
        view=view,
        views=_views(day, site, chosen, view),
        days=_days(day, today, site, chosen),
        sites=[(_address(day, each, ""), each.name, site is not None and each.id == site.id) for each in sites],
        categories=_categories(here, day, site, chosen),
        keep=[(name, value) for name, value in (("site", site.slug if site else ""), ("category", chosen)) if value],
        here=_address(day, site, chosen),
        sheet_href=url_for("day.sheet", date=day.isoformat(), building=_house(here)) if actor else "",
        updated=wall_text(now, zone),
        empty_day=not cards,
    )
    return _remembering(make_response(body), view)


def _house(here: list[ResourceCard]) -> str | None:
    """The first building of the site, for the day sheet."""
    return next((house.slug for house in houses(db.session(), here)), None)


def _view() -> str:
    wish = request.args.get("view") or request.cookies.get(COOKIE) or ""
    return wish if wish in VIEWS else VIEWS[0]


def _remembering(response: Response, view: str) -> Response:
    if request.args.get("view") == view and request.cookies.get(COOKIE) != view:
        response.set_cookie(COOKIE, view, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def _address(day: date, site: SiteChoice | None, category: str, view: str | None = None) -> str:
    return url_for(
        "day.page", date=day.isoformat(), site=site.slug if site else None, category=category or None, view=view
    )


def _views(day: date, site: SiteChoice | None, category: str, view: str) -> list[tuple[str, str, str, bool]]:
    words = {"timeline": _("Timeline"), "list": _("List")}
    pictures = {"timeline": "day", "list": "list"}
    return [(_address(day, site, category, each), words[each], pictures[each], each == view) for each in VIEWS]


def _days(day: date, today: date, site: SiteChoice | None, category: str) -> dict[str, dict[str, str]]:
    around = {"previous": day - timedelta(days=1), "today": today, "next": day + timedelta(days=1)}
    words = {
        "previous": _("Day before: %(day)s", day=wording.short_day(around["previous"], language())),
        "today": _("Today"),
        "next": _("Day after: %(day)s", day=wording.short_day(around["next"], language())),
    }
    return {name: {"href": _address(each, site, category), "label": words[name]} for name, each in around.items()}


def _categories(
    cards: list[ResourceCard], day: date, site: SiteChoice | None, chosen: str
) -> list[tuple[str, str, bool]]:
    """Everything, and each category; nothing to choose when there is only one."""
    names = {card.category_slug: category_name(card.category_names, card.category_slug) for card in cards}
    if len(names) < 2:
        return []
    everything = (_address(day, site, ""), _("Everything"), chosen not in names)
    return [everything, *((_address(day, site, slug), name, slug == chosen) for slug, name in names.items())]


def _caption(day: date, site: SiteChoice | None) -> str:
    where = site.name if site else ""
    return _("%(site)s, %(day)s: resources by hours", site=where, day=wording.day_text(day, language()))


def _holiday(day: date) -> str:
    found = holiday("NO", day)
    return found.names[language()] if found else ""
