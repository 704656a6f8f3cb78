"""A real mail server for tests, which keeps what it gets; and the worker's round that hands mail over to it."""

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from booking import clock
from booking.jobs import sending
from config import MailServer
from tests.support.server import free_port


@dataclass(slots=True)
class Postbox:
    """What has arrived: envelopes' receivers and the messages, in order."""

    raw: list[bytes] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    port: int = 0
    refuse: str = ""  # what the server says instead of taking a message

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port)

    @property
    def letters(self) -> list[EmailMessage]:
        return [email.message_from_bytes(each, policy=default) for each in self.raw]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return self.refuse
        self.raw.append(envelope.original_content)
        self.receivers += envelope.rcpt_tos
        return "250 OK"

    def deliver(self, app: Flask) -> list[EmailMessage]:
        """Sends all that is due and gives what arrived just now."""
        before = len(self.raw)
        with app.app_context():
            sending.send_due(clock.now())
        return self.letters[before:]


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """A mail server on a free port."""
    box = Postbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def text_of(letter: EmailMessage) -> str:
    return _content(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _content(letter, "html")


def _content(letter: EmailMessage, kind: str) -> str:
    return letter.get_body((kind,)).get_content().replace("\r\n", "\n")


def link_in(letter: EmailMessage) -> str:
    """The one-time link in a letter; both its texts carry the same."""
    (found,) = set(re.findall(r"http\S+/(?:invitations|passwords)/[\w-]+", text_of(letter)))
    assert found in html_of(letter)
    return found
