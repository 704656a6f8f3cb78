"""What admins and managers set: reads the values at a scope with where each comes from, and writes new ones.

Rows are append-only. A change ends the rows that counted and adds one; "inherit" adds one that sets nothing, so that
the history says who decided that, and when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, Stale
from booking.core.rules.catalogue import RULE_BY_CODE, RULES
from booking.core.rules.rule import Rule
from booking.core.settings import Effective, Setting, effective
from booking.core.verdict import Weight
from booking.models import Member, MemberGroup, Resource, RuleSetting
from booking.permissions import Actor, ScopeKey, require
from booking.services.kits import needing_more
from booking.services.rule_sources import SOURCES
from booking.services.saving import Change, saving
from booking.services.scopes import Where
from booking.services.settings import Stored, rows_at, settings_within

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grant:
    """A value that counts for the members of one group only, and is looser than everyone's."""

    group: str
    scope: ScopeKey
    params: Json = field(hash=False)


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
    """All rules at a scope; `version` rises with each change made here."""

    rules: Mapping[str, RuleView] = field(hash=False)
    version: int


@dataclass(frozen=True, slots=True)
class Version:
    """One line of history: who set what here, from when till when; no params means it was left to be inherited."""

    rule: str
    params: Json = field(hash=False)
    group: str
    set_at: datetime
    set_by: str
    valid_to: datetime | None


def sheet(session: Session, now: datetime, where: Where) -> Sheet:
    """The values at a scope for everyone, merged along what it lies within."""
    scopes = {level.key: level.scope for level in where.chain}
    rows = rows_at(session, scopes, now)
    common = settings_within(scopes, [row for row in rows if row.group_id is None]) + _seats(session, where)
    groups = {row.id: row.name for row in session.execute(select(MemberGroup.id, MemberGroup.name))}
    views = {rule.code: _view(rule, common, rows, where, groups, now) for rule in RULES if rule.settable}
    return Sheet(views, _version(session, where))


def _seats(session: Session, where: Where) -> list[Setting]:
    if where.level.kind != "resource":
        return []
    seats = session.scalar(select(Resource.seats).where(Resource.id == where.level.id))
    return [Setting("R07", {"seats": seats}, scope=where.level.scope)] if seats is not None else []


def _view(
    rule: Rule,
    common: list[Setting],
    rows: Sequence[Stored],
    where: Where,
    groups: Mapping[int, str],
    now: datetime,
) -> RuleView:
    here = where.level.scope
    above = [setting for setting in common if setting.scope != here]
    own = [row for row in rows if row.rule == rule.code and row.key == where.key]
    weights = [row.weight for row in own if row.group_id is None and row.weight]
    return RuleView(
        rule,
        effective(rule, common, frozenset(), now),
        effective(rule, above, frozenset(), now),
        _merged(rule, [row for row in own if row.group_id is None]),
        weights[-1] if weights else None,
        tuple(
            Grant(groups.get(row.group_id, ""), row.key, row.params)
            for row in rows
            if row.rule == rule.code and row.group_id is not None
        ),
    )


def _merged(rule: Rule, rows: Iterable[Stored]) -> dict[str, Any]:
    """Several rows for one place add up, the newest last, as the core reads them."""
    merged: dict[str, Any] = {}
    for row in rows:
        merged = dict(row.params) if rule.params.whole and row.params else {**merged, **row.params}
    return merged


def _version(session: Session, where: Where) -> int:
    kind, id_ = where.key
    newest = select(func.max(RuleSetting.id)).where(RuleSetting.scope_kind == kind, RuleSetting.scope_id == id_)
    return session.scalar(newest) or 0


def change_rules(
    session: Session,
    now: datetime,
    actor: Actor,
    where: Where,
    wanted: Mapping[str, Json],
    *,
    version: int | None = None,
) -> Change | None:
    """Sets the rules here to these values, an empty one meaning "inherit"; None when that changes nothing.

    Raises NotAllowed, InvalidInput (its field is the rule and the name, "R21.minutes"), and Stale when somebody set
    something here since `version`.
    """
    require(actor, "resource.manage", where.place)
    values = {code: checked(session, code, params) for code, params in wanted.items()}
    with saving(session, now, actor, "rules.changed", where.key, where.resource_ids) as change:
        seen = sheet(session, now, where)
        if version is not None and version != seen.version:
            raise Stale(version=seen.version)
        for code, params in values.items():
            view = seen.rules[code]
            if dict(view.here) != params:
                _replace(session, now, actor, where, view, params)
                change.before[code], change.after[code] = dict(view.here), params
        if not change.after:
            return None
        if "R08" in change.after:
            _one_level_of_needs(session, now)
    return change


def _one_level_of_needs(session: Session, now: datetime) -> None:
    """Whoever books one thing is told at once of all that it needs, so what is needed needs nothing more."""
    session.flush()
    for companion, more in needing_more(session, now):
        raise InvalidInput("R08.needs", "setting.needs_more", {"name": companion, "more": more})


def checked(session: Session, code: str, params: Json) -> dict[str, Any]:
    """The values as they are stored. Raises InvalidInput with the rule and the field's name."""
    rule = RULE_BY_CODE[code]
    try:
        read = rule.params.read(params)
        _known(session, rule, read)
    except InvalidInput as wrong:
        raise InvalidInput(f"{code}.{wrong.field}", wrong.code, wrong.facts) from None
    shape = rule.params.shape()
    return {name: shape[name].write(value) for name, value in read.items()}


def _known(session: Session, rule: Rule, read: Json) -> None:
    """Raises InvalidInput when it speaks of a group, a resource or another row that is not there."""
    for name, shape in rule.params.shape().items():
        if shape.source and read.get(name):
            wanted = {each[0] if isinstance(each, tuple) else each for each in read[name]}
            if wanted - set(SOURCES[shape.source](session)):
                shape.read(name, [None])  # raises what it raises for any value that is not one of its own


def _replace(
    session: Session, now: datetime, actor: Actor, where: Where, view: RuleView, params: dict[str, Any]
) -> None:
    """Ends what counted here for everyone and adds the new; what the rule weighs here stays as it was."""
    kind, id_ = where.key
    counting = select(RuleSetting).where(
        RuleSetting.scope_kind == kind,
        RuleSetting.scope_id == id_,
        RuleSetting.rule == view.rule.code,
        RuleSetting.group_id.is_(None),
        RuleSetting.valid_to.is_(None),
    )
    newest = now
    for row in session.scalars(counting):
        newest = max(newest, row.valid_from)  # another worker's clock may be a moment ahead of ours
        row.valid_to = newest
    session.add(
        RuleSetting(
            scope_kind=kind,
            scope_id=id_,
            rule=view.rule.code,
            params=params,
            weight=Weight(view.weight_here) if view.weight_here and params else None,
            valid_from=newest,
            set_by_id=actor.member_id,
            set_at=newest,
        )
    )


def history(session: Session, where: Where, *, most: int = 50) -> list[Version]:
    """Everything set here, the newest first."""
    kind, id_ = where.key
    rows = session.execute(
        select(RuleSetting, Member.name, MemberGroup.name)
        .outerjoin(Member, Member.id == RuleSetting.set_by_id)
        .outerjoin(MemberGroup, MemberGroup.id == RuleSetting.group_id)
        .where(RuleSetting.scope_kind == kind, RuleSetting.scope_id == id_)
        .order_by(RuleSetting.id.desc())
        .limit(most)
    )
    return [
        Version(row.rule, row.params, group or "", row.set_at, name or "", row.valid_to) for row, name, group in rows
    ]


__all__ = ["Grant", "RuleView", "Sheet", "Version", "change_rules", "checked", "history", "sheet"]
