"""Kinds of fields in a rule's values: how each is read from JSON, checked, written back, and which way is stricter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from booking.core.errors import InvalidInput
from booking.core.localtime import clock_text
from booking.core.opening import Window

Stricter = Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of field; `stricter` says whether more or less of it is the stricter, None that there is no such order.

    `kind`, `source` (what ids are of), `least`, `most` and `choices` are for forms as well as for the check. Kinds:
    number, flag, choice, clock, windows, ids, several (choices), texts, needs, limits.
    """

    kind: str
    read: Callable[[str, object], object]
    write: Callable[[object], object]
    stricter: Stricter | None = None
    optional: bool = False
    none_is_loosest: bool = True
    least: int | None = None
    most: int | None = None
    choices: tuple[object, ...] = ()
    source: str = ""
    default: object = None
    join: Callable[[Sequence[object]], object] | None = None

    def checked(self, name: str, value: object) -> object:
        if value is None:
            if self.optional:
                return None
            raise InvalidInput(name, "setting.required")
        return self.read(name, value)

    def strictest(self, values: Sequence[object]) -> object:
        """The strictest of the values that are not None, the first where there is no order."""
        if self.join:
            return self.join(values)
        known = [value for value in values if value is not None]
        if not known or self.stricter is None:
            return known[0] if known else None
        return min(known, key=self._rank) if self.stricter == "less" else max(known, key=self._rank)

    def loosest(self, values: Sequence[object]) -> object:
        """The most generous of the values; no limit at all is more generous than any."""
        if self.join:
            return self.join(values)
        known = [value for value in values if value is not None]
        if not known or (self.none_is_loosest and len(known) < len(values)):
            return None
        if self.stricter is None:
            return known[0]
        return max(known, key=self._rank) if self.stricter == "less" else min(known, key=self._rank)

    def _rank(self, value: Any) -> Any:
        """Choices stand in their order, from least to most; anything else compares by itself."""
        return self.choices.index(value) if self.choices else value


def number(
    *, least: int = 0, most: int, stricter: Stricter, optional: bool = True, none_is_loosest: bool = True
) -> Field:
    def read(name: str, value: object) -> object:
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidInput(name, "setting.not_a_number")
        if not least <= value <= most:
            raise InvalidInput(name, "setting.out_of_range", {"least": least, "most": most})
        return value

    return Field("number", read, _as_is, stricter, optional, none_is_loosest, least, most)


def flag(*, stricter: Stricter) -> Field:
    def read(name: str, value: object) -> object:
        if not isinstance(value, bool):
            raise InvalidInput(name, "setting.not_yes_or_no")
        return value

    return Field("flag", read, _as_is, stricter)


def choice(*choices: object, stricter: Stricter | None = None, optional: bool = False) -> Field:
    def read(name: str, value: object) -> object:
        if isinstance(value, bool) or value not in choices:
            raise InvalidInput(name, "setting.not_a_choice", {"choices": list(choices)})
        return value

    return Field("choice", read, _as_is, stricter, optional, choices=choices)


def wall_time(*, stricter: Stricter) -> Field:
    return Field(
        "clock", _read_wall_time, lambda value: clock_text(value) if isinstance(value, time) else value, stricter
    )


def weekly_windows() -> Field:
    return Field("windows", read_windows, write_windows, optional=True, join=_all_windows)


def group_ids() -> Field:
    return ids("group", "setting.not_groups")


def ids(source: str, wrong: str = "setting.not_known") -> Field:
    """Rows of a table; which rows there are, the service that stores them asks `services/rule_sources.py`."""

    def read(name: str, value: object) -> object:
        return _read_list(name, value, int, wrong)

    return Field("ids", read, _as_list, source=source)


def several(*choices: str) -> Field:
    """Any of these, in this order."""

    def read(name: str, value: object) -> object:
        chosen = _read_list(name, value, str, "setting.not_a_choice")
        if set(chosen) - set(choices):
            raise InvalidInput(name, "setting.not_a_choice", {"choices": list(choices)})
        return tuple(each for each in choices if each in chosen)

    return Field("several", read, _as_list, choices=choices)


def texts(*, longest: int = 300) -> Field:
    """Lines of text, such as questions."""

    def read(name: str, value: object) -> object:
        lines = _read_list(name, value, str, "setting.not_texts", keep_order=True)
        if any(not str(line).strip() or len(str(line)) > longest for line in lines):
            raise InvalidInput(name, "setting.not_texts")
        return lines

    return Field("texts", read, _as_list)


def needs() -> Field:
    """Resources and how many units of each: [{"resource": 7, "quantity": 1}]."""
    return Field("needs", _read_needs, _write_needs, source="resource")


def _as_is(value: object) -> object:
    return value


def _as_list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _read_wall_time(name: str, value: object) -> time:
    if isinstance(value, str) and len(value) == 5 and value[2] == ":" and (value[:2] + value[3:]).isdecimal():
        hour, minute = int(value[:2]), int(value[3:])
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise InvalidInput(name, "setting.not_a_time")


def read_windows(name: str, value: object) -> tuple[Window, ...]:
    """A list of weekly windows, each once. Raises InvalidInput."""
    if not isinstance(value, list | tuple):
        raise InvalidInput(name, "setting.not_windows")
    return tuple(sorted({_read_window(name, each) for each in value}))


def _read_window(name: str, value: object) -> Window:
    if not isinstance(value, dict) or set(value) != {"weekday", "opens", "closes"}:
        raise InvalidInput(name, "setting.not_windows")
    weekday, closes = value["weekday"], value["closes"]
    if not isinstance(weekday, int) or isinstance(weekday, bool) or not 0 <= weekday <= 6:
        raise InvalidInput(name, "setting.not_a_weekday")
    closing = time() if closes == "24:00" else _read_wall_time(name, closes)
    return Window(weekday, _read_wall_time(name, value["opens"]), closing)


def _all_windows(values: Sequence[object]) -> object:
    """Open whenever any of them is; None, open at all hours, swallows the rest."""
    if not all(isinstance(value, tuple) for value in values):
        return None
    return tuple(sorted({window for value in values if isinstance(value, tuple) for window in value}))


def write_windows(value: object) -> object:
    """The opposite of reading them."""
    if not isinstance(value, tuple):
        return value
    return [{"weekday": each.weekday, "opens": clock_text(each.opens), "closes": closing_text(each)} for each in value]


def closing_text(window: Window) -> str:
    return "24:00" if window.closes == time() else clock_text(window.closes)


def _read_list(name: str, value: object, of: type, wrong: str, *, keep_order: bool = False) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(name, wrong)
    if not all(isinstance(each, of) and not isinstance(each, bool) for each in value):
        raise InvalidInput(name, wrong)
    return tuple(dict.fromkeys(value)) if keep_order else tuple(sorted(set(value)))


def _read_needs(name: str, value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(name, "setting.not_needs")
    return tuple(sorted({_read_need(name, each) for each in value}))


def _read_need(name: str, value: object) -> tuple[int, int]:
    if not isinstance(value, dict) or not {"resource"} <= set(value) <= {"resource", "quantity"}:
        raise InvalidInput(name, "setting.not_needs")
    numbers = (value["resource"], value.get("quantity", 1))
    if not all(isinstance(each, int) and not isinstance(each, bool) and each > 0 for each in numbers):
        raise InvalidInput(name, "setting.not_needs")
    return numbers


def _write_needs(value: object) -> object:
    if not isinstance(value, tuple):
        return value
    return [{"resource": resource, "quantity": quantity} for resource, quantity in value]
