"""How it stands with quotas: what a member or an organisation has used and left, to be seen before it bites."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.limits import AHEAD, Limit
from booking.core.periods import Period, periods_touched
from booking.core.quota_params import Quota
from booking.core.quotas import Measure, used
from booking.core.timespan import TimeSpan
from booking.core.usage import Subject, Usage, Uses
from booking.models import MemberGroupEntry
from booking.services import settings
from booking.services.beneficiaries import member_facts
from booking.services.catalogue import ResourceCard, resources
from booking.services.quota_facts import place_of, reach, uses_within

MEASURES = {"R22": Measure.BOOKINGS, "R23": Measure.MINUTES, "R24": Measure.BOOKINGS, "R25": Measure.MINUTES}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One limit and what is spent of it, in bookings or minutes; `names` are of what it is over, by language."""

    rule: str
    limit: Limit
    names: Mapping[str, str]
    period: Period | None
    used: float
    most: float

    @property
    def is_time(self) -> bool:
        """Whether it is counted in minutes."""
        return MEASURES[self.rule] is Measure.MINUTES

    @property
    def left(self) -> float:
        """What can still be booked; nothing when more is booked than the limit is now."""
        return max(0.0, self.most - self.used)


@dataclass(frozen=True, slots=True)
class _Found:
    """A limit that counts for a resource, and where that lies."""

    rule: str
    limit: Limit
    usage: Usage
    zone: ZoneInfo


def of_member(
    session: Session,
    now: datetime,
    member_id: int,
    organisation_ids: Iterable[int],
    *,
    cards: Iterable[ResourceCard] | None = None,
    at: datetime | None = None,
) -> list[QuotaLine]:
    """The member's own quotas and those of the organisations, of these resources or of all, in the period of `at`."""
    member = member_facts(session, now, member_id)
    ids = sorted(set(organisation_ids))
    return _lines(session, now, cards, member.groups, member_id, ids, at or now)


def of_organisation(session: Session, now: datetime, organisation_id: int) -> list[QuotaLine]:
    """What the members of an organisation share."""
    named = select(MemberGroupEntry.group_id).where(
        MemberGroupEntry.organisation_id == organisation_id, MemberGroupEntry.role.is_(None)
    )
    return _lines(session, now, None, frozenset(session.scalars(named)), 0, [organisation_id], now)


def _lines(
    session: Session,
    now: datetime,
    cards: Iterable[ResourceCard] | None,
    groups: frozenset[int],
    member_id: int,
    organisation_ids: list[int],
    at: datetime,
) -> list[QuotaLine]:
    found = list(_limits(session, now, cards, groups))
    if not found:
        return []
    subjects = [Subject("member", member_id)] if member_id else []
    subjects += [Subject("organisation", id_) for id_ in organisation_ids]
    window = _reach(found, at, now)
    uses = Uses(uses_within(session, [member_id] if member_id else [], organisation_ids, window))
    lines: dict[tuple[object, ...], QuotaLine] = {}
    for each in found:
        for subject in subjects:
            over = each.usage.place.ids.get(each.limit.over)
            key = (each.rule, each.limit, subject, over)
            if subject.kind == each.limit.subject and over is not None and key not in lines:
                lines[key] = _line(each, subject, Usage(each.usage.place, uses), now, at)
    return sorted(lines.values(), key=lambda line: (line.limit.subject, line.names.get("nb", ""), line.rule))


def _limits(
    session: Session, now: datetime, cards: Iterable[ResourceCard] | None, groups: frozenset[int]
) -> Iterator[_Found]:
    """Every limit of every resource; most of them the same for many."""
    chosen = [card for card in resources(session) if card.is_bookable] if cards is None else list(cards)
    if cards is None:
        rows = settings.all_rows_at(session, now)
    else:
        rows = settings.rows_at(session, {scope for card in chosen for scope in card.scopes}, now)
    if not any(row.rule in MEASURES for row in rows):
        return
    by_scope = settings.by_scope(rows)
    for card in chosen:
        counting = settings.counting(card, by_scope, groups)
        usage = Usage(place_of(card))
        for rule in MEASURES:
            params = counting[rule].params
            if isinstance(params, Quota):
                yield from (_Found(rule, limit, usage, card.zone) for limit in params.limits)


def _reach(found: list[_Found], at: datetime, now: datetime) -> TimeSpan:
    return reach([each.limit for each in found], TimeSpan(at, at + MINUTE), now)


def _line(found: _Found, subject: Subject, usage: Usage, now: datetime, at: datetime) -> QuotaLine:
    """Of rolling periods, the fullest that the day lies in."""
    limit, measure = found.limit, MEASURES[found.rule]
    moment = TimeSpan(at, at + MINUTE)
    periods: list[Period | None] = [None]
    if limit.per != AHEAD:
        periods = list(periods_touched(moment, limit.per, limit.days, found.zone))
    spent = [(used(usage, subject, limit, measure, period, now, found.zone), period) for period in periods]
    most, period = max(spent, key=lambda pair: pair[0])
    amount = limit.amount * (60 if measure is Measure.MINUTES else 1)
    return QuotaLine(found.rule, limit, usage.place.names[limit.over], period, most, amount)


__all__ = ["QuotaLine", "of_member", "of_organisation"]
