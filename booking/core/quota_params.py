"""The values of rules about how much: quotas as lists of limits, gaps between one's own, and reserved windows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from booking.core.fields import Field, choice, group_ids, number, read_windows, write_windows
from booking.core.limits import AHEAD, PERIODS, REACHES, Limit, limits_field
from booking.core.opening import Window
from booking.core.params import YEAR, Params, of


@dataclass(frozen=True, slots=True)
class Quota(Params):
    """What all quotas share: a list of limits, every one of which counts."""

    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class CountQuota(Quota):
    limits: tuple[Limit, ...] = field(default=(), metadata=of(limits_field(PERIODS, 1000)))


@dataclass(frozen=True, slots=True)
class TimeQuota(Quota):
    """The amounts are hours."""

    limits: tuple[Limit, ...] = field(default=(), metadata=of(limits_field(PERIODS, 10_000)))


@dataclass(frozen=True, slots=True)
class OpenBookings(Quota):
    limits: tuple[Limit, ...] = field(default=(), metadata=of(limits_field((AHEAD,), 1000)))


@dataclass(frozen=True, slots=True)
class OpenHours(Quota):
    """The amounts are hours."""

    limits: tuple[Limit, ...] = field(default=(), metadata=of(limits_field((AHEAD,), 10_000)))


@dataclass(frozen=True, slots=True)
class OwnGap(Params):
    """So long between a member's bookings of it, unless they are near enough to count as one (R21)."""

    minutes: int | None = field(default=None, metadata=of(number(least=1, most=YEAR, stricter="more")))
    over: str = field(default="resource", metadata=of(choice(*REACHES)))


@dataclass(frozen=True, slots=True)
class Concurrent(Params):
    """How many a member can hold at the same instant."""

    most: int | None = field(default=None, metadata=of(number(least=1, most=1000, stricter="less")))
    over: str = field(default="category", metadata=of(choice(*REACHES)))


def held_windows() -> Field:
    """Weekly windows that are the stricter the more there are, so that a grant never adds any."""
    return Field("windows", read_windows, write_windows, optional=True)


@dataclass(frozen=True, slots=True)
class Reserved(Params):
    """Weekly windows held for groups until so many hours before each begins; then anybody may take what is left."""

    whole: ClassVar[bool] = True

    groups: tuple[int, ...] = field(default=(), metadata=of(group_ids()))
    windows: tuple[Window, ...] | None = field(default=None, metadata=of(held_windows()))
    release_hours: int = field(default=24, metadata=of(number(most=366 * 24, stricter="less", optional=False)))
