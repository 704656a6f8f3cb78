"""Signing in and out, and the pages that one-time links open."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.core.errors import DomainError, InvalidInput
from booking.db import db, writing
from booking.http.access import begin_session, current_actor, end_session, public, session_token
from booking.http.csrf import drop_draft_of_another
from booking.http.forms import errors_of, sent, shown_errors
from booking.http.language import language
from booking.http.logs import log
from booking.http.sealing import sends_mail
from booking.models import Organisation
from booking.services import credentials, one_time_links, signing_in
from booking.services.one_time_links import LinkKind
from booking.services.signing_in import SEEN_EVERY, SignInThrottled
from booking.web.devices import device_name
from booking.web.signin_forms import AcceptForm, PasswordForm, SignInForm

pages = Blueprint("signin", __name__)


@pages.get("/login")
@public
def form() -> ResponseReturnValue:
    """The sign-in form; `next` says where to go afterwards."""
    wanted = request.args.get("next", "")
    if is_local(wanted):
        session["resume"] = wanted
    if current_actor() is not None:
        return redirect(_way_on(), 303)
    own = request.endpoint == "signin.submit"
    return _form(sent(SignInForm) if own else SignInForm(), {})


@pages.post("/login")
@public
def submit() -> ResponseReturnValue:
    """Signs in, and goes on to where the member was going."""
    answers = sent(SignInForm)
    if not answers.validate():
        return _form(answers, errors_of(answers)), 422
    email, password = answers.email.data or "", answers.password.data or ""
    try:
        member_id = _recognised(clock.now(), email, password)
    except DomainError as refused:
        return _refused(answers, refused)
    _begin(member_id)
    return redirect(_way_on(), 303)


submit.form_page = "signin.form"  # type: ignore[attr-defined]


@pages.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    """Ends this browser's sign-in."""
    token = session_token()
    if token:
        with writing() as changes:
            signing_in.sign_out(changes, clock.now(), token)
    end_session()
    flash(_("You are signed out."), "ok")
    return redirect("/login", 303)


@pages.get("/invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Shows who invites; a new member enters name and password, an existing one just says yes."""
    purpose = one_time_links.read(db.session(), clock.now(), LinkKind.INVITATION, token)
    again = request.method == "POST"
    return _invitation(purpose, sent(AcceptForm) if again else AcceptForm(data={"name": purpose.name}), {})


@pages.post("/invitations/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Makes the account and signs in; whoever has an account already signs in as usual."""
    now = clock.now()
    purpose = one_time_links.read(db.session(), now, LinkKind.INVITATION, token)
    answers = sent(AcceptForm)
    is_known = credentials.has_account(db.session(), purpose)
    if not is_known and not answers.validate():
        return _invitation(purpose, answers, errors_of(answers)), 422
    try:
        with writing() as changes:
            name, password = answers.name.data or "", answers.password.data or ""
            member_id = credentials.accept(changes, now, token, name, password, _cost())
    except InvalidInput as refused:
        return _invitation(purpose, answers, {refused.field: wording.error_sentence(refused, language())}), 422
    if member_id is None:
        flash(_("You are a member now. Sign in with the password you have."), "ok")
        return redirect("/login", 303)
    _begin(member_id)
    flash(_("Welcome! Find a room and book it."), "ok")
    return redirect(_way_on(), 303)


accept.form_page = "signin.invitation"  # type: ignore[attr-defined]


@pages.get("/passwords/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """Shows the form for a new password."""
    purpose = one_time_links.read(db.session(), clock.now(), LinkKind.PASSWORD, token)
    return render_template("signin/password.html", email=purpose.email, errors={}, shown=shown_errors({}))


@pages.post("/passwords/<token>")
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Sets the password, ends all sign-ins and begins a new one."""
    now = clock.now()
    purpose = one_time_links.read(db.session(), now, LinkKind.PASSWORD, token)
    answers = sent(PasswordForm)
    errors = {} if answers.validate() else errors_of(answers)
    if not errors:
        try:
            with writing() as changes:
                member_id = credentials.choose_by_link(changes, now, token, answers.password.data or "", _cost())
        except InvalidInput as refused:
            errors = {refused.field: wording.error_sentence(refused, language())}
        else:
            _begin(member_id)
            flash(_("Your new password works from now on."), "ok")
            return redirect(_way_on(), 303)
    shown = shown_errors(errors)
    return render_template("signin/password.html", email=purpose.email, errors=errors, shown=shown), 422


choose_password.form_page = "signin.new_password"  # type: ignore[attr-defined]


@pages.after_app_request
def note_use(response: Response) -> Response:
    """Notes at most hourly that the browser is in use."""
    if request.blueprint in {None, "feeds", "health"} or "_user_id" not in session:
        return response
    actor, now = current_actor(), clock.now()
    if actor and actor.session_id and now.timestamp() - session.get("seen", 0) >= SEEN_EVERY.total_seconds():
        with writing() as changes:
            signing_in.mark_seen(changes, now, actor.session_id)
        session["seen"] = int(now.timestamp())
    return response


def is_local(target: str) -> bool:
    """Whether the target is a page of ours, whatever a browser makes of slashes, backslashes and odd letters."""
    parts = urlsplit(target)
    plain = target.isprintable() and "\\" not in target and len(target) <= 1000
    return plain and target.startswith("/") and not target.startswith("//") and not parts.scheme and not parts.netloc


def _form(answers: SignInForm, errors: dict[str, str]) -> str:
    shown = shown_errors(errors)
    is_waiting = "draft" in session
    return render_template(
        "signin/login.html",
        form=answers,
        errors=errors,
        shown=shown,
        is_waiting=is_waiting,
        sends_mail=sends_mail(),
    )


def _invitation(purpose: one_time_links.Purpose, answers: AcceptForm, errors: dict[str, str]) -> str:
    organisation = db.session.get(Organisation, purpose.organisation_id) if purpose.organisation_id else None
    return render_template(
        "signin/invitation.html",
        purpose=purpose,
        organisation=organisation.name if organisation else None,
        is_known=credentials.has_account(db.session(), purpose),
        form=answers,
        errors=errors,
        shown=shown_errors(errors),
    )


def _recognised(now: datetime, email: str, password: str) -> int:
    """The member's id. The attempt is counted before the password is compared, and the comparison holds no lock."""
    with writing() as changes:
        signing_in.count_attempt(changes, now, email, _address())
    return signing_in.recognise(db.session(), now, email, password, _cost())


def _begin(member_id: int) -> None:
    with writing() as changes:
        device = device_name(request.user_agent.string)
        days = current_app.extensions["samrom"].session_days
        token = signing_in.open_session(changes, clock.now(), member_id, address=_address(), device=device, days=days)
    drop_draft_of_another(member_id)
    begin_session(token)
    session["member"], session["seen"] = member_id, int(clock.now().timestamp())


def _refused(answers: SignInForm, refused: DomainError) -> ResponseReturnValue:
    log.warning("signin_refused", code=refused.code)
    response = make_response(_form(answers, {"email": wording.error_sentence(refused, language())}), refused.status)
    if isinstance(refused, SignInThrottled):
        response.headers["Retry-After"] = str(refused.facts["seconds"])
    return response


def _way_on() -> str:
    wanted = session.pop("resume", "/")
    return wanted if is_local(wanted) else "/"


def _address() -> str:
    return request.remote_addr or "unknown"


def _cost() -> str:
    cost: str = current_app.extensions["samrom"].password_cost
    return cost
