"""The guards that make overlap impossible. Dropped before and made anew after each migration run, on both databases.

PostgreSQL: an exclusion constraint over unit and busy window. SQLite: two AFTER triggers that look at one row, the
last that starts before the new one ends; enough, because the rows of a unit are disjoint.
The chain of keys and checks of migration 0004 ties booking, item and allocation together; its names are here too.
"""

from itertools import pairwise

from sqlalchemy import Connection, inspect, text

CONSTRAINT = "ex_allocation_overlap"
TRIGGERS = {"trg_allocation_overlap_ins": "INSERT", "trg_allocation_overlap_upd": "UPDATE"}

EXCLUDE = f"""ALTER TABLE allocation ADD CONSTRAINT {CONSTRAINT}
    EXCLUDE USING gist (unit_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)"""
AS_SHOWN = "EXCLUDE USING gist (unit_id WITH =, tstzrange(busy_from, busy_to, '[)'::text) WITH &&)"

TRIGGER = """CREATE TRIGGER {name} AFTER {event} ON allocation
WHEN EXISTS (
    SELECT 1 FROM (
        SELECT busy_to FROM allocation
        WHERE unit_id = NEW.unit_id AND busy_from < NEW.busy_to AND rowid <> NEW.rowid
        ORDER BY busy_from DESC LIMIT 1
    ) WHERE busy_to > NEW.busy_from
)
BEGIN SELECT RAISE(ABORT, 'overlap: ex_allocation_overlap'); END"""

CHAIN = {
    "booking": {"ck_booking_state", "ck_booking_live", "ck_booking_span", "ck_booking_minutes", "uq_booking_span"},
    "booking_item": {
        "ck_booking_item_holds",
        "ck_booking_item_busy",
        "ck_booking_item_minutes",
        "uq_booking_item_busy",
        "fk_booking_item_booking",
        "fk_booking_item_held",
    },
    "allocation": {
        "ck_allocation_live",
        "ck_allocation_busy",
        "ck_allocation_minutes",
        "pk_allocation",
        "fk_allocation_resource_unit",
        "fk_allocation_item",
    },
}


def missing_guards(connection: Connection) -> list[str]:
    """The names of the overlap guards that are not there, or not as they should be."""
    if connection.dialect.name == "postgresql":
        shown = connection.execute(
            text(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conname = :name AND conrelid = to_regclass('allocation') AND convalidated"
            ),
            {"name": CONSTRAINT},
        ).scalar()
        return [] if shown == AS_SHOWN else [CONSTRAINT]
    written = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {row.name: row.sql for row in written}
    return [name for name, event in TRIGGERS.items() if found.get(name) != TRIGGER.format(name=name, event=event)]


def missing_links(connection: Connection) -> list[str]:
    """The names of the chain's constraints that are not there."""
    return sorted(name for table, names in CHAIN.items() for name in names - _constraints(connection, table))


def _constraints(connection: Connection, table: str) -> set[str]:
    if connection.dialect.name == "postgresql":
        named = "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:table) AND convalidated"
        return set(connection.execute(text(named), {"table": table}).scalars())
    written = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table}).scalar()
    words = (written or "").split()
    return {name for before, name in pairwise(words) if before == "CONSTRAINT"}


def drop_guards(connection: Connection) -> None:
    """SQLite only: a trigger would stand in the way of rebuilding the table. PostgreSQL keeps its constraint."""
    if connection.dialect.name == "sqlite":
        for name in TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def create_guards(connection: Connection) -> None:
    """Adds what is missing; does nothing while there is no allocation table."""
    if not inspect(connection).has_table("allocation"):
        return
    for name in missing_guards(connection):
        event = TRIGGERS.get(name)
        connection.execute(text(TRIGGER.format(name=name, event=event) if event else EXCLUDE))
