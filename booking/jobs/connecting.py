"""Connects to a machine that was looked up once and found to be public, by TLS, with one deadline for all of it."""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from booking.core.errors import DomainError
from booking.core.web_address import WebAddress, is_public
from booking.ical.bounds import MOST_OCTETS

PORT = 443
MOST_MACHINES = 3  # of those that a name leads to, so many are tried
MOST_RECEIVED = 2 * MOST_OCTETS  # of one answer, with its head and how it is cut into pieces


class FetchFailed(DomainError):
    """A calendar could not be fetched; the code says why, and nothing in it tells the address."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(**facts)


class Deadline:
    """How long is left of the seconds that everything together may take."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, never none. Raises TimeoutError when they are over."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _look_up(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _connect(machine: str, seconds: float) -> socket.socket:
    return socket.create_connection((machine, PORT), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Network:
    """How names are looked up, machines reached and certificates checked. Which machines may be is not its to say."""

    look_up: Callable[[str], Sequence[str]] = _look_up
    connect: Callable[[str, float], socket.socket] = _connect
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)


INTERNET = Network()


class Connection:
    """What http.client reads an answer from: every read has what is left until the deadline, however little comes.

    More than any answer may hold is not read, whatever http.client asks for: it reads a piece whose length is said to
    be less than nothing to the end of the line.
    """

    def __init__(self, tls: ssl.SSLSocket, deadline: Deadline) -> None:
        self._tls, self._deadline = tls, deadline

    def send(self, octets: bytes) -> None:
        """Raises TimeoutError."""
        self._tls.settimeout(self._deadline.left())
        self._tls.sendall(octets)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The name that http.client calls it by."""
        return io.BufferedReader(_Timed(self._tls, self._deadline))


class _Timed(io.RawIOBase):
    def __init__(self, tls: ssl.SSLSocket, deadline: Deadline) -> None:
        self._tls, self._deadline, self._left = tls, deadline, MOST_RECEIVED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._tls.settimeout(self._deadline.left())
        count = self._tls.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise FetchFailed("import.too_large", most=MOST_OCTETS // 1_000_000)
        return count


@contextmanager
def connected(address: WebAddress, network: Network, deadline: Deadline) -> Iterator[Connection]:
    """A connection to the name's own machine, its certificate checked. Raises FetchFailed, TimeoutError, OSError."""
    machines = _public_machines(address.host, network, deadline)
    context = network.trust()
    with _first_that_answers(machines, network, deadline) as plain:
        plain.settimeout(deadline.left())
        try:
            tls = context.wrap_socket(plain, server_hostname=address.host)
        except ssl.SSLCertVerificationError as unproven:
            raise FetchFailed("fetch.certificate") from unproven
        with tls:
            yield Connection(tls, deadline)


def _public_machines(host: str, network: Network, deadline: Deadline) -> list[str]:
    """Every address of the name. One that is not public is enough to refuse them all."""
    machines = list(dict.fromkeys(_in_time(lambda: network.look_up(host), deadline)))
    if not machines:
        raise FetchFailed("fetch.no_such_server")
    if not all(is_public(each) for each in machines):
        raise FetchFailed("fetch.inward")
    return machines


def _in_time(look_up: Callable[[], Sequence[str]], deadline: Deadline) -> Sequence[str]:
    """The system's own look-up knows no deadline, so a thread waits for it and is left behind when it is late."""
    found: list[Sequence[str]] = []

    def ask() -> None:
        try:
            found.append(look_up())
        except (OSError, UnicodeError):
            found.append(())

    waiting = threading.Thread(target=ask, daemon=True)
    waiting.start()
    waiting.join(deadline.left())
    if not found:
        raise TimeoutError
    return found[0]


def _first_that_answers(machines: Sequence[str], network: Network, deadline: Deadline) -> socket.socket:
    for machine in machines[:MOST_MACHINES]:
        share = deadline.left()
        try:
            return network.connect(machine, share)
        except OSError:
            continue  # the next one may answer
    raise FetchFailed("fetch.no_answer")
