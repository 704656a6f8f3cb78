"""GET and HEAD of /feeds/<key>.ics, and the robots.txt that lets calendar services fetch it."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import db, writing
from booking.feeds.conditional import Cookieless, is_unchanged, packed, stamped
from booking.http.access import public
from booking.http.logs import log
from booking.services import feed_content, feed_keys, feeds
from booking.services.feeds import Feed, House, Words
from booking.wording import N_, translate

pages = Blueprint("feeds", __name__)

NAME = N_("My bookings, {site}")
DESCRIPTION = N_("Your bookings at {site}. Change them there, not in the calendar.")
CANCELLED = N_("Cancelled:")
BUSY = N_("Busy")
ON_HOLD = N_("On hold:")
ROBOTS = "User-agent: *\nAllow: /feeds/\n"


@pages.get("/robots.txt")
@public
def robots() -> Response:
    """Google's calendar obeys this file, so it must let the feeds through."""
    return Response(ROBOTS, content_type="text/plain; charset=utf-8")


@pages.route("/feeds/<key>.ics", methods=["GET"], provide_automatic_options=False)
@pages.route("/feeds/<path:elsewhere>", methods=["GET"], provide_automatic_options=False)
@public
def feed(key: str = "", elsewhere: str = "") -> Response:  # noqa: ARG001 - elsewhere nothing is
    """The calendar behind a secret address; one and the same 404 for every other address."""
    house = _house()
    found = feeds.open_feed(db.session(), clock.now(), key, house.zone)
    if found is None:
        return Cookieless(_("No calendar lives at this address.") + "\n", 404, content_type="text/plain; charset=utf-8")
    words = _words(found)
    etag = feeds.etag(found, words, house)
    if is_unchanged(etag, found.modified_at):
        response = Cookieless(status=304)
    else:
        response = packed(feed_content.content(db.session(), found, words, house))
    _note_fetch(found)
    return stamped(response, etag, found.modified_at)


@pages.after_request
def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _house() -> House:
    config = current_app.extensions["samrom"]
    return House(config.base_url, ZoneInfo(config.default_timezone))


def _words(found: Feed) -> Words:
    site = current_app.extensions["samrom"].site_name
    name, description, *words = (
        translate(msgid, found.language) for msgid in (NAME, DESCRIPTION, CANCELLED, BUSY, ON_HOLD)
    )
    return Words(name.format(site=site), description.format(site=site), *words)


def _note_fetch(found: Feed) -> None:
    """Notes that the calendar asked. When that fails, the calendar still gets its answer."""
    now = clock.now()
    if not feed_keys.is_fetch_due(found.last_fetched_at, now):
        return
    try:
        with writing() as change:
            feed_keys.note_fetch(change, now, found.key_id)
    except SQLAlchemyError as error:
        log.warning("fetch_not_noted", error=type(error).__name__)
