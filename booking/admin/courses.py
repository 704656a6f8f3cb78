"""A course: who has signed up, granting to those who were there, calling it off; and withdrawing a single grant."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.admin.frame import Typed, error_of, sent, typed
from booking.admin.qualification_view import course_line
from booking.admin.qualifications import grant_values, granted_words
from booking.core.errors import InvalidInput
from booking.core.localtime import local_day
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.services import courses, qualifications
from booking.services.actors import HOME_ZONE

pages = Blueprint("admin_courses", __name__, url_prefix="/admin/courses")


@pages.get("/<public_id>")
@allowed("resource.manage")
def show(public_id: str) -> ResponseReturnValue:
    """Who has signed up; once it has begun, who was there."""
    return _show(public_id, typed("admin_courses.grant", {"granted_on": ""}), {})


@pages.post("/<public_id>/grants")
@allowed("resource.manage")
def grant(public_id: str) -> ResponseReturnValue:
    """Gives the qualification to those who are ticked."""
    form = sent()
    try:
        with writing() as session:
            done = courses.grant_after(
                session, clock.now(), the_actor(), public_id, form.getlist("attendees"), grant_values(form)
            )
    except InvalidInput as wrong:
        return _show(public_id, form, error_of(wrong)), 422
    flash(granted_words(done), "ok")
    _course, row = courses.managed(db.session(), the_actor(), public_id)
    return redirect(url_for("admin_qualifications.show", public_id=row.public_id), 303)


grant.form_page = "admin_courses.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/cancellation")
@allowed("resource.manage")
def call_off(public_id: str) -> ResponseReturnValue:
    """Nobody can sign up any more."""
    with writing() as session:
        courses.call_off(session, clock.now(), the_actor(), public_id)
    flash(_("Called off. Tell those who had signed up."), "ok")
    return redirect(url_for(".show", public_id=public_id), 303)


@pages.get("/grants/<public_id>/withdrawal")
@allowed("resource.manage")
def withdrawal(public_id: str) -> ResponseReturnValue:
    """Asks why, and says what comes of it."""
    return _withdrawal(public_id, typed("admin_courses.withdraw"), {})


@pages.post("/grants/<public_id>/withdrawal")
@allowed("resource.manage")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Takes it back; bookings that need it are on hold from now."""
    key = qualifications.granted(db.session(), the_actor(), public_id)[1].public_id
    try:
        with writing() as session:
            held = qualifications.withdraw(session, clock.now(), the_actor(), public_id, request.form.get("reason", ""))
    except InvalidInput as wrong:
        return _withdrawal(public_id, sent(), error_of(wrong)), 422
    stopped = ngettext("%(num)s booking is on hold now.", "%(num)s bookings are on hold now.", held)
    flash(f"{_('Withdrawn.')} {stopped}" if held else _("Withdrawn."), "ok")
    return redirect(url_for("admin_qualifications.show", public_id=key), 303)


withdraw.form_page = "admin_courses.withdrawal"  # type: ignore[attr-defined]


def _show(public_id: str, values: Typed, errors: Mapping[str, str]) -> str:
    session, now, actor = db.session(), clock.now(), the_actor()
    course, row = courses.managed(session, actor, public_id)
    if not values.get("granted_on"):
        values["granted_on"] = local_day(course.starts_at, HOME_ZONE).isoformat()
    attendees = courses.attendees(session, course.id)
    return render_template(
        "admin/qualifications/course.html",
        row=row,
        course=course_line(courses.line_of(session, actor.member_id, course.id)),
        is_off=course.cancelled_at is not None,
        has_begun=course.starts_at <= now,
        attendees=attendees,
        ticked=values.getlist("attendees") if errors else [each.key for each in attendees],
        public_id=public_id,
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
    )


def _withdrawal(public_id: str, values: Typed, errors: Mapping[str, str]) -> str:
    held, row, name = qualifications.granted(db.session(), the_actor(), public_id)
    about = {"typed": values, "errors": errors, "shown": shown_errors(errors)}
    return render_template("admin/qualifications/withdrawal.html", held=held, row=row, name=name, **about)
