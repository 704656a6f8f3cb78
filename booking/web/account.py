"""A member's own pages: name and choices, password, where they are signed in, and what is kept about them."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import end_session, signed_in, the_actor
from booking.http.forms import errors_of, sent, shown_errors, waiting_or
from booking.http.language import COOKIE, language
from booking.models import Member
from booking.services import credentials, members, own_data, signing_in
from booking.web.account_forms import AccountForm, NewPasswordForm

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Name and language, and the way to the rest."""
    row = db.session.get_one(Member, the_actor().member_id)
    values = {"name": row.name, "language": row.language or ""}
    return _account(waiting_or(AccountForm, "account.change", **values), {})


@pages.post("")
@signed_in
def change() -> ResponseReturnValue:
    """Saves the choices; the language holds at once, on this browser too."""
    answers = sent(AccountForm)
    if not answers.validate():
        return _account(answers, errors_of(answers)), 422
    try:
        with writing() as changes:
            name, chosen = answers.name.data or "", answers.language.data or None
            members.change_account(changes, clock.now(), the_actor(), name=name, language=chosen)
    except InvalidInput as refused:
        return _account(answers, {refused.field: wording.error_sentence(refused, language())}), 422
    return _saved()


change.form_page = "account.show"  # type: ignore[attr-defined]


@pages.get("/password")
@signed_in
def password() -> ResponseReturnValue:
    """The form for another password."""
    return _password({})


@pages.post("/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Replaces the password and signs out all other browsers."""
    answers = sent(NewPasswordForm)
    errors = {} if answers.validate() else errors_of(answers)
    if not errors:
        current, new = answers.current_password.data or "", answers.new_password.data or ""
        cost = current_app.extensions["samrom"].password_cost
        try:
            with writing() as changes:
                credentials.change_password(changes, clock.now(), the_actor(), current, new, cost)
        except InvalidInput as refused:
            errors = {refused.field: wording.error_sentence(refused, language())}
        else:
            flash(_("Your password is changed, and other browsers are signed out."), "ok")
            return redirect(url_for("account.show"), 303)
    return _password(errors), 422


change_password.form_page = "account.password"  # type: ignore[attr-defined]


@pages.get("/sign-ins")
@signed_in
def browsers() -> ResponseReturnValue:
    """Where the member is signed in."""
    listed = signing_in.browsers(db.session(), clock.now(), the_actor())
    return render_template("account/sign_ins.html", browsers=listed, zone=_zone())


@pages.post("/sign-ins/<int:session_id>/ending")
@signed_in
def end_browser(session_id: int) -> ResponseReturnValue:
    """Ends one sign-in."""
    actor = the_actor()
    with writing() as changes:
        signing_in.end_one(changes, clock.now(), actor, session_id)
    if session_id == actor.session_id:
        return _out()
    flash(_("That browser is signed out."), "ok")
    return redirect(url_for("account.browsers"), 303)


@pages.post("/sign-ins/ending")
@signed_in
def end_all_browsers() -> ResponseReturnValue:
    """Signs out everywhere, here too."""
    with writing() as changes:
        signing_in.sign_out_everywhere(changes, clock.now(), the_actor().member_id)
    return _out()


@pages.get("/data")
@signed_in
def data() -> ResponseReturnValue:
    """What the service keeps about the member, and why."""
    kept = own_data.summary(db.session(), clock.now(), the_actor())
    return render_template("account/data.html", kept=kept, zone=_zone())


def _account(answers: AccountForm, errors: dict[str, str]) -> str:
    return render_template(
        "account/show.html", form=answers, errors=errors, shown=shown_errors(errors), email=the_actor().email
    )


def _password(errors: dict[str, str]) -> str:
    shown = shown_errors(errors)
    return render_template("account/password.html", errors=errors, shown=shown, email=the_actor().email)


def _saved() -> Response:
    flash(_("Saved."), "ok")
    response: Response = make_response(redirect(url_for("account.show"), 303))
    response.delete_cookie(COOKIE, samesite="Lax", httponly=True)
    return response


def _out() -> ResponseReturnValue:
    end_session()
    flash(_("You are signed out."), "ok")
    return redirect("/login", 303)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])
