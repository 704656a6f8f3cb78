"""When many resources could be booked at all, read in bulk: open, not closed, not too soon, for somebody's groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.core.free_starts import Stretch
from booking.core.opening import SpecialDay, open_spans
from booking.core.params import Buffer, Closures, Hours, Longest, Notice, Overlap, Shortest
from booking.core.settings import Effective
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Weight
from booking.db import UTCDateTime
from booking.models import Closure
from booking.models import SpecialDay as SpecialDayRow
from booking.permissions import ScopeKey
from booking.services import holidays, settings
from booking.services.catalogue import ResourceCard
from booking.services.facts import special_day_of

# Of all scopes: naming those of many resources would cost more than the few rows that are read in vain.
SPECIAL_DAYS = select(
    SpecialDayRow.scope_kind, SpecialDayRow.scope_id, SpecialDayRow.day, SpecialDayRow.windows, SpecialDayRow.name
).where(SpecialDayRow.day.between(bindparam("first"), bindparam("last")))
CLOSURES = select(Closure.scope_kind, Closure.scope_id, Closure.starts_at, Closure.ends_at).where(
    Closure.starts_at < bindparam("window_to", type_=UTCDateTime),
    Closure.ends_at > bindparam("window_from", type_=UTCDateTime),
)
REFUSING = (Weight.LOCKED, Weight.REFUSES)


@dataclass(frozen=True, slots=True)
class BookableHours:
    """What counts for all resources under the same rules: windows, and what stands around each use."""

    windows: tuple[Stretch, ...]
    before: int
    after: int
    pending_blocks: bool


def bookable_hours(
    session: Session,
    now: datetime,
    groups: frozenset[int],
    cards: Sequence[ResourceCard],
    wanted: Sequence[TimeSpan],
    length: timedelta,
) -> dict[int, BookableHours]:
    """By resource; one that cannot be had for this length is left out. All cards share one time zone."""
    within = TimeSpan(wanted[0].starts_at, wanted[-1].ends_at)
    rules = settings.by_scope(settings.all_rows_at(session, now))
    first, last = within.starts_at.date() - timedelta(days=1), within.ends_at.date() + timedelta(days=1)
    specials = _by_scope(session.execute(SPECIAL_DAYS, {"first": first, "last": last}), special_day_of)
    about = {"window_from": within.starts_at, "window_to": within.ends_at}
    closures = _by_scope(session.execute(CLOSURES, about), lambda row: TimeSpan(row.starts_at, row.ends_at))
    known: dict[tuple[ScopeKey, ...], BookableHours | None] = {}
    found = {}
    for card in cards:
        own = tuple(scope for scope in card.scopes if scope in rules or scope in specials or scope in closures)
        if own not in known:
            effective = settings.counting(card, rules, groups)
            days = {day.day: day for scope in reversed(own) for day in specials.get(scope, ())}
            closed = [span for scope in own for span in closures.get(scope, ())]
            known[own] = _hours(card, now, effective, tuple(days.values()), closed, wanted, length)
        hours = known[own]
        if hours is not None:
            found[card.id] = hours
    return found


def _hours(
    card: ResourceCard,
    now: datetime,
    effective: Mapping[str, Effective],
    specials: tuple[SpecialDay, ...],
    closed: list[TimeSpan],
    wanted: Sequence[TimeSpan],
    length: timedelta,
) -> BookableHours | None:
    if _wrong_length(effective, length):
        return None
    windows = SpanSet(wanted)
    within = TimeSpan(wanted[0].starts_at, wanted[-1].ends_at)
    hours, law = effective["R10"].params, effective["R11"].params
    if isinstance(hours, Hours) and effective["R10"].weight in REFUSING:
        windows = windows & open_spans(hours.weekly, specials, within, card.zone)
    if isinstance(law, Closures) and law.public_holidays:
        closed = [*closed, *(each.span for each in holidays.closed_days(law.public_holidays, within, card.zone, None))]
    if effective["R11"].weight in REFUSING:
        windows = windows - SpanSet(closed)
    notice = effective["R17"].params
    if isinstance(notice, Notice) and notice.hours and effective["R17"].weight in REFUSING:
        soonest = min(now + timedelta(hours=notice.hours), within.ends_at - timedelta(seconds=1))
        windows = windows & SpanSet((TimeSpan(soonest, within.ends_at),)) if soonest > within.starts_at else windows
    buffer, overlap = effective["R06"].params, effective["R05"].params
    return BookableHours(
        tuple((_seconds(span.starts_at), _seconds(span.ends_at)) for span in windows),
        buffer.before_minutes * 60 if isinstance(buffer, Buffer) else 0,
        buffer.after_minutes * 60 if isinstance(buffer, Buffer) else 0,
        overlap.pending_blocks if isinstance(overlap, Overlap) else True,
    )


def _wrong_length(effective: Mapping[str, Effective], length: timedelta) -> bool:
    """Whether the length alone is refused at any time."""
    least, most = effective["R20"], effective["R21"]
    minutes = length // timedelta(minutes=1)
    too_short = isinstance(least.params, Shortest) and minutes < (least.params.minutes or 0)
    longest = most.params.minutes if isinstance(most.params, Longest) else None
    too_long = longest is not None and minutes > longest
    return (too_short and least.weight in REFUSING) or (too_long and most.weight in REFUSING)


def _by_scope(rows: Iterable[Any], value: Any) -> dict[ScopeKey, list[Any]]:
    found: dict[ScopeKey, list[Any]] = {}
    for row in rows:
        found.setdefault((row.scope_kind, row.scope_id), []).append(value(row))
    return found


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
