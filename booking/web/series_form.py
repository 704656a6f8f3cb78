"""How a booking repeats and what is decided for single dates, as forms say it; it judges nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.core.errors import InvalidInput
from booking.core.recurrence import MOST_DATES, MOST_STEPS, Every, Recurrence
from booking.services.series_wishes import SKIP, STAY, Choice
from booking.web.forms import chosen
from booking.web.reading import read_day, read_number, span_token

NO = "no"
PREFIX = "choice-"
FIELDS = ("repeat", "every", "until", "count", "dates", "skip_holidays")
SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class RepeatForm:
    """Everything as text, so that what was typed comes back."""

    repeat: str = ""
    every: str = ""
    weekdays: tuple[str, ...] = ()
    until: str = ""
    count: str = ""
    dates: str = ""
    skip_holidays: str = ""

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Self:
        """What was sent."""
        return cls(**{name: sent.get(name, "") for name in FIELDS}, weekdays=tuple(sent.getlist("weekdays")))

    @property
    def is_used(self) -> bool:
        """Whether anything was said about repeating."""
        return bool(self.repeat)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields as a later page carries them along."""
        fields = [(name, getattr(self, name)) for name in FIELDS]
        return [pair for pair in fields if pair[1]] + [("weekdays", day) for day in self.weekdays]


@dataclass(frozen=True, slots=True)
class ReadRepeat:
    """The rule that was meant, or by field what could not be read."""

    rule: Recurrence | None
    errors: dict[str, str] = field(default_factory=dict)


def read_repeat(form: RepeatForm) -> ReadRepeat:
    """Errors are codes of refusals, said like all others."""
    try:
        every = Every(form.repeat)
    except ValueError:
        return ReadRepeat(None, {"repeat": "setting.not_a_choice"})
    errors: dict[str, str] = {}
    if every is Every.DATES:
        words = [word for word in SEPARATORS.split(form.dates) if word]
        days = [read_day(word) for word in words]
        if not words or None in days:
            return ReadRepeat(None, {"dates": "series.dates"})
        return _made(every, dates=tuple(day for day in days if day))
    step = read_number(form.every, MOST_STEPS) if form.every.strip() else 1
    if step is None:
        errors["every"] = "series.step"
    until = read_day(form.until) if form.until.strip() else None
    if form.until.strip() and until is None:
        errors["until"] = "series.until"
    count = read_number(form.count, MOST_DATES) if form.count.strip() else None
    if form.count.strip() and count is None:
        errors["count"] = "series.count"
    if errors:
        return ReadRepeat(None, errors)
    weekdays = tuple(int(day) for day in form.weekdays if day in "0123456" and len(day) == 1)
    return _made(every, step=step or 1, until=until, count=count, weekdays=weekdays if every is Every.WEEK else ())


def _made(
    every: Every,
    *,
    step: int = 1,
    until: date | None = None,
    count: int | None = None,
    weekdays: tuple[int, ...] = (),
    dates: tuple[date, ...] = (),
) -> ReadRepeat:
    try:
        return ReadRepeat(Recurrence(every, step, weekdays, None, until, count, dates))
    except InvalidInput as wrong:
        return ReadRepeat(None, {wrong.field: wrong.code})


def read_choices(sent: Mapping[str, str]) -> dict[date, Choice]:
    """What was decided for each date; what cannot be read counts as nothing decided."""
    choices = {}
    for name, value in sent.items():
        day = read_day(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        choice = read_choice(value)
        if day is not None and choice is not None:
            choices[day] = choice
    return choices


def read_choice(value: str) -> Choice | None:
    """One decision; None when nothing is decided. `plan` says that a holiday is wanted all the same."""
    if value in ("skip", "stay", "plan"):
        return {"skip": SKIP, "stay": STAY, "plan": Choice()}[value]
    pressed = chosen(value)
    return Choice(slug=pressed[0], span=pressed[1]) if pressed else None


def choice_value(choice: Choice) -> str:
    """The same as a field carries it."""
    if choice.skip:
        return "skip"
    if choice.stay:
        return "stay"
    return f"{choice.slug}@{span_token(choice.span)}" if choice.span else ""


def read_days(text: str) -> frozenset[date]:
    """Dates in a hidden field, with spaces between."""
    return frozenset(day for word in text.split() if (day := read_day(word)))
