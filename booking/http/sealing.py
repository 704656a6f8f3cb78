"""What services must be told of this installation's mail: the seal of the links in it, and whether any is sent."""

from flask import current_app

from booking.services.mailed_links import Seal, seal_of


def link_seal() -> Seal:
    """Makes the links that go by mail; whoever writes the letter makes the same."""
    return seal_of(current_app.extensions["samrom"].secret_key)


def sends_mail() -> bool:
    """Whether this installation sends mail at all."""
    return current_app.extensions["samrom"].mail_server is not None
