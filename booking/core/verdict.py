"""Finding, what one rule says about one request, and Verdict, all that the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from booking.core.scope import Scope, ScopeKind
from booking.core.timespan import SpanSet

__all__ = ["Extent", "Finding", "Scope", "ScopeKind", "Verdict", "Weight", "strongest", "weakest"]

# How far, when, or in which respects a request breaks a rule; lets an edit be compared with the booking as it stands.
# A mapping tells how far beyond each of several limits.
Extent = float | SpanSet | frozenset[str] | Mapping[str, float]


class Weight(StrEnum):
    """How much a finding weighs, strongest first."""

    LOCKED = "locked"
    REFUSES = "refuses"
    NEEDS_APPROVAL = "needs_approval"
    NOTES = "notes"


_ORDER = {weight: place for place, weight in enumerate(Weight)}


def strongest(*weights: Weight) -> Weight:
    return min(weights, key=_ORDER.__getitem__)


def weakest(*weights: Weight) -> Weight:
    return max(weights, key=_ORDER.__getitem__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, with which values, and a way out; facts are JSON: instants in ISO UTC, days in ISO."""

    code: str
    weight: Weight
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)
    resource_id: int | None = None
    where_set: Scope | None = None
    way_out: Mapping[str, object] | None = field(default=None, hash=False)
    extent: Extent = field(default=0.0, compare=False, repr=False)

    @property
    def rule(self) -> str:
        return self.code.partition(".")[0]

    @property
    def refuses(self) -> bool:
        return self.weight in (Weight.LOCKED, Weight.REFUSES)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every finding about one request; nothing found means it may stand."""

    findings: tuple[Finding, ...] = ()

    @property
    def weight(self) -> Weight | None:
        return strongest(*(finding.weight for finding in self.findings)) if self.findings else None

    @property
    def refused(self) -> bool:
        return self.weight in (Weight.LOCKED, Weight.REFUSES)

    @property
    def allowed(self) -> bool:
        """Not refused, though it may still need an approval."""
        return not self.refused

    @property
    def needs_approval(self) -> bool:
        return self.weight == Weight.NEEDS_APPROVAL

    @property
    def codes(self) -> tuple[str, ...]:
        """Each code once, in the order of the findings."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.refuses)
