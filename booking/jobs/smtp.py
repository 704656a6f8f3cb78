"""Hands messages to the mail server, and says of a refusal whether it is for good, for now, or the server's trouble."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config import MailServer

PATIENCE = 30  # seconds for each step of the conversation
FOR_GOOD = 500
TAKEN, FORWARDED = 250, 251


class ServerAway(Exception):
    """The mail server cannot be reached or will not talk to us; every other message would fare alike."""


class Refused(Exception):
    """The server would not take this message; `for_good` says whether asking again is of any use."""

    def __init__(self, code: int) -> None:
        self.for_good = code >= FOR_GOOD
        super().__init__(f"refused with {code}")


class Connection:
    """An open conversation with the mail server."""

    def __init__(self, talk: smtplib.SMTP) -> None:
        self._talk = talk

    def try_out(self, sender: str, receiver: str, message: bytes) -> tuple[int, str]:
        """Hands it over and gives the server's last answer, code and words, for whoever tries the mail server out.

        Raises ServerAway when the conversation broke.
        """
        talk = self._talk
        try:
            talk.ehlo_or_helo_if_needed()
            code, words = talk.mail(sender)
            if code == TAKEN:
                code, words = talk.rcpt(receiver)
            if code in (TAKEN, FORWARDED):
                code, words = talk.data(message)
        except smtplib.SMTPDataError as refusal:
            return refusal.smtp_code, _text(refusal.smtp_error)
        except (smtplib.SMTPException, OSError) as trouble:
            raise ServerAway(_told(trouble)) from trouble
        return code, _text(words)

    def hand_over(self, sender: str, receiver: str, message: bytes) -> None:
        """Raises Refused, or ServerAway when the conversation broke. The server's own words hold addresses: only its
        code is kept.
        """
        try:
            self._talk.sendmail(sender, [receiver], message)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise Refused(next(iter(refusal.recipients.values()))[0]) from None
        except smtplib.SMTPDataError as refusal:
            raise Refused(refusal.smtp_code) from None
        except (smtplib.SMTPException, OSError) as trouble:
            raise ServerAway(_told(trouble)) from trouble


@contextmanager
def connected(server: "MailServer") -> Iterator[Connection]:
    """Raises ServerAway when it cannot be reached, refuses our name and password, or offers no safe connection."""
    try:
        talk = _open(server)
    except (smtplib.SMTPException, OSError) as trouble:
        raise ServerAway(_told(trouble)) from trouble
    try:
        yield Connection(talk)
    finally:
        _close(talk)


def _open(server: "MailServer") -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        talk: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        talk = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.security == "starttls":
            talk.starttls(context=ssl.create_default_context())
        if server.user:
            talk.login(server.user, server.password)
    except BaseException:
        talk.close()
        raise
    return talk


def _close(talk: smtplib.SMTP) -> None:
    """Says goodbye if anybody listens."""
    try:
        talk.quit()
    except (smtplib.SMTPException, OSError):
        talk.close()


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _told(trouble: Exception) -> str:
    code = getattr(trouble, "smtp_code", None)
    return f"{type(trouble).__name__} {code}" if code else type(trouble).__name__
