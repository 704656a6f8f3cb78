"""A real SMTP server that keeps what it is given; it can refuse, break off, or hold a conversation still."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config import MailServer
from tests.support.server import free_port


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as it arrived."""

    sender: str
    receiver: str
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        found = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def part(self, kind: str) -> EmailMessage | None:
        """The part of this type, such as text/calendar."""
        return next((each for each in self.mail.walk() if each.get_content_type() == kind), None)

    @property
    def text(self) -> str:
        part = self.part("text/plain")
        return str(part.get_content()).replace("\r\n", "\n") if part else ""

    @property
    def html(self) -> str:
        part = self.part("text/html")
        return str(part.get_content()) if part else ""

    @property
    def calendar(self) -> bytes | None:
        """The iTIP message."""
        part = self.part("text/calendar")
        return part.get_payload(decode=True) if part else None  # type: ignore[return-value]


@dataclass(slots=True)
class Postbox:
    """What was delivered; `answers` are given, one to each message, instead of taking it."""

    port: int
    delivered: list[Delivered] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # "451 …", "554 …", or "drop"
    refused: dict[str, str] = field(default_factory=dict)  # by receiver
    hold: threading.Event | None = None
    held: threading.Event = field(default_factory=threading.Event)

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: object) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.delivered.append(Delivered(envelope.mail_from or "", envelope.rcpt_tos[0], content))
        if self.hold is not None:
            self.held.set()
            while not self.hold.is_set():
                await asyncio.sleep(0.01)
        return answer


@contextmanager
def a_postbox(port: int | None = None, **options: object) -> Iterator[Postbox]:
    """A running server on this machine."""
    box = Postbox(port or free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)
