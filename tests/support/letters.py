"""Reading what arrived in a postbox, as its receivers would: who got what, in which words, with which link."""

import re
from email.message import EmailMessage

from flask import Flask

from booking import clock
from booking.jobs import sending
from tests.support.postbox import Postbox


def deliver(app: Flask, box: Postbox) -> list[EmailMessage]:
    """Lets the worker send all that is due, and gives what arrived by it."""
    before = len(box.delivered)
    with app.app_context():
        sending.send_due(clock.now())
    return letters(box)[before:]


def letters(box: Postbox) -> list[EmailMessage]:
    return [each.mail for each in box.delivered]


def receivers(box: Postbox) -> list[str]:
    """Who got each letter, by the envelope."""
    return [each.receiver for each in box.delivered]


def text_of(letter: EmailMessage) -> str:
    return _content(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _content(letter, "html")


def link_in(letter: EmailMessage) -> str:
    """The one-time link in a letter; both its texts carry the same."""
    (found,) = set(re.findall(r"http\S+/(?:invitations|passwords)/[\w-]+", text_of(letter)))
    assert found in html_of(letter)
    return found


def _content(letter: EmailMessage, kind: str) -> str:
    return letter.get_body((kind,)).get_content().replace("\r\n", "\n")
