"""Rule, one entry of the catalogue, and Case, one resource of one request as a rule sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from booking.core.facts import Facts, ResourceFacts
from booking.core.params import Params
from booking.core.request import Item, Request
from booking.core.scope import DEFAULT_SCOPE
from booking.core.settings import Effective, Merge
from booking.core.timespan import TimeSpan
from booking.core.verdict import Extent, Finding, Weight


class Exempt(StrEnum):
    """Who may book past a finding, with a reason: nobody, a manager, a site admin, or a group granted it."""

    NOBODY = "nobody"
    MANAGER = "manager"
    ADMIN = "admin"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its values, how they merge, what it weighs, the test, and who may be exempt.

    `settable` is False for what no level can change; `needs_span` False for a rule that can speak without a time.
    """

    code: str
    key: str
    params: type[Params]
    merge: Merge
    weight: Weight
    test: Callable[[Case, Any], Iterator[Finding]]
    exempt: frozenset[Exempt] = frozenset({Exempt.NOBODY})
    settable: bool = True
    needs_span: bool = True

    def default(self) -> Effective:
        return Effective(self.params(), self.weight)


@dataclass(slots=True)
class Case:
    """One resource of a request; `found_span` is None when the times asked for do not exist.

    It is made so often that it is not frozen, which would make it several times as dear.
    """

    request: Request
    found_span: TimeSpan | None
    resource: ResourceFacts
    item: Item
    facts: Facts
    rule: Rule
    effective: Effective

    @property
    def span(self) -> TimeSpan:
        if self.found_span is None:
            raise LookupError(f"{self.rule.code} asks for a span that could not be found")
        return self.found_span

    @property
    def zone(self) -> ZoneInfo:
        return self.facts.zone

    @property
    def now(self) -> datetime:
        return self.facts.now

    def finding(
        self,
        code: str,
        facts: Mapping[str, object] | None = None,
        *,
        field: str | None = None,
        weight: Weight | None = None,
        way_out: Mapping[str, object] | None = None,
        extent: Extent = 0.0,
        of_member: bool = False,
    ) -> Finding:
        """A finding about this resource, or about the member alone; `field` names the value that was broken."""
        told = {**(facts or {})} if of_member else {"resource": self.resource.name, **(facts or {})}
        return Finding(
            code,
            weight or self.effective.weight,
            told,
            None if of_member else self.resource.id,
            self.effective.scope_of(field) if field else DEFAULT_SCOPE,
            way_out,
            extent,
        )


def instant(at: datetime) -> str:
    """How facts hold an instant."""
    return at.isoformat()


def minutes(length: timedelta) -> float:
    return length / timedelta(minutes=1)
