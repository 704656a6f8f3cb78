"""Keeps the test run on this machine: sockets reach loopback and unix sockets only."""

import ipaddress
import socket
from typing import Any


class NetworkIsOff(RuntimeError):
    """A test tried to reach another machine."""


def keep_local() -> None:
    """From now on this process refuses to look up or connect to anything but loopback."""
    real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            _require_local(address[0])
        real_connect(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _require_local(host)
        return real_lookup(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo


def _require_local(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(name).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkIsOff(f"tests may not reach {name}")
