"""The values of rules in the words of the rules page."""

from collections.abc import Mapping
from datetime import time, timedelta
from itertools import groupby

from babel.dates import get_day_names
from flask_babel import gettext as _

from booking import wording
from booking.admin.rules_table import SECTIONS, FieldKind
from booking.core.fields import closing_text
from booking.core.localtime import clock_text
from booking.core.opening import Window
from booking.core.params import Hours
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.settings import Effective, Merge
from booking.http.language import language, locale

Names = Mapping[str, Mapping[int, str]]  # by what the ids are of: "group", "resource"


def shown_value(kind: FieldKind, params: object, names: Names) -> str:
    """The value as people say it."""
    value = params.weekly if isinstance(params, Hours) else getattr(params, kind.name)
    if value is None or (value == () and kind.kind != "windows"):
        return str(kind.no_value or kind.unset_words)
    return one_value(kind, value, names)


def shown_effective(kind: FieldKind, found: Effective, names: Names) -> str:
    """The value that counts; of ids that every level asks for, those of each."""
    if kind.kind != "ids" or RULE_BY_CODE[kind.rule].merge is not Merge.UNION:
        return shown_value(kind, found.params, names)
    asked = [part.params[kind.name] for part in found.parts if part.params.get(kind.name)]
    return str(_(" and also ")).join(one_value(kind, ids, names) for ids in asked) or str(kind.unset_words)


def one_value(kind: FieldKind, value: object, names: Names | None = None) -> str:
    """A value that is set, with its unit."""
    if value in kind.options:
        return str(kind.options[value])
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, tuple):
        return _list(kind, value, names or {})
    if isinstance(value, time):
        return wording.hours_text([[clock_text(value), clock_text(value)]], language()).partition("–")[0]
    return measured(kind.measure, value) if isinstance(value, int) else str(value)


def measured(unit: str, number: int) -> str:
    """45 minutes, 3 days, 12 people."""
    if unit == "days" and number <= 1:
        return str(_("%(n)s day", n=number))
    if unit in ("minutes", "hours", "days"):
        return wording.length(timedelta(**{unit: number}), language())
    if unit == "dates":
        return str(_("%(n)s dates", n=number))
    if unit == "bookings":
        return str(_("%(n)s bookings", n=number))
    return str(_("%(n)s people", n=number)) if unit == "people" else str(number)


def _list(kind: FieldKind, values: tuple[object, ...], names: Names) -> str:
    if kind.kind == "windows":
        return hours_shown(values)
    known = names.get(kind.shape.source, {})
    if kind.kind == "ids":
        return ", ".join(known.get(id_, "?") for id_ in values if isinstance(id_, int))
    if kind.kind == "needs":
        pairs = [pair for pair in values if isinstance(pair, tuple)]
        return ", ".join(
            f"{known.get(id_, '?')} × {number}" if number > 1 else known.get(id_, "?") for id_, number in pairs
        )
    return ", ".join(str(kind.options.get(value, value)) for value in values)


def day_name(weekday: int) -> str:
    """Monday is 0."""
    name = str(get_day_names("wide", "stand-alone", locale())[weekday])
    return name[:1].upper() + name[1:]


def hours_shown(values: tuple[object, ...]) -> str:
    """Mon–Fri 07:00–22:00, Sat 09:00–18:00."""
    windows = [each for each in values if isinstance(each, Window)]
    if not windows:
        return str(_("Never open"))
    parts = []
    for hours, grouped in groupby(range(7), key=lambda weekday: _windows_of(windows, weekday)):
        days = list(grouped)
        if hours:
            parts.append(f"{_days(days[0], days[-1])} {hours}")
    told = ", ".join(parts)
    return told[:1].upper() + told[1:]


def _windows_of(windows: list[Window], weekday: int) -> str:
    pairs = [[clock_text(each.opens), closing_text(each)] for each in windows if each.weekday == weekday]
    return wording.hours_text(pairs, language()) if pairs else ""


def _days(first: int, last: int) -> str:
    """Mon–Fri; Norwegian writes days with small letters, and nynorsk lacks the full stop in the library."""
    names = get_day_names("abbreviated", "stand-alone", locale())
    written = [f"{names[day].rstrip('.')}{'' if language() == 'en' else '.'}" for day in (first, last)]
    return written[0] if first == last else "–".join(written)


def rule_title(code: str) -> str:
    """What a rule is called in histories."""
    found = [section.title for section in SECTIONS.values() if code in section.rules]
    return str(found[0]) if found else code


def said(code: str, params: Mapping[str, object], names: Names) -> list[tuple[str, str]]:
    """Stored values as words, label by label; for histories, differences and grants."""
    rule = RULE_BY_CODE[code]
    values = rule.params.from_json(params)
    kinds = [kind for section in SECTIONS.values() for kind in section.fields if kind.rule == code]
    return [
        (str(kind.label), shown_value(kind, values, names))
        for kind in kinds
        if kind.name in params or (rule.params.whole and params)
    ]
