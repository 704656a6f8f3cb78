"""Reads rule settings and turns them into the values that count for each resource."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, bindparam, cast, or_, select, tuple_
from sqlalchemy.orm import Session

from booking.core.rules.catalogue import RULE_BY_CODE, RULES
from booking.core.scope import Scope, ScopeKind
from booking.core.settings import Effective, Setting, effective
from booking.core.verdict import Weight
from booking.db import UTCDateTime
from booking.models import Building, Category, RuleSetting, Site
from booking.permissions import ScopeKey
from booking.services.catalogue import ResourceCard

ROW = RuleSetting.__table__
NOT_ENDED_ANYWHERE = (
    select(
        ROW.c.scope_kind, ROW.c.scope_id, ROW.c.group_id, ROW.c.rule, cast(ROW.c.params, Text), ROW.c.weight,
        ROW.c.valid_from, ROW.c.valid_to, ROW.c.set_at,
    )
    .where(or_(ROW.c.valid_to.is_(None), ROW.c.valid_to > bindparam("at", type_=UTCDateTime)))
    .order_by(ROW.c.id)
)  # fmt: skip
NOT_ENDED = NOT_ENDED_ANYWHERE.where(tuple_(ROW.c.scope_kind, ROW.c.scope_id).in_(bindparam("scopes", expanding=True)))
DEFAULTS = {rule.code: rule.default() for rule in RULES}
VALID = datetime(1970, 1, 1, tzinfo=UTC)  # any instant: only what is valid has been read
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A setting as it is stored, apart from how long it counts. What is stored alike is one and the same object."""

    scope_kind: str
    scope_id: int
    group_id: int | None
    rule: str
    params: Mapping[str, Any]
    weight: str | None

    @property
    def key(self) -> ScopeKey:
        return self.scope_kind, self.scope_id


@lru_cache(maxsize=16_384)
def _stored(kind: str, id_: int, group_id: int | None, rule: str, params: str, weight: str | None) -> Stored:
    return Stored(kind, id_, group_id, rule, json.loads(params), weight)


def scopes_of(card: ResourceCard) -> Mapping[ScopeKey, Scope]:
    """The scopes a resource lies in, with names for people."""
    return _scopes(card.scopes, _names(card))


def _names(card: ResourceCard) -> Names:
    around = (card.name, card.category_names.get("nb", card.category_slug), card.building_name, card.site_name)
    return around if card.building_id is not None else (*around[:2], card.site_name)


@lru_cache(maxsize=16_384)
def _scopes(keys: tuple[ScopeKey, ...], names: Names) -> Mapping[ScopeKey, Scope]:
    return {(kind, id_): Scope(ScopeKind(kind), id_, name) for (kind, id_), name in zip(keys, names, strict=True)}


def scope_name(session: Session, kind: str, id_: int) -> str:
    """The name of a site, building or category; empty when it does not exist."""
    if kind == "category":
        category = session.get(Category, id_)
        return category.names.get("nb", category.slug) if category else ""
    place = session.get(Site, id_) if kind == "site" else session.get(Building, id_)
    return place.name if place else ""


def rows_at(session: Session, scopes: Iterable[ScopeKey], at: datetime) -> list[Stored]:
    """The settings of these scopes that are valid at an instant, oldest first.

    Whoever waited for a lock asks with a clock reading from before the wait. A change that was committed meanwhile
    counts all the same: we look at the later of `at` and when the newest of these settings was made.
    """
    return _valid(session.execute(NOT_ENDED, {"scopes": sorted(set(scopes)), "at": at}).all(), at)


def all_rows_at(session: Session, at: datetime) -> list[Stored]:
    """The same for all scopes, when so many resources are asked about that naming them would cost more."""
    return _valid(session.execute(NOT_ENDED_ANYWHERE, {"at": at}).all(), at)


def _valid(kept: Sequence[Any], at: datetime) -> list[Stored]:
    at = max([at, *(row[8] for row in kept)])
    return [_stored(*row[:6]) for row in kept if row[6] <= at and (row[7] is None or row[7] > at)]


def by_scope(rows: Iterable[Stored]) -> dict[ScopeKey, tuple[Stored, ...]]:
    """The settings made at each scope, oldest first."""
    found: dict[ScopeKey, tuple[Stored, ...]] = {}
    for row in rows:
        found[row.key] = (*found.get(row.key, ()), row)
    return found


def counting(
    card: ResourceCard, rows: Mapping[ScopeKey, tuple[Stored, ...]], groups: frozenset[int] = frozenset()
) -> Mapping[str, Effective]:
    """The value that counts at this resource for each rule of the catalogue, by its code.

    Its seats count as a setting of R07 at the resource itself. The rows are read each time; what they come to is
    worked out once for each set of equal rows.
    """
    chain = tuple(row for scope in card.scopes for row in rows.get(scope, ()))
    return _counting(chain, card.scopes, _names(card), card.seats, groups)


@lru_cache(maxsize=16_384)
def _counting(
    chain: tuple[Stored, ...], keys: tuple[ScopeKey, ...], names: Names, seats: int | None, groups: frozenset[int]
) -> Mapping[str, Effective]:
    scopes = _scopes(keys, names)
    found = settings_within(scopes, chain)
    if seats is not None:
        found.append(Setting("R07", {"seats": seats}, scope=scopes[keys[0]]))
    return _effective_settings(found, groups)


def settings_within(scopes: Mapping[ScopeKey, Scope], rows: Iterable[Stored]) -> list[Setting]:
    """Rows as `rows_at` gives them, which have been found valid, as the core sees them."""
    return [
        Setting(
            rule=row.rule,
            params=row.params,
            weight=Weight(row.weight) if row.weight else None,
            scope=scopes[row.key],
            group_id=row.group_id,
        )
        for row in rows
        if row.key in scopes
    ]


def _effective_settings(settings: Sequence[Setting], groups: frozenset[int]) -> Mapping[str, Effective]:
    by_rule: dict[str, list[Setting]] = {}
    for setting in settings:
        by_rule.setdefault(setting.rule, []).append(setting)
    return {
        code: effective(RULE_BY_CODE[code], by_rule[code], groups, VALID) if code in by_rule else default
        for code, default in DEFAULTS.items()
    }
