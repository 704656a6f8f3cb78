"""The application that is measured, and beside it the floors: a guarded route that does nothing, and one that reads.

`BENCH_MOST_EVENTS` raises how many events a feed may hold; `BENCH_NO_BODIES` makes every feed be put together anew.
"""

import os

from flask import Response, redirect
from sqlalchemy import bindparam, select

from booking.db import db
from booking.feeds.cache import Bodies
from booking.http.access import public, signed_in
from booking.ical import calendar
from booking.models import FeedCounter
from booking.services import feed_content
from tests.support.wsgi import app

__all__ = ["app"]

counter = FeedCounter.__table__
ONE = select(counter.c.rev).where(counter.c.scope_kind == bindparam("kind"), counter.c.scope_id == bindparam("id"))

if "BENCH_MOST_EVENTS" in os.environ:
    feed_content.content.__defaults__ = (int(os.environ["BENCH_MOST_EVENTS"]),)
    calendar.MOST_OCTETS = 100_000_000
if "BENCH_NO_BODIES" in os.environ:
    app.extensions["feed_bodies"] = Bodies(0)


@app.post("/bench/floor")
@signed_in
def floor() -> Response:
    """Session, CSRF, sign-in, and an answer like that of a booking."""
    return redirect("/", 303)


@app.get("/bench/one-read")
@public
def one_read() -> Response:
    """One row by its key, and a short answer."""
    row = db.session.execute(ONE, {"kind": "member", "id": 1}).one_or_none()
    return Response(str(row.rev if row else 0), content_type="text/plain; charset=utf-8")
