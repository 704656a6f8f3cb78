"""Refusals and mishaps as friendly pages in the reader's language, each with a way on."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from booking import wording
from booking.core.errors import DomainError
from booking.http.access import SignInNeeded, ask_nothing_more, current_actor
from booking.http.csrf import from_our_own_page, keep_draft
from booking.http.language import language
from booking.http.logs import log, log_crash

Answer = ResponseReturnValue
LONGEST_RESUME = 1000


def problem(status: int, title: str, text: str) -> tuple[str, int]:
    """The page for something that did not work."""
    return render_template("errors/problem.html", status=status, title=title, text=text), status


def form_page() -> str | None:
    """The address of the page that shows the form which was just sent, when the view names one."""
    endpoint = _form_endpoint()
    return url_for(endpoint, **(request.view_args or {})) if endpoint else None


def _form_endpoint() -> str | None:
    view = current_app.view_functions.get(request.endpoint or "")
    endpoint: str | None = getattr(view, "form_page", None)
    return endpoint


def _sign_in_needed(_error: SignInNeeded) -> Answer:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else _put_aside()
    if wanted and len(wanted) <= LONGEST_RESUME:
        session["resume"] = wanted
    return redirect(url_for("signin.form"), 303)


def _expired(_error: CSRFError) -> Answer:
    """The same form again, filled in and with a fresh token; or the sign-in form when nobody is signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "permission", None) == "public":
        shown = form_page() if from_our_own_page() else None  # what was typed is still in the request
    else:
        shown = _put_aside()
    if not shown:
        return problem(
            400, _("This page had been open too long"), _("Go back, load the page again and send it once more.")
        )
    g.expired = True
    if getattr(view, "permission", None) != "public" and current_actor() is None:
        session["resume"] = shown
        return _shown_again(current_app.view_functions["signin.form"]())
    again = current_app.view_functions[view.form_page]  # type: ignore[union-attr]
    return _shown_again(again(**(request.view_args or {})))


def _shown_again(page: Any) -> Answer:
    response = current_app.make_response(page)
    response.status_code = 400
    return response


def _put_aside() -> str | None:
    """Keeps the sent form and gives the address of the page that will show it; None when it cannot be kept."""
    page = form_page()
    return page if page and keep_draft() else None


def _refused(error: DomainError) -> Answer:
    title = wording.error_title(error, language())
    return problem(error.status, title, wording.error_sentence(error, language()))


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    title, text = _words(status)
    body, status = problem(status, title, text)
    response = current_app.make_response((body, status))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (_("That did not reach us whole"), _("Go back, load the page again and send it once more.")),
        403: (
            _("This is not yours to change"),
            _("Ask a manager or your organisation’s admin to do it or to let you."),
        ),
        404: (
            _("Nothing lives at this address"),
            _("It may have been moved or removed. Find a room, or see your bookings."),
        ),
        405: (_("That address works in another way"), _("Go back and use the buttons on the page.")),
        413: (_("That was too much at once"), _("Send a smaller file, at most 2 MB.")),
        503: (
            _("Just a moment"),
            _("The service is catching its breath. Nothing was changed; try again in a few seconds."),
        ),
    }
    return known.get(status) or (
        _("Something went wrong here"),
        _("It is our fault, not yours, and it has been noted. Nothing was changed."),
    )


def _crashed(error: Exception) -> Answer:
    log_crash(error)
    ask_nothing_more()
    return problem(500, *_words(500))


def _busy(error: OperationalError | PoolTimeout) -> Answer:
    """The database is away or too busy: nothing was written, and trying again soon will work."""
    log.warning("database_unavailable", error=type(getattr(error, "orig", error)).__name__)
    ask_nothing_more()
    response = current_app.make_response(problem(503, *_words(503)))
    response.headers["Retry-After"] = "3"
    return response


def _steady(handler: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """Flask looks for no handler of what a handler raises, and ours may ask the database who is reading."""

    @functools.wraps(handler)
    def answer(error: Exception) -> Answer:
        try:
            try:
                return handler(error)
            except DomainError as refusal:
                return _refused(refusal)
        except (OperationalError, PoolTimeout) as away:
            return _busy(away)

    return answer


HANDLERS: dict[type[Exception], Callable[[Any], Answer]] = {
    SignInNeeded: _sign_in_needed,
    CSRFError: _expired,
    DomainError: _refused,
    HTTPException: _http,
    OperationalError: _busy,
    PoolTimeout: _busy,
    Exception: _crashed,
}


def init_app(app: Flask) -> None:
    """Registers one handler for each kind of trouble."""
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, _steady(handler))
