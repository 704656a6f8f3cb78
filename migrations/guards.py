"""The guards that make overlap impossible. Dropped before and made anew after each migration run, on both databases.

PostgreSQL: an exclusion constraint over unit and busy window. SQLite: two AFTER triggers that look at one row, the
last that starts before the new one ends; enough, because the rows of a unit are disjoint.
"""

from sqlalchemy import Connection, text

CONSTRAINT = "ex_allocation_overlap"
TRIGGERS = {"trg_allocation_overlap_ins": "INSERT", "trg_allocation_overlap_upd": "UPDATE"}

EXCLUDE = f"""ALTER TABLE allocation ADD CONSTRAINT {CONSTRAINT}
    EXCLUDE USING gist (unit_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)"""

TRIGGER = """CREATE TRIGGER {name} AFTER {event} ON allocation
WHEN EXISTS (
    SELECT 1 FROM (
        SELECT busy_to FROM allocation
        WHERE unit_id = NEW.unit_id AND busy_from < NEW.busy_to AND rowid <> NEW.rowid
        ORDER BY busy_from DESC LIMIT 1
    ) WHERE busy_to > NEW.busy_from
)
BEGIN SELECT RAISE(ABORT, 'overlap: ex_allocation_overlap'); END"""


def missing_guards(connection: Connection) -> list[str]:
    """The names of the guards that are not there."""
    if connection.dialect.name == "postgresql":
        found = connection.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'x'")).scalars()
        return [] if CONSTRAINT in set(found) else [CONSTRAINT]
    found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    return sorted(TRIGGERS.keys() - set(found))


def drop_guards(connection: Connection) -> None:
    """SQLite only: a trigger would stand in the way of rebuilding the table. PostgreSQL keeps its constraint."""
    if connection.dialect.name == "sqlite":
        for name in TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def create_guards(connection: Connection) -> None:
    """Adds what is missing; does nothing while there is no allocation table."""
    if not connection.dialect.has_table(connection, "allocation"):
        return
    for name in missing_guards(connection):
        event = TRIGGERS.get(name)
        connection.execute(text(TRIGGER.format(name=name, event=event) if event else EXCLUDE))
