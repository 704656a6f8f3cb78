"""Drafts: rules as somebody would like to have them at one scope or several, kept until they are confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.core.settings import Effective
from booking.permissions import Actor, ScopeKey, require
from booking.services.locks import lock
from booking.services.rule_changes import Asked, change_rules, read_asked
from booking.services.rule_settings import Json, sheet
from booking.services.saving import Change
from booking.services.scopes import District, Where


@dataclass(frozen=True, slots=True)
class Draft:
    """What is asked for at each scope, and the version each had when it was looked at."""

    asked: Mapping[ScopeKey, Asked] = field(hash=False)
    versions: Mapping[ScopeKey, int] = field(hash=False)

    @property
    def group_id(self) -> int | None:
        """The group it is for; None for everyone."""
        return next((each.group_id for each in self.asked.values()), None)

    @property
    def valid_from(self) -> datetime | None:
        """From when; None for at once."""
        return next((each.valid_from for each in self.asked.values()), None)

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes it speaks of."""
        return tuple(sorted({code for each in self.asked.values() for code in each.values}))

    def to_json(self) -> dict[str, Any]:
        """For a form that carries it; `from_json` reads it."""
        scopes = [
            {
                "kind": kind,
                "id": id_,
                "version": self.versions.get((kind, id_), 0),
                "values": {code: dict(params) for code, params in each.values.items()},
                "weights": dict(each.weights),
            }
            for (kind, id_), each in self.asked.items()
        ]
        starts = self.valid_from.isoformat() if self.valid_from else None
        return {"group": self.group_id, "from": starts, "scopes": scopes}

    @classmethod
    def from_json(cls, json: Any) -> "Draft":
        """Raises InvalidInput; the values are checked when it is saved."""
        try:
            starts = datetime.fromisoformat(json["from"]) if json["from"] else None
            asked = {
                (str(each["kind"]), int(each["id"])): Asked(each["values"], each["weights"], json["group"], starts)
                for each in json["scopes"]
            }
            versions = {(str(each["kind"]), int(each["id"])): int(each["version"]) for each in json["scopes"]}
        except (KeyError, TypeError, ValueError):
            raise InvalidInput("draft", "rules.no_draft") from None
        return cls(asked, versions)


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule at one scope that a draft changes; no params means inherited, and what that is stands last."""

    where: Where
    rule: str
    before: Json = field(hash=False)
    after: Json = field(hash=False)
    weight_before: str | None
    weight_after: str | None
    inherited: Effective = field(hash=False)


def read_draft(session: Session, actor: Actor, district: District, draft: Draft) -> Draft:
    """With every value checked. Raises NotFound, NotAllowed and InvalidInput."""
    for kind, id_ in draft.asked:
        require(actor, "resource.manage", district.where(kind, id_).place)
    return Draft({key: read_asked(session, each) for key, each in draft.asked.items()}, draft.versions)


def differences(session: Session, now: datetime, district: District, draft: Draft) -> list[Difference]:
    """What the draft would change, scope by scope."""
    found = []
    for (kind, id_), asked in draft.asked.items():
        where = district.where(kind, id_)
        seen = sheet(session, max(now, asked.valid_from or now), where, asked.group_id)
        for code, params in asked.values.items():
            view = seen.rules[code]
            weight = asked.weights.get(code, view.weight_here)
            if dict(view.here) != dict(params) or weight != view.weight_here:
                found.append(Difference(where, code, view.here, params, view.weight_here, weight, view.inherited))
    return found


def save(session: Session, now: datetime, actor: Actor, district: District, draft: Draft) -> list[Change]:
    """Sets everything the draft asks for, or nothing. Raises NotFound, NotAllowed, InvalidInput and Stale."""
    places = [district.where(kind, id_) for kind, id_ in draft.asked]
    lock(session, resource_ids=sorted({id_ for where in places for id_ in where.resource_ids}))
    changes = [
        change_rules(session, now, actor, where, draft.asked[where.key], version=draft.versions.get(where.key))
        for where in places
    ]
    return [change for change in changes if change is not None]


__all__ = ["Difference", "Draft", "differences", "read_draft", "save"]
