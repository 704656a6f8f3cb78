"""What has been set at a scope: who, when, and what was different before."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Member, MemberGroup, RuleSetting
from booking.services.rule_settings import Json
from booking.services.scopes import Where


@dataclass(frozen=True, slots=True)
class Version:
    """One line of history: who set what here, from when till when; no params means it was left to be inherited.

    `before` is what it took the place of.
    """

    id: int
    rule: str
    params: Json = field(hash=False)
    weight: str | None
    group: str
    group_id: int | None
    set_at: datetime
    set_by: str
    valid_from: datetime
    valid_to: datetime | None
    before: Json = field(hash=False)
    weight_before: str | None = None

    def counts(self, at: datetime) -> bool:
        """Whether it is what is set here at that instant."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)

    def is_planned(self, at: datetime) -> bool:
        """Whether it is to count later."""
        return at < self.valid_from and (self.valid_to is None or self.valid_from < self.valid_to)


def history(session: Session, where: Where, *, most: int = 50) -> list[Version]:
    """Everything set here, the newest first."""
    kind, id_ = where.key
    rows = session.execute(
        select(RuleSetting, Member.name, MemberGroup.name)
        .outerjoin(Member, Member.id == RuleSetting.set_by_id)
        .outerjoin(MemberGroup, MemberGroup.id == RuleSetting.group_id)
        .where(RuleSetting.scope_kind == kind, RuleSetting.scope_id == id_)
        .order_by(RuleSetting.id)
    ).all()
    found: list[Version] = []
    last: dict[tuple[str, int | None], RuleSetting] = {}
    for row, name, group in rows:
        before = last.get((row.rule, row.group_id))
        found.append(_version(row, name or "", group or "", before))
        last[row.rule, row.group_id] = row
    return found[::-1][:most]


def _version(row: RuleSetting, name: str, group: str, before: RuleSetting | None) -> Version:
    return Version(
        row.id,
        row.rule,
        row.params,
        row.weight,
        group,
        row.group_id,
        row.set_at,
        name,
        row.valid_from,
        row.valid_to,
        before.params if before else {},
        before.weight if before else None,
    )


__all__ = ["Version", "history"]
