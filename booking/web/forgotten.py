"""A forgotten password: asks for a link by mail. The page says the same whether the address is known or not."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.db import writing
from booking.http.access import public
from booking.http.forms import errors_of, sent, shown_errors
from booking.http.language import language
from booking.http.logs import log
from booking.http.sealing import link_seal, sends_mail
from booking.services import addresses, forgotten
from booking.services.forgotten import LinkThrottled
from booking.web.signin_forms import ForgottenForm

pages = Blueprint("forgotten", __name__, url_prefix="/password/forgotten")


@pages.get("")
@public
def form() -> ResponseReturnValue:
    """The form; where no mail is sent, whom to ask instead."""
    again = request.method == "POST"
    return _form(ForgottenForm(request.form) if again else ForgottenForm(), {})


@pages.post("")
@public
def send() -> ResponseReturnValue:
    """Sends the link if there is an account, and goes on to the one answer."""
    answers = sent(ForgottenForm)
    errors = {} if answers.validate() else errors_of(answers)
    email = addresses.normal(answers.email.data or "")
    if not errors and email is None:
        errors["email"] = _("The e-mail address is not complete. It should look like name@example.org.")
    if errors or email is None or not sends_mail():
        return _form(answers, errors), 422
    try:
        with writing() as changes:
            forgotten.send_password_link(changes, clock.now(), email, request.remote_addr or "unknown", link_seal())
    except LinkThrottled as refused:
        return _throttled(answers, refused)
    return redirect(url_for(".sent"), 303)


send.form_page = "forgotten.form"  # type: ignore[attr-defined]


@pages.get("/sent", endpoint="sent")
@public
def on_its_way() -> ResponseReturnValue:
    """What happens next."""
    return render_template("signin/forgotten_sent.html")


def _throttled(answers: ForgottenForm, refused: LinkThrottled) -> ResponseReturnValue:
    log.warning("link_refused", code=refused.code)
    page = _form(answers, {"email": wording.error_sentence(refused, language())})
    response = make_response(page, refused.status)
    response.headers["Retry-After"] = str(refused.facts["seconds"])
    return response


def _form(answers: ForgottenForm, errors: dict[str, str]) -> str:
    shown = shown_errors(errors)
    return render_template("signin/forgotten.html", form=answers, errors=errors, shown=shown, sends_mail=sends_mail())
