"""The values of the rules that labs and instruments live by: calibration and competence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from booking.core.errors import InvalidInput
from booking.core.fields import Field, choice, flag, number
from booking.core.params import Params, of
from booking.core.scope import Scope
from booking.core.settings import Effective

PURPOSES = ("regulated", "research", "teaching", "testing")  # what something is used for, when that is asked


def words(*known: str) -> Field:
    """Some of a few known words; the more of them the stricter, so that levels add up."""

    def read(name: str, value: object) -> object:
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) and each in known for each in value):
            raise InvalidInput(name, "setting.not_a_choice", {"choices": list(known)})
        return tuple(sorted(set(value)))

    return Field(read, _as_list, choices=known, join=_all_of_them)


def qualification_ids() -> Field:
    """Ids of qualifications."""
    return Field(_read_ids, _as_list)


def _read_ids(name: str, value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(name, "setting.not_qualifications")
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in value):
        raise InvalidInput(name, "setting.not_qualifications")
    return tuple(sorted(set(value)))


def _as_list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _all_of_them(values: Sequence[object]) -> object:
    return tuple(sorted({each for value in values if isinstance(value, tuple) for each in value}))


@dataclass(frozen=True, slots=True)
class Calibration(Params):
    """What comes of a booking that ends after the calibration is due; for `purposes` it is always refused."""

    mode: str = field(default="warn", metadata=of(choice("refuse", "warn", stricter="less")))  # by the alphabet
    purposes: tuple[str, ...] = field(default=(), metadata=of(words(*PURPOSES)))
    grace_days: int = field(default=0, metadata=of(number(most=366, stricter="less", optional=False)))


@dataclass(frozen=True, slots=True)
class Required(Params):
    """Qualifications that everybody needs, and some of which one will do; each level asks for its own.

    With `supervised_ok` somebody who has them may stand beside instead; never for what safety asks.
    """

    all_of: tuple[int, ...] = field(default=(), metadata=of(qualification_ids()))
    any_of: tuple[int, ...] = field(default=(), metadata=of(qualification_ids()))
    recency_days: int | None = field(default=None, metadata=of(number(least=1, most=3660, stricter="less")))
    supervised_ok: bool = field(default=False, metadata=of(flag(stricter="less")))


def each_level(found: Effective) -> list[tuple[Scope, Required]]:
    """What each level asks for by itself."""
    return [(part.scope, Required(**part.params)) for part in found.parts]  # type: ignore[arg-type]
