"""Slows down whoever guesses passwords, by account and by address; waits grow, are short, and are never for good.

Every attempt counts as a failure before the password is compared, so that many at once gain nothing;
a success takes its own count back. `window_from` is the latest failure: waits and forgetting count from there.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import LoginThrottle

FORGOTTEN_AFTER = timedelta(minutes=10)
LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted, under a hash, and how many failures are free of waiting."""

    kind: str
    key_hash: str
    free: int


def account(email: str) -> Counter:
    """The account somebody tries to enter, whether it exists or not."""
    return Counter("account", _hash(email.strip().lower()), free=5)


def address(ip: str) -> Counter:
    """Where the attempts come from; a whole office may share it."""
    return Counter("address", _hash(ip), free=30)


def count(session: Session, now: datetime, *counters: Counter) -> int:
    """Counts one attempt on each and gives 0; or, when one of them has to wait, counts nothing and gives the seconds."""
    _forget(session, now)
    wait = max(_seconds_left(session, now, counter) for counter in counters)
    if not wait:
        for counter in counters:
            _add(session, now, counter)
    return wait


def forgive(session: Session, the_account: Counter, the_address: Counter) -> None:
    """After a success: the account starts afresh, the address gets this one attempt back."""
    session.execute(delete(LoginThrottle).where(*_is(the_account)))
    row = session.scalar(select(LoginThrottle).where(*_is(the_address)).with_for_update())
    if row is not None and row.failures > 0:
        row.failures -= 1


def _seconds_left(session: Session, now: datetime, counter: Counter) -> int:
    row = session.scalar(select(LoginThrottle).where(*_is(counter)).with_for_update())
    if row is None or row.failures < counter.free:
        return 0
    wait = min(2 ** (row.failures - counter.free + 1), LONGEST_WAIT)
    return max(0, int((row.window_from + timedelta(seconds=wait) - now).total_seconds()))


def _add(session: Session, now: datetime, counter: Counter) -> None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(LoginThrottle).values(kind=counter.kind, key_hash=counter.key_hash, failures=1, window_from=now)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["kind", "key_hash"],
            set_={"failures": LoginThrottle.failures + 1, "window_from": now},
        ).execution_options(synchronize_session=False)
    )
    session.expire_all()


def _forget(session: Session, now: datetime) -> None:
    session.execute(delete(LoginThrottle).where(LoginThrottle.window_from <= now - FORGOTTEN_AFTER))


def _is(counter: Counter) -> tuple[object, ...]:
    return (LoginThrottle.kind == counter.kind, LoginThrottle.key_hash == counter.key_hash)  # type: ignore[return-value]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
