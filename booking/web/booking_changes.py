"""What else can be done with a booking: taken back, ended early, handed over, and asking others to make room."""

from flask import Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import BookingRefused, InvalidInput, WrongState
from booking.core.verdict import Verdict
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor, require
from booking.services.alternatives import alternatives
from booking.services.asking import accept, ask_to_shift, decline
from booking.services.handing_over import colleagues, hand_over, told_to_the_giver
from booking.services.mine import listed_booking
from booking.services.overriding import may_pass_standing
from booking.services.standing import Standing
from booking.services.undoing import end_booking, may_restore_anyway, restore_booking
from booking.web.changes import asked_change
from booking.web.display import booking_view
from booking.web.forms import chosen
from booking.web.override import asked_anyway
from booking.web.shown import NUL, shown_booking
from booking.web.verdicts import Choice, as_link, finding_view, verdict_view

Answer = str | tuple[str, int] | Response


@signed_in
def restore(public_id: str) -> Answer:
    """Takes a cancellation back; or says why it cannot be, with other times."""
    actor = the_actor()
    standing = shown_booking(actor, public_id)
    try:
        with writing() as session:
            restore_booking(session, clock.now(), actor, public_id, override=asked_anyway())
    except BookingRefused as refusal:
        return _not_restored(actor, standing, refusal.verdict), refusal.status
    except InvalidInput as invalid:
        errors = {invalid.field: wording.error_sentence(invalid, language())}
        return _not_restored(actor, standing, Verdict(), errors), invalid.status
    flash(_("It stands again, as it was."), "ok")
    return _to(public_id)


restore.form_page = "bookings.page"  # type: ignore[attr-defined]


@signed_in
def end(public_id: str) -> Answer:
    """Ends a running booking and frees the rest."""
    actor = the_actor()
    shown_booking(actor, public_id)
    with writing() as session:
        end_booking(session, clock.now(), actor, public_id)
    flash(_("Ended. The rest of the time is free for others."), "ok")
    return _to(public_id)


end.form_page = "bookings.page"  # type: ignore[attr-defined]


@signed_in
def hand_over_form(public_id: str) -> str:
    """Whom it can be handed over to; with many colleagues, a search."""
    return _hand_over_page(public_id)


@signed_in
def hand_over_to(public_id: str) -> Answer:
    """Hands it over, and shows it where one may still see it; or says why not."""
    actor = the_actor()
    standing = shown_booking(actor, public_id)
    try:
        with writing() as session:
            to = request.form.get("to", "").replace(NUL, "")
            name = hand_over(session, clock.now(), actor, public_id, to, override=asked_anyway())
    except BookingRefused as refusal:
        return _hand_over_page(public_id, verdict=refusal.verdict), refusal.status
    except InvalidInput as invalid:
        errors = {invalid.field: wording.error_sentence(invalid, language())}
        return _hand_over_page(public_id, errors=errors), invalid.status
    flash(_("Handed over. %(name)s has been told.", name=name), "ok")
    mine = standing.row.member_id == actor.member_id
    return redirect(url_for("bookings.mine"), 303) if mine else _to(public_id)  # type: ignore[return-value]


hand_over_to.form_page = "bookings.hand_over_form"  # type: ignore[attr-defined]


@signed_in
def ask(public_id: str) -> Answer:
    """Asks whoever comes next to shift, with the times in the change form."""
    actor = the_actor()
    wish = asked_change(actor, public_id)
    if wish is None:
        raise WrongState(state="nobody_to_ask")
    with writing() as session:
        ask_to_shift(session, clock.now(), actor, public_id, wish)
    flash(_("Asked. We tell you what they answer; your booking stays as it is until then."), "waiting")
    return _to(public_id)


ask.form_page = "bookings.change_form"  # type: ignore[attr-defined]


@signed_in
def accept_shift(public_id: str) -> Answer:
    """Moves to the time or room that was pressed, and makes room."""
    choice = chosen(request.form.get("choice", ""))
    if choice is None or NUL in public_id:
        raise InvalidInput("choice")
    with writing() as session:
        moved = accept(session, clock.now(), the_actor(), public_id, choice)
    flash(_("Moved. Thank you for making room."), "ok")
    return _to(moved)


@signed_in
def decline_shift(public_id: str) -> Answer:
    """Keeps the booking where it is."""
    if NUL in public_id:
        raise InvalidInput("public_id")
    with writing() as session:
        kept = decline(session, clock.now(), the_actor(), public_id)
    flash(_("Your booking stays where it is. Whoever asked is told so, without your name."), "ok")
    return _to(kept)


def _to(public_id: str) -> Response:
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


def _not_restored(actor: Actor, standing: Standing, verdict: Verdict, errors: dict[str, str] | None = None) -> str:
    now, wish = clock.now(), standing.wish
    card = next(iter(standing.cards.values()))
    found = alternatives(db.session(), now, standing.row.member_id, wish)
    choices: list[Choice] = [as_link(each, wish.people) for each in found]
    mine = listed_booking(db.session(), standing.row.id)
    return render_template(
        "bookings/not_restored.html",
        booking=booking_view(mine, now),
        verdict=verdict_view(verdict, card, standing.row.span, choices),
        public_id=standing.row.public_id,
        may_override=may_restore_anyway(db.session(), now, actor, standing),
        errors=errors or {},
        typed=request.form,
    )


def _hand_over_page(public_id: str, *, verdict: Verdict | None = None, errors: dict[str, str] | None = None) -> str:
    actor, now = the_actor(), clock.now()
    standing = shown_booking(actor, public_id)
    require(actor, "booking.hand_over", standing.subject)
    if not standing.row.live or standing.row.ends_at <= now:
        raise WrongState(state=standing.row.state)
    words = request.args.get("q", "")[:100]
    mine = listed_booking(db.session(), standing.row.id)
    return render_template(
        "bookings/hand_over.html",
        booking=booking_view(mine, now),
        public_id=public_id,
        found=colleagues(db.session(), now, actor, standing, words),
        words=words,
        chosen=request.form.get("to", ""),
        error=(errors or {}).get("to", ""),
        may_override=verdict is not None and may_pass_standing(actor, verdict, standing),
        errors=errors or {},
        typed=request.form,
        findings=[finding_view(each, standing.zone) for each in told_to_the_giver(verdict)] if verdict else [],
        contact=mine.cards[0].contact,
    )
