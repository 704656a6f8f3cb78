"""Dispensations from the rule about lone work: those that count, a new one, and taking one away."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin import reading
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can
from booking.services import dispensations
from booking.services.catalogue import resources

pages = Blueprint("admin_dispensations", __name__, url_prefix="/admin/dispensations")


@pages.get("")
@allowed("site.inspect")
def listing() -> ResponseReturnValue:
    """Those that count now, and the form for one more."""
    return _page(typed("admin_dispensations.add"), {})


@pages.post("")
@allowed("site.administer")
def add() -> ResponseReturnValue:
    """Lets a member be alone somewhere until a day."""
    form = sent()
    try:
        ends_on = reading.day(form.get("ends_on", ""), "ends_on")
        with writing() as session:
            dispensations.grant(
                session,
                clock.now(),
                the_actor(),
                email=form.get("email", ""),
                slug=form.get("resource", ""),
                reference=form.get("reference", "").strip(),
                ends_on=ends_on,
            )
    except InvalidInput as wrong:
        return _page(form, error_of(wrong)), 422
    flash(_("Saved. It counts at once."), "ok")
    return redirect(url_for(".listing"), 303)


add.form_page = "admin_dispensations.listing"  # type: ignore[attr-defined]


@pages.post("/<public_id>/withdrawal")
@allowed("site.administer")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Ends one at once."""
    with writing() as session:
        dispensations.withdraw(session, clock.now(), the_actor(), public_id)
    flash(_("Withdrawn. Bookings that lived on it are on hold until somebody is there."), "ok")
    return redirect(url_for(".listing"), 303)


withdraw.form_page = "admin_dispensations.listing"  # type: ignore[attr-defined]


def _page(values: Typed, errors: Mapping[str, str]) -> str:
    found = dispensations.dispensations(db.session(), clock.now())
    return render_template(
        "admin/safety/dispensations.html",
        dispensations=[(each, wording.day_text(each.ends_on, language())) for each in found],
        resources=[(card.slug, card.name) for card in resources(db.session())],
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        may_change=can(the_actor(), "site.administer"),
    )
