"""Everything that can be booked, by category, and the page of each."""

from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Blueprint, render_template, request, url_for

from booking import clock, wording
from booking.core.localtime import iso_week, local_day
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.access import current_actor, public
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import can
from booking.services.catalogue import ResourceCard, parts_of, resources, resources_by_id
from booking.services.cells import CellKind
from booking.services.facts import facts_of
from booking.services.rule_sources import SOURCES, names_of
from booking.services.timeline import Day, days_of
from booking.web.cell_view import at_time, form_address
from booking.web.display import RoomView, clock_span, room_view, week_text
from booking.web.fault import resource_notices
from booking.web.features import category_name, feature_items, seats_text, whole_place
from booking.web.lab_words import calibration_lines
from booking.web.places import site_choices
from booking.web.reading import read_day
from booking.web.rule_words import RuleLine, rule_lines
from booking.web.shown import shown_resource
from booking.web.timeline_view import week_view

pages = Blueprint("resources", __name__)
DAYS = 7


@pages.get("/resources")
@public
def everything() -> str:
    """All resources by category, of every site or of one."""
    cards = resources(db.session())
    sites = site_choices(cards)
    site = next((each for each in sites if each.slug == request.args.get("site")), None)
    chosen = [card for card in cards if site is None or card.site_id == site.id]
    addresses = [(url_for("resources.everything"), _("Everywhere"), site is None)]
    addresses += [(url_for("resources.everything", site=each.slug), each.name, each == site) for each in sites]
    return render_template(
        "resources/everything.html",
        groups=_groups(chosen),
        sites=addresses if len(sites) > 1 else [],
        count=len(chosen),
    )


@pages.get("/resources/<slug>")
@public
def page(slug: str) -> str:
    """Facts, rules, the week, whom to ask, and how to book."""
    card, now, actor = shown_resource(slug), clock.now(), current_actor()
    today = local_day(now, card.zone)
    first = max(read_day(request.args.get("date", "")) or today, today)
    days = days_of(db.session(), now, actor, card, first, DAYS)
    return render_template(
        "resources/page.html",
        card=card,
        room=room_view(card),
        category=category_name(card.category_names, card.category_slug),
        features=feature_items(card),
        facts=_facts(card),
        rules=_rules(card, now, actor.member_id if actor else None),
        week=week_view(days, now, lambda day: _day_address(day, card), card.name),
        week_text=_weeks(first, days[-1].day),
        stretches=_stretches(days[0], card),
        first=_day_words(first, today),
        book=url_for("bookings.new", slug=card.slug),
        state_words=_note(card),
        notices=resource_notices(card, now),
        family=_family(card),
        may_manage=can(actor, "resource.inspect", card.place),
        later=url_for("resources.page", slug=slug, date=days[-1].day.isoformat()),
    )


def _groups(cards: list[ResourceCard]) -> list[tuple[str, str, list[RoomView]]]:
    """Each category: its key, its name, and its resources."""
    groups = [(slug, list(listed)) for slug, listed in groupby(cards, key=lambda card: card.category_slug)]
    return [
        (slug, category_name(listed[0].category_names, slug), [room_view(card, note=_note(card)) for card in listed])
        for slug, listed in groups
    ]


def _day_address(day: date, card: ResourceCard) -> str:
    return url_for("day.page", date=day.isoformat(), site=card.site_slug)


def _weeks(first: date, last: date) -> str:
    numbers = [iso_week(day)[1] for day in (first, last)]
    if numbers[0] == numbers[1]:
        return week_text(first)
    return _("Weeks %(first)s and %(last)s", first=numbers[0], last=numbers[1])


def _note(card: ResourceCard) -> str:
    words = {"draft": _("Planned: it cannot be booked yet."), "retired": _("Out of use.")}
    return words.get(card.state, "")


def _facts(card: ResourceCard) -> list[tuple[str, str]]:
    """What is known of it, as words with values."""
    known = [
        (_("Where"), whole_place(card)),
        (_("Finding it"), card.wayfinding),
        (_("Seats"), seats_text(card)),
        (_("Floor space"), _("%(number)s m²", number=card.area_m2) if card.area_m2 else ""),
        (_("Contact"), card.contact),
    ]
    return [(word, value) for word, value in known if value]


def _rules(card: ResourceCard, now: datetime, member_id: int | None) -> list[RuleLine]:
    window = TimeSpan(now, now + timedelta(hours=1))
    facts = facts_of(db.session(), now, {card.id: card}, member_id=member_id, window=window)
    resource = facts.resources[card.id]
    return rule_lines(resource.settings, names_of(db.session(), SOURCES)) + calibration_lines(resource)


def _stretches(day: Day, card: ResourceCard) -> list[tuple[str, str, str]]:
    """The day's free stretches as links: address, times, and what is said aloud."""
    free = [cell for cell in day.rows[0].cells if cell.kind is CellKind.FREE and cell.offer]
    return [
        (
            at_time(form_address(card), cell.offer, card.zone),
            clock_span(cell.span, card.zone),
            _("Book %(room)s, free %(when)s", room=card.name, when=wording.when(cell.span, language(), card.zone)),
        )
        for cell in free
        if cell.offer
    ]


def _day_words(day: date, today: date) -> str:
    return _("Free today") if day == today else _("Free on %(day)s", day=wording.day_text(day, language()))


def _family(card: ResourceCard) -> list[tuple[str, str]]:
    """The parts it is made of."""
    parts = resources_by_id(db.session(), parts_of(db.session(), [card.id]).get(card.id, ()))
    return [(url_for("resources.page", slug=part.slug), part.name) for part in parts.values()]
