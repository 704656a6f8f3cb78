"""Reads rule settings and turns them into the values that count for each resource."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from booking.core.rules.catalogue import RULE_BY_CODE, RULES
from booking.core.scope import Scope, ScopeKind
from booking.core.settings import Effective, Setting, effective
from booking.core.verdict import Weight
from booking.db import UTCDateTime
from booking.models import Building, Category, RuleSetting, Site
from booking.permissions import ScopeKey
from booking.services.catalogue import ResourceCard

NOT_ENDED_ANYWHERE = (
    select(
        RuleSetting.scope_kind, RuleSetting.scope_id, RuleSetting.group_id, RuleSetting.rule, RuleSetting.params,
        RuleSetting.weight, RuleSetting.valid_from, RuleSetting.valid_to, RuleSetting.set_at,
    )
    .where(or_(RuleSetting.valid_to.is_(None), RuleSetting.valid_to > bindparam("at", type_=UTCDateTime)))
    .order_by(RuleSetting.id)
)  # fmt: skip
NOT_ENDED = NOT_ENDED_ANYWHERE.where(
    tuple_(RuleSetting.scope_kind, RuleSetting.scope_id).in_(bindparam("scopes", expanding=True))
)
DEFAULTS = {rule.code: rule.default() for rule in RULES}


def scopes_of(card: ResourceCard) -> dict[ScopeKey, Scope]:
    """The scopes a resource lies in, with names for people."""
    named = {
        "resource": card.name,
        "category": card.category_names.get("nb", card.category_slug),
        "building": card.building_name,
        "site": card.site_name,
    }
    return {(kind, id_): Scope(ScopeKind(kind), id_, named[kind]) for kind, id_ in card.scopes}


def scope_name(session: Session, kind: str, id_: int) -> str:
    """The name of a site, building or category; empty when it does not exist."""
    if kind == "category":
        category = session.get(Category, id_)
        return category.names.get("nb", category.slug) if category else ""
    place = session.get(Site, id_) if kind == "site" else session.get(Building, id_)
    return place.name if place else ""


def rows_at(session: Session, scopes: Iterable[ScopeKey], at: datetime) -> list[Any]:
    """The settings of these scopes that are valid at an instant, oldest first.

    Whoever waited for a lock asks with a clock reading from before the wait. A change that was committed meanwhile
    counts all the same: we look at the later of `at` and when the newest of these settings was made.
    """
    return _valid(session.execute(NOT_ENDED, {"scopes": sorted(set(scopes)), "at": at}).all(), at)


def all_rows_at(session: Session, at: datetime) -> list[Any]:
    """The same for all scopes, when so many resources are asked about that naming them would cost more."""
    return _valid(session.execute(NOT_ENDED_ANYWHERE, {"at": at}).all(), at)


def _valid(kept: Sequence[Any], at: datetime) -> list[Any]:
    at = max([at, *(row.set_at for row in kept)])
    return [row for row in kept if row.valid_from <= at and (row.valid_to is None or row.valid_to > at)]


def settings_of(card: ResourceCard, rows: Iterable[Any]) -> list[Setting]:
    """The settings that reach this resource; its seats count as a setting of R07 at the resource itself."""
    scopes = scopes_of(card)
    found = settings_within(scopes, rows)
    if card.seats is not None:
        found.append(Setting("R07", {"seats": card.seats}, scope=scopes[("resource", card.id)]))
    return found


def settings_within(scopes: Mapping[ScopeKey, Scope], rows: Iterable[Any]) -> list[Setting]:
    """Rows as `rows_at` gives them, which have been found valid, as the core sees them."""
    return [
        Setting(
            rule=row.rule,
            params=row.params,
            weight=Weight(row.weight) if row.weight else None,
            scope=scopes[(row.scope_kind, row.scope_id)],
            group_id=row.group_id,
        )
        for row in rows
        if (row.scope_kind, row.scope_id) in scopes
    ]


def effective_settings(settings: Sequence[Setting], groups: frozenset[int], at: datetime) -> dict[str, Effective]:
    """The value that counts for each rule of the catalogue, by its code."""
    by_rule: dict[str, list[Setting]] = {}
    for setting in settings:
        by_rule.setdefault(setting.rule, []).append(setting)
    return {
        code: effective(RULE_BY_CODE[code], by_rule[code], groups, at) if code in by_rule else default
        for code, default in DEFAULTS.items()
    }
