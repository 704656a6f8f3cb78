"""Limit, one line of a quota, and the field that reads, checks and writes lists of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from booking.core.errors import InvalidInput
from booking.core.fields import Field, read_windows, write_windows
from booking.core.opening import Window

SUBJECTS = ("member", "organisation")
REACHES = ("resource", "category", "building", "site")
PERIODS = ("day", "week", "month", "rolling")
AHEAD = "ahead"  # not a period of the calendar: everything that has not ended yet
MOST_LIMITS = 8


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """One line of a quota: so many bookings, or hours, for whom, of what, in which period.

    `over` tells what is added up: each resource by itself, or all of its category, building or site. `days` is the
    length of a rolling period. With `windows` only what falls within them counts, such as prime time.
    """

    amount: int
    per: str = "week"
    days: int = 0
    subject: str = "member"
    over: str = "resource"
    windows: tuple[Window, ...] = ()

    @property
    def about(self) -> tuple[object, ...]:
        """What it limits: two lines about the same differ in nothing but the amount."""
        return (self.per, self.days, self.subject, self.over, self.windows)


def limits_field(periods: Sequence[str], most: int) -> Field:
    """A list of limits: [{"amount": 10, "per": "week", "subject": "organisation", "over": "category"}]."""

    def read(name: str, value: object) -> object:
        if not isinstance(value, list | tuple) or len(value) > MOST_LIMITS:
            raise InvalidInput(name, "setting.not_limits")
        found = tuple(sorted(_read_limit(name, each, periods, most) for each in value))
        if len({each.about for each in found}) < len(found):
            raise InvalidInput(name, "setting.limits_twice")
        return found

    return Field("limits", read, _write_limits, choices=tuple(periods), least=1, most=most, join=_most_generous)


_NAMES = tuple(each.name for each in fields(Limit))


def _read_limit(name: str, value: object, periods: Sequence[str], most: int) -> Limit:
    if not isinstance(value, Mapping) or not {"amount"} <= set(value) <= set(_NAMES):
        raise InvalidInput(name, "setting.not_limits")
    amount, days = value["amount"], value.get("days", 0)
    if not _is_whole(amount) or not _is_whole(days):
        raise InvalidInput(name, "setting.not_a_number")
    limit = Limit(
        amount=amount,
        per=str(value.get("per", periods[0])),
        days=days,
        subject=str(value.get("subject", SUBJECTS[0])),
        over=str(value.get("over", REACHES[0])),
        windows=read_windows(name, value.get("windows") or ()),
    )
    if limit.per not in periods or limit.subject not in SUBJECTS or limit.over not in REACHES:
        raise InvalidInput(name, "setting.not_limits")
    if not 1 <= amount <= most:
        raise InvalidInput(name, "setting.out_of_range", {"least": 1, "most": most})
    if limit.per == "rolling" and not 1 <= days <= 366:
        raise InvalidInput(name, "setting.out_of_range", {"least": 1, "most": 366})
    if limit.per != "rolling" and days:
        raise InvalidInput(name, "setting.not_limits")
    return limit


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _write_limits(value: object) -> object:
    return [_write_limit(each) for each in value] if isinstance(value, tuple) else value


def _write_limit(limit: Limit) -> dict[str, object]:
    """What differs from the usual is written; the amount, the period, for whom and of what always are."""
    written: dict[str, object] = {
        "amount": limit.amount, "per": limit.per, "subject": limit.subject, "over": limit.over
    }  # fmt: skip
    if limit.days:
        written["days"] = limit.days
    if limit.windows:
        written["windows"] = write_windows(limit.windows)
    return written


def _most_generous(values: Sequence[object]) -> object:
    """Only what every list limits is a limit, and the largest amount counts."""
    lists = [{each.about: each for each in value} for value in values if isinstance(value, tuple)]
    shared = set(lists[0]).intersection(*lists[1:]) if lists else set()
    return tuple(sorted(max(each[about] for each in lists) for about in shared))
