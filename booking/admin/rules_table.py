"""Which rules the rules page shows, in which sections, and the words for each value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking import wording
from booking.core.fields import closing_text
from booking.core.localtime import clock_text
from booking.core.opening import Window
from booking.core.outages import FaultReports
from booking.core.params import Hours
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.settings import Effective
from booking.http.language import language, locale

Words = object  # text that is translated when it is shown


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One value of a rule. `none_words` says what "no limit" is called; empty where that cannot be set."""

    rule: str
    name: str
    kind: str  # minutes, hours, days, people, step, flag, clock, windows, holidays, effect, groups, reports
    label: Words
    hint: Words = ""
    none_words: Words = ""

    @property
    def id(self) -> str:
        """The id and name of its field."""
        return f"{self.rule}-{self.name}"


@dataclass(frozen=True, slots=True)
class Section:
    """Rules that belong together and are saved together."""

    key: str
    title: Words
    lead: Words
    fields: tuple[FieldKind, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of its rules."""
        return tuple(dict.fromkeys(field.rule for field in self.fields))


NO_LIMIT = _l("No limit")
EFFECTS: Mapping[str, Words] = {
    "none": _l("Makes no difference"),
    "late_mark": _l("Is marked as late"),
    "refuse": _l("Is refused"),
}
REPORTS = (
    (FaultReports.NEVER.value, _l("Never")),
    (FaultReports.SAFETY.value, _l("When it is dangerous")),
    (FaultReports.ALWAYS.value, _l("Always")),
)
SECTIONS: Mapping[str, Section] = {
    section.key: section
    for section in (
        Section(
            "hours",
            _l("Opening hours"),
            _l("A booking must lie within these hours from start to end."),
            (
                FieldKind("R10", "windows", "windows", _l("Weekly hours")),
                FieldKind("R11", "public_holidays", "holidays", _l("Public holidays")),
            ),
        ),
        Section(
            "lengths",
            _l("Lengths"),
            _l("How short and how long a booking can be, and on which minutes it starts."),
            (
                FieldKind("R20", "minutes", "minutes", _l("Shortest"), none_words=NO_LIMIT),
                FieldKind("R21", "minutes", "minutes", _l("Longest"), none_words=NO_LIMIT),
                FieldKind(
                    "R21",
                    "merge_gap_minutes",
                    "minutes",
                    _l("Counts as one when closer than"),
                    _l("A member’s bookings in a row count together towards the longest."),
                ),
                FieldKind("R02", "step_minutes", "step", _l("Steps"), _l("Bookings start and end on these minutes.")),
            ),
        ),
        Section(
            "turnover",
            _l("Set-up and clean-up"),
            _l("Time kept free around each booking, for everybody."),
            (
                FieldKind("R06", "before_minutes", "minutes", _l("Before each booking")),
                FieldKind("R06", "after_minutes", "minutes", _l("After each booking")),
                FieldKind(
                    "R06",
                    "staffed_turnover",
                    "flag",
                    _l("Staff make it ready"),
                    _l("Then set-up and clean-up cannot fall in a closure either."),
                ),
            ),
        ),
        Section(
            "ahead",
            _l("How early and how late"),
            _l("How long before the start it must be booked, and how far ahead it can be."),
            (
                FieldKind("R17", "hours", "hours", _l("Notice"), none_words=_l("None needed")),
                FieldKind("R18", "days", "days", _l("Opens ahead"), none_words=NO_LIMIT),
                FieldKind("R18", "opens_at", "clock", _l("A new day opens at")),
                FieldKind(
                    "R19",
                    "hours",
                    "hours",
                    _l("Latest change or cancellation before the start"),
                    _l("Never in the first five minutes, nor where it is closed anyway."),
                    none_words=NO_LIMIT,
                ),
                FieldKind("R19", "effect", "effect", _l("Later than that")),
            ),
        ),
        Section(
            "series",
            _l("Series"),
            _l("Whether a booking can repeat, how many times, and over how long."),
            (
                FieldKind("R28", "allowed", "flag", _l("Can be booked in series")),
                FieldKind("R28", "most_occurrences", "dates", _l("Most dates"), none_words=NO_LIMIT),
                FieldKind("R28", "most_days", "days", _l("From the first to the last date"), none_words=NO_LIMIT),
            ),
        ),
        Section(
            "service",
            _l("Faults"),
            _l("What happens when a member reports a fault, and for how long nobody can book what is down."),
            (
                FieldKind(
                    "R13",
                    "fault_reports",
                    "reports",
                    _l("A report puts it out of service"),
                    _l("A pool goes on: a manager decides what its fault stops."),
                ),
                FieldKind(
                    "R13",
                    "assume_down_hours",
                    "hours",
                    _l("Taken to be down for"),
                    _l("While nobody knows when it is back, no booking can start within this time."),
                ),
            ),
        ),
        Section(
            "people",
            _l("People"),
            _l("The fire limit cannot be booked past. The strictest value set at any level counts."),
            (
                FieldKind("R07", "fire_limit", "people", _l("Fire limit")),
                FieldKind("R07", "least", "people", _l("Meant for at least")),
            ),
        ),
        Section(
            "access",
            _l("Who may book"),
            _l("Every level that names groups asks for one of them, so a lower level can only narrow it."),
            (FieldKind("R30", "groups", "groups", _l("Open to")),),
        ),
    )
}


def shown_value(kind: FieldKind, params: object, groups: Mapping[int, str]) -> str:
    """The value as people say it."""
    if isinstance(params, Hours):
        return hours_shown(params)
    value = getattr(params, kind.name)
    if kind.kind == "groups":
        return ", ".join(groups.get(id_, "?") for id_ in value) or str(_("Every member"))
    if kind.kind == "holidays":
        return str(_("Closed on Norwegian public holidays") if value else _("Open as on other days"))
    if kind.kind == "effect":
        return str(EFFECTS.get(str(value), value))
    if value is None:
        return str(kind.none_words or _("Not set"))
    return one_value(kind, value)


def shown_effective(kind: FieldKind, found: Effective, groups: Mapping[int, str]) -> str:
    """The value that counts; of groups, those that each level asks for."""
    if kind.kind != "groups":
        return shown_value(kind, found.params, groups)
    asked = [part.params["groups"] for part in found.parts if part.params.get("groups")]
    named = [", ".join(groups.get(id_, "?") for id_ in ids) for ids in asked if isinstance(ids, tuple)]
    return str(_(" and also ")).join(named) or str(_("Every member"))


def one_value(kind: FieldKind, value: object) -> str:
    """A value that is set, with its unit."""
    if kind.kind == "flag":
        return str(_("Yes") if value else _("No"))
    if kind.kind == "reports":
        return str(dict(REPORTS)[str(value)])
    if isinstance(value, time):
        return wording.hours_text([[clock_text(value), clock_text(value)]], language()).partition("–")[0]
    if not isinstance(value, int):
        return str(value)
    if kind.kind == "hours":
        return wording.length(timedelta(hours=value), language())
    if kind.kind in ("minutes", "step"):
        return wording.length(timedelta(minutes=value), language())
    if kind.kind == "days":
        return wording.length(timedelta(days=value), language()) if value > 1 else str(_("%(n)s day", n=value))
    if kind.kind == "dates":
        return str(_("%(n)s dates", n=value))
    return str(_("%(n)s people", n=value))


def day_name(weekday: int) -> str:
    """Monday is 0."""
    name = str(get_day_names("wide", "stand-alone", locale())[weekday])
    return name[:1].upper() + name[1:]


def hours_shown(hours: Hours) -> str:
    """Mon–Fri 07:00–22:00, Sat 09:00–18:00."""
    if hours.weekly is None:
        return str(_("Always open"))
    if not hours.weekly:
        return str(_("Never open"))
    by_day = {weekday: _windows_of(hours.weekly, weekday) for weekday in range(7)}
    parts = []
    first = 0
    for weekday in range(7):
        if weekday == 6 or by_day[weekday + 1] != by_day[first]:
            if by_day[first]:
                parts.append(f"{_days(first, weekday)} {by_day[first]}")
            first = weekday + 1
    told = ", ".join(parts)
    return told[:1].upper() + told[1:]


def _windows_of(windows: tuple[Window, ...], weekday: int) -> str:
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


def said(code: str, params: Mapping[str, object], groups: Mapping[int, str]) -> list[tuple[str, str]]:
    """Stored values as words, label by label; for histories and grants."""
    rule = RULE_BY_CODE[code]
    values = rule.params.from_json(params)
    kinds = [kind for section in SECTIONS.values() for kind in section.fields if kind.rule == code]
    return [
        (str(kind.label), shown_value(kind, values, groups))
        for kind in kinds
        if kind.name in params or (rule.params.whole and params)
    ]


__all__ = [
    "EFFECTS",
    "SECTIONS",
    "FieldKind",
    "Section",
    "day_name",
    "hours_shown",
    "one_value",
    "rule_title",
    "said",
    "shown_value",
]
