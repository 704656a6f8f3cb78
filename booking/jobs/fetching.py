"""Fetches a calendar from elsewhere: from public machines only, within limits of size and time.

A name is looked up once and every address it has is checked; then we connect to one of those very addresses, so that
nobody can answer the check with one and the connection with another. The certificate must be the name's. Redirects are
taken by the same rules. See docs/decisions/0007-foreign-calendars.md.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from booking.core.errors import InvalidInput
from booking.core.web_address import WebAddress
from booking.ical.bounds import MOST_OCTETS
from booking.jobs.connecting import INTERNET, Connection, Deadline, FetchFailed, Network, connected

MOST_REDIRECTS = 5
WALL_SECONDS = 10.0
CHUNK = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGENT = "Mozilla/5.0 (compatible; Samrom; calendar subscription)"  # Office 365 answers unknown names with an error
ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,250}"\Z')
DATE = re.compile(r"[A-Za-z0-9,: +-]{1,60}\Z")


@dataclass(frozen=True, slots=True)
class Validators:
    """What an earlier answer said of itself, for asking whether anything is new."""

    etag: str | None = None
    last_modified: str | None = None


NOTHING_KNOWN = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer; without a body when nothing is new."""

    body: bytes | None
    validators: Validators


def fetch(
    address: WebAddress,
    validators: Validators = NOTHING_KNOWN,
    network: Network = INTERNET,
    seconds: float = WALL_SECONDS,
) -> Fetched:
    """The calendar as it is now. Raises FetchFailed, whose code says why; no text of it holds the address."""
    deadline = Deadline(seconds)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            with connected(address, network, deadline) as connection:
                response = _ask(connection, address, validators)
                location = response.getheader("Location") if response.status in REDIRECTS else None
                if location is None:
                    return _answer(response, validators)
            address = address.follow(location)
    except InvalidInput as elsewhere:
        raise FetchFailed(elsewhere.code) from None
    except TimeoutError as slow:
        raise FetchFailed("fetch.too_slow") from slow
    except (HTTPException, OSError, ValueError, zlib.error) as broken:
        raise FetchFailed("fetch.broken") from broken
    raise FetchFailed("fetch.too_many_redirects")


def _ask(connection: Connection, address: WebAddress, validators: Validators) -> HTTPResponse:
    headers = {
        "Host": address.host,
        "User-Agent": AGENT,
        "Accept": "text/calendar, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    lines = [f"GET {address.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    connection.send("\r\n".join(lines).encode("ascii"))
    response = HTTPResponse(connection, method="GET")  # type: ignore[arg-type]
    response.begin()
    return response


def _answer(response: HTTPResponse, asked: Validators) -> Fetched:
    if response.status == 304 and (asked.etag or asked.last_modified):
        return Fetched(None, asked)
    if response.status != 200:
        raise FetchFailed("fetch.status", status=response.status)
    etag, modified = response.getheader("ETag", ""), response.getheader("Last-Modified", "")
    validators = Validators(
        etag if ETAG.match(etag) else None,
        modified if DATE.match(modified) else None,
    )
    return Fetched(b"".join(_plain(response)), validators)


def _plain(response: HTTPResponse) -> Iterator[bytes]:
    """The body piece by piece, unpacked; neither it nor what it unpacks to may pass the limit."""
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise FetchFailed("fetch.encoding")
    unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    left = MOST_OCTETS
    for packed in _pieces(response):
        piece = unpack.decompress(packed, left + 1) if unpack else packed
        left -= len(piece)
        if left < 0 or (unpack and unpack.unconsumed_tail):
            raise FetchFailed("import.too_large", most=MOST_OCTETS // 1_000_000)
        yield piece
    if unpack and (not unpack.eof or unpack.unused_data):
        raise FetchFailed("fetch.broken")


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    """What comes over the line, in full: half a calendar would free what the other half has taken."""
    left = MOST_OCTETS
    while piece := response.read(CHUNK):
        left -= len(piece)
        if left < 0:
            raise FetchFailed("import.too_large", most=MOST_OCTETS // 1_000_000)
        yield piece
    if response.length:
        raise FetchFailed("fetch.broken")
