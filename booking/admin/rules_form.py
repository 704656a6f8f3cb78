"""The form of one section of rules: what stands in its fields, and the values it was sent with."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from booking import wording
from booking.admin.frame import Typed
from booking.admin.reading import clock_text, number
from booking.admin.rules_table import FieldKind, Section
from booking.core.errors import InvalidInput
from booking.http.language import language
from booking.services.rule_settings import Sheet

INHERIT, SET, NONE, ALWAYS = "inherit", "set", "none", "always"
WEEKDAYS = range(7)
TWICE = range(2)
CHOSEN = ("flag", "step", "holidays", "effect", "reports")


def as_shown(section: Section, sheet: Sheet) -> Typed:
    """The fields as they stand when the page is opened: what is set here, and nothing where it is inherited."""
    typed: Typed = MultiDict({"version": str(sheet.version)})
    for kind in section.fields:
        here = sheet.rules[kind.rule].here
        if kind.kind == "windows":
            _show_windows(typed, here)
        elif kind.kind == "groups":
            typed.setlist(kind.id, [str(id_) for id_ in here.get("groups", ())])
        elif kind.kind in CHOSEN:
            typed[kind.id] = _as_choice(here[kind.name]) if kind.name in here else INHERIT
        else:
            typed[f"{kind.id}-mode"] = INHERIT if kind.name not in here else NONE if here[kind.name] is None else SET
            typed[kind.id] = str(here[kind.name]) if here.get(kind.name) is not None else ""
    return typed


def _as_choice(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _show_windows(typed: Typed, here: Mapping[str, Any]) -> None:
    typed["R10-mode"] = ALWAYS if here.get("always_open") else SET if here.get("windows") is not None else INHERIT
    if here and typed["R10-mode"] == INHERIT:
        typed["R10-mode"] = ALWAYS  # no windows and no limit mean the same
    count: dict[int, int] = {}
    for window in here.get("windows") or ():
        place = count.setdefault(window["weekday"], 0)
        count[window["weekday"]] += 1
        typed[window_id(window["weekday"], place, "opens")] = window["opens"]
        typed[window_id(window["weekday"], place, "closes")] = window["closes"]


def window_id(weekday: int, place: int, end: str) -> str:
    """The name of one time in the table of weekly hours."""
    return f"R10-{weekday}-{place}-{end}"


def read(section: Section, typed: Typed, sheet: Sheet) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The values by rule, an empty one meaning "inherit", and a sentence for each field that could not be read.

    What is set here and has no field in the section stays as it is.
    """
    wanted = {code: _kept(code, section, sheet) for code in section.rules}
    errors: dict[str, str] = {}
    for kind in section.fields:
        try:
            wanted[kind.rule] |= _read_field(kind, typed, sheet)
        except InvalidInput as wrong:
            errors[wrong.field] = wording.error_sentence(wrong, language())
    return wanted, errors


def _kept(code: str, section: Section, sheet: Sheet) -> dict[str, Any]:
    view = sheet.rules[code]
    fields = {kind.name for kind in section.fields if kind.rule == code}
    return {} if view.rule.params.whole else {name: v for name, v in view.here.items() if name not in fields}


def _read_field(kind: FieldKind, typed: Typed, sheet: Sheet) -> dict[str, Any]:
    if kind.kind == "windows":
        return _read_windows(typed)
    if kind.kind == "groups":
        groups = [number(text) for text in typed.getlist(kind.id)]
        return {"groups": groups} if groups else {}
    if kind.kind in CHOSEN:
        return _read_choice(kind, str(typed.get(kind.id, INHERIT)))
    return _read_limit(kind, typed, sheet)


def _read_choice(kind: FieldKind, text: str) -> dict[str, Any]:
    if text == INHERIT:
        return {}
    if kind.kind == "flag":
        return {kind.name: {"true": True, "false": False}.get(text, text)}
    return {kind.name: number(text) if kind.kind == "step" else text}


def _read_limit(kind: FieldKind, typed: Typed, sheet: Sheet) -> dict[str, Any]:
    mode, text = str(typed.get(f"{kind.id}-mode", INHERIT)), str(typed.get(kind.id, "")).strip()
    if mode == NONE and kind.none_words:
        return {kind.name: None}
    if mode == SET:
        value = clock_text(text) if kind.kind == "clock" else number(text)
        if value in (None, ""):
            raise InvalidInput(kind.id, "setting.required")
        return {kind.name: value}
    before = sheet.rules[kind.rule].here.get(kind.name)
    if text and text != str(before):
        raise InvalidInput(kind.id, "rules.typed_but_inherited")
    return {}


def _read_windows(typed: Typed) -> dict[str, Any]:
    mode = str(typed.get("R10-mode", INHERIT))
    if mode == ALWAYS:
        return {"always_open": True}
    windows = [window for weekday in WEEKDAYS for place in TWICE for window in _read_window(typed, weekday, place)]
    if mode == SET and not windows:
        raise InvalidInput(window_id(0, 0, "opens"), "rules.no_hours")
    return {"windows": windows} if mode == SET else {}


def _read_window(typed: Typed, weekday: int, place: int) -> list[dict[str, Any]]:
    names = {end: window_id(weekday, place, end) for end in ("opens", "closes")}
    texts = {end: clock_text(str(typed.get(name, ""))) for end, name in names.items()}
    if not any(texts.values()):
        return []
    for end, text in texts.items():
        if not _is_clock(text) and not (end == "closes" and text == "24:00"):
            raise InvalidInput(names[end], "setting.not_a_time" if text else "rules.half_a_window")
    return [{"weekday": weekday, **texts}]


def _is_clock(text: str) -> bool:
    hours, _, minutes = text.partition(":")
    return len(text) == 5 and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60
