"""The values of the rules about safety: what a room contains, work alone, and what must be declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from booking.core.fields import flag, ids, number, wall_time
from booking.core.params import Params, of


@dataclass(frozen=True, slots=True)
class Containment(Params):
    """How much a room contains, from 1 to 4; None means that it has no level."""

    level: int | None = field(default=None, metadata=of(number(least=1, most=4, stricter="less")))


@dataclass(frozen=True, slots=True)
class LoneWork(Params):
    """How many must be there from `after` until `until`, at weekends and in closures; None means one may be alone.

    Whoever is missing can be a named buddy who has accepted, or members with bookings in the same area.
    """

    least_people: int | None = field(default=None, metadata=of(number(least=2, most=20, stricter="more")))
    after: time = field(default=time(17), metadata=of(wall_time(stricter="less")))
    until: time = field(default=time(7), metadata=of(wall_time(stricter="more")))
    weekends: bool = field(default=True, metadata=of(flag(stricter="more")))
    closures: bool = field(default=True, metadata=of(flag(stricter="more")))
    by_buddy: bool = field(default=True, metadata=of(flag(stricter="less")))
    by_overlap: bool = field(default=True, metadata=of(flag(stricter="less")))
    unattended_exempt: bool = field(default=False, metadata=of(flag(stricter="less")))


@dataclass(frozen=True, slots=True)
class Declarations(Params):
    """The documents that every member must accept; all levels together."""

    documents: tuple[int, ...] = field(default=(), metadata=of(ids("document")))
