"""Request, what is asked for before anything is judged, with times still as the clock on the wall shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.core import localtime
from booking.core.details import NO_DETAILS, Details
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Weight


@dataclass(frozen=True, slots=True)
class WallSpan:
    """A start and an end by the local clock; a fold of 1 chooses the second time of a doubled hour."""

    starts: datetime
    ends: datetime
    start_fold: int | None = None
    end_fold: int | None = None

    @classmethod
    def of(cls, span: TimeSpan, zone: ZoneInfo) -> WallSpan:
        """The wall times of a span, with the folds that lead back to it."""
        starts, ends = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
        return cls(_naive(starts), _naive(ends), _fold(starts), _fold(ends))

    def resolve(self, zone: ZoneInfo) -> TimeSpan | tuple[Finding, ...]:
        """The span meant, or the R01 findings that say why there is none.

        A doubled hour means the first time, unless only the second lets the end come after the start.
        """
        return _resolved(self, zone)


@lru_cache(maxsize=4096)
def _resolved(wall_span: WallSpan, zone: ZoneInfo) -> TimeSpan | tuple[Finding, ...]:
    """Worked out once, however many ask: whoever judges a date resolves it several times."""
    missing = tuple(
        _missing(which, wall, zone)
        for which, wall in (("starts", wall_span.starts), ("ends", wall_span.ends))
        if localtime.is_missing(wall, zone)
    )
    if missing:
        return missing
    starts_at = localtime.to_utc(wall_span.starts.date(), wall_span.starts.time(), zone, wall_span.start_fold or 0)
    ends_at = localtime.to_utc(wall_span.ends.date(), wall_span.ends.time(), zone, wall_span.end_fold or 0)
    if ends_at <= starts_at and wall_span.end_fold is None and wall_span.ends > wall_span.starts:
        ends_at = localtime.to_utc(wall_span.ends.date(), wall_span.ends.time(), zone, 1)
    if ends_at <= starts_at:
        facts = {"starts_wall": wall_span.starts.isoformat(), "ends_wall": wall_span.ends.isoformat()}
        return (Finding("R01.order", Weight.LOCKED, facts),)
    return TimeSpan(starts_at, ends_at)


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of a request, and how many of its units when it is a pool."""

    resource_id: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class SeriesShape:
    """How large the series is that a request belongs to: how many dates, and days from the first to the last."""

    occurrences: int
    days: int


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what and when; `people` counts everyone, the one who books included."""

    wall: WallSpan
    items: tuple[Item, ...]
    people: int | None = None
    member_id: int | None = None
    organisation_id: int | None = None
    series: SeriesShape | None = None
    details: Details = NO_DETAILS


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, fold=0)


def _fold(moment: datetime) -> int | None:
    zone = moment.tzinfo
    doubled = isinstance(zone, ZoneInfo) and localtime.is_doubled(moment.replace(tzinfo=None), zone)
    return moment.fold if doubled else None


def _missing(which: str, wall: datetime, zone: ZoneInfo) -> Finding:
    try_wall = localtime.clock_forward(wall, zone)
    facts = {
        "which": which,
        "day": wall.date().isoformat(),
        "asked_wall": wall.isoformat(),
        "instead_wall": try_wall.isoformat(),
    }
    return Finding("R01.missing_hour", Weight.LOCKED, facts, way_out={which: try_wall.isoformat()})
