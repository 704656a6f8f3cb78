"""How values set at several levels become the one that counts: nearest wins, strictest wins, or all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from booking.core.fields import Field
from booking.core.params import Params
from booking.core.scope import DEFAULT_SCOPE, Scope, ScopeKind
from booking.core.verdict import Weight, strongest, weakest

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
    """One source of an effective value: the fields set there, where, and for which group."""

    scope: Scope
    params: Mapping[str, object] = field(hash=False)
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
    parts = _parts(rule, settings, groups, at)
    values: dict[str, object] = {}
    where_set: dict[str, Scope] = {}
    for names in _together(rule.params):
        for name, (value, scope) in _MERGED[rule.merge](rule.params.shape(), names, parts).items():
            values[name], where_set[name] = value, scope
    return Effective(rule.params(**values), _weight(rule, parts), where_set, parts)


def _parts(rule: RuleShape, settings: Iterable[Setting], groups: frozenset[int], at: datetime) -> tuple[Part, ...]:
    """What is valid for everyone or for these groups, nearest first; of two values for one place, the newer counts."""
    at_place: dict[tuple[Scope, int | None], Part] = {}
    for setting in sorted(settings, key=_since):
        if setting.rule != rule.code or not setting.valid_at(at):
            continue
        if setting.group_id is not None and setting.group_id not in groups:
            continue
        place = (setting.scope, setting.group_id)
        read = rule.params.read(setting.params)
        older = at_place.get(place, Part(setting.scope, {}, None, setting.group_id))
        values = read if rule.params.whole and read else {**older.params, **read}
        at_place[place] = Part(setting.scope, values, setting.weight or older.weight, setting.group_id)
    return tuple(sorted(at_place.values(), key=lambda part: _NEARNESS[part.scope.kind]))


_NEARNESS = {kind: place for place, kind in enumerate(ScopeKind)}
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def _since(setting: Setting) -> datetime:
    return setting.valid_from or _ALWAYS


def _together(params: type[Params]) -> tuple[tuple[str, ...], ...]:
    names = tuple(params.shape())
    return (names,) if params.whole else tuple((name,) for name in names)


_Merged = dict[str, tuple[object, Scope]]


def _nearest(shape: Mapping[str, Field], names: tuple[str, ...], parts: tuple[Part, ...]) -> _Merged:
    """The nearest value for everyone, loosened by the nearest that each of the member's groups is granted."""
    chosen = _first_per_group(part for part in parts if any(name in part.params for name in names))
    base = chosen.pop(None, Part(DEFAULT_SCOPE, {}))
    merged: _Merged = {}
    for name in names:
        offers = [(part.params.get(name, shape[name].default), part.scope) for part in (base, *chosen.values())]
        value = shape[name].loosest([value for value, _ in offers])
        merged[name] = (value, next((scope for offer, scope in offers if offer == value), offers[-1][1]))
    return merged


def _strictest(shape: Mapping[str, Field], names: tuple[str, ...], parts: tuple[Part, ...]) -> _Merged:
    """The strictest value set at any level; a lower level may only tighten."""
    merged: _Merged = {}
    for name in names:
        offers = [(part.params[name], part.scope) for part in parts if part.params.get(name) is not None]
        value = shape[name].strictest([value for value, _ in offers]) if offers else shape[name].default
        merged[name] = (value, next((scope for offer, scope in offers if offer == value), DEFAULT_SCOPE))
    return merged


def _union(shape: Mapping[str, Field], names: tuple[str, ...], parts: tuple[Part, ...]) -> _Merged:
    """Lists of all levels joined; of single values, the nearest."""
    merged: _Merged = {}
    for name in names:
        offers = [(part.params[name], part.scope) for part in parts if part.params.get(name)]
        value, scope = offers[0] if offers else (shape[name].default, DEFAULT_SCOPE)
        if isinstance(value, tuple):
            value = tuple(sorted({each for offer, _ in offers if isinstance(offer, tuple) for each in offer}))
        merged[name] = (value, scope)
    return merged


_MERGED = {Merge.NEAREST: _nearest, Merge.STRICTEST: _strictest, Merge.UNION: _union}


def _weight(rule: RuleShape, parts: tuple[Part, ...]) -> Weight:
    """Nearest: as set nearest, lightened by grants. Otherwise the strongest set. What is locked stays locked."""
    if rule.weight is Weight.LOCKED:
        return rule.weight
    weights = [(part.group_id, part.weight) for part in parts if part.weight is not None]
    if rule.merge is not Merge.NEAREST:
        return strongest(*(weight for _, weight in weights)) if weights else rule.weight
    nearest = dict(reversed(weights))  # the nearest comes last and stays
    base = nearest.pop(None, rule.weight)
    return weakest(base, *nearest.values())


def _first_per_group(parts: Iterable[Part]) -> dict[int | None, Part]:
    firsts: dict[int | None, Part] = {}
    for part in parts:
        firsts.setdefault(part.group_id, part)
    return firsts
