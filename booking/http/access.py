"""Who is asking, and what each route demands of them.

Every view carries exactly one of the three decorators below; a sweep test fails for a view that carries none.
The session cookie holds a random token; the row behind it can be ended, so that signing out everywhere is real.
"""

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, g, session

from booking import clock
from booking.core.errors import NotAllowed
from booking.db import db
from booking.permissions import Actor, require
from booking.services import signing_in

View = Callable[..., Any]


class SignInNeeded(Exception):
    """The page is for people who have signed in; the error handler shows the sign-in form."""


def current_actor() -> Actor | None:
    """The signed-in member's facts, read once a request; None when nobody is signed in."""
    if "actor" not in g:
        token = session.get("token")
        g.actor = signing_in.actor_for_token(db.session, clock.now(), token) if token else None
    actor: Actor | None = g.actor
    return actor


def the_actor() -> Actor:
    """The signed-in member. Raises SignInNeeded."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def public(view: View) -> View:
    """Anybody may pass."""
    return _declare(view, "public")


def signed_in(view: View) -> View:
    """Any member may pass; what they may do to which thing, the view or the service asks."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        the_actor()
        return view(*args, **kwargs)

    return _declare(guarded, "signed_in")


def allowed(permission: str) -> Callable[[View], View]:
    """Only members who hold the permission in general may pass (for one thing, the service asks again)."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(the_actor(), permission)
            return view(*args, **kwargs)

        return _declare(guarded, permission)

    return decorate


def begin_session(token: str) -> None:
    """Starts a new browser session after sign-in, so that nothing fixed before it survives."""
    kept = {name: session[name] for name in ("draft", "resume") if name in session}
    session.clear()
    session.update(kept, token=token)
    session.permanent = True
    g.pop("actor", None)


def end_session() -> None:
    """Forgets the browser's token and everything else in its session."""
    session.clear()
    g.pop("actor", None)


def _declare(view: View, permission: str) -> View:
    view.permission = permission  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Makes `actor` known to every template."""
    app.context_processor(lambda: {"actor": current_actor()})


__all__ = ["NotAllowed", "SignInNeeded", "allowed", "current_actor", "public", "signed_in", "the_actor"]
