"""R20 and R21: how short and how long a booking can be, in time that passes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from booking.core.params import Longest, Shortest
from booking.core.rules.rule import Case, minutes
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding


def long_enough(case: Case, params: Shortest) -> Iterator[Finding]:
    """R20: at least so many minutes."""
    if params.minutes is None:
        return
    asked = minutes(case.span.duration)
    if asked < params.minutes:
        facts = {"least_minutes": params.minutes, "asked_minutes": asked}
        yield case.finding("R20.too_short", facts, field="minutes", extent=params.minutes - asked)


def short_enough(case: Case, params: Longest) -> Iterator[Finding]:
    """R21: at most so many minutes, the member's bookings in a row counted as one."""
    if params.minutes is None:
        return
    alone, others = case.span.duration, case.resource.same_party
    length = in_a_row(case.span, others, timedelta(minutes=params.merge_gap_minutes)).total if others else alone
    total = minutes(length)
    if total > params.minutes:
        facts: dict[str, object] = {"most_minutes": params.minutes, "asked_minutes": minutes(alone)}
        if length > alone:
            facts["total_minutes"] = total
        yield case.finding("R21.too_long", facts, field="minutes", extent=total - params.minutes)


def in_a_row(span: TimeSpan, others: Iterable[TimeSpan], gap: timedelta) -> SpanSet:
    """The span and those others that follow it, or one another, within `gap`; the gaps themselves do not count."""
    row = [span]
    starts_at, ends_at = span.starts_at, span.ends_at
    ordered = sorted(others)
    for other in ordered:
        if starts_at - gap <= other.ends_at and other.starts_at <= ends_at + gap:
            row.append(other)
            ends_at = max(ends_at, other.ends_at)
    for other in sorted(ordered, key=lambda each: each.ends_at, reverse=True):
        if starts_at - gap <= other.ends_at and other.starts_at <= ends_at + gap:
            row.append(other)
            starts_at = min(starts_at, other.starts_at)
    return SpanSet(row)
