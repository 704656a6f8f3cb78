"""Delegates: whom I let book in my name."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock, wording
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services import delegations

pages = Blueprint("delegates", __name__, url_prefix="/account/delegates")


@pages.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Who may book in my name, and in whose I may."""
    draft = take_draft("delegates.let") or {}
    return _page(draft.get("email", [""])[0], {})


@pages.post("")
@signed_in
def let() -> ResponseReturnValue:
    """Lets a colleague book in my name."""
    email = request.form.get("email", "")
    try:
        with writing() as session:
            found = delegations.let(session, clock.now(), the_actor(), email)
    except InvalidInput as refused:
        return _page(email, {refused.field: wording.error_sentence(refused, language())}), 422
    flash(_("%(name)s may book in your name now.", name=found.name), "ok")
    return redirect(url_for(".show"), 303)


let.form_page = "delegates.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/withdrawal")
@signed_in
def withdraw(public_id: str) -> ResponseReturnValue:
    """Takes the leave back; what is booked stays."""
    with writing() as session:
        delegations.withdraw(session, clock.now(), the_actor(), public_id)
    flash(_("They may not book in your name any more. What is booked stays."), "ok")
    return redirect(url_for(".show"), 303)


withdraw.form_page = "delegates.show"  # type: ignore[attr-defined]


def _page(email: str, errors: dict[str, str]) -> str:
    session, actor = db.session(), the_actor()
    return render_template(
        "account/delegates.html",
        delegates=delegations.delegates(session, actor),
        books_for=delegations.books_for(session, clock.now(), actor),
        email_typed=email,
        errors=errors,
        shown=shown_errors(errors),
    )
