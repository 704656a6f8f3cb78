"""Which language a page speaks: `?lang=`, then the cookie it left, then the member's choice, then the browser's."""

from flask import Flask, Response, g, request
from flask_babel import Babel

from booking.http.access import current_actor

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
COOKIE = "samrom_lang"
BROWSER_NAMES = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en", "da": "nb", "sv": "nb"}


def language() -> str:
    """nb, nn or en; decided once for each request."""
    known: str | None = g.get("language")
    if known is None:
        known = g.language = _chosen() or "nb"
    return known


def locale() -> str:
    """The Babel locale: English means British English, so that clocks show 13:30 and weeks begin on Monday."""
    return "en_GB" if language() == "en" else language()


def init_app(app: Flask) -> None:
    """Sets the locale selector and remembers a language chosen in the address."""
    Babel(app, locale_selector=locale)
    app.after_request(_remember)


def _chosen() -> str | None:
    actor = current_actor()
    wishes = (
        request.args.get("lang"),
        request.cookies.get(COOKIE),
        actor.language if actor else None,
        _browser(),
    )
    return next((wish for wish in wishes if wish in LANGUAGES), None)


def _browser() -> str | None:
    for tag, _ in request.accept_languages:
        name = BROWSER_NAMES.get(tag.split("-")[0].lower())
        if name:
            return name
    return None


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES and wish != request.cookies.get(COOKIE) and not request.path.startswith("/feeds/"):
        response.set_cookie(COOKIE, wish, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure)
    return response
