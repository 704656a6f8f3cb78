"""What admins and managers have set: the values at a scope, each with where it comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.rules.catalogue import RULES
from booking.core.rules.rule import Rule
from booking.core.settings import Effective, Setting, effective
from booking.models import MemberGroup, Resource, RuleSetting
from booking.permissions import ScopeKey
from booking.services.scopes import Where
from booking.services.settings import Stored, rows_at, settings_within

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grant:
    """A value that counts for the members of one group only, and is looser than everyone's."""

    group: str
    scope: ScopeKey
    params: Json = field(hash=False)
    group_id: int


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule at a scope: the value that counts, what would count without the one set here, and that one as JSON."""

    rule: Rule
    effective: Effective
    inherited: Effective
    here: Json = field(hash=False)
    weight_here: str | None = None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rules at a scope, for everyone or for one group; `version` rises with each change made here."""

    rules: Mapping[str, RuleView] = field(hash=False)
    version: int
    group_id: int | None = None


def sheet(session: Session, at: datetime, where: Where, group_id: int | None = None) -> Sheet:
    """The values at a scope for everyone, or for the members of a group, merged along what it lies within."""
    scopes = {level.key: level.scope for level in where.chain}
    rows = rows_at(session, scopes, at)
    counting = [row for row in rows if row.group_id in (None, group_id)]
    settings = settings_within(scopes, counting) + _seats(session, where)
    groups = {row.id: row.name for row in session.execute(select(MemberGroup.id, MemberGroup.name))}
    views = {rule.code: _view(rule, settings, rows, where, groups, group_id, at) for rule in RULES if rule.settable}
    return Sheet(views, version_of(session, where), group_id)


def _seats(session: Session, where: Where) -> list[Setting]:
    if where.level.kind != "resource":
        return []
    seats = session.scalar(select(Resource.seats).where(Resource.id == where.level.id))
    return [Setting("R07", {"seats": seats}, scope=where.level.scope)] if seats is not None else []


def _view(
    rule: Rule,
    settings: list[Setting],
    rows: Sequence[Stored],
    where: Where,
    groups: Mapping[int, str],
    group_id: int | None,
    at: datetime,
) -> RuleView:
    here, of = where.level.scope, frozenset() if group_id is None else frozenset({group_id})
    above = [setting for setting in settings if (setting.scope, setting.group_id) != (here, group_id)]
    own = [row for row in rows if row.rule == rule.code and row.key == where.key and row.group_id == group_id]
    weights = [row.weight for row in own if row.weight]
    return RuleView(
        rule,
        effective(rule, settings, of, at),
        effective(rule, above, of, at),
        _merged(rule, own),
        weights[-1] if weights else None,
        tuple(
            Grant(groups.get(row.group_id, ""), row.key, row.params, row.group_id)
            for row in rows
            if row.rule == rule.code and row.group_id is not None and row.params
        ),
    )


def _merged(rule: Rule, rows: Iterable[Stored]) -> dict[str, Any]:
    """Several rows for one place add up, the newest last, as the core reads them."""
    merged: dict[str, Any] = {}
    for row in rows:
        merged = dict(row.params) if rule.params.whole and row.params else {**merged, **row.params}
    return merged


def version_of(session: Session, where: Where) -> int:
    """The newest row set here."""
    kind, id_ = where.key
    newest = select(func.max(RuleSetting.id)).where(RuleSetting.scope_kind == kind, RuleSetting.scope_id == id_)
    return session.scalar(newest) or 0


__all__ = ["Grant", "RuleView", "Sheet", "sheet"]
