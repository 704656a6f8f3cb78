"""Rows written with plain SQL, past every rule of ours, to see what the database itself refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine

from booking.db import prepare

VEST, OST, HALL, DESKS = 1, 2, 3, 4  # the hall shares the units of its two parts; the desks are a pool
UNITS = {VEST: (1,), OST: (2,), HALL: (1, 2), DESKS: (3, 4)}


@dataclass(frozen=True, slots=True)
class Raw:
    """A database that is spoken to in plain SQL; `{10:30}` in a statement is that time of one day."""

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def run(self, *statements: str) -> None:
        """All in one transaction."""
        with self.transaction() as connection:
            for statement in statements:
                connection.exec_driver_sql(self.dated(statement))

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(self.dated(statement))]

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self.engine.execution_options(writing=True).begin() as connection:
            yield connection

    def dated(self, statement: str) -> str:
        parts = statement.split("{")
        return parts[0] + "".join(
            self.instant(clock) + rest for clock, _, rest in (part.partition("}") for part in parts[1:])
        )

    def instant(self, clock: str) -> str:
        """How this database writes 10:30 or 10:30:15 of the day all rows are about."""
        hours, minutes, *seconds = (int(part) for part in clock.split(":"))
        instant = datetime(2027, 3, 1, hours, minutes, *seconds, tzinfo=UTC)
        return str(int(instant.timestamp())) if self.is_sqlite else f"TIMESTAMPTZ '{instant.isoformat()}'"


def booking(id_: int, start: str, end: str, *, state: str = "confirmed") -> str:
    live = "true" if state in ("requested", "confirmed") else "false"
    return (
        "INSERT INTO booking (id, public_id, uid, site_id, member_id, booked_by_id, state, live, starts_at, ends_at,"
        " title, visibility, version, sequence, created_at, modified_at) VALUES"
        f" ({id_}, 'b{id_}', 'b{id_}@x', 1, 1, 1, '{state}', {live}, {{{start}}}, {{{end}}}, '', 'private', 1, 0,"
        " {08:00}, {08:00})"
    )


def item(
    id_: int, start: str, end: str, *, resource: int = VEST, held: int | str | None = None, live: str = "true"
) -> str:
    held = UNITS[resource][0] if held is None else held
    return (
        "INSERT INTO booking_item (id, booking_id, live, starts_at, ends_at, resource_id, quantity, busy_from, busy_to,"
        f" held_unit_id) VALUES ({id_}, {id_}, {live}, {{{start}}}, {{{end}}}, {resource}, 1, {{{start}}}, {{{end}}},"
        f" {held})"
    )


def allocation(id_: int, start: str, end: str, *, resource: int = VEST, unit: int | None = None) -> str:
    unit = UNITS[resource][0] if unit is None else unit
    return (
        "INSERT INTO allocation (item_id, unit_id, resource_id, live, busy_from, busy_to) VALUES"
        f" ({id_}, {unit}, {resource}, true, {{{start}}}, {{{end}}})"
    )


def whole(id_: int, start: str, end: str, *, resource: int = VEST, units: tuple[int, ...] | None = None) -> list[str]:
    """A booking with its item and all its allocations."""
    units = units or UNITS[resource]
    held = [allocation(id_, start, end, resource=resource, unit=unit) for unit in units]
    return [booking(id_, start, end), item(id_, start, end, resource=resource, held=units[0]), *held]


@contextmanager
def raw_database(url: str, *, filled: bool = True) -> Iterator[Raw]:
    """One site with a hall in two parts, a pool of desks, and booking 1 that holds Vest from 10 to 11."""
    engine = create_engine(url)
    prepare(engine)
    raw = Raw(engine)
    if filled:
        raw.run(*places(), *whole(1, "10:00", "11:00"))
    yield raw
    engine.dispose()


def places() -> list[str]:
    resources = [
        "INSERT INTO resource (id, public_id, slug, site_id, category_id, name, code, kind, state, is_pool, floor,"
        " features, description, wayfinding, contact, is_illustrative, created_at) VALUES"
        f" ({id_}, 'r{id_}', 'r{id_}', 1, 1, 'r{id_}', '', 'space', 'active', {str(id_ == DESKS).lower()}, '', '[]',"
        " '', '', '', false, {08:00})"
        for id_ in UNITS
    ]
    return [
        (
            "INSERT INTO site (id, public_id, slug, name, area, address, timezone, kind, is_illustrative)"
            " VALUES (1, 's', 's', 's', '', '', 'Europe/Oslo', 'local', false)"
        ),
        "INSERT INTO category (id, slug, names) VALUES (1, 'c', '[]')",
        (
            "INSERT INTO member (id, public_id, email, name, site_role, detail_level, is_demo, created_at)"
            " VALUES (1, 'm', 'kari@example.invalid', 'Kari', 'member', 'full', false, {08:00})"
        ),
        *resources,
        *(f"INSERT INTO unit (id, name) VALUES ({unit}, 'u{unit}')" for unit in (1, 2, 3, 4)),
        *(
            f"INSERT INTO resource_unit (resource_id, unit_id) VALUES ({id_}, {unit})"
            for id_, units in UNITS.items()
            for unit in units
        ),
    ]
