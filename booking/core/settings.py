"""How values set at several levels become the one that counts: nearest wins, strictest wins, or all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from booking.core.params import Params
from booking.core.scope import DEFAULT_SCOPE, Scope, ScopeKind
from booking.core.verdict import Weight

__all__ = ["Effective", "Merge", "Part", "RuleShape", "Scope", "ScopeKind", "Setting", "effective"]


class Merge(StrEnum):
    NEAREST = "nearest"
    STRICTEST = "strictest"
    UNION = "union"


class RuleShape(Protocol):
    """What merging needs to know of a rule."""

    @property
    def code(self) -> str: ...
    @property
    def params(self) -> type[Params]: ...
    @property
    def merge(self) -> Merge: ...
    @property
    def weight(self) -> Weight: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: some fields of a rule's params set at one scope, for everyone or for one group, from then till then.

    A field left out is inherited; a field that is null says "no limit here".
    """

    rule: str
    params: Mapping[str, object] = field(hash=False)
    weight: Weight | None = None
    scope: Scope = DEFAULT_SCOPE
    group_id: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def valid_at(self, at: datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class Part:
    """One source of an effective value: what was set, where, and for which group."""

    scope: Scope
    params: Params
    weight: Weight | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """The value that counts, its weight, where each field was set, and every source it was made from."""

    params: Params
    weight: Weight
    where_set: Mapping[str, Scope] = field(default_factory=dict, hash=False)
    parts: tuple[Part, ...] = ()

    def scope_of(self, name: str) -> Scope:
        return self.where_set.get(name, DEFAULT_SCOPE)


def effective(rule: RuleShape, settings: Iterable[Setting], groups: frozenset[int], at: datetime) -> Effective:
    """Merge the settings of one resource's chain (those of other rules are passed over) for a member of `groups`."""
    raise NotImplementedError
