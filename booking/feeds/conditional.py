"""Whether what the calendar program holds is still true, and how the answer is packed for it."""

import gzip
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from werkzeug.datastructures import HeaderSet
from werkzeug.http import http_date

SECOND = timedelta(seconds=1)
ALWAYS = (("Cache-Control", "private, no-cache"), ("Vary", "Accept-Encoding"))
SUFFIXES = ("", "-gzip", "-br")  # proxies that compress add their own to an ETag


class Cookieless(Response):
    """Sets no cookie and varies by none, whatever the sessions of signed-in browsers would like to add."""

    def set_cookie(self, *_args: Any, **_settings: Any) -> None:
        """Does nothing."""

    @property
    def vary(self) -> HeaderSet:
        """What others may add to is a copy; the header is set by `stamped` alone."""
        return HeaderSet()


def is_unchanged(etag: str, modified_at: datetime) -> bool:
    """By If-None-Match (compared weakly); only without one by If-Modified-Since."""
    held = request.if_none_match
    if request.headers.get("If-None-Match"):
        return any(held.contains_weak(f"{etag}{suffix}") for suffix in SUFFIXES)
    since = request.if_modified_since
    return since is not None and modified_at <= since


def stamped(response: Cookieless, etag: str) -> Cookieless:
    """The headers that a fresh and an unchanged answer share."""
    response.headers.extend((("ETag", f'W/"{etag}"'), *ALWAYS))
    return response


def dated(response: Cookieless, now: datetime, modified_at: datetime) -> Cookieless:
    """When it last changed, for a fresh answer; an unchanged one has no use for it (RFC 9110, 15.4.5)."""
    # A date in whole seconds cannot vouch for the second that is still running: more may change in it.
    response.headers["Last-Modified"] = http_date(min(modified_at, now - SECOND))
    return response


def answered(packed: bytes, *, may_pack: bool) -> Cookieless:
    """The calendar, from its compressed form: as it is for those who ask for that; always with its length."""
    if may_pack and request.accept_encodings.quality("gzip") > 0:
        response = Cookieless(packed, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Encoding"] = "gzip"
        return response
    return Cookieless(gzip.decompress(packed), content_type="text/calendar; charset=utf-8")
