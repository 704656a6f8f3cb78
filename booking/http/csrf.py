"""Every form carries a token; a form that was sent too late is kept, and comes back filled in.

The same protects a form sent after the sign-in ended: what was typed waits in the session, together with its
idempotency key, until the member has signed in. Forms from other sites are refused and never kept.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request, session
from flask_wtf.csrf import CSRFProtect

protect = CSRFProtect()
LARGEST_COOKIE = 3800  # browsers drop cookies above 4096 bytes, name and attributes included
NEVER_KEPT = frozenset({"csrf_token", "password", "current_password", "new_password", "ics_address"})


def keep_draft() -> bool:
    """Puts the sent form aside for the page that shows it; False when it is not ours or too large to keep."""
    fields = {name: request.form.getlist(name) for name in request.form if name not in NEVER_KEPT}
    if not fields or not from_our_own_page():
        return False
    before = session.get("draft")
    session["draft"] = {
        "endpoint": request.endpoint,
        "args": dict(request.view_args or {}),
        "fields": fields,
        "member": session.get("member"),
    }
    if _cookie_length() <= LARGEST_COOKIE:
        return True
    session.pop("draft")
    if before:
        session["draft"] = before
    return False


def take_draft(endpoint: str) -> dict[str, list[str]] | None:
    """The form that was put aside for this endpoint and thing, once."""
    draft: dict[str, Any] | None = session.get("draft")
    if not draft or (draft["endpoint"], draft["args"]) != (endpoint, dict(request.view_args or {})):
        return None
    session.pop("draft")
    fields: dict[str, list[str]] = draft["fields"]
    return fields


def drop_draft_of_another(member_id: int) -> None:
    """Forgets a form that somebody else had been filling in on this browser."""
    draft: dict[str, Any] | None = session.get("draft")
    if draft and draft["member"] not in {None, member_id}:
        session.pop("draft")
        session.pop("resume", None)


def _cookie_length() -> int:
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return len(serializer.dumps(dict(session)))


def from_our_own_page() -> bool:
    """Whether the browser says that one of our pages sent the form; old browsers say nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def init_app(app: Flask) -> None:
    """Checks the token on every POST."""
    protect.init_app(app)
