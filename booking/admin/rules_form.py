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

INHERIT, SET, NONE = "inherit", "set", "none"
WEEKDAYS = range(7)
TWICE = range(2)
NEEDS = range(6)
LISTS = ("ids", "several", "texts", "needs")


def as_shown(section: Section, sheet: Sheet) -> Typed:
    """The fields as they stand when the page is opened: what is set here, and nothing where it is inherited."""
    typed: Typed = MultiDict({"version": str(sheet.version)})
    for kind in section.fields:
        _show(typed, kind, sheet.rules[kind.rule].here)
    return typed


def _show(typed: Typed, kind: FieldKind, here: Mapping[str, Any]) -> None:
    if kind.kind == "windows":
        _show_windows(typed, kind, here)
    elif kind.kind in LISTS:
        _show_list(typed, kind, here.get(kind.name) or ())
    elif kind.kind in ("flag", "choice"):
        typed[kind.id] = _as_choice(here[kind.name]) if kind.name in here else INHERIT
    else:
        typed[f"{kind.id}-mode"] = INHERIT if kind.name not in here else NONE if here[kind.name] is None else SET
        typed[kind.id] = str(here[kind.name]) if here.get(kind.name) is not None else ""


def _as_choice(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else NONE if value is None else str(value)


def _show_list(typed: Typed, kind: FieldKind, values: Any) -> None:
    if kind.kind == "texts":
        typed[kind.id] = "\n".join(values)
    elif kind.kind == "needs":
        for place, need in enumerate(values):
            typed[f"{kind.id}-{place}"] = str(need["resource"])
            typed[f"{kind.id}-{place}-quantity"] = str(need.get("quantity", 1))
    else:
        typed.setlist(kind.id, [str(value) for value in values])


def _show_windows(typed: Typed, kind: FieldKind, here: Mapping[str, Any]) -> None:
    is_set = bool(here) if _is_hours(kind) else kind.name in here
    no_limit = here.get("always_open") or here.get(kind.name) is None  # no windows and no limit mean the same
    typed[f"{kind.stem}-mode"] = INHERIT if not is_set else NONE if no_limit else SET
    count: dict[int, int] = {}
    for window in here.get(kind.name) or ():
        place = count.setdefault(window["weekday"], 0)
        count[window["weekday"]] += 1
        typed[window_id(kind, window["weekday"], place, "opens")] = window["opens"]
        typed[window_id(kind, window["weekday"], place, "closes")] = window["closes"]


def _is_hours(kind: FieldKind) -> bool:
    return kind.rule == "R10"


def window_id(kind: FieldKind, weekday: int, place: int, end: str) -> str:
    """The name of one time in the table of weekly hours."""
    return f"{kind.stem}-{weekday}-{place}-{end}"


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
        return _read_windows(kind, typed)
    if kind.kind in LISTS:
        values = _read_list(kind, typed)
        return {kind.name: values} if values else {}
    if kind.kind in ("flag", "choice"):
        return _read_choice(kind, str(typed.get(kind.id, INHERIT)))
    return _read_limit(kind, typed, sheet)


def _read_list(kind: FieldKind, typed: Typed) -> list[Any]:
    if kind.kind == "texts":
        return [line.strip() for line in str(typed.get(kind.id, "")).splitlines() if line.strip()]
    if kind.kind == "needs":
        needs = {
            str(typed.get(f"{kind.id}-{place}", "")): str(typed.get(f"{kind.id}-{place}-quantity", ""))
            for place in NEEDS
        }
        return [{"resource": number(id_), "quantity": number(many) or 1} for id_, many in needs.items() if id_]
    return [number(text) if kind.kind == "ids" else text for text in typed.getlist(kind.id)]


def _read_choice(kind: FieldKind, text: str) -> dict[str, Any]:
    if text == INHERIT:
        return {}
    known: dict[str, object] = {_as_choice(value): value for value in (True, False, *kind.shape.choices)}
    if kind.shape.optional:
        known.setdefault(NONE, None)
    return {kind.name: known.get(text, text)}


def _read_limit(kind: FieldKind, typed: Typed, sheet: Sheet) -> dict[str, Any]:
    mode, text = str(typed.get(f"{kind.id}-mode", INHERIT)), str(typed.get(kind.id, "")).strip()
    if mode == NONE and kind.no_value:
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


def _read_windows(kind: FieldKind, typed: Typed) -> dict[str, Any]:
    mode = str(typed.get(f"{kind.stem}-mode", INHERIT))
    if mode == NONE:
        return {"always_open": True} if _is_hours(kind) else {kind.name: None}
    windows = [window for day in WEEKDAYS for place in TWICE for window in _read_window(kind, typed, day, place)]
    if mode == SET and not windows:
        raise InvalidInput(window_id(kind, 0, 0, "opens"), "rules.no_hours")
    return {kind.name: windows} if mode == SET else {}


def _read_window(kind: FieldKind, typed: Typed, weekday: int, place: int) -> list[dict[str, Any]]:
    names = {end: window_id(kind, weekday, place, end) for end in ("opens", "closes")}
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
