"""Cancelling this and the following bookings of a series, or all that lie ahead: first the list, then the deed."""

from flask import Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import InvalidInput, WrongState
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import ngettext
from booking.permissions import Actor, require
from booking.services.series_cancelling import cancel_series, cancellable
from booking.services.series_reading import Reach
from booking.services.standing import Standing
from booking.web.series_change_form import reach_of
from booking.web.shown import shown_booking


@signed_in
def ask(public_id: str) -> str:
    """Every date that would be given back."""
    actor = the_actor()
    standing = shown_booking(actor, public_id)
    require(actor, "booking.cancel", standing.subject)
    if standing.row.series_id is None:
        raise WrongState(state="no_series")
    return _page(actor, standing, reach_of(request.args.get("reach", "")))


def _page(actor: Actor, standing: Standing, reach: Reach, *, message: str = "", error: str = "") -> str:
    public_id = standing.row.public_id
    found = cancellable(db.session(), clock.now(), actor, public_id, reach)
    return render_template(
        "series/cancellation.html",
        public_id=public_id,
        reach=reach.value,
        dates=[
            (each.span.starts_at.isoformat(), wording.when_compact(each.span, language(), standing.zone))
            for each in found.going
        ],
        staying=found.staying,
        must_write=found.must_write,
        message=message,
        error=error,
        title=standing.row.title or next(iter(standing.cards.values())).name,
    )


@signed_in
def cancel(public_id: str) -> Response | tuple[str, int]:
    """Gives all of them back."""
    actor = the_actor()
    standing = shown_booking(actor, public_id)
    require(actor, "booking.cancel", standing.subject)
    reach, message = reach_of(request.form.get("reach", "")), request.form.get("message", "")
    try:
        with writing() as session:
            number = cancel_series(session, clock.now(), actor, public_id, reach, message=message)
    except InvalidInput as wrong:
        error = wording.error_sentence(wrong, language())
        return _page(actor, shown_booking(actor, public_id), reach, message=message, error=error), wrong.status
    flash(ngettext("Cancelled %(num)s date.", "Cancelled %(num)s dates.", number), "ok")
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


cancel.form_page = "bookings.series_cancellation"  # type: ignore[attr-defined]
