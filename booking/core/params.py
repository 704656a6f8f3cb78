"""The values each rule can be given, as dataclasses that read, check and write their own JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from functools import cache
from typing import ClassVar, Self

from booking.core.errors import InvalidInput
from booking.core.fields import Field, choice, flag, group_ids, needs, number, wall_time, weekly_windows
from booking.core.opening import Window
from booking.core.outages import FaultReports

MIDNIGHT = time()
STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)  # what divides an hour
WEEK = 7 * 24 * 60
YEAR = 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class Params:
    """What every rule's values share: each field knows how it is read, written, and which way is stricter."""

    whole: ClassVar[bool] = False  # all fields are set together, at one level

    @classmethod
    def shape(cls) -> Mapping[str, Field]:
        """The fields by name, each with its default."""
        return _shape(cls)  # type: ignore[arg-type]  # mypy takes a frozen class itself for unhashable

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


@cache
def _shape(params: type[Params]) -> Mapping[str, Field]:
    return {each.name: replace(each.metadata["field"], default=each.default) for each in fields(params)}


def of(shape: Field) -> dict[str, Field]:
    return {"field": shape}


@dataclass(frozen=True, slots=True)
class NoParams(Params):
    """For rules that have nothing to set."""


@dataclass(frozen=True, slots=True)
class Grid(Params):
    step_minutes: int = field(
        default=15, metadata=of(choice(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, stricter="more"))
    )


@dataclass(frozen=True, slots=True)
class Past(Params):
    """`grace_minutes` None means one step of the grid."""

    grace_minutes: int | None = field(
        default=None, metadata=of(number(most=WEEK, stricter="less", none_is_loosest=False))
    )


@dataclass(frozen=True, slots=True)
class Overlap(Params):
    pending_blocks: bool = field(default=True, metadata=of(flag(stricter="more")))


@dataclass(frozen=True, slots=True)
class Buffer(Params):
    before_minutes: int = field(default=0, metadata=of(number(most=24 * 60, stricter="more", optional=False)))
    after_minutes: int = field(default=0, metadata=of(number(most=24 * 60, stricter="more", optional=False)))
    staffed_turnover: bool = field(default=False, metadata=of(flag(stricter="more")))


@dataclass(frozen=True, slots=True)
class People(Params):
    """Seats and least warn; the fire limit is locked."""

    seats: int | None = field(default=None, metadata=of(number(least=1, most=100_000, stricter="less")))
    fire_limit: int | None = field(default=None, metadata=of(number(least=1, most=100_000, stricter="less")))
    least: int | None = field(default=None, metadata=of(number(least=1, most=100_000, stricter="more")))


@dataclass(frozen=True, slots=True)
class Companions(Params):
    """What must be booked along with it: resource ids with quantities. `whole` means during set-up and clean-up too."""

    needs: tuple[tuple[int, int], ...] = field(default=(), metadata=of(needs()))
    covers: str = field(default="whole", metadata=of(choice("whole", "span")))


@dataclass(frozen=True, slots=True)
class OwnClash(Params):
    mode: str = field(default="warn", metadata=of(choice("off", "warn", "refuse")))


@dataclass(frozen=True, slots=True)
class Hours(Params):
    """`windows` None, or always open, means at all hours; an empty list means never."""

    whole: ClassVar[bool] = True

    always_open: bool = field(default=False, metadata=of(flag(stricter="less")))
    windows: tuple[Window, ...] | None = field(default=None, metadata=of(weekly_windows()))

    @property
    def weekly(self) -> tuple[Window, ...] | None:
        """The windows that count, None when it is open at all hours."""
        return None if self.always_open else self.windows


@dataclass(frozen=True, slots=True)
class Closures(Params):
    public_holidays: str | None = field(default=None, metadata=of(choice("NO", optional=True)))


@dataclass(frozen=True, slots=True)
class Service(Params):
    """How long we assume something is down when nobody knows, and which reports put it out of service at once."""

    assume_down_hours: int = field(
        default=48, metadata=of(number(least=1, most=366 * 24, stricter="more", optional=False))
    )
    fault_reports: str = field(
        default=FaultReports.SAFETY.value, metadata=of(choice(*(each.value for each in FaultReports)))
    )


@dataclass(frozen=True, slots=True)
class Notice(Params):
    hours: int | None = field(default=None, metadata=of(number(most=366 * 24, stricter="more")))


@dataclass(frozen=True, slots=True)
class Horizon(Params):
    days: int | None = field(default=None, metadata=of(number(most=3660, stricter="less")))
    opens_at: time = field(default=MIDNIGHT, metadata=of(wall_time(stricter="more")))


@dataclass(frozen=True, slots=True)
class Deadline(Params):
    """Until how long before its start a booking can be changed or given back, and what comes of being later."""

    hours: int | None = field(default=None, metadata=of(number(most=366 * 24, stricter="more")))
    effect: str = field(default="none", metadata=of(choice("none", "late_mark", "refuse")))


@dataclass(frozen=True, slots=True)
class Shortest(Params):
    minutes: int | None = field(default=None, metadata=of(number(least=1, most=YEAR, stricter="more")))


@dataclass(frozen=True, slots=True)
class Longest(Params):
    minutes: int | None = field(default=None, metadata=of(number(least=1, most=YEAR, stricter="less")))
    merge_gap_minutes: int = field(default=0, metadata=of(number(most=24 * 60, stricter="more", optional=False)))


@dataclass(frozen=True, slots=True)
class Series(Params):
    allowed: bool = field(default=True, metadata=of(flag(stricter="less")))
    most_occurrences: int | None = field(default=53, metadata=of(number(least=1, most=400, stricter="less")))
    most_days: int | None = field(default=366, metadata=of(number(least=1, most=3660, stricter="less")))


@dataclass(frozen=True, slots=True)
class Access(Params):
    """Groups that may book directly, by approval, and not at all, and what counts for everybody else.

    While `others` says nothing, everybody else may book directly where no group is named, and otherwise not at all.
    """

    groups: tuple[int, ...] = field(default=(), metadata=of(group_ids()))
    approval_groups: tuple[int, ...] = field(default=(), metadata=of(group_ids()))
    refused_groups: tuple[int, ...] = field(default=(), metadata=of(group_ids()))
    others: str | None = field(default=None, metadata=of(choice("directly", "approval", "refused", optional=True)))


@dataclass(frozen=True, slots=True)
class OnBehalf(Params):
    """Whether a member who was given leave may book it in another's name."""

    allowed: bool = field(default=True, metadata=of(flag(stricter="less")))
