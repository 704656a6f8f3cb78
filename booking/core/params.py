"""The values each rule can be given, as dataclasses that read, check and write their own JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any, ClassVar, Self

from booking.core.errors import InvalidInput
from booking.core.fields import Field, choice, flag, group_ids, number, wall_time, weekly_windows
from booking.core.opening import Window

MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Params:
    """What every rule's values share: each field knows how it is read, written, and which way is stricter."""

    whole: ClassVar[bool] = False  # all fields are set together, at one level

    @classmethod
    def shape(cls) -> dict[str, Field]:
        return {each.name: each.metadata["field"] for each in fields(cls)}

    @classmethod
    def read(cls, json: Mapping[str, object]) -> dict[str, object]:
        """The fields that are set in `json`, checked; raises InvalidInput with the field's name."""
        shape = cls.shape()
        for name in json:
            if name not in shape:
                raise InvalidInput(name, "setting.unknown")
        return {name: shape[name].checked(name, value) for name, value in json.items()}

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        return cls(**cls.read(json))

    def to_json(self) -> dict[str, object]:
        return {name: each.write(getattr(self, name)) for name, each in self.shape().items()}


def of(shape: Field, default: Any) -> Any:
    return field(default=default, metadata={"field": shape})


@dataclass(frozen=True, slots=True)
class NoParams(Params):
    """For rules that have nothing to set."""


@dataclass(frozen=True, slots=True)
class Grid(Params):
    step_minutes: int = of(choice(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, stricter="more"), 15)


@dataclass(frozen=True, slots=True)
class Past(Params):
    """`grace_minutes` None means one step of the grid."""

    grace_minutes: int | None = of(number(most=7 * 24 * 60, stricter="less", none_is_loosest=False), None)


@dataclass(frozen=True, slots=True)
class Overlap(Params):
    pending_blocks: bool = of(flag(stricter="more"), True)


@dataclass(frozen=True, slots=True)
class Buffer(Params):
    before_minutes: int = of(number(most=24 * 60, stricter="more", optional=False), 0)
    after_minutes: int = of(number(most=24 * 60, stricter="more", optional=False), 0)
    staffed_turnover: bool = of(flag(stricter="more"), False)


@dataclass(frozen=True, slots=True)
class People(Params):
    """Seats and least warn; the fire limit is locked."""

    seats: int | None = of(number(least=1, most=100_000, stricter="less"), None)
    fire_limit: int | None = of(number(least=1, most=100_000, stricter="less"), None)
    least: int | None = of(number(least=1, most=100_000, stricter="more"), None)


@dataclass(frozen=True, slots=True)
class Hours(Params):
    """`windows` None, or always open, means at all hours; an empty list means never."""

    whole: ClassVar[bool] = True

    always_open: bool = of(flag(stricter="less"), False)
    windows: tuple[Window, ...] | None = of(weekly_windows(), None)

    @property
    def weekly(self) -> tuple[Window, ...] | None:
        """The windows that count, None when it is open at all hours."""
        return None if self.always_open else self.windows


@dataclass(frozen=True, slots=True)
class Closures(Params):
    public_holidays: str | None = of(choice("NO", optional=True), None)


@dataclass(frozen=True, slots=True)
class Notice(Params):
    hours: int | None = of(number(most=366 * 24, stricter="more"), None)


@dataclass(frozen=True, slots=True)
class Horizon(Params):
    days: int | None = of(number(most=3660, stricter="less"), None)
    opens_at: time = of(wall_time(stricter="more"), MIDNIGHT)


@dataclass(frozen=True, slots=True)
class Shortest(Params):
    minutes: int | None = of(number(least=1, most=366 * 24 * 60, stricter="more"), None)


@dataclass(frozen=True, slots=True)
class Longest(Params):
    minutes: int | None = of(number(least=1, most=366 * 24 * 60, stricter="less"), None)
    merge_gap_minutes: int = of(number(most=24 * 60, stricter="more", optional=False), 0)


@dataclass(frozen=True, slots=True)
class Access(Params):
    """Groups that may book; none means every member."""

    groups: tuple[int, ...] = of(group_ids(), ())
