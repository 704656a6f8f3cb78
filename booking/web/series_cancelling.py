"""Cancelling this and the following bookings of a series, or all that lie ahead: first the list, then the deed."""

from flask import Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import WrongState
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import ngettext
from booking.permissions import require
from booking.services.series_cancelling import cancel_series, cancellable
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
    reach = reach_of(request.args.get("reach", ""))
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
        title=standing.row.title or next(iter(standing.cards.values())).name,
    )


@signed_in
def cancel(public_id: str) -> Response:
    """Gives all of them back."""
    actor = the_actor()
    standing = shown_booking(actor, public_id)
    require(actor, "booking.cancel", standing.subject)
    with writing() as session:
        number = cancel_series(session, clock.now(), actor, public_id, reach_of(request.form.get("reach", "")))
    flash(ngettext("Cancelled %(num)s date.", "Cancelled %(num)s dates.", number), "ok")
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


cancel.form_page = "bookings.series_cancellation"  # type: ignore[attr-defined]
