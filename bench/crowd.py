"""Fills the town with bookings, quickly and validly: every row passes the guards, none passes through the service.

What is measured looks the same at every size: the measured day is filled first, then the next six weeks of the site
with 50 rooms, then three months of the whole town, then its past, year after year.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.town import Room, rooms
from booking.models import Booking, BookingItem, Member
from booking.models.ids import new_public_id

AT_ONCE = 20_000
SMALL_SITE = "femti"
HOURS = (6, 7, 11, 12, 13)  # UTC; what is measured books and looks in the others
BUSY_HOURS = (6, 7, 9, 12, 13)  # every third room is taken late in the morning
FEW_DAYS, MANY_DAYS = 30, 60
COLUMNS = {
    "booking": (
        "id", "public_id", "uid", "site_id", "member_id", "booked_by_id", "state", "live", "starts_at", "ends_at",
        "title", "visibility", "version", "sequence", "created_at", "modified_at",
    ),
    "booking_item": (
        "id", "booking_id", "live", "starts_at", "ends_at", "resource_id", "quantity", "busy_from", "busy_to",
        "held_unit_id",
    ),
    "allocation": ("item_id", "unit_id", "resource_id", "live", "busy_from", "busy_to"),
}  # fmt: skip
Slot = tuple[Room, datetime]
Rows = list[tuple[object, ...]]
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class First:
    """The next free ids, and whom the bookings belong to."""

    booking: int
    item: int
    members: Sequence[int]


def crowd(session: Session, monday: date, bookings: int, progress: Progress) -> None:
    """Adds so many bookings, in the order that the module tells of; `progress` is told how many were added."""
    slots = islice(_slots(monday, list(rooms(session))), bookings)
    first = First(_after(session, Booking), _after(session, BookingItem), _members(session))
    stored = _seconds if session.get_bind().dialect.name == "sqlite" else _as_it_is
    done = 0
    while chunk := list(islice(slots, AT_ONCE)):
        for table, rows in _rows(chunk, first, done, stored).items():
            _pour(session, table, rows)
        done += len(chunk)
        progress(len(chunk))
    _count_on(session)


def _slots(monday: date, town: list[Room]) -> Iterator[Slot]:
    """Room and hour, no two alike."""
    small, others = ([room for room in town if (room.site == SMALL_SITE) is wish] for wish in (True, False))
    yield from _of_days([monday], town)
    coming = list(islice(_weekdays(monday, 1), MANY_DAYS))
    yield from _of_days(coming[:FEW_DAYS], small)
    yield from _of_days(coming[:FEW_DAYS], others)
    yield from _of_days(coming[FEW_DAYS:], town)
    yield from _of_days(_weekdays(monday, -1), town)


def _of_days(days: Iterable[date], town: list[Room]) -> Iterator[Slot]:
    for day in days:
        midnight = datetime.combine(day, time(), UTC)
        for room in town:
            for hour in HOURS if room.number % 3 else BUSY_HOURS:
                yield room, midnight + timedelta(hours=hour)


def _weekdays(day: date, step: int) -> Iterator[date]:
    """One after the other, away from a day that is not among them."""
    while True:
        day += timedelta(days=step)
        if day.weekday() < 5:
            yield day


def _after(session: Session, model: type[Booking | BookingItem]) -> int:
    return (session.scalar(select(func.max(model.id))) or 0) + 1


def _members(session: Session) -> Sequence[int]:
    return session.scalars(select(Member.id).where(Member.email.like("bench%")).order_by(Member.id)).all()


def _seconds(instant: datetime) -> object:
    return int(instant.timestamp())


def _as_it_is(instant: datetime) -> object:
    return instant


def _rows(chunk: list[Slot], first: First, done: int, stored: Callable[[datetime], object]) -> dict[str, Rows]:
    """What is written for these slots, by table."""
    rows: dict[str, Rows] = {name: [] for name in COLUMNS}
    for n, (room, begins) in enumerate(chunk, start=done):
        booking_id, item_id, member = first.booking + n, first.item + n, first.members[n % len(first.members)]
        starts, ends = stored(begins), stored(begins + timedelta(hours=1))
        public, made = new_public_id(), stored(begins - timedelta(days=40))
        title, visibility = ("Prosjektmøte", "members") if n % 2 else ("", "organisation")
        rows["booking"].append((
            booking_id, public, f"{public}@bench", room.site_id, member, member, "confirmed", True, starts, ends,
            title, visibility, 1, 0, made, made,
        ))  # fmt: skip
        rows["booking_item"].append(
            (item_id, booking_id, True, starts, ends, room.resource_id, 1, starts, ends, room.unit_id)
        )
        rows["allocation"].append((item_id, room.unit_id, room.resource_id, True, starts, ends))
    return rows


def _pour(session: Session, table: str, rows: Rows) -> None:
    """COPY on PostgreSQL, one prepared statement on SQLite."""
    columns = COLUMNS[table]
    raw: Any = session.connection().connection
    if session.get_bind().dialect.name == "sqlite":
        marks = ", ".join("?" for _ in columns)
        raw.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _count_on(session: Session) -> None:
    """PostgreSQL's counters stand where the rows end; SQLite looks for itself."""
    if session.get_bind().dialect.name == "sqlite":
        return
    for table in ("booking", "booking_item"):
        name = func.pg_get_serial_sequence(table, "id")
        model = Booking if table == "booking" else BookingItem
        session.execute(select(func.setval(name, select(func.max(model.id)).scalar_subquery())))
