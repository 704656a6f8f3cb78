"""The rows in which an admin writes the lines of a quota, and the values they were sent with."""

import json
from collections.abc import Mapping
from typing import Any

from booking.admin.frame import Typed
from booking.admin.reading import clock_text, number
from booking.admin.rules_table import FieldKind
from booking.core.errors import InvalidInput
from booking.core.limits import MOST_LIMITS

PARTS = ("amount", "per", "days", "subject", "over", "opens", "closes")
FEWEST_ROWS = 2


def places(kind: FieldKind, typed: Typed) -> range:
    """As many rows as are filled and one more, so that a line can be added at a time."""
    filled = [place for place in range(MOST_LIMITS) if typed.get(part_id(kind, place, "amount"))]
    return range(min(MOST_LIMITS, max(FEWEST_ROWS, max(filled, default=-1) + 2)))


def part_id(kind: FieldKind, place: int, part: str) -> str:
    """The name of one part of a row."""
    return f"{kind.id}-{place}-{part}"


def show(typed: Typed, kind: FieldKind, limits: Any) -> None:
    """Fills the rows with what is set."""
    for place, limit in enumerate(limits):
        for part in ("amount", "per", "days", "subject", "over"):
            typed[part_id(kind, place, part)] = str(limit.get(part) or "")
        windows = limit.get("windows") or []
        hours = {(each["opens"], each["closes"]) for each in windows}
        if len(hours) == 1:
            typed[part_id(kind, place, "opens")], typed[part_id(kind, place, "closes")] = next(iter(hours))
            typed.setlist(part_id(kind, place, "weekday"), [str(each["weekday"]) for each in windows])
        elif windows:
            typed[part_id(kind, place, "windows")] = json.dumps(windows)


def read(kind: FieldKind, typed: Typed) -> list[dict[str, Any]]:
    """The lines that say how much. Raises InvalidInput for half a line."""
    return [line for place in range(MOST_LIMITS) if (line := _read_line(kind, typed, place))]


def _read_line(kind: FieldKind, typed: Typed, place: int) -> dict[str, Any]:
    texts = {part: str(typed.get(part_id(kind, place, part), "")).strip() for part in PARTS}
    if not texts["amount"]:
        return {}
    line: dict[str, Any] = {
        "amount": number(texts["amount"]),
        "per": texts["per"] or str(kind.shape.choices[0]),
        "subject": texts["subject"] or "member",
        "over": texts["over"] or "resource",
    }
    if line["per"] == "rolling":
        line["days"] = number(texts["days"])
    windows = _read_windows(kind, typed, place, texts)
    return {**line, "windows": windows} if windows else line


def _read_windows(kind: FieldKind, typed: Typed, place: int, texts: Mapping[str, str]) -> Any:
    """The same hours on each chosen day; several stretches a day, which no row can show, are kept as they were."""
    days = [day for day in typed.getlist(part_id(kind, place, "weekday")) if day]
    opens, closes = clock_text(texts["opens"]), clock_text(texts["closes"])
    if not (days or opens or closes):
        return _kept(str(typed.get(part_id(kind, place, "windows"), "")))
    if not (days and opens and closes):
        raise InvalidInput(kind.id, "rules.half_a_window")
    return [{"weekday": number(day), "opens": opens, "closes": closes} for day in days]


def _kept(text: str) -> Any:
    try:
        return json.loads(text) if text else []
    except ValueError:
        return []


__all__ = ["part_id", "places", "read", "show"]
