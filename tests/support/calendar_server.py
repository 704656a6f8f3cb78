"""A real https server on this machine that plays a calendar elsewhere, and a network that leads every name to it."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme

from booking.jobs.connecting import Network

HOST = "calendar.example.org"
PUBLIC = "93.184.216.34"
Answer = Callable[[ssl.SSLSocket], None]


@dataclass(slots=True)
class CalendarServer:
    """What it answers to each path, every request it has seen, and the machines that were asked for."""

    port: int
    trust: Callable[[], ssl.SSLContext]
    answers: dict[str, list[bytes | Answer]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def network(self, *machines: str, **changes: object) -> Network:
        """Every name has these machines, and all of them are this server; whether they may be asked is not ours."""

        def connect(machine: str, seconds: float) -> socket.socket:
            self.connected.append(machine)
            return socket.create_connection(("127.0.0.1", self.port), seconds)

        fakes = {"look_up": lambda _host: list(machines or (PUBLIC,)), "connect": connect, "trust": self.trust}
        return Network(**{**fakes, **changes})

    def says(self, path: str, *answers: bytes | Answer) -> None:
        """One after the other; the last again and again."""
        self.answers[path] = list(answers)

    def answer(self, connection: ssl.SSLSocket) -> None:
        """Reads one request and answers it."""
        request = b""
        while b"\r\n\r\n" not in request and (piece := connection.recv(65_536)):
            request += piece
        text = request.decode()
        self.requests.append(text)
        path = text.split(" ")[1]
        waiting = self.answers.get(path, [an_answer(404)])
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if callable(said):
            said(connection)
        else:
            connection.sendall(said)


def an_answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer, with its length unless told otherwise."""
    about = {"Content-Length": str(len(body)), "Connection": "close"}
    about |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Answer", *(f"{name}: {value}" for name, value in about.items() if value), "", ""]
    return "\r\n".join(lines).encode() + body


@contextmanager
def serving(*names: str) -> Iterator[CalendarServer]:
    """A server with a certificate for these names, by an authority that only its own network trusts."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or (HOST, "other.example.org"))).configure_cert(context)

    def trust() -> ssl.SSLContext:
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        return trusting

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = CalendarServer(listening.getsockname()[1], trust)
        threading.Thread(target=_serve, args=(listening, context, server), daemon=True).start()
        yield server


def _serve(listening: socket.socket, context: ssl.SSLContext, server: CalendarServer) -> None:
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return  # the test is over
        threading.Thread(target=_one, args=(plain, context, server), daemon=True).start()


def _one(plain: socket.socket, context: ssl.SSLContext, server: CalendarServer) -> None:
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            server.answer(connection)
    except OSError:
        plain.close()  # whoever asked has gone, which some tests are about
