"""TimeSpan, a half-open stretch of UTC time, and SpanSet, a set of instants made of such stretches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """From `starts_at` up to, but not including, `ends_at`; touching spans do not overlap."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is not UTC:
            object.__setattr__(self, "starts_at", _in_utc(self.starts_at))
        if self.ends_at.tzinfo is not UTC:
            object.__setattr__(self, "ends_at", _in_utc(self.ends_at))
        if self.starts_at >= self.ends_at:
            raise ValueError(f"a span must end after it starts: {self.starts_at} to {self.ends_at}")

    @property
    def duration(self) -> timedelta:
        """Elapsed time, so a night when the clock goes forward is an hour shorter."""
        return self.ends_at - self.starts_at

    def overlaps(self, other: TimeSpan) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at

    def covers(self, other: TimeSpan) -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def padded(self, before: timedelta, after: timedelta) -> TimeSpan:
        return TimeSpan(self.starts_at - before, self.ends_at + after)

    def shifted(self, delta: timedelta) -> TimeSpan:
        return TimeSpan(self.starts_at + delta, self.ends_at + delta)

    def intersection(self, other: TimeSpan) -> TimeSpan | None:
        if not self.overlaps(other):
            return None
        return TimeSpan(max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at))


class SpanSet:
    """Stretches in order, none touching another; two sets of the same instants are equal."""

    __slots__ = ("spans",)

    spans: tuple[TimeSpan, ...]

    def __init__(self, spans: Iterable[TimeSpan] = ()) -> None:
        self.spans = _merged(spans)

    def __iter__(self) -> Iterator[TimeSpan]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SpanSet) and self.spans == other.spans

    def __hash__(self) -> int:
        return hash(self.spans)

    def __repr__(self) -> str:
        return f"SpanSet({list(self.spans)!r})"

    def __or__(self, other: SpanSet) -> SpanSet:
        return SpanSet((*self.spans, *other.spans))

    def __and__(self, other: SpanSet) -> SpanSet:
        return _in_order(_common(self.spans, other.spans))

    def __sub__(self, other: SpanSet) -> SpanSet:
        return _in_order(_left_over(self.spans, other.spans)) if other.spans else self

    def covers(self, span: TimeSpan) -> bool:
        """Whether every instant of `span` is in the set."""
        at = bisect_right(self.spans, span.starts_at, key=attrgetter("starts_at")) - 1
        return at >= 0 and self.spans[at].covers(span)

    def overlaps(self, span: TimeSpan) -> bool:
        at = bisect_right(self.spans, span.starts_at, key=attrgetter("ends_at"))
        return at < len(self.spans) and self.spans[at].overlaps(span)

    def gaps(self, within: TimeSpan) -> SpanSet:
        """What of `within` is not in the set."""
        return SpanSet((within,)) - self

    @property
    def total(self) -> timedelta:
        return sum((span.duration for span in self.spans), timedelta())


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant must know its zone: {instant}")
    return instant.astimezone(UTC)


def _in_order(spans: Iterator[TimeSpan]) -> SpanSet:
    """What is left of ordered, separate stretches is ordered and separate, and need not be merged again."""
    found = SpanSet()
    found.spans = tuple(spans)
    return found


def _merged(spans: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    merged: list[TimeSpan] = []
    for span in sorted(spans, key=attrgetter("starts_at")):
        if merged and span.starts_at <= merged[-1].ends_at:
            if span.ends_at > merged[-1].ends_at:
                merged[-1] = TimeSpan(merged[-1].starts_at, span.ends_at)
        else:
            merged.append(span)
    return tuple(merged)


def _common(ours: tuple[TimeSpan, ...], theirs: tuple[TimeSpan, ...]) -> Iterator[TimeSpan]:
    i = j = 0
    while i < len(ours) and j < len(theirs):
        one, other = ours[i], theirs[j]
        if one.overlaps(other):
            inside = other.starts_at <= one.starts_at and one.ends_at <= other.ends_at
            yield one if inside else TimeSpan(max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at))
        if ours[i].ends_at <= theirs[j].ends_at:
            i += 1
        else:
            j += 1


def _left_over(ours: tuple[TimeSpan, ...], theirs: tuple[TimeSpan, ...]) -> Iterator[TimeSpan]:
    j = 0
    for span in ours:
        starts_at = span.starts_at
        while j < len(theirs) and theirs[j].ends_at <= starts_at:
            j += 1
        at = j
        while at < len(theirs) and theirs[at].starts_at < span.ends_at:
            if starts_at < theirs[at].starts_at:
                yield TimeSpan(starts_at, theirs[at].starts_at)
            starts_at = max(starts_at, theirs[at].ends_at)
            at += 1
        if starts_at < span.ends_at:
            yield span if starts_at == span.starts_at else TimeSpan(starts_at, span.ends_at)
