"""Wall-clock time and UTC, the two awkward hours of the year between them, and local days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.core.errors import DomainError
from booking.core.timespan import TimeSpan


class NonexistentTime(DomainError):
    """The clock jumps over this wall time; `alternative` is the same moment on the clock that has gone forward."""

    code = "R01.missing_hour"
    status = 422

    def __init__(self, wanted: datetime, alternative: datetime) -> None:
        self.alternative = alternative
        super().__init__(
            day=wanted.date().isoformat(), asked_wall=wanted.isoformat(), instead_wall=alternative.isoformat()
        )


def to_utc(day: date, wall: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The instant when clocks in `zone` show `wall`; fold 1 means the second time of a doubled hour."""
    naive = datetime.combine(day, wall).replace(tzinfo=None, fold=0)
    if is_missing(naive, zone):
        raise NonexistentTime(naive, clock_forward(naive, zone))
    return naive.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def is_missing(naive: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock jumps over this wall time."""
    return clock_forward(naive, zone) != naive.replace(fold=0)


def is_doubled(naive: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock shows this wall time twice."""
    first, second = (naive.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second and not is_missing(naive, zone)


def clock_forward(naive: datetime, zone: ZoneInfo) -> datetime:
    """The wall time itself, or in a missing hour what the clock shows once it has gone forward (02:30 is 03:30)."""
    there = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return there.astimezone(zone).replace(tzinfo=None, fold=0)


def on_the_clock(naive: datetime, zone: ZoneInfo) -> datetime:
    """The first instant when the clock has come as far as `naive`, which is how wall-clock rules are read.

    Of a doubled time it is the first; when the clock jumps over the time, it is the jump itself.
    """
    there = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return _jump_before(there, zone) if is_missing(naive, zone) else there


def _jump_before(instant: datetime, zone: ZoneInfo) -> datetime:
    """The latest change of the clock at or before an instant that lies at most a day after it."""
    offset = instant.astimezone(zone).utcoffset()
    late, early = instant, instant - timedelta(days=1)
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def last_day(span: TimeSpan, zone: ZoneInfo) -> date:
    """The local day of the last moment in the span; midnight ends the day before."""
    return local_day(span.ends_at - timedelta(microseconds=1), zone)


@lru_cache(maxsize=4096)
def day_span(day: date, zone: ZoneInfo) -> TimeSpan:
    """One local day, which is 23, 24 or 25 hours."""
    tomorrow = day + timedelta(days=1)
    return TimeSpan(
        on_the_clock(datetime.combine(day, time()), zone),
        on_the_clock(datetime.combine(tomorrow, time()), zone),
    )


def iso_week(day: date) -> tuple[int, int]:
    """ISO year and week, so that 1 January may lie in week 53 of the year before."""
    year, week, _ = day.isocalendar()
    return year, week


def clock_text(wall: time) -> str:
    return wall.strftime("%H:%M")
