"""Every form carries a token; a form that was sent too late is kept, and comes back filled in.

The same protects a form sent after the sign-in ended: what was typed waits in the session, together with its
idempotency key, until the member has signed in. Forms from other sites are refused and never kept.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request, session
from flask_wtf.csrf import CSRFProtect

protect = CSRFProtect()
LARGEST = 3000
NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "repeat_password"})


def keep_draft() -> bool:
    """Puts the sent form aside for the page that shows it; False when it is not ours or too large to keep."""
    fields = {name: request.form.getlist(name) for name in request.form if name not in NEVER_KEPT}
    if not fields or not _from_our_own_page() or sum(len(str(v)) for v in fields.values()) > LARGEST:
        return False
    session["draft"] = {"endpoint": request.endpoint, "fields": fields}
    return True


def take_draft(endpoint: str) -> dict[str, list[str]] | None:
    """The form that was put aside for this endpoint, once."""
    draft: dict[str, Any] | None = session.get("draft")
    if not draft or draft["endpoint"] != endpoint:
        return None
    session.pop("draft")
    fields: dict[str, list[str]] = draft["fields"]
    return fields


def _from_our_own_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def init_app(app: Flask) -> None:
    """Checks the token on every POST."""
    protect.init_app(app)
