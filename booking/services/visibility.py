"""Who may see a booking's name and title: whom it says itself, and no more than its place lets see it (R40)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from booking.core.approval_params import Visibility
from booking.core.rules.approval import SEEN_BY
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import Scope, ScopeKind
from booking.core.settings import Setting, effective
from booking.db import UTCDateTime
from booking.models import RuleSetting
from booking.permissions import BookingSubject, ScopeKey

if TYPE_CHECKING:
    from booking.services.standing import Standing

RULE = RULE_BY_CODE["R40"]
AT = bindparam("at", type_=UTCDateTime)
SET_NOW = (
    select(RuleSetting.scope_kind, RuleSetting.scope_id, RuleSetting.params)
    .where(RuleSetting.rule == RULE.code, RuleSetting.group_id.is_(None), RuleSetting.valid_from <= AT)
    .where(or_(RuleSetting.valid_to.is_(None), RuleSetting.valid_to > AT))
    .order_by(RuleSetting.id)
)
Places = frozenset[ScopeKey]


def caps(
    session: Session, now: datetime, ends: Mapping[int, tuple[datetime, Places]], until: datetime | None = None
) -> dict[int, str]:
    """By booking, from its end and the scopes it lies in, the most that may see it; one query for all of them.

    With `until`, the most that may see it from now to then: what is kept for some days is not told on the last.
    """
    rows = session.execute(SET_NOW, {"at": now}).all()
    known: dict[Places, Visibility] = {}
    for _, places in ends.values():
        if places not in known:
            known[places] = _values(rows, places, now)
    return {id_: _widest(known[places], ends_at, until or now) for id_, (ends_at, places) in ends.items()}


def narrower(asked: str, cap: str) -> str:
    """What counts of what a booking says and what it may."""
    return min(asked, cap, key=SEEN_BY.index)


def may_announce(session: Session, now: datetime, places: Places) -> bool:
    """Whether a booking there may be shown to everybody, members or not."""
    return caps(session, now, {0: (now, places)})[0] == SEEN_BY[-1]


def seen(session: Session, now: datetime, standing: "Standing") -> BookingSubject:
    """The booking as permissions to see it are asked."""
    row, subject = standing.row, standing.subject
    cap = caps(session, now, {row.id: (row.ends_at, subject.scopes)})[row.id]
    return replace(subject, visibility=narrower(subject.visibility, cap))


def _values(rows: Iterable[tuple[str, int, Mapping[str, object]]], places: Places, now: datetime) -> Visibility:
    settings = [
        Setting(RULE.code, params, scope=Scope(ScopeKind(kind), id_))
        for kind, id_, params in rows
        if (kind, id_) in places
    ]
    params = effective(RULE, settings, frozenset(), now).params
    return params if isinstance(params, Visibility) else Visibility()


def _widest(values: Visibility, ends_at: datetime, now: datetime) -> str:
    kept = values.retention_days
    gone = kept is not None and ends_at + timedelta(days=kept) < now
    return SEEN_BY[0] if gone else values.widest
