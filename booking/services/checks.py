"""What must be true of the stored data at all times, asked in plain SQL that both databases understand.

The guards make most of it impossible; this finds what got in while a guard was missing, or around it.
"""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from booking.services import readiness
from migrations.guards import missing_guards, missing_links

SHOWN = 10

OVERLAPS = """SELECT item_id FROM (
    SELECT item_id, busy_from, MAX(busy_to) OVER (
        PARTITION BY unit_id ORDER BY busy_from, item_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS taken_until FROM allocation
) AS held WHERE taken_until > busy_from"""

QUESTIONS = {
    "Items hold a unit that another item holds at the same time": OVERLAPS,
    "Bookings without any item": """SELECT b.id FROM booking b
        WHERE NOT EXISTS (SELECT 1 FROM booking_item i WHERE i.booking_id = b.id)""",
    "Bookings whose state and liveness differ": """SELECT id FROM booking
        WHERE live <> (state IN ('requested', 'confirmed'))""",
    "Items that differ from their booking": """SELECT i.id FROM booking_item i
        LEFT JOIN booking b ON b.id = i.booking_id
        WHERE b.id IS NULL OR i.live <> b.live OR i.starts_at <> b.starts_at OR i.ends_at <> b.ends_at""",
    "Items whose busy window does not cover their booking": """SELECT id FROM booking_item
        WHERE busy_from > starts_at OR busy_to < ends_at""",
    "Live items that hold too few or too many units": """SELECT i.id FROM booking_item i
        JOIN resource r ON r.id = i.resource_id
        WHERE i.live AND (SELECT count(*) FROM allocation a WHERE a.item_id = i.id) <> CASE WHEN r.is_pool
            THEN i.quantity ELSE (SELECT count(*) FROM resource_unit u WHERE u.resource_id = i.resource_id) END""",
    "Items that have let go and still hold units": """SELECT DISTINCT i.id FROM booking_item i
        JOIN allocation a ON a.item_id = i.id WHERE NOT i.live""",
    "Items whose held unit is not allocated": """SELECT i.id FROM booking_item i
        LEFT JOIN allocation a ON a.item_id = i.id AND a.unit_id = i.held_unit_id
        WHERE a.item_id IS NULL AND (i.live OR i.held_unit_id IS NOT NULL)""",
    "Allocations that differ from their item": """SELECT a.item_id FROM allocation a
        LEFT JOIN booking_item i ON i.id = a.item_id
        WHERE i.id IS NULL OR a.live <> i.live OR a.resource_id <> i.resource_id
           OR a.busy_from <> i.busy_from OR a.busy_to <> i.busy_to""",
    "Allocations of a unit that is not the resource's": """SELECT a.item_id FROM allocation a
        LEFT JOIN resource_unit u ON u.resource_id = a.resource_id AND u.unit_id = a.unit_id
        WHERE u.unit_id IS NULL""",
    "Bookings whose calendar text is of an earlier state": """SELECT b.id FROM booking b
        JOIN booking_fragment f ON f.booking_id = b.id
        WHERE f.modified_at <> b.modified_at OR f.sequence <> b.sequence""",
    "Bookings of a resource at another site": """SELECT DISTINCT b.id FROM booking b
        JOIN booking_item i ON i.booking_id = b.id JOIN resource r ON r.id = i.resource_id
        WHERE r.site_id <> b.site_id""",
}


def check(session: Session) -> list[str]:
    """One line for each thing that is wrong; an empty list when all is well."""
    connection = session.connection()
    problem = readiness.schema_problem(connection)
    if problem:
        return [f"Schema: {problem}."]
    return [*_guards(connection), *_database(connection), *_data(connection)]


def _guards(connection: Connection) -> Iterator[str]:
    for name in missing_guards(connection) + missing_links(connection):
        yield f"Guard missing or changed: {name}."


def _database(connection: Connection) -> Iterator[str]:
    """What the database itself can tell about its files and keys."""
    if connection.dialect.name == "sqlite":
        for line in connection.execute(text("PRAGMA integrity_check")).scalars():
            if line != "ok":
                yield f"Database file: {line}."
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"Foreign key: row {row.rowid} of {row.table} points at nothing in {row.parent}."
    else:
        unproved = "SELECT conname FROM pg_constraint WHERE NOT convalidated"
        for name in connection.execute(text(unproved)).scalars():
            yield f"Constraint not validated: {name}."


def _data(connection: Connection) -> Iterator[str]:
    for sentence, question in QUESTIONS.items():
        ids = list(connection.execute(text(question)).scalars())
        if ids:
            more = " …" if len(ids) > SHOWN else ""
            yield f"{sentence}: {len(ids)} (id {', '.join(str(id_) for id_ in ids[:SHOWN])}{more})."
