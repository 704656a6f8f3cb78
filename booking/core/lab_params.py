"""The values of the rules that labs and instruments live by: calibration and competence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from booking.core.fields import Field, choice, flag, ids, number, several
from booking.core.params import Params, of
from booking.core.scope import Scope
from booking.core.settings import Effective

PURPOSES = ("regulated", "research", "teaching", "testing")  # what something is used for, when that is asked


def _any_purposes() -> Field:
    """The more of them the stricter, so that levels add up."""
    return replace(several(*PURPOSES), join=_all_of_them)


def _all_of_them(values: Sequence[object]) -> object:
    named = {each for value in values if isinstance(value, tuple) for each in value}
    return tuple(each for each in PURPOSES if each in named)


@dataclass(frozen=True, slots=True)
class Calibration(Params):
    """What comes of a booking that ends after the calibration is due; for `purposes` it is always refused."""

    mode: str = field(default="warn", metadata=of(choice("refuse", "warn", stricter="less")))  # by the alphabet
    purposes: tuple[str, ...] = field(default=(), metadata=of(_any_purposes()))
    grace_days: int = field(default=0, metadata=of(number(most=366, stricter="less", optional=False)))


@dataclass(frozen=True, slots=True)
class Required(Params):
    """Qualifications that everybody needs, and some of which one will do; each level asks for its own.

    With `supervised_ok` somebody who has them may stand beside instead; never for what safety asks.
    """

    all_of: tuple[int, ...] = field(default=(), metadata=of(ids("qualification")))
    any_of: tuple[int, ...] = field(default=(), metadata=of(ids("qualification")))
    recency_days: int | None = field(default=None, metadata=of(number(least=1, most=3660, stricter="less")))
    supervised_ok: bool = field(default=False, metadata=of(flag(stricter="less")))


def each_level(found: Effective) -> list[tuple[Scope, Required]]:
    """What each level asks for by itself."""
    return [(part.scope, Required(**part.params)) for part in found.parts]  # type: ignore[arg-type]
