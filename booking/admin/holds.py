"""Bookings on hold in the places the reader looks after; and until when a resource's calibration counts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin import reading
from booking.admin.consequences import Misfit, Reason, consequences_view, misfit
from booking.admin.frame import error_of
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can, require
from booking.services import calibration
from booking.services.catalogue import ResourceCard, resource_by_slug, resources
from booking.services.holds import on_hold
from booking.services.standing_bookings import of_resources
from booking.services.stranded import Stranded, as_seen

pages = Blueprint("admin_holds", __name__, url_prefix="/admin")


@pages.get("/on-hold")
@allowed("resource.inspect")
def listing() -> ResponseReturnValue:
    """Every coming booking that may not start, and why."""
    actor, now = the_actor(), clock.now()
    ids = [card.id for card in resources(db.session()) if can(actor, "resource.inspect", card.place)]
    found = as_seen(db.session(), now, actor, on_hold(db.session(), now, of_resources(ids, now)))
    return render_template("admin/on_hold.html", lines=[_line(each) for each in found.values()])


@pages.get("/resources/<slug>/calibration")
@allowed("resource.inspect")
def show(slug: str) -> ResponseReturnValue:
    """The day it counts to, what was set before, and which bookings do not fit."""
    card = resource_by_slug(db.session(), slug)
    return _show(card, card.calibration_due.isoformat() if card.calibration_due else "", {})


@pages.post("/resources/<slug>/calibration")
@allowed("resource.manage")
def save(slug: str) -> ResponseReturnValue:
    """Saves the day, and says which future bookings no longer fit."""
    card = resource_by_slug(db.session(), slug)
    text = request.form.get("due", "").strip()
    try:
        due = reading.day(text, "due") if text else None
        with writing() as session:
            change = calibration.set_due(session, clock.now(), the_actor(), card, due)
    except InvalidInput as wrong:
        return _show(card, text, error_of(wrong)), 422
    flash(_("Saved.") if change.entry_id else _("Nothing was changed."), "ok")
    return redirect(url_for(".show", slug=slug, saved=change.entry_id), 303)


save.form_page = "admin_holds.show"  # type: ignore[attr-defined]


def _show(card: ResourceCard, due: str, errors: dict[str, str]) -> str:
    require(the_actor(), "resource.inspect", card.place)
    past = calibration.history(db.session(), card)
    return render_template(
        "admin/resources/calibration.html",
        card=card,
        due=due,
        errors=errors,
        shown=shown_errors(errors),
        past=[(each, wording.day_text(each.due, language()) if each.due else "") for each in past],
        may_change=can(the_actor(), "resource.manage", card.place),
        consequences=consequences_view(clock.now(), the_actor(), ("resource", card.id), (card.id,)),
    )


def _line(found: Stranded) -> Misfit:
    """The booking with its reasons; what somebody lacks is told of them, not to them."""
    shown = misfit(found)
    reasons = [
        Reason(reason.code, reason.weight, _about_others(found, number) or reason.sentence, reason.where_set)
        for number, reason in enumerate(shown.reasons)
    ]
    return Misfit(shown.title, shown.href, shown.iso, shown.when, shown.about, reasons)


def _about_others(found: Stranded, number: int) -> str:
    return wording.hold_sentence(found.findings[number], language())
