"""What the domain refuses: errors with a stable code, an HTTP status and facts; the words live in booking.wording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booking.core.verdict import Verdict


class DomainError(Exception):
    """An expected refusal; a bug is never one of these."""

    code: str = "domain.refused"
    status: int = 422

    def __init__(self, facts: Mapping[str, object] | None = None, /, **more: object) -> None:
        self.facts: dict[str, object] = {**(facts or {}), **more}
        super().__init__(self.code, self.facts)


class NotAllowed(DomainError):
    """The actor may not do this."""

    code = "access.denied"
    status = 403


class NotFound(DomainError):
    """There is no such thing, or it is not for this actor to know of."""

    code = "access.not_found"
    status = 404


class Stale(DomainError):
    """Somebody changed it since it was read."""

    code = "booking.changed"
    status = 409


class BookingConflict(DomainError):
    """Somebody else was faster: the guard in the database refused the overlap."""

    code = "R05.overlap"
    status = 409


class BookingRefused(DomainError):
    """The judge said no; the verdict holds every reason."""

    code = "booking.refused"
    status = 422

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(codes=list(verdict.codes))
        self.verdict = verdict


class WrongState(DomainError):
    """The booking is not in a state from which this move is possible."""

    code = "booking.wrong_state"
    status = 409


class KeyReused(DomainError):
    """The same idempotency key came with another content."""

    code = "form.key_reused"
    status = 422


class InvalidInput(DomainError):
    """A value that cannot be read or is out of its range; `field` names it."""

    status = 422

    def __init__(self, field: str, code: str = "input.invalid", facts: Mapping[str, object] | None = None) -> None:
        self.field = field
        self.code = code
        super().__init__({"field": field, **(facts or {})})
