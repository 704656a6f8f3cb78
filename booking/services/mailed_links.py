"""One-time links that go by mail: made with their message, and never stored, neither here nor in the outbox.

The token is the message's public id under a seal that only the service can set (its SECRET_KEY). So whoever writes the
letter works it out again, a second delivery carries the same link, and a copy of the database holds none that works.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.services import one_time_links, outbox
from booking.services.one_time_links import LIFETIME, LinkKind, NewLink, Purpose

Seal = Callable[[str], str]  # from a message's public id to the token of the link in it
INVITATION, PASSWORD_LINK, PASSWORD_FORGOTTEN = "invitation", "password_link", "password_forgotten"
KINDS = {INVITATION: LinkKind.INVITATION, PASSWORD_LINK: LinkKind.PASSWORD, PASSWORD_FORGOTTEN: LinkKind.PASSWORD}
PURPOSE = b"samrom: the link in a mail"
BYTES = 24


def seal_of(secret_key: str) -> Seal:
    """The seal of this installation: 192 bits of HMAC-SHA256 (RFC 2104)."""
    key = hmac.digest(secret_key.encode(), PURPOSE, hashlib.sha256)

    def seal(message: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(key, message.encode(), hashlib.sha256)[:BYTES]).decode()

    return seal


def send_link(
    session: Session,
    now: datetime,
    by_id: int | None,
    purpose: Purpose,
    kind: str,
    seal: Seal,
    *,
    lasts: timedelta = LIFETIME,
    facts: Mapping[str, object] | None = None,
    key: str = "",
) -> NewLink | None:
    """Writes the message and the link in it; None when no mail is sent, or the same form (`key`) has sent this one."""
    to = purpose.member_id
    about = {**(facts or {}), "expires_at": (now + lasts).isoformat()}
    email, name = ("", None) if to else (purpose.email, purpose.name or None)
    once = _once(kind, by_id, key, purpose.email) if key else None
    message = outbox.post(session, now, kind, to=to, email=email, facts=about, text=name, once=once)
    if message is None:
        return None
    return one_time_links.issue(session, now, by_id, purpose, token=seal(message), lasts=lasts)


def _once(kind: str, by_id: int | None, key: str, email: str) -> str:
    return f"{kind}:{hashlib.sha256(repr((by_id, key, email)).encode()).hexdigest()}"
