"""The page of everything one has been told about one's bookings and reported faults, and marking it as read."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from booking import clock
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.words import gettext as _
from booking.services import notices
from booking.web.told import notice_view

pages = Blueprint("notices", __name__)


@pages.get("/notices")
@signed_in
def page() -> str:
    """Newest first; those that have not been read stand out."""
    told = notices.recent(db.session(), the_actor())
    views = [notice_view(each) for each in told]
    return render_template("bookings/notices.html", notices=views, unread=[each for each in views if not each.is_read])


@pages.post("/notices/read")
@signed_in
def read() -> Response:
    """Marks those that were shown, and goes back to where they were shown."""
    with writing() as session:
        notices.mark_read(session, clock.now(), the_actor(), request.form.getlist("notice"))
    flash(_("Marked as read."), "ok")
    booking = request.form.get("booking", "")
    address = url_for("bookings.page", public_id=booking) if booking else url_for("notices.page")
    return redirect(address, 303)  # type: ignore[return-value]


read.form_page = "notices.page"  # type: ignore[attr-defined]
