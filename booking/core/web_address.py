"""Addresses of calendars elsewhere: which can be read as one at all, and which machines on the net may be asked.

Whoever can name an address makes our server ask there, so it is held to what a public calendar needs: https, the usual
port, a name with a dot, and no machine that only our own network can reach (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from booking.core.errors import InvalidInput

MOST_LETTERS = 2000
SCHEMES = frozenset({"https", "webcal", "webcals"})
UNREADABLE = re.compile(r"[\x00-\x20\x7f\\]")
# The last part begins with a letter: 127.1, 0x7f.1 and 2130706433 are numbers that some programs read as addresses.
NAME = re.compile(r"(?=.{4,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])\Z")
SHOWN, ENDING = 4, ".ics"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# Not every one of these is called private by the standard library, or by every version of it.
INWARD = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",  # Teredo and 6to4 carry an IPv4 address within
    )
)  # fmt: skip
PUBLIC_V6 = ipaddress.ip_network("2000::/3")  # all that is given out; NAT64, mapped and local addresses lie outside


@dataclass(frozen=True, slots=True, repr=False)
class WebAddress:
    """An https address. It is a secret, so whatever prints it gets to see the server alone."""

    host: str
    target: str

    @classmethod
    def read(cls, text: str, field: str = "ics_address") -> WebAddress:
        """The address as somebody typed it; webcal:// is read as https://. Raises InvalidInput."""
        typed = text.strip()
        if not typed:
            raise InvalidInput(field, "setting.required")
        if len(typed) > MOST_LETTERS or UNREADABLE.search(typed):
            raise InvalidInput(field, "address.unreadable")
        try:
            parts = urlsplit(typed)
            port = parts.port
        except ValueError as unreadable:
            raise InvalidInput(field, "address.unreadable") from unreadable
        if parts.scheme.lower() not in SCHEMES:
            raise InvalidInput(field, "address.not_https")
        if "@" in parts.netloc:
            raise InvalidInput(field, "address.userinfo")
        if port not in (None, 443):
            raise InvalidInput(field, "address.port")
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        if parts.query:
            target += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
        return cls(_name(parts.hostname or "", field), target)

    def follow(self, location: str) -> WebAddress:
        """Where a redirect from here leads. Raises InvalidInput."""
        return self.read(urljoin(self.text, location))

    @property
    def text(self) -> str:
        """All of it."""
        return f"https://{self.host}{self.target}"

    @property
    def masked(self) -> str:
        """The server and the last few letters before the ending: enough to know it again, and not to use it."""
        name = self.target.removesuffix(ENDING)
        return f"{self.host}/…{name[-SHOWN:]}{self.target[len(name) :]}" if len(name) > 3 * SHOWN else f"{self.host}/…"

    def __repr__(self) -> str:
        return f"<{self.host}/…>"


def _name(host: str, field: str) -> str:
    """A host as the name system knows it: in small ASCII letters. Raises InvalidInput."""
    try:
        plain = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as unreadable:
        raise InvalidInput(field, "address.host") from unreadable
    if not NAME.match(plain):
        raise InvalidInput(field, "address.host")
    return plain


def is_public(address: str) -> bool:
    """Whether the whole net can reach this machine; also False for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and found not in PUBLIC_V6:
        return False
    within = any(found.version == each.version and found in each for each in INWARD)
    return found.is_global and not found.is_multicast and not within
