"""Activities in laboratories: the list, a new one, and what one needs and is approved for."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin import reading
from booking.admin.consequences import consequences_view
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can
from booking.services import activities
from booking.services.activities import ActivityLine, ActivityValues
from booking.services.actors import local_today

pages = Blueprint("admin_activities", __name__, url_prefix="/admin/activities")


@pages.get("")
@allowed("resource.inspect")
def listing() -> ResponseReturnValue:
    """Every activity, and whether its approval still counts."""
    found = activities.activities(db.session(), retired=True)
    today = local_today(clock.now())
    return render_template(
        "admin/safety/activities.html",
        activities=[(each, _until(each), _has_expired(each, today)) for each in found],
        may_change=can(the_actor(), "site.administer"),
    )


@pages.get("/new")
@allowed("site.administer")
def new() -> ResponseReturnValue:
    """The form for a new activity."""
    return _form(None, typed("admin_activities.create", {"level": "1"}), {})


@pages.post("")
@allowed("site.administer")
def create() -> ResponseReturnValue:
    """Adds an activity that members can choose."""
    form = sent()
    try:
        with writing() as session:
            activities.create_activity(session, clock.now(), the_actor(), _read(form))
    except InvalidInput as wrong:
        return _form(None, form, error_of(wrong)), 422
    flash(_("Saved. Members can choose it now."), "ok")
    return redirect(url_for(".listing"), 303)


create.form_page = "admin_activities.new"  # type: ignore[attr-defined]


@pages.get("/<public_id>")
@allowed("resource.inspect")
def edit(public_id: str) -> ResponseReturnValue:
    """What it needs, and which bookings do not fit."""
    found = activities.activity(db.session(), public_id)
    return _form(found, typed("admin_activities.save", _as_shown(found.values)), {})


@pages.post("/<public_id>")
@allowed("site.administer")
def save(public_id: str) -> ResponseReturnValue:
    """Saves it, and says which future bookings no longer fit."""
    found, form = activities.activity(db.session(), public_id), sent()
    try:
        with writing() as session:
            change = activities.edit_activity(session, clock.now(), the_actor(), public_id, _read(form))
    except InvalidInput as wrong:
        return _form(found, form, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".edit", public_id=public_id, saved=change.entry_id), 303)


save.form_page = "admin_activities.edit"  # type: ignore[attr-defined]


@pages.post("/<public_id>/retirement")
@allowed("site.administer")
def retire(public_id: str) -> ResponseReturnValue:
    """Takes it off the list that members choose from, or puts it back."""
    retired = request.form.get("retired") == "1"
    with writing() as session:
        activities.retire_activity(session, clock.now(), the_actor(), public_id, retired=retired)
    flash(_("Taken off the list.") if retired else _("Back on the list."), "ok")
    return redirect(url_for(".listing"), 303)


retire.form_page = "admin_activities.edit"  # type: ignore[attr-defined]


def _read(form: Typed) -> ActivityValues:
    """Raises InvalidInput."""
    return ActivityValues(
        name=form.get("name", "").strip(),
        level=reading.chosen_id(form.get("level", ""), "level"),
        approval=form.get("approval", "").strip(),
        approved_until=_day(form, "approved_until"),
        risk_assessment=form.get("risk_assessment", "").strip(),
        assessed_on=_day(form, "assessed_on"),
    )


def _day(form: Typed, name: str) -> date | None:
    return reading.day(form[name], name) if form.get(name, "").strip() else None


def _as_shown(values: ActivityValues) -> dict[str, str]:
    return {
        "name": values.name,
        "level": str(values.level),
        "approval": values.approval,
        "approved_until": values.approved_until.isoformat() if values.approved_until else "",
        "risk_assessment": values.risk_assessment,
        "assessed_on": values.assessed_on.isoformat() if values.assessed_on else "",
    }


def _until(each: ActivityLine) -> str:
    return wording.day_text(each.values.approved_until, language()) if each.values.approved_until else ""


def _has_expired(each: ActivityLine, today: date) -> bool:
    return each.values.approved_until is not None and each.values.approved_until < today


def _form(found: ActivityLine | None, values: Typed, errors: Mapping[str, str]) -> str:
    reached = tuple(activities.resources_with_details(db.session(), clock.now())) if found else ()
    saved = found is not None and "saved" in request.args
    return render_template(
        "admin/safety/activity.html",
        activity=found,
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        levels=[(str(level), _("Level %(level)s", level=level)) for level in activities.LEVELS],
        may_change=can(the_actor(), "site.administer"),
        consequences=consequences_view(clock.now(), the_actor(), ("activity", found.id), reached)
        if saved and found
        else None,
    )
