"""Being asked to be there while another works alone: yes, no, or no longer."""

from flask import Response, flash, redirect, render_template, request, url_for

from booking import clock
from booking.core.errors import NotFound
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.words import gettext as _
from booking.services import lone_work
from booking.services.catalogue import ResourceCard
from booking.web.features import whole_place
from booking.web.safety_view import watch_view
from booking.web.shown import NUL

ANSWERS = ("accepted", "declined", "withdrawn")


@signed_in
def page(public_id: str) -> str:
    """Who asks, where and when, and the answers that can be given now."""
    found = lone_work.watch(db.session(), the_actor(), _named(public_id))
    card: ResourceCard = found.booking.cards[0]
    may_answer = found.booking.state in ("requested", "confirmed") and found.booking.span.ends_at > clock.now()
    return render_template(
        "bookings/buddy.html",
        watch=watch_view(found),
        who=found.holder,
        card=card,
        place=whole_place(card),
        state=found.state if may_answer else "over",
        others=found.others,
        public_id=public_id,
    )


@signed_in
def answer(public_id: str) -> Response:
    """Takes the answer; whoever works there is told at once."""
    chosen = request.form.get("answer", "")
    if chosen not in ANSWERS:
        raise NotFound(kind="answer")
    with writing() as session:
        whole = bool(request.form.get("whole_series"))
        lone_work.answer(session, clock.now(), the_actor(), _named(public_id), chosen, whole_series=whole)
    words = {
        "accepted": _("Thank you. They have been told that you will be there."),
        "declined": _("They have been told, and name somebody else."),
        "withdrawn": _("They have been told. The booking is on hold until somebody else will be there."),
    }
    flash(words[chosen], "ok" if chosen == "accepted" else "waiting")
    return redirect(url_for("bookings.buddy", public_id=public_id), 303)  # type: ignore[return-value]


answer.form_page = "bookings.buddy"  # type: ignore[attr-defined]


def _named(public_id: str) -> str:
    if NUL in public_id:
        raise NotFound(kind="booking")
    return public_id
