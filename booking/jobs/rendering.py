"""Makes the bytes of a message: headers that cannot be broken, text, HTML, and where it is wanted the calendar part.

A message that was rendered before is not rendered again: its bytes are as they were first handed over.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from booking.ical.text import clean
from booking.jobs.letters import LETTERS
from booking.jobs.reading import Gone, Invitation, Reading, Unreachable, reading_of
from booking.services import mail_choices, outbox
from booking.services.outbox import Claimed
from booking.wording.translating import catalogue

if TYPE_CHECKING:
    from config import Config

POLICY = SMTP.clone(cte_type="7bit", max_line_length=78)  # not every server takes eight bits
LONGEST_SUBJECT = 200

__all__ = ["Gone", "Letter", "Unreachable", "render"]


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail server gets: the envelope and the message; and whether the message must not be stored."""

    sender: str
    receiver: str
    content: bytes
    is_secret: bool = False


def render(session: Session, now: datetime, message: Claimed) -> Letter:
    """The letter. Raises Gone when it need not be sent, Unreachable, and KeyError for a kind that nobody knows."""
    config: Config = current_app.extensions["samrom"]
    reading = reading_of(session, now, message, config)
    if message.rendered is not None:
        return Letter(config.mail_from, reading.email, message.rendered)
    if reading.member_id is not None and not _wanted(session, reading.member_id, message.kind):
        raise Gone
    kind = LETTERS[message.kind]
    content = kind.values(reading)
    subject = reading.gettext(content.subject or kind.subject, **content.gaps)
    values = {**_common(reading), "subject": subject, **content.values}
    mail = _headers(reading, subject, outbox.first_to(session, message))
    mail["Date"] = format_datetime(message.created_at if kind.is_secret else now)
    text, html = (
        _written(f"mail/{content.template or kind.template}{end}", reading, values) for end in (".txt", ".html")
    )
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    if content.invitation:
        _add_calendar(mail, content.invitation)
    mail["Content-Language"] = reading.language
    mail.set_boundary(f"=={message.public_id}==")  # not by chance: what is written again is the same
    return Letter(config.mail_from, reading.email, mail.as_bytes(policy=POLICY), kind.is_secret)


def _wanted(session: Session, member_id: int, kind: str) -> bool:
    return mail_choices.wants(mail_choices.choices_of(session, [member_id])[member_id], kind)


def _headers(reading: Reading, subject: str, answers: str | None) -> EmailMessage:
    """Raises ValueError for an address that is none; what could break a header is taken out before."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(one_line(reading.house.name), addr_spec=reading.house.sender)
    mail["To"] = Address(one_line(reading.name), addr_spec=reading.email)
    mail["Subject"] = one_line(subject)[:LONGEST_SUBJECT]
    mail["Message-ID"] = _message_id(reading, reading.message.public_id)
    if answers:
        mail["In-Reply-To"] = mail["References"] = _message_id(reading, answers)
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def _message_id(reading: Reading, public_id: str) -> str:
    return f"<{public_id}@{reading.house.sender.rpartition('@')[2]}>"


def one_line(value: str) -> str:
    """Free text for a header: no control characters, every break a space, and no encoded word.

    `email` decodes those (RFC 2047) when a header is set, so that one could bring in a line break after all.
    """
    return " ".join(clean(value).replace("=?", "= ?").split())


def _add_calendar(mail: EmailMessage, invitation: Invitation) -> None:
    """The last and therefore richest alternative, as RFC 6047 has it; no attachment that would show it twice."""
    params = {"method": invitation.method, "charset": "utf-8"}
    mail.add_alternative(invitation.calendar, maintype="text", subtype="calendar", cte="base64", params=params)


def _common(reading: Reading) -> dict[str, Any]:
    house = reading.house
    return {
        "house": house.name,
        "home_url": house.base_url,
        "settings_url": f"{house.base_url}/account/mail" if reading.member_id else "",
        "name": reading.name,
        "language": reading.language,
    }


def _written(template: str, reading: Reading, values: dict[str, Any]) -> str:
    return _templates(current_app.root_path, reading.language).get_template(template).render(values)


@cache
def _templates(root: str, language: str) -> Environment:
    """Templates that speak one language; an unknown value is an error, and HTML is escaped."""
    env = Environment(
        loader=FileSystemLoader(f"{root}/../templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    texts = catalogue(language)
    env.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env
