"""Who is asking, and what each route demands of them.

Every view carries exactly one of the three decorators below; a sweep test fails for a view that carries none.
Flask-Login keeps a random token in the session cookie as the user's id; the row behind it can be ended, so that
signing out everywhere is real.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, session
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user

from booking import clock
from booking.db import db
from booking.permissions import Actor, require
from booking.services import signing_in

View = Callable[..., Any]
login_manager = LoginManager()
login_manager.session_protection = None  # a member's address changes between cells; the hashed token is the guard


class SignInNeeded(Exception):
    """The page is for people who have signed in; the error handler shows the sign-in form."""


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of a signed-in browser: its token, and the member as plain facts."""

    token: str
    actor: Actor

    def get_id(self) -> str:
        """What goes into the session cookie."""
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    actor = signing_in.actor_for_token(db.session(), clock.now(), token)
    return SignedIn(token, actor) if actor else None


def current_actor() -> Actor | None:
    """The signed-in member's facts, read once a request; None when nobody is signed in."""
    return current_user.actor if current_user.is_authenticated else None


def the_actor() -> Actor:
    """The signed-in member. Raises SignInNeeded."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def ask_nothing_more() -> None:
    """For pages about trouble: nobody is signed in unless that is known by now, as the database may be away."""
    g.in_trouble = True
    g.setdefault("_login_user", AnonymousUserMixin())  # where Flask-Login keeps whom it has loaded


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
    session.update(kept)
    session.permanent = True
    signed_in = _load(token)
    if signed_in is None:
        raise SignInNeeded
    login_user(signed_in)


def end_session() -> None:
    """Forgets the browser's token and everything else in its session."""
    logout_user()
    session.clear()


def session_token() -> str | None:
    """The token of this browser's sign-in, for ending it."""
    return current_user.token if current_user.is_authenticated else None


def _declare(view: View, permission: str) -> View:
    view.permission = permission  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Sets up Flask-Login and makes `actor` known to every template."""
    login_manager.init_app(app, add_context_processor=False)
    app.context_processor(lambda: {"actor": current_actor()})
