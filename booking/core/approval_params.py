"""The values of the rules about who says yes (R38) and who may see what (R40)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from booking.core.approvals import ALL, ANY, ESCALATE, EXPIRE, ORDERED
from booking.core.fields import choice, flag, group_ids, number, wall_time
from booking.core.params import YEAR, Params, of


@dataclass(frozen=True, slots=True)
class Approval(Params):
    """When somebody must say yes: each level that asks counts. Who, and for how long, is the nearest level's to say.

    `groups` are those who need no yes for being from outside; none means that everybody is inside.
    """

    always: bool = field(default=False, metadata=of(flag(stricter="more")))
    first_time: bool = field(default=False, metadata=of(flag(stricter="more")))
    groups: tuple[int, ...] = field(default=(), metadata=of(group_ids()))
    longer_than_minutes: int | None = field(default=None, metadata=of(number(least=1, most=YEAR, stricter="less")))
    evenings: bool = field(default=False, metadata=of(flag(stricter="more")))
    weekends: bool = field(default=False, metadata=of(flag(stricter="more")))
    day_begins: time = field(default=time(7), metadata=of(wall_time(stricter="more")))
    day_ends: time = field(default=time(17), metadata=of(wall_time(stricter="less")))
    most_dates: int | None = field(default=None, metadata=of(number(least=1, most=400, stricter="less")))
    approvers: str = field(default=ANY, metadata=of(choice(ANY, ALL, ORDERED)))
    working_days: int = field(default=2, metadata=of(number(least=1, most=30, stricter="less", optional=False)))
    on_timeout: str = field(default=ESCALATE, metadata=of(choice(ESCALATE, EXPIRE)))


@dataclass(frozen=True, slots=True)
class Visibility(Params):
    """At most who may see names and titles, the widest first; and for how many days after the end."""

    widest: str = field(
        default="members", metadata=of(choice("public", "members", "organisation", "private", stricter="more"))
    )
    retention_days: int | None = field(default=365, metadata=of(number(least=1, most=3660, stricter="less")))
