"""Qualifications of a site: the list, one with its holders and courses, granting and withdrawing."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.admin import reading
from booking.admin.frame import Typed, error_of, sent, typed
from booking.admin.qualification_view import course_line, holder_lines, kept_lines, valid_words
from booking.core.errors import InvalidInput
from booking.core.localtime import local_day
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.models import Qualification, Site
from booking.permissions import can, require
from booking.services import courses, qualifications
from booking.services.actors import HOME_ZONE
from booking.services.catalogue import sites
from booking.services.qualifications import GrantValues, QualificationValues, place_of
from booking.services.qualifications_known import holders, kept

pages = Blueprint("admin_qualifications", __name__, url_prefix="/admin/qualifications")


@pages.get("")
@allowed("resource.inspect")
def listing() -> ResponseReturnValue:
    """The qualifications of every site the reader looks after."""
    seen = [site.id for site in sites(db.session()) if can(the_actor(), "resource.inspect", place_of(site.id))]
    found = kept(db.session(), clock.now(), seen)
    return render_template("admin/qualifications/listing.html", lines=kept_lines(found), may_change=bool(_own_sites()))


@pages.get("/new")
@allowed("resource.manage")
def new() -> ResponseReturnValue:
    """The form for a new one."""
    return _new(typed("admin_qualifications.create"), {})


@pages.post("")
@allowed("resource.manage")
def create() -> ResponseReturnValue:
    """Makes a qualification that rules can ask for."""
    form = sent()
    try:
        site_id = reading.chosen_id(form.get("site", ""), "site")
        with writing() as session:
            made = qualifications.create_qualification(session, clock.now(), the_actor(), site_id, _values(form))
    except InvalidInput as wrong:
        return _new(form, error_of(wrong)), 422
    flash(_("Made. Rules can ask for it now, under Qualifications at each resource."), "ok")
    return redirect(url_for(".show", public_id=made), 303)


create.form_page = "admin_qualifications.new"  # type: ignore[attr-defined]


@pages.get("/<public_id>")
@allowed("resource.inspect")
def show(public_id: str) -> ResponseReturnValue:
    """Who has it, the courses towards it, and the forms to grant it."""
    row = _looked_at(public_id)
    values = typed("admin_qualifications.grant", {"granted_on": _today().isoformat()})
    values.update(typed("admin_qualifications.plan"))
    return _show(row, values, {})


@pages.get("/<public_id>/change")
@allowed("resource.manage")
def edit(public_id: str) -> ResponseReturnValue:
    """What it is called, how long it is valid, and whom to ask."""
    row = _looked_at(public_id)
    stands = {"name": row.name, "months": row.months or "", "description": row.description, "contact": row.contact}
    return _edit(row, typed("admin_qualifications.save", {**stands, "is_safety": "1" if row.is_safety else ""}), {})


@pages.post("/<public_id>")
@allowed("resource.manage")
def save(public_id: str) -> ResponseReturnValue:
    """Saves it; what has been granted keeps its days."""
    row, form = _looked_at(public_id), sent()
    try:
        with writing() as session:
            qualifications.edit_qualification(session, clock.now(), the_actor(), public_id, _values(form))
    except InvalidInput as wrong:
        return _edit(row, form, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".show", public_id=public_id), 303)


save.form_page = "admin_qualifications.edit"  # type: ignore[attr-defined]


@pages.post("/<public_id>/grants")
@allowed("resource.manage")
def grant(public_id: str) -> ResponseReturnValue:
    """Gives it to one member, or to a whole pasted list."""
    row, form = _looked_at(public_id), sent()
    try:
        emails = form.get("emails", "").replace(",", "\n").replace(";", "\n").splitlines()
        with writing() as session:
            done = qualifications.grant(session, clock.now(), the_actor(), public_id, emails, grant_values(form))
    except InvalidInput as wrong:
        return _show(row, form, error_of(wrong)), 422
    flash(granted_words(done), "ok")
    return redirect(url_for(".show", public_id=public_id), 303)


grant.form_page = "admin_qualifications.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/courses")
@allowed("resource.manage")
def plan(public_id: str) -> ResponseReturnValue:
    """Plans a course that members can sign up for."""
    row, form = _looked_at(public_id), sent()
    try:
        with writing() as session:
            courses.plan_course(session, clock.now(), the_actor(), public_id, _course(row, form))
    except InvalidInput as wrong:
        return _show(row, form, error_of(wrong)), 422
    flash(_("Planned. Members can sign up now."), "ok")
    return redirect(url_for(".show", public_id=public_id), 303)


plan.form_page = "admin_qualifications.show"  # type: ignore[attr-defined]


def granted_words(done: qualifications.Granted) -> str:
    """How many have it now."""
    words = ngettext("Granted to %(num)s member.", "Granted to %(num)s members.", done.new)
    same = ngettext("%(num)s had it already.", "%(num)s had it already.", done.same)
    return f"{words} {same}" if done.same else str(words)


def grant_values(form: Typed) -> GrantValues:
    """Raises InvalidInput."""
    until = form.get("expires_on", "").strip()
    return GrantValues(
        reading.day(form.get("granted_on", ""), "granted_on"),
        reading.day(until, "expires_on") if until else None,
        form.get("level", ""),
    )


def _values(form: Typed) -> QualificationValues:
    return QualificationValues(
        name=form.get("name", ""),
        is_safety=bool(form.get("is_safety")),
        months=reading.optional_number(form.get("months", ""), "months"),
        description=form.get("description", ""),
        contact=form.get("contact", ""),
    )


def _course(row: Qualification, form: Typed) -> courses.CourseValues:
    zone = ZoneInfo(db.session.get_one(Site, row.site_id).timezone)
    span = reading.span_in(form, zone)
    seats = reading.optional_number(form.get("seats", ""), "seats")
    if seats is None:
        raise InvalidInput("seats", "setting.required")
    return courses.CourseValues(span, seats, form.get("place", ""), form.get("course_contact", ""))


def _looked_at(public_id: str) -> Qualification:
    """Raises NotFound, NotAllowed."""
    row = qualifications.qualification(db.session(), public_id)
    require(the_actor(), "resource.inspect", place_of(row.site_id))
    return row


def _today() -> date:
    return local_day(clock.now(), HOME_ZONE)


def _own_sites() -> list[tuple[str, str]]:
    """The sites whose qualifications the reader decides about."""
    found = [site for site in sites(db.session()) if can(the_actor(), "resource.manage", place_of(site.id))]
    return [(str(site.id), site.name) for site in found if site.kind == "local"]


def _new(values: Typed, errors: Mapping[str, str]) -> str:
    about = {"typed": values, "errors": errors, "shown": shown_errors(errors), "sites": _own_sites()}
    return render_template("admin/qualifications/edit.html", row=None, **about)


def _edit(row: Qualification, values: Typed, errors: Mapping[str, str]) -> str:
    require(the_actor(), "resource.manage", place_of(row.site_id))
    about = {"typed": values, "errors": errors, "shown": shown_errors(errors)}
    return render_template("admin/qualifications/edit.html", row=row, **about)


def _show(row: Qualification, values: Typed, errors: Mapping[str, str]) -> str:
    session, now = db.session(), clock.now()
    return render_template(
        "admin/qualifications/show.html",
        row=row,
        valid=valid_words(row.months),
        holders=holder_lines(holders(session, now, row)),
        coming=[course_line(each) for each in courses.coming(session, now, 0, of=row.id)],
        been=[course_line(each) for each in courses.been(session, now, 0, row.id)],
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        may_change=can(the_actor(), "resource.manage", place_of(row.site_id)),
    )
