"""Forms that were sent before: the same key and content give the same answer, another content is refused."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.errors import KeyReused
from booking.models import Submission


def fingerprint(content: Mapping[str, object]) -> str:
    """A hash of the content, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def earlier_result(session: Session, member_id: int, form: str, key: str, content: Mapping[str, object]) -> str | None:
    """What this form led to when it was sent before. Raises KeyReused when its content was another.

    Call it after the member's row is locked, so that two sendings at once see each other.
    """
    row = session.get(Submission, (member_id, form, key))
    if row is None:
        return None
    if row.fingerprint != fingerprint(content):
        raise KeyReused
    return row.result


def remember(
    session: Session, now: datetime, member_id: int, form: str, key: str, content: Mapping[str, object], result: str
) -> None:
    """Notes what the form led to; only ever written together with the success itself."""
    row = Submission(member_id=member_id, form=form, key=key, fingerprint=fingerprint(content), result=result)
    row.created_at = now
    session.add(row)
