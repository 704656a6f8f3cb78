"""A resource's rules in plain language, each with where it was decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from babel.dates import get_day_names

from booking import wording
from booking.core.fields import closing_text
from booking.core.opening import Window
from booking.core.params import (
    Access,
    Buffer,
    Closures,
    Companions,
    Deadline,
    Grid,
    Horizon,
    Hours,
    Longest,
    Notice,
    OwnClash,
    People,
    Series,
    Shortest,
)
from booking.core.scope import Scope
from booking.core.settings import Effective
from booking.core.verdict import Weight
from booking.http.language import language, locale
from booking.http.words import gettext as _
from booking.web import safety_words

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule; `kind` and `origin` tell where it was decided."""

    words: str
    kind: str
    origin: str


def rule_lines(
    settings: Mapping[str, Effective], group_names: Mapping[int, str], companions: Mapping[int, str]
) -> list[RuleLine]:
    """Everything that is decided about booking this, most asked-for first; what has no limit says nothing."""
    return [
        RuleLine(_softened(words, settings[code].weight), scope.kind.value, wording.origin(scope, language()))
        for code, (words, scope) in _told(settings, group_names, companions)
    ]


def _told(
    settings: Mapping[str, Effective], group_names: Mapping[int, str], companions: Mapping[int, str]
) -> Iterator[tuple[str, tuple[str, Scope]]]:
    yield "R10", (_hours(settings["R10"].params), settings["R10"].scope_of("windows"))
    for code, field, words in (
        ("R11", "public_holidays", _closures(settings["R11"].params)),
        ("R30", "groups", _access(settings["R30"].params, group_names)),
        ("R17", "hours", _notice(settings["R17"].params)),
        ("R18", "days", _horizon(settings["R18"].params)),
        ("R19", "hours", _deadline(settings["R19"].params)),
        ("R20", "minutes", _shortest(settings["R20"].params)),
        ("R21", "minutes", _longest(settings["R21"].params)),
        ("R28", "most_occurrences", _series(settings["R28"])),
        ("R06", "before_minutes", _before(settings["R06"].params)),
        ("R06", "after_minutes", _after(settings["R06"].params)),
        ("R06", "staffed_turnover", _staffed(settings["R06"].params)),
        ("R08", "needs", _companions(settings["R08"].params, companions)),
        ("R09", "mode", _own_clash(settings["R09"].params)),
        ("R07", "fire_limit", _fire_limit(settings["R07"].params)),
        ("R32", "level", safety_words.containment(settings["R32"].params)),
        ("R33", "least_people", safety_words.lone_work(settings["R33"].params)),
        ("R36", "documents", safety_words.declarations(settings["R36"].params)),
        ("R02", "step_minutes", _grid(settings["R02"].params)),
    ):
        if words:
            yield code, (words, settings[code].scope_of(field))


def _softened(words: str, weight: Weight) -> str:
    return _("%(rule)s Otherwise it needs approval.", rule=words) if weight is Weight.NEEDS_APPROVAL else words


def _hours(params: object) -> str:
    if not isinstance(params, Hours) or params.weekly is None:
        return _("Open at all hours.")
    if not params.weekly:
        return _("Never open.")
    return _("Open %(hours)s.", hours="; ".join(_weekly(params.weekly)))


def _weekly(windows: tuple[Window, ...]) -> list[str]:
    """Monday–Friday 07:00–22:00; days in a row with the same hours are told together."""
    by_day = {
        day: [[f"{each.opens:%H:%M}", closing_text(each)] for each in sorted(windows) if each.weekday == day]
        for day in range(7)
    }
    names = get_day_names("wide", locale=locale())
    told = []
    for hours, days in groupby(range(7), key=by_day.__getitem__):
        listed = list(days)
        if not hours:
            continue
        span = names[listed[0]] if len(listed) == 1 else f"{names[listed[0]]}–{names[listed[-1]]}"
        told.append(f"{span} {wording.hours_text(hours, language())}")
    return told


def _closures(params: object) -> str:
    return _("Closed on public holidays.") if isinstance(params, Closures) and params.public_holidays else ""


def _access(params: object, group_names: Mapping[int, str]) -> str:
    if not isinstance(params, Access) or not params.groups:
        return ""
    names = ", ".join(group_names[group] for group in params.groups if group in group_names)
    return _("Only for %(groups)s.", groups=names)


def _notice(params: object) -> str:
    if not isinstance(params, Notice) or not params.hours:
        return ""
    return _("Book at least %(time)s ahead.", time=_length(params.hours * 60))


def _horizon(params: object) -> str:
    if not isinstance(params, Horizon) or params.days is None:
        return ""
    return _("Book at most %(time)s ahead.", time=wording.length(timedelta(days=params.days), language()))


def _deadline(params: object) -> str:
    if not isinstance(params, Deadline) or params.hours is None or params.effect == "none":
        return ""
    time = _length(params.hours * 60)
    if params.effect == "refuse":
        return _("Change or cancel at least %(time)s before the start.", time=time)
    return _("Changed or cancelled later than %(time)s before the start, it is marked as late.", time=time)


def _shortest(params: object) -> str:
    if not isinstance(params, Shortest) or not params.minutes:
        return ""
    return _("At least %(time)s at a time.", time=_length(params.minutes))


def _longest(params: object) -> str:
    if not isinstance(params, Longest) or params.minutes is None:
        return ""
    return _("At most %(time)s at a time.", time=_length(params.minutes))


def _series(setting: Effective) -> str:
    """Only what somebody decided: as the house begins, a year of weeks can be booked anywhere."""
    params = setting.params
    if not isinstance(params, Series) or not setting.parts:
        return ""
    if not params.allowed:
        return _("Not booked in series.")
    if params.most_occurrences is None:
        return ""
    return _("At most %(number)s dates in a series.", number=params.most_occurrences)


def _before(params: object) -> str:
    if not isinstance(params, Buffer) or not params.before_minutes:
        return ""
    return _("%(time)s for set-up is kept free before each booking.", time=_length(params.before_minutes))


def _after(params: object) -> str:
    if not isinstance(params, Buffer) or not params.after_minutes:
        return ""
    return _("%(time)s for tear-down is kept free after each booking.", time=_length(params.after_minutes))


def _staffed(params: object) -> str:
    if not isinstance(params, Buffer) or not params.staffed_turnover:
        return ""
    return _("Staff make it ready, so set-up and tear-down cannot fall in a closure.")


def _companions(params: object, names: Mapping[int, str]) -> str:
    if not isinstance(params, Companions) or not params.needs:
        return ""
    needed = ", ".join(f"{number} × {names[id_]}" if number > 1 else names[id_] for id_, number in params.needs)
    return _("Needs %(resources)s for the whole time, in the same booking.", resources=needed)


def _own_clash(params: object) -> str:
    if not isinstance(params, OwnClash) or params.mode != "refuse":
        return ""
    return _("Not while you have something else booked.")


def _fire_limit(params: object) -> str:
    if not isinstance(params, People) or params.fire_limit is None:
        return ""
    return _("The fire limit is %(number)s people.", number=params.fire_limit)


def _grid(params: object) -> str:
    return _("Booked in steps of %(time)s.", time=_length(params.step_minutes)) if isinstance(params, Grid) else ""


def _length(minutes: int) -> str:
    return wording.length(minutes * MINUTE, language())
