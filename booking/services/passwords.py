"""Passwords: how they are hashed and compared, and which are good enough to be chosen."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from booking.core.errors import InvalidInput

SHORTEST = 12
LONGEST = 256


@cache
def _hasher(cost: str) -> PasswordHasher:
    if cost == "tests":
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher()


@cache
def _nobodys_hash(cost: str) -> str:
    """Something to compare with when there is no account, so that the answer takes as long as for one."""
    return _hasher(cost).hash("nobody has this account")


def hash_password(password: str, cost: str) -> str:
    """What is stored instead of the password; `cost` is the configuration's `password_cost`."""
    return _hasher(cost).hash(password)


def is_right(stored: str | None, password: str, cost: str) -> bool:
    """Whether the password fits; takes as long when nothing is stored."""
    try:
        _hasher(cost).verify(stored or _nobodys_hash(cost), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str, cost: str) -> bool:
    """Whether the hash was made with another cost than today's and should be made anew."""
    return _hasher(cost).check_needs_rehash(stored)


def check_choice(password: str, email: str) -> None:
    """Raises InvalidInput for a password that is too short, too long, or the e-mail address itself."""
    if len(password) < SHORTEST:
        raise InvalidInput("password", "password.too_short", {"shortest": SHORTEST})
    if len(password) > LONGEST:
        raise InvalidInput("password", "password.too_long", {"longest": LONGEST})
    if password.strip().lower() in {email.lower(), email.lower().split("@")[0]} or len(set(password)) < 3:
        raise InvalidInput("password", "password.too_easy", {})
