"""The admin's first page: what there is, what is coming, and the way to each part."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock, wording
from booking.admin.fault_view import FaultView, fault_view
from booking.admin.frame import navigation
from booking.db import db
from booking.http.access import allowed, the_actor
from booking.http.display import age
from booking.http.language import language
from booking.permissions import Actor, can
from booking.services.catalogue import ResourceCard, resources
from booking.services.closures import ClosureLine, upcoming_closures
from booking.services.external_health import failing_calendars
from booking.services.faults import open_faults
from booking.services.mail_overview import dead_count
from booking.services.overview import coming_bookings
from booking.services.scopes import District, district

pages = Blueprint("admin", __name__, url_prefix="/admin")
MOST_CLOSURES = 6


@dataclass(frozen=True, slots=True)
class ClosureView:
    """A coming closure: where, when, and the way to it."""

    name: str
    place: str
    when: str
    iso: str
    href: str


@pages.app_context_processor
def _ways() -> dict[str, object]:
    return {"admin_navigation": navigation}


@pages.get("")
@allowed("admin.enter")
def landing() -> ResponseReturnValue:
    """The overview for whoever may enter."""
    actor, all_ = the_actor(), district(db.session())
    cards = [card for card in resources(db.session()) if can(actor, "resource.inspect", card.place)]
    return render_template(
        "admin/landing.html",
        tiles_=_tiles(cards) if cards else [],
        ways=[way for way in _parts() if way[0]],
        closures=_closures(actor, all_) if can(actor, "resource.inspect") else [],
        faults=_faults(cards),
        dead_letters=dead_count(db.session()) if can(actor, "site.inspect") else 0,
        calendars=_calendars(cards),
        sees_resources=can(actor, "resource.inspect"),
    )


def _tiles(cards: Sequence[ResourceCard]) -> list[tuple[int, str]]:
    active = sum(card.state == "active" for card in cards)
    drafts = sum(card.state == "draft" for card in cards)
    coming = coming_bookings(db.session(), clock.now(), [card.id for card in cards])
    return [
        (active, ngettext("resource in use", "resources in use", active)),
        (drafts, ngettext("draft", "drafts", drafts)),
        (coming, ngettext("coming booking", "coming bookings", coming)),
    ]


def _faults(cards: Sequence[ResourceCard]) -> list[FaultView]:
    by_id, now = {card.id: card for card in cards}, clock.now()
    return [fault_view(fault, by_id[fault.resource_id], now) for fault in open_faults(db.session(), by_id)]


def _calendars(cards: Sequence[ResourceCard]) -> list[tuple[str, str, str, str]]:
    """Calendars elsewhere that cannot be read: address, name, resource, and for how long."""
    by_id, now = {card.id: card for card in cards}, clock.now()
    return [
        (
            url_for("admin_calendars.show", slug=by_id[each.resource_id].slug, public_id=each.public_id),
            each.name,
            by_id[each.resource_id].name,
            str(_("It has failed for %(age)s.", age=age(now - each.since))),
        )
        for each in failing_calendars(db.session(), by_id)
    ]


def _parts() -> list[tuple[str, str, str, str]]:
    """Address, picture, title and one line of what is there."""
    actor = the_actor()
    parts = [
        ("admin_resources.listing", "resource.inspect", "room", _("Resources"),
         _("Rooms, instruments and pools; put in use, change, retire.")),
        ("admin_rules.choose", "resource.inspect", "admin", _("Rules"),
         _("Opening hours, lengths, notice, people and who may book, with where each is set.")),
        ("admin_closures.choose", "resource.inspect", "calendar", _("Closures and special days"),
         _("Close for a while, or change one day’s hours.")),
        ("admin_outages.choose", "resource.inspect", "warning", _("Maintenance and faults"),
         _("Plan maintenance, decide for the bookings under it, and answer reports of faults.")),
        ("admin_qualifications.listing", "resource.inspect", "check", _("Qualifications"),
         _("Who has learnt what and until when, courses, and what is on hold.")),
        ("admin_activities.listing", "resource.inspect", "room", _("Activities"),
         _("What is done in laboratories, which level it needs, and until when it is approved.")),
        ("admin_documents.listing", "resource.inspect", "note", _("Declarations"),
         _("What members read and accept before they book.")),
        ("admin_dispensations.listing", "site.inspect", "person", _("Dispensations"),
         _("Who may work alone where the rules ask for company.")),
        ("admin_groups.listing", "site.inspect", "people", _("Groups"),
         _("Sets of organisations, roles and members that rules speak of.")),
        ("admin_places.listing", "site.inspect", "building", _("Places"), _("Sites, buildings and categories.")),
        ("admin_demand.listing", "site.inspect", "search", _("Unmet demand"),
         _("What people looked for and did not find.")),
        ("admin_organisations.listing", "organisation.inspect", "organisation", _("Organisations"),
         _("Who takes part, and until when.")),
        ("admin_people.listing", "organisation.inspect", "person", _("People"),
         _("Invite, change roles, end memberships.")),
        ("admin_mail.show", "site.inspect", "note", _("Mail"),
         _("Whether mail is on, what waits, and what could not be sent.")),
    ]  # fmt: skip
    return [
        (url_for(name), picture, str(title), str(text))
        for name, permission, picture, title, text in parts
        if name in current_app.view_functions and can(actor, permission)
    ]


def _closures(actor: Actor, all_: District) -> list[ClosureView]:
    coming = upcoming_closures(db.session(), clock.now())
    return [
        closure_view(line, all_)
        for line in coming
        if line.key in all_.levels and can(actor, "resource.inspect", all_.where(*line.key).place)
    ][:MOST_CLOSURES]


def closure_view(line: ClosureLine, all_: District) -> ClosureView:
    """A closure in words."""
    where = all_.where(*line.key)
    return ClosureView(
        name=line.name,
        place=where.level.name(language()),
        when=wording.when(line.span, language(), where.zone),
        iso=line.span.starts_at.astimezone(where.zone).isoformat(),
        href=url_for("admin_closures.show", kind=line.key[0], id_=line.key[1]),
    )
