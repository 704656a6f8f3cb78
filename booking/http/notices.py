"""How many notices the reader has not read, for the header of every page; asked once a page, and only when shown."""

from flask import Flask, g

from booking.db import db
from booking.http.access import current_actor
from booking.services.notices import unread_count


def unread_notices() -> int:
    """Zero for visitors, and on pages about trouble, as the database may be away."""
    actor = None if g.get("in_trouble") else current_actor()
    if actor is None:
        return 0
    if "unread_notices" not in g:
        g.unread_notices = unread_count(db.session(), actor.member_id)
    return int(g.unread_notices)


def init_app(app: Flask) -> None:
    """Makes the number known to every template, as a function."""
    app.context_processor(lambda: {"unread_notices": unread_notices})
