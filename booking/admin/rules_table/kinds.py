"""What an entry of the rules page is: a value of a rule with its words; the rest is known from the rule's params."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from booking.core.fields import Field
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.settings import Merge

Words = object  # text that is translated when it is shown

NO_LIMIT = _l("No limit")
NOT_SET = _l("Not set")
UNITS: Mapping[str, Words] = {
    "minutes": _l("minutes"),
    "hours": _l("hours"),
    "days": _l("days"),
    "people": _l("people"),
    "dates": _l("dates"),
    "bookings": _l("bookings"),
    "clock": _l("clock time"),
    "": "",
}


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One value of a rule, as people call it.

    `unit` may be left out when the value's name ends in it (`grace_minutes`). `options` names each choice. `none_words`
    says what setting "no value" is called, and empty means that it cannot be set; left out, what is optional and
    inherited from the nearest level has "No limit". `unset_words` is only shown, where nothing is set.
    """

    rule: str
    name: str
    label: Words
    hint: Words = ""
    unit: str = ""
    options: Mapping[object, Words] = field(default_factory=dict, hash=False)
    none_words: Words | None = None
    unset_words: Words = NOT_SET

    @property
    def id(self) -> str:
        """The id and name of its field."""
        return f"{self.rule}-{self.name}"

    @property
    def stem(self) -> str:
        """What the names of a week's hours begin with."""
        return self.rule if self.name == "windows" else self.id

    @property
    def shape(self) -> Field:
        """How the value is read and written, and what it may be."""
        return RULE_BY_CODE[self.rule].params.shape()[self.name]

    @property
    def kind(self) -> str:
        """Which field it gets: number, clock, flag, choice, windows, ids, several, texts or needs."""
        return self.shape.kind

    @property
    def measure(self) -> str:
        """The unit it is told in."""
        ending = "clock" if self.kind == "clock" else self.name.rpartition("_")[2]
        return self.unit or (ending if ending in UNITS else "")

    @property
    def unit_words(self) -> Words:
        """What stands after its field."""
        return UNITS[self.measure]

    @property
    def no_value(self) -> Words:
        """What setting "no value" is called; empty where that cannot be set."""
        if self.none_words is not None:
            return self.none_words
        has_limit = self.kind == "number" and self.shape.optional and RULE_BY_CODE[self.rule].merge is Merge.NEAREST
        return NO_LIMIT if has_limit else ""


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
