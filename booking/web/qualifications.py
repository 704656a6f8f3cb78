"""My qualifications: what one has and until when, what one lacks, and how to get it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, url_for

from booking import clock, wording
from booking.core.errors import WrongState
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services import courses
from booking.services.courses import CourseLine
from booking.services.qualifications_known import Own, Standing, own_qualifications

pages = Blueprint("qualifications", __name__)
LOOKS = {Standing.VALID: "ok", Standing.SOON: "waiting", Standing.ENDED: "refused", Standing.NONE: "quiet"}


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course: when, where and what is left; `is_mine` when one has signed up."""

    key: str
    when: str
    iso: str
    place: str
    contact: str
    left: str
    is_mine: bool
    is_full: bool


@dataclass(frozen=True, slots=True)
class OwnView:
    """A qualification in words."""

    key: str
    name: str
    about: str
    kind: str
    words: str
    needed_for: str
    contact: str
    has_it: bool
    courses: list[CourseView]


@pages.get("/qualifications")
@signed_in
def page() -> str:
    """What one has first, then what one can get."""
    found = [_view(each) for each in own_qualifications(db.session(), clock.now(), the_actor().member_id)]
    return render_template(
        "account/qualifications.html",
        held=[each for each in found if each.has_it],
        others=[each for each in found if not each.has_it],
    )


@pages.post("/courses/<public_id>/seat")
@signed_in
def sign_up(public_id: str) -> Response:
    """Takes a seat."""
    try:
        with writing() as session:
            courses.sign_up(session, clock.now(), the_actor(), public_id)
        flash(_("You have a seat. The date stands under My qualifications."), "ok")
    except WrongState as late:
        flash(wording.error_sentence(late, language()), "refused")
    return _back()


@pages.post("/courses/<public_id>/seat/return")
@signed_in
def sign_off(public_id: str) -> Response:
    """Gives the seat back to somebody else."""
    try:
        with writing() as session:
            courses.sign_off(session, clock.now(), the_actor(), public_id)
        flash(_("You have given the seat back."), "ok")
    except WrongState as late:
        flash(wording.error_sentence(late, language()), "refused")
    return _back()


sign_up.form_page = "qualifications.page"  # type: ignore[attr-defined]
sign_off.form_page = "qualifications.page"  # type: ignore[attr-defined]


def _back() -> Response:
    return redirect(url_for("qualifications.page"), 303)  # type: ignore[return-value]


def _view(own: Own) -> OwnView:
    return OwnView(
        key=own.key,
        name=own.name,
        about=own.description,
        kind=LOOKS[own.standing],
        words=standing_words(own.standing, own.expires_on),
        needed_for=", ".join(own.needed_for),
        contact=own.contact,
        has_it=own.standing is not Standing.NONE,
        courses=[course_view(each) for each in own.courses],
    )


def standing_words(standing: Standing, expires_on: date | None) -> str:
    """Valid to when, or what has become of it."""
    if standing is Standing.NONE:
        return _("You do not have it")
    if expires_on is None:
        return _("Valid for good")
    day = wording.day_text(expires_on, language())
    if standing is Standing.ENDED:
        return _("Ran out %(day)s", day=day)
    return _("Runs out %(day)s", day=day) if standing is Standing.SOON else _("Valid to %(day)s", day=day)


def course_view(course: CourseLine) -> CourseView:
    """A course in words."""
    zone, left = ZoneInfo(course.timezone), course.seats - course.taken
    return CourseView(
        key=course.public_id,
        when=wording.when(course.span, language(), zone),
        iso=course.span.starts_at.astimezone(zone).isoformat(),
        place=course.place,
        contact=course.contact,
        left=_("Full") if course.is_full else ngettext("%(num)s free seat", "%(num)s free seats", left),
        is_mine=course.is_mine,
        is_full=course.is_full,
    )
