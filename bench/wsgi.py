"""The application that is measured, and beside it the floor: a guarded route that does nothing."""

from flask import Response, redirect

from booking.http.access import signed_in
from tests.support.wsgi import app

__all__ = ["app"]


@app.post("/bench/floor")
@signed_in
def floor() -> Response:
    """Session, CSRF, sign-in, and an answer like that of a booking."""
    return redirect("/", 303)
