"""Slows down whoever guesses passwords or asks for links, by account and by address; waits grow, and never for good.

Every attempt counts as a failure before the password is compared, so that many at once gain nothing;
a success takes its own count back. `window_from` is the latest failure: waits and forgetting count from there.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import LoginThrottle

FORGOTTEN_AFTER = timedelta(minutes=10)
LONGEST_WAIT = 60
LONGEST_MAIL_WAIT = 600  # as long as a failure is remembered


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted, under a hash, and how many failures are free of waiting.

    The first wait is twice `step`, in seconds, and each is twice the one before, up to `longest`.
    """

    kind: str
    key_hash: str
    free: int
    step: int = 1
    longest: int = LONGEST_WAIT


def account(email: str) -> Counter:
    """The account somebody tries to enter, whether it exists or not."""
    return Counter("account", _hash(email.strip().lower()), free=5)


def address(ip: str) -> Counter:
    """Where the attempts come from; a whole office may share it."""
    return Counter("address", _hash(ip), free=30)


def link_to(email: str) -> Counter:
    """Whom links for a new password are asked for, whether the account exists or not: each is a mail to somebody."""
    return Counter("link_to", _hash(email.strip().lower()), free=3, step=30, longest=LONGEST_MAIL_WAIT)


def link_from(ip: str) -> Counter:
    """Where such links are asked for."""
    return Counter("link_by", _hash(ip), free=20, step=10, longest=LONGEST_MAIL_WAIT)


def count(session: Session, now: datetime, *counters: Counter) -> int:
    """Counts one attempt on each and gives 0; when one has to wait, counts nothing and gives the seconds."""
    session.execute(delete(LoginThrottle).where(LoginThrottle.window_from <= now - FORGOTTEN_AFTER))
    rows = [_locked(session, now, counter) for counter in counters]
    wait = max(_seconds_left(row, now, counter) for row, counter in zip(rows, counters, strict=True))
    if not wait:
        for row in rows:
            row.failures, row.window_from = row.failures + 1, now
    return wait


def forgive(session: Session, the_account: Counter, the_address: Counter) -> None:
    """After a success: the account starts afresh, the address gets this one attempt back."""
    for counter, to_take in ((the_account, None), (the_address, 1)):
        row = session.get(LoginThrottle, (counter.kind, counter.key_hash), with_for_update=True)
        if row is not None:
            row.failures = 0 if to_take is None else max(0, row.failures - to_take)


def _seconds_left(row: LoginThrottle, now: datetime, counter: Counter) -> int:
    if row.failures < counter.free:
        return 0
    wait = min(counter.step * 2 ** min(row.failures - counter.free + 1, 10), counter.longest)
    return max(0, int((row.window_from + timedelta(seconds=wait) - now).total_seconds()))


def _locked(session: Session, now: datetime, counter: Counter) -> LoginThrottle:
    """The counter's row, made when it is missing, and held until the transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(LoginThrottle).values(kind=counter.kind, key_hash=counter.key_hash, failures=0, window_from=now)
    session.execute(new.on_conflict_do_nothing(index_elements=["kind", "key_hash"]))
    return session.get_one(LoginThrottle, (counter.kind, counter.key_hash), with_for_update=True)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
