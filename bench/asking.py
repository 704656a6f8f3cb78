"""Asks a server the same thing over and over on open connections, with as little work of our own as can be."""

import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.timing import cpu_of

CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """How many were answered each second, and milliseconds of the server's CPU for one."""

    per_second: float
    cpu: float
    octets: int


def asked(url: str, path: str, pids: list[int], *, seconds: float, status: int, **headers: str) -> Rate:
    """Several clients at once. Raises RuntimeError for any answer that is not as expected."""
    host = urlsplit(url)
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host.netloc}",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    counts, octets, slips = [0] * CLIENTS, [0] * CLIENTS, []
    begin, until = threading.Barrier(CLIENTS + 1), [0.0]

    def one(number: int) -> None:
        with socket.create_connection((host.hostname, host.port)) as open_:
            _answer(open_, request)
            begin.wait()
            while time.perf_counter() < until[0]:
                found, length = _answer(open_, request)
                counts[number] += 1
                octets[number] = length
                if found != status:
                    slips.append(found)
                    return

    threads = [threading.Thread(target=one, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    began, cpu = time.perf_counter(), cpu_of(pids)
    until[0] = began + seconds
    begin.wait()
    for thread in threads:
        thread.join()
    cpu, took = cpu_of(pids) - cpu, time.perf_counter() - began
    if slips or not sum(counts):
        raise RuntimeError(f"{path} was answered with {slips}, not {status}")
    return Rate(sum(counts) / took, cpu * 1000 / sum(counts), max(octets))


def _answer(open_: socket.socket, request: bytes) -> tuple[int, int]:
    """The status, and how long the body was."""
    open_.sendall(request)
    head, body = b"", b""
    while b"\r\n\r\n" not in head:
        head += _more(open_)
    head, _, body = head.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    left = length - len(body)
    while left > 0:
        left -= len(_more(open_, left))
    return int(head[9:12]), length


def _more(open_: socket.socket, most: int = 65536) -> bytes:
    found = open_.recv(min(most, 1 << 20))
    if not found:
        raise RuntimeError("the server closed the connection")
    return found
