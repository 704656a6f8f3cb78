"""Whether what the calendar program holds is still true, and how the answer is packed for it."""

import gzip
from datetime import datetime, timedelta

from flask import Response, request
from werkzeug.http import http_date

from booking import clock

SECOND = timedelta(seconds=1)
SUFFIXES = ("", "-gzip", "-br")  # proxies that compress add their own to an ETag
WORTH_PACKING = 500


def is_unchanged(etag: str, modified_at: datetime) -> bool:
    """By If-None-Match (compared weakly); only without one by If-Modified-Since."""
    held = request.if_none_match
    if request.headers.get("If-None-Match"):
        return any(held.contains_weak(f"{etag}{suffix}") for suffix in SUFFIXES)
    since = request.if_modified_since
    return since is not None and modified_at <= since


def stamped(response: Response, etag: str, modified_at: datetime) -> Response:
    """The headers that a fresh and an unchanged answer share."""
    response.headers["ETag"] = f'W/"{etag}"'
    # A date in whole seconds cannot vouch for the second that is still running: more may change in it.
    response.headers["Last-Modified"] = http_date(min(modified_at, clock.now() - SECOND))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def packed(content: bytes) -> Response:
    """The calendar, compressed when asked for and worth it; always with its length."""
    response = Response(content, content_type="text/calendar; charset=utf-8")
    if len(content) >= WORTH_PACKING and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
