"""GET and HEAD of calendar feeds: those behind a secret, the public programmes, and what robots are told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import db, writing
from booking.feeds.cache import Bodies, Keys
from booking.feeds.conditional import Cookieless, answered, dated, is_unchanged, stamped
from booking.feeds.programs import program_of
from booking.feeds.words import words_of
from booking.http.access import public
from booking.http.logs import log
from booking.services import feed_content, feed_freebusy, feed_keys, feeds
from booking.services.feeds import Feed, House

pages = Blueprint("feeds", __name__)

ROBOTS = "User-agent: *\nAllow: /feeds/\n"


@pages.record_once
def _make_room(setup: object) -> None:
    """Each application keeps bodies of its own, and knows where it lives."""
    extensions = setup.app.extensions  # type: ignore[attr-defined]
    config = extensions["samrom"]
    extensions["feed_house"] = House(config.base_url, ZoneInfo(config.default_timezone), config.site_name)
    extensions["feed_bodies"], extensions["feed_keys"] = Bodies(), Keys()


@pages.get("/robots.txt")
@public
def robots() -> Response:
    """Google's calendar obeys this file, so it must let the feeds through."""
    return Response(ROBOTS, content_type="text/plain; charset=utf-8")


@pages.route("/feeds/public/<slug>.ics", methods=["GET"], provide_automatic_options=False)
@public
def events(slug: str) -> Response:
    """A site's public programme, for everybody."""
    now, house = clock.now(), _house()
    return _answer(now, feeds.open_events(db.session(), now, slug, house.zone), house)


@pages.route("/feeds/<key>.ics", methods=["GET"], provide_automatic_options=False)
@pages.route("/feeds/<path:elsewhere>", methods=["GET"], provide_automatic_options=False)
@public
def feed(key: str = "", elsewhere: str = "") -> Response:  # noqa: ARG001 - elsewhere nothing is
    """The calendar behind a secret address; one and the same 404 for every other address."""
    now, house = clock.now(), _house()
    return _answer(now, _opened(now, key, house), house)


@pages.route("/feeds/<key>.ifb", methods=["GET"], provide_automatic_options=False)
@public
def freebusy(key: str) -> Response:
    """When the same feed's room is taken, as plain busy times; only a room's feed has them."""
    now, house = clock.now(), _house()
    found = _opened(now, key, house)
    body = feed_freebusy.content(db.session(), found) if found else None
    if found is None or body is None:
        return _nothing_here()
    etag = f"{feeds.etag(found, words_of(found.kind, found.language), house)}-busy"
    _note_fetch(now, found)
    if is_unchanged(etag, found.modified_at):
        return stamped(Cookieless(status=304), etag)
    response = Cookieless(body, content_type="text/calendar; charset=utf-8")
    return dated(stamped(response, etag), now, found.modified_at)


@pages.after_request
def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _opened(now: datetime, secret: str, house: House) -> Feed | None:
    """What the secret opens: by what is known of it while that holds, or read anew."""
    keys: Keys = current_app.extensions["feed_keys"]
    key_hash = feed_keys.hash_secret(secret)
    known = keys.get(key_hash)
    found = feeds.as_known(db.session(), now, known, house.zone) if known else None
    if found is not None:
        return found
    known = feeds.open_feed(db.session(), now, secret, house.zone)
    if known is None:
        keys.forget(key_hash)
        return None
    keys.keep(key_hash, known)
    return known.feed


def _answer(now: datetime, found: Feed | None, house: House) -> Response:
    if found is None:
        return _nothing_here()
    words = words_of(found.kind, found.language)
    etag = feeds.etag(found, words, house)
    if is_unchanged(etag, found.modified_at):
        _note_fetch(now, found)
        return stamped(Cookieless(status=304), etag)
    bodies: Bodies = current_app.extensions["feed_bodies"]
    packed = bodies.get(etag)
    if packed is None:
        body = feed_content.content(db.session(), now, found, words, house)
        if body is None:
            return _nothing_here()
        packed = bodies.keep(etag, body)
    _note_fetch(now, found)
    response = answered(packed, may_pack=current_app.extensions["samrom"].feed_gzip)
    return dated(stamped(response, etag), now, found.modified_at)


def _nothing_here() -> Response:
    return Cookieless(_("No calendar lives at this address.") + "\n", 404, content_type="text/plain; charset=utf-8")


def _house() -> House:
    house: House = current_app.extensions["feed_house"]
    return house


def _note_fetch(now: datetime, found: Feed) -> None:
    """Notes that the calendar asked. When that fails, the calendar still gets its answer."""
    seen = found.seen
    if found.reader_id is None or not feed_keys.is_fetch_due(seen.at, seen.rev, found.rev, now):
        return
    program = program_of(request.headers.get("User-Agent", ""))
    try:
        with writing() as change:
            feed_keys.note_fetch(change, now, found.key_id, found.rev, program)
        secret = (request.view_args or {}).get("key", "")
        current_app.extensions["feed_keys"].forget(feed_keys.hash_secret(secret))  # when it fetched is told anew
    except SQLAlchemyError as error:
        log.warning("fetch_not_noted", error=type(error).__name__)
