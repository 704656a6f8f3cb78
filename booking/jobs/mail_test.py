"""`mail-test ADDRESS` hands one mail to the mail server at once, past the outbox, and says what it answered."""

import smtplib
import socket
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from booking import clock
from booking.jobs import smtp
from booking.models.ids import new_public_id
from booking.services import addresses

if TYPE_CHECKING:
    from config import Config

OFF = "Mail is off: set MAIL_URL, for example smtp://localhost, and try again."
# The first that fits: what went wrong on the way to the mail server, and what would help.
TROUBLES: tuple[tuple[type[BaseException], str], ...] = (
    (smtplib.SMTPAuthenticationError, "It does not accept the user and password: look at them in MAIL_URL."),
    (smtplib.SMTPNotSupportedError, "It does not offer what MAIL_URL asks for: try another port, or starttls=0."),
    (
        ssl.SSLError,
        "No safe connection: smtps:// is for port 465, smtp:// for 587; use the name in its certificate.",
    ),
    (socket.gaierror, "Nobody knows a server of that name: look at the host in MAIL_URL."),
    (ConnectionRefusedError, "Nothing listens there: look at the host and the port in MAIL_URL."),
    (TimeoutError, "It does not answer: look at the host, the port and the firewall."),
    (smtplib.SMTPServerDisconnected, "It hung up: the port may want smtps:// instead of smtp://."),
)
ANY_TROUBLE = "Look at MAIL_URL."


@click.command("mail-test")
@click.argument("address")
@with_appcontext
def mail_test(address: str) -> None:
    """Send one mail to ADDRESS at once, and say what the mail server answered; exit 1 when it was not taken."""
    config: Config = current_app.extensions["samrom"]
    receiver = addresses.for_mail(address.strip())
    if receiver is None:
        raise click.ClickException(f"{address} is no e-mail address.")
    if config.mail_server is None:
        raise click.ClickException(OFF)
    where = f"{config.mail_server.host}:{config.mail_server.port}"
    try:
        with smtp.connected(config.mail_server) as connection:
            code, words = connection.try_out(config.mail_from, receiver, _letter(config, receiver))
    except smtp.ServerAway as away:
        raise click.ClickException(f"{where} cannot be used ({away}). {_help(away)}") from away
    answer = f"{code} {' '.join(words.split())}"
    if code != smtp.TAKEN:
        raise click.ClickException(f"{where} did not take it and answered: {answer}\n{_advice(code)}")
    click.echo(f"{where} took the mail from {config.mail_from} to {receiver} and answered: {answer}")


def _letter(config: "Config", receiver: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(" ".join(config.site_name.split()), addr_spec=config.mail_from)
    mail["To"] = receiver
    mail["Subject"] = f"A test of mail from {' '.join(config.site_name.split())}"
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{new_public_id()}@{config.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"Mail works: this comes from {config.base_url}.\n")
    return mail.as_bytes()


def _help(away: smtp.ServerAway) -> str:
    """What would help, by what happened underneath."""
    return next((sentence for kind, sentence in TROUBLES if isinstance(away.__cause__, kind)), ANY_TROUBLE)


def _advice(code: int) -> str:
    if code < smtp.FOR_GOOD:
        return "It may take it later: try again in some minutes, and look at its log."
    return "It does not take mail from this sender, or to this receiver: look at MAIL_FROM and at the server's rules."
