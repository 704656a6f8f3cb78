"""Sets rules at a scope, for everyone or for a group, from now or from a later day.

Rows are append-only. A change ends the rows that counted and adds one; "inherit" adds one that sets nothing, so that
the history says who decided that, and when. What was planned for later stays planned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, Stale
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.rules.rule import Rule
from booking.core.settings import Merge
from booking.core.verdict import Weight
from booking.models import RuleSetting
from booking.permissions import Actor, require
from booking.services.kits import needing_more
from booking.services.rule_settings import Json, RuleView, sheet
from booking.services.rule_sources import SOURCES
from booking.services.saving import Change, saving
from booking.services.scopes import Where

WEIGHTS = (Weight.REFUSES, Weight.NEEDS_APPROVAL, Weight.NOTES)  # what can be set; locked is the catalogue's alone


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scope is to have: values by rule (none meaning "inherit"), what rules weigh, for whom, and from when.

    A rule that `weights` does not name weighs what it did.
    """

    values: Mapping[str, Json] = field(hash=False)
    weights: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    group_id: int | None = None
    valid_from: datetime | None = None


def change_rules(
    session: Session,
    now: datetime,
    actor: Actor,
    where: Where,
    wanted: Mapping[str, Json] | Asked,
    *,
    version: int | None = None,
) -> Change | None:
    """Sets the rules here to these values; None when that changes nothing.

    Raises NotAllowed, InvalidInput (its field is the rule and the name, "R21.minutes"), and Stale when somebody set
    something here since `version`.
    """
    require(actor, "resource.manage", where.place)
    asked = read_asked(session, wanted if isinstance(wanted, Asked) else Asked(wanted))
    with saving(session, now, actor, "rules.changed", where.key, where.resource_ids) as change:
        starts_at = max(now, asked.valid_from or now)
        seen = sheet(session, starts_at, where, asked.group_id)
        if version is not None and version != seen.version:
            raise Stale(version=seen.version)
        for code, params in asked.values.items():
            view = seen.rules[code]
            weight = asked.weights.get(code, view.weight_here) if params or code in asked.weights else None
            if dict(view.here) != params or view.weight_here != weight:
                _replace(session, now, actor, where, asked, view, params, weight)
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


def read_asked(session: Session, asked: Asked) -> Asked:
    """With each value as it is stored. Raises InvalidInput."""
    for code, weight in asked.weights.items():
        allowed = RULE_BY_CODE[code].weight is not Weight.LOCKED and weight in WEIGHTS
        if weight is not None and not allowed:
            raise InvalidInput(f"{code}.weight", "setting.not_a_choice")
    for code in asked.values:
        if asked.group_id is not None and RULE_BY_CODE[code].merge is not Merge.NEAREST:
            raise InvalidInput(f"{code}.group", "rules.not_for_groups")
    values = {code: checked(session, code, params) for code, params in asked.values.items()}
    return Asked(values, asked.weights, asked.group_id, asked.valid_from)


def checked(session: Session, code: str, params: Json) -> dict[str, Any]:
    """The values as they are stored. Raises InvalidInput with the rule and the field's name."""
    rule = RULE_BY_CODE.get(code)
    if rule is None or not rule.settable:
        raise InvalidInput(code, "setting.unknown")
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
    session: Session,
    now: datetime,
    actor: Actor,
    where: Where,
    asked: Asked,
    view: RuleView,
    params: Json,
    weight: str | None,
) -> None:
    """Ends what counts at that instant for the same people and adds the new, until what is planned for later."""
    kind, id_ = where.key
    open_rows = session.scalars(
        select(RuleSetting).where(
            RuleSetting.scope_kind == kind,
            RuleSetting.scope_id == id_,
            RuleSetting.rule == view.rule.code,
            RuleSetting.group_id.is_not_distinct_from(asked.group_id),
            or_(RuleSetting.valid_to.is_(None), RuleSetting.valid_to > now),
        )
    ).all()
    starts_at = max(now, asked.valid_from or now)
    # Another worker's clock may be a moment ahead of ours: what was to count at once counts, whatever our clock says.
    at_once = [row for row in open_rows if row.valid_from <= row.set_at]
    starts_at = max([starts_at, *(row.valid_from for row in at_once)])
    for row in open_rows:
        if row.valid_from <= starts_at:
            row.valid_to = starts_at
    session.add(
        RuleSetting(
            scope_kind=kind,
            scope_id=id_,
            group_id=asked.group_id,
            rule=view.rule.code,
            params=dict(params),
            weight=Weight(weight) if weight else None,
            valid_from=starts_at,
            valid_to=min((row.valid_from for row in open_rows if row.valid_from > starts_at), default=None),
            set_by_id=actor.member_id,
            set_at=max([now, *(row.set_at for row in at_once)]),
        )
    )


__all__ = ["WEIGHTS", "Asked", "change_rules", "checked", "read_asked"]
