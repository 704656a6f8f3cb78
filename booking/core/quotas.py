"""Counts what is spent of a quota: bookings or minutes of a subject, over a scope, in each period that is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.facts import Facts
from booking.core.limits import AHEAD, Limit
from booking.core.localtime import local_day
from booking.core.opening import open_spans
from booking.core.periods import Period, periods_touched
from booking.core.request import Request
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.usage import Subject, Usage, Use, Used, minutes_within

FAR = timedelta(days=10 * 366)  # nothing is booked that far ahead


class Measure(StrEnum):
    """What a quota counts."""

    BOOKINGS = "bookings"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Spent:
    """How it stands with one limit in one period; `period` is None for all that lies ahead."""

    limit: Limit
    subject: Subject
    period: Period | None
    used: float
    needed: float = 0.0

    @property
    def key(self) -> str:
        """What tells this line of a quota from any other."""
        return f"{self.subject} {self.limit.about} {self.period}"


def subject_of(limit: Limit, request: Request, facts: Facts) -> Subject:
    """Whose quota it is. Where no organisation is named yet, as on a timeline, the member's only one is meant."""
    if limit.subject == "member":
        return Subject("member", facts.member.id)
    organisation_id = request.organisation_id or _only_organisation(facts)
    if organisation_id is None:
        return Subject("organisation", facts.member.id, is_alone=True)
    return Subject("organisation", organisation_id)


def _only_organisation(facts: Facts) -> int | None:
    today = local_day(facts.now, facts.zone)
    lasting = [each for each in facts.member.memberships if each.ends_on is None or today <= each.ends_on]
    return lasting[0].organisation_id if len(lasting) == 1 else None


def wanted_use(request: Request, span: TimeSpan, facts: Facts) -> Use:
    """The request as it would count if it were booked."""
    usages = ((item, facts.of(item.resource_id).usage) for item in request.items)
    items = tuple(Used(usage.place, item.quantity) for item, usage in usages if usage is not None)
    return Use(0, span, facts.member.id, request.organisation_id, items)


def spending(
    limit: Limit, measure: Measure, usage: Usage, subject: Subject, wanted: Use, now: datetime, zone: ZoneInfo
) -> Iterator[Spent]:
    """Each period in which the wanted booking counts, with what is used already."""
    over = usage.place.ids.get(limit.over)
    if over is None:
        return
    for period in _periods(limit, wanted.span, zone):
        counts = counting(limit, measure, over, period, now, zone)
        needed = counts(wanted)
        if needed:
            yield Spent(limit, subject, period, used(usage, subject, limit, measure, period, now, zone), needed)


def _periods(limit: Limit, span: TimeSpan, zone: ZoneInfo) -> Iterable[Period | None]:
    return (None,) if limit.per == AHEAD else periods_touched(span, limit.per, limit.days, zone)


def used(
    usage: Usage,
    subject: Subject,
    limit: Limit,
    measure: Measure,
    period: Period | None,
    now: datetime,
    zone: ZoneInfo,
) -> float:
    """What the subject has used in the period; the sum over what is booked is remembered."""
    over = usage.place.ids[limit.over]
    counts = counting(limit, measure, over, period, now, zone)
    key = (subject, limit.about, measure, period, over, zone.key)
    if key not in usage.uses.sums:
        booked = usage.uses.all if period is None else usage.uses.touching(period.span(zone))
        usage.uses.sums[key] = sum(counts(use) for use in booked if subject.has(use))
    itself = usage.uses.by_id.get(usage.but) if usage.but else None
    own = counts(itself) if itself and subject.has(itself) else 0.0
    return usage.uses.sums[key] - own + sum(counts(use) for use in usage.series if subject.has(use))


def counting(
    limit: Limit, measure: Measure, over: int, period: Period | None, now: datetime, zone: ZoneInfo
) -> Callable[[Use], float]:
    """How much one booking counts within a period."""
    within = TimeSpan(now, now + FAR) if period is None else period.span(zone)
    prime: SpanSet | None = None
    if limit.windows and period is not None:
        prime = open_spans(limit.windows, (), within, zone)

    def count(use: Use) -> float:
        units = use.units(limit.over, over)
        found = minutes_within(use.span, within, prime) if units else 0.0
        return found * units if measure is Measure.MINUTES else float(found > 0)

    return count
