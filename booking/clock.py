"""The only reader of the wall clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
