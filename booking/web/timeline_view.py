"""The timeline as its template wants it: hours, columns, and each cell with its words, its link and its place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking import wording
from booking.core.localtime import local_day
from booking.core.timespan import TimeSpan
from booking.http.display import age
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.catalogue import ResourceCard
from booking.services.external_health import Stale
from booking.services.timeline import Day, Row
from booking.web.cell_view import CellView, cell_view, form_address
from booking.web.features import category_name, seats_text

HOUR = timedelta(hours=1)
SLOTS = (15, 10, 5)
Place = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Named:
    """What stands first in a row: a resource, or a day of one; `notes` are words about the day."""

    name: str
    href: str
    about: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row; `group` is a heading shown before it, or empty."""

    resource: Named
    group: str
    cells: list[CellView]


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The whole table."""

    caption: str
    columns: int
    slot_minutes: int
    starts: str
    hours: list[tuple[str, int]]
    now_percent: float | None
    now_label: str
    rows: list[RowView]


def day_view(day: Day, now: datetime, href: Callable[[ResourceCard], str], caption: str) -> TimelineView:
    """A day of many resources. Columns count elapsed time, so that a night of 23 or 25 hours is as long as it is."""
    start, total = day.span.starts_at, day.span.duration
    slot = _slot((edge - start) // timedelta(minutes=1) for edge in _edges(day.rows))
    columns = total // timedelta(minutes=slot)

    def place(instant: datetime) -> int:
        return max(0, min(columns, round((instant - start) / timedelta(minutes=slot))))

    groups = ["", *(category_name(row.card.category_names, row.card.category_slug) for row in day.rows)]
    rows = [
        RowView(
            Named(row.card.name, href(row.card), seats_text(row.card), _notes(row, day, now)),
            groups[n + 1] if groups[n + 1] != groups[n] else "",
            _placed(row, place, columns, day.zone),
        )
        for n, row in enumerate(day.rows)
    ]
    inside = day.span.contains(now)
    return TimelineView(
        caption=caption,
        columns=columns,
        slot_minutes=slot,
        starts=wall_text(start, day.zone),
        hours=_hours(day.span, slot, day.zone),
        now_percent=round(100 * ((now - start) / total), 3) if inside else None,
        now_label=_("Now %(time)s", time=wall_text(now, day.zone)) if inside else "",
        rows=rows,
    )


def week_view(days: Sequence[Day], now: datetime, href: Callable[[date], str], caption: str) -> TimelineView:
    """Several days of one resource, one row a day. Columns follow the clock on the wall, the same for every row."""
    zone = days[0].zone
    today = local_day(now, zone)
    slot = _slot(_wall_minutes(edge, day) for day in days for edge in _edges(day.rows))
    first, last = _hours_of_use(days)
    columns = (last - first) // slot

    def placed(day: Day) -> list[CellView]:
        def place(instant: datetime) -> int:
            return max(0, min(columns, round((_wall_minutes(instant, day) - first) / slot)))

        return _placed(day.rows[0], place, columns, zone)

    rows = [
        RowView(
            Named(_day_name(day.day, today), href(day.day), _day_about(day.day, today), _notes(day.rows[0], day, now)),
            "",
            placed(day),
        )
        for day in days
    ]
    hours = [(f"{minute // 60:02}", 60 // slot) for minute in range(first, last, 60)]
    return TimelineView(caption, columns, slot, f"{first // 60:02}:00", hours, None, "", rows)


def _notes(row: Row, day: Day, now: datetime) -> list[str]:
    """Maintenance that stops nobody: what it is, and when on this day; and calendars that may be out of date."""
    met = [(each.reason, each.span.intersection(day.span)) for each in row.notices]
    told = [
        reason if span is None or span == day.span
        else f"{reason} {wall_text(span.starts_at, day.zone)}–{wording.end_clock(span, language(), day.zone)}"
        for reason, span in met
    ]  # fmt: skip
    return [*told, *(_stale_words(each, now) for each in row.stale)]


def _stale_words(stale: Stale, now: datetime) -> str:
    if stale.read_at is None:
        return _("“%(calendar)s” has not been read yet", calendar=stale.calendar)
    return _("“%(calendar)s” was last read %(age)s ago", calendar=stale.calendar, age=age(now - stale.read_at))


def _placed(row: Row, place: Place, columns: int, zone: ZoneInfo) -> list[CellView]:
    """The cells with their widths; those too short for a column give way."""
    cells, at, form = [], 0, form_address(row.card)
    for n, cell in enumerate(row.cells):
        last = n == len(row.cells) - 1
        end = columns if last else place(cell.span.ends_at)
        if end > at:
            cells.append(cell_view(cell, row.card, zone, end - at, form))
            at = end
    if not cells:
        return []
    if at < columns:
        cells[-1] = cells[-1].wider(columns - at)
    return cells


def _edges(rows: Iterable[Row]) -> Iterable[datetime]:
    return (edge for row in rows for cell in row.cells for edge in (cell.span.starts_at, cell.span.ends_at))


def _slot(minutes: Iterable[int]) -> int:
    """The widest column that every edge fits; odd minutes are rounded to five."""
    all_minutes = set(minutes)
    return next((slot for slot in SLOTS if all(each % slot == 0 for each in all_minutes)), SLOTS[-1])


def _hours(span: TimeSpan, slot: int, zone: ZoneInfo) -> list[tuple[str, int]]:
    count = -(-span.duration // HOUR)
    starts = [span.starts_at + n * HOUR for n in range(count)]
    ends = [*starts[1:], span.ends_at]
    return [
        (f"{start.astimezone(zone):%H}", (end - start) // timedelta(minutes=slot))
        for start, end in zip(starts, ends, strict=True)
    ]


def _wall_minutes(instant: datetime, day: Day) -> int:
    """Minutes after midnight by the clock on the wall; the end of the day is 24:00."""
    if instant >= day.span.ends_at:
        return 24 * 60
    local = instant.astimezone(day.zone)
    return local.hour * 60 + local.minute if local_day(instant, day.zone) == day.day else 0


def _hours_of_use(days: Sequence[Day]) -> tuple[int, int]:
    """Whole hours around everything that is not closed; the working day when all is."""
    used = [(cell.span, day) for day in days for cell in day.rows[0].cells if cell.kind != "closed"]
    if not used:
        return 8 * 60, 16 * 60
    first = min(_wall_minutes(span.starts_at, day) for span, day in used)
    last = max(_wall_minutes(span.ends_at, day) for span, day in used)
    return first // 60 * 60, -(-last // 60) * 60


def _day_name(day: date, today: date) -> str:
    return _("Today") if day == today else wording.short_day(day, language())


def _day_about(day: date, today: date) -> str:
    return wording.short_day(day, language()) if day == today else ""


def wall_text(instant: datetime, zone: ZoneInfo) -> str:
    """10:00 or 10.00."""
    return wording.clock(instant, language(), zone)
