"""How many requests wait for the reader's answer, for the header; asked once a page, of those who answer any."""

from flask import Flask, g

from booking import clock
from booking.db import db
from booking.http.access import current_actor
from booking.permissions import can
from booking.services import inbox


def waiting_requests() -> int:
    """Zero for those who answer none, and on pages about trouble, as the database may be away."""
    actor = None if g.get("in_trouble") else current_actor()
    if actor is None or not can(actor, "request.decide"):
        return 0
    if "waiting_requests" not in g:
        g.waiting_requests = inbox.count(db.session(), clock.now(), actor)
    return int(g.waiting_requests)


def init_app(app: Flask) -> None:
    """Makes the number, and whether the reader answers requests at all, known to every template."""
    app.context_processor(
        lambda: {
            "waiting_requests": waiting_requests,
            "answers_requests": not g.get("in_trouble") and can(current_actor(), "request.decide"),
        }
    )
