"""A resource's rules in plain language, each with where it was decided: in short, and as its whole policy."""

from collections.abc import Mapping
from dataclasses import dataclass

from booking import wording
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import Scope
from booking.core.settings import Effective
from booking.core.verdict import Weight
from booking.http.language import language
from booking.http.words import gettext as _
from booking.web.policy import POLICY, Names


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule; `kind` and `origin` tell where it was decided, `scope` exactly."""

    words: str
    kind: str
    origin: str
    code: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Paragraph:
    """All that a rule says of one resource."""

    code: str
    title: str
    lines: list[RuleLine]
    asks: bool = True  # something is decided; otherwise it leaves one free


def rule_lines(settings: Mapping[str, Effective], names: Names) -> list[RuleLine]:
    """Everything that is decided about booking this, most asked-for first; what has no limit says nothing."""
    told = (code for code, policy in POLICY.items() if not policy.quiet or settings[code].parts)
    return [line for code in told for line in _lines(code, settings[code], names)]


def paragraphs(settings: Mapping[str, Effective], names: Names) -> list[Paragraph]:
    """Every rule, also those that leave you free."""
    return [paragraph(code, settings.get(code), names) for code in POLICY]


def paragraph(code: str, found: Effective | None, names: Names) -> Paragraph:
    """One rule; without values of its own, what it says of itself."""
    found = found or RULE_BY_CODE[code].default()
    policy = POLICY[code]
    told = _lines(code, found, names)
    lines = told or [_line(code, str(policy.otherwise), found, next(iter(found.where_set), ""))]
    return Paragraph(code, str(policy.title), lines, asks=bool(told))


def _lines(code: str, found: Effective, names: Names) -> list[RuleLine]:
    return [
        _line(code, _weighed(words, code, found.weight), found, value)
        for words, value in POLICY[code].tell(found, names)
    ]


def _line(code: str, words: str, found: Effective, value: str) -> RuleLine:
    scope = found.scope_of(value)
    return RuleLine(words, scope.kind.value, wording.origin(scope, language()), code, scope)


def _weighed(words: str, code: str, weight: Weight) -> str:
    """With what comes of breaking it, where that is not what one would think."""
    if weight is Weight.NEEDS_APPROVAL and RULE_BY_CODE[code].weight is not Weight.NEEDS_APPROVAL:
        return _("%(rule)s Otherwise it needs approval.", rule=words)
    if weight is Weight.NOTES and RULE_BY_CODE[code].weight is not Weight.NOTES:
        return _("%(rule)s Otherwise you are told, and not refused.", rule=words)
    return words


__all__ = ["Paragraph", "RuleLine", "paragraph", "paragraphs", "rule_lines"]
