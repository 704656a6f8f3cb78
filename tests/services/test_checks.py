"""`check` finds what is wrong with the stored data, and each guard that has gone."""

import pytest
from sqlalchemy.orm import Session

from booking.services import checks
from migrations.guards import CHAIN, TRIGGERS
from tests.support.raw_sql import DESKS, HALL, OST, allocation, booking, item, raw_database, whole

LINKS = [(table, name) for table, names in CHAIN.items() for name in sorted(names)]
FULL = whole(2, "12:00", "13:00", resource=OST)
NIGHT = "{22:00}"

MISCHIEF = {
    "Items hold a unit that another item holds": whole(2, "10:30", "11:30"),
    "Bookings without any item": [booking(2, "12:00", "13:00")],
    "Items that differ from their booking": [*FULL, f"UPDATE booking SET ends_at = {NIGHT} WHERE id = 2"],
    "Items whose held unit is not allocated": [booking(2, "12:00", "13:00"), item(2, "12:00", "13:00")],
    "Live items that hold too few": whole(2, "12:00", "13:00", resource=HALL, units=(1,)),
    "Live items that hold too few or too many": whole(2, "12:00", "13:00", resource=DESKS, units=(3, 4)),
    "Items that have let go and still hold": [
        *FULL,
        "UPDATE booking SET state = 'cancelled', live = false WHERE id = 2",
        "UPDATE booking_item SET live = false WHERE id = 2",
    ],
    "Allocations that differ from their item": [*FULL, f"UPDATE allocation SET busy_to = {NIGHT} WHERE item_id = 2"],
    "Allocations of a unit that is not the resource's": [
        booking(2, "12:00", "13:00"),
        item(2, "12:00", "13:00", held=2),
        allocation(2, "12:00", "13:00", unit=2),
    ],
    "Bookings of a resource at another site": [
        *FULL,
        (
            "INSERT INTO site (id, public_id, slug, name, area, address, timezone, kind, is_illustrative)"
            " SELECT 2, 't', 't', name, area, address, timezone, kind, is_illustrative FROM site"
        ),
        "UPDATE booking SET site_id = 2 WHERE id = 2",
    ],
}


@pytest.fixture
def raw(database_url):
    with raw_database(database_url) as raw:
        yield raw


@pytest.fixture
def raw_sqlite(sqlite_url):
    with raw_database(sqlite_url) as raw:
        yield raw


@pytest.fixture
def raw_postgresql(postgresql_url):
    with raw_database(postgresql_url) as raw:
        yield raw


def test_all_is_well_with_a_booking_that_was_made_properly(raw):
    raw.run(*FULL)

    assert found(raw) == []


@pytest.mark.parametrize("sentence", MISCHIEF)
def test_what_got_in_around_the_guards_is_found(raw, sentence):
    force(raw, MISCHIEF[sentence])

    assert [line for line in found(raw) if line.startswith(sentence)], found(raw)


def test_a_missing_exclusion_constraint_is_found(raw_postgresql):
    raw_postgresql.run("ALTER TABLE allocation DROP CONSTRAINT ex_allocation_overlap")

    assert found(raw_postgresql) == ["Guard missing or changed: ex_allocation_overlap."]


def test_an_exclusion_constraint_that_excludes_less_is_found(raw_postgresql):
    raw_postgresql.run(
        "ALTER TABLE allocation DROP CONSTRAINT ex_allocation_overlap",
        "ALTER TABLE allocation ADD CONSTRAINT ex_allocation_overlap EXCLUDE USING gist"
        " (item_id WITH =, unit_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)",
    )

    assert found(raw_postgresql) == ["Guard missing or changed: ex_allocation_overlap."]


@pytest.mark.parametrize(("table", "name"), LINKS)
def test_a_missing_link_is_found_on_postgresql(raw_postgresql, table, name):
    raw_postgresql.run(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")

    assert f"Guard missing or changed: {name}." in found(raw_postgresql)


@pytest.mark.parametrize(("table", "name"), LINKS)
def test_a_missing_link_is_found_on_sqlite(raw_sqlite, table, name):
    raw_sqlite.run(
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = replace(sql, 'CONSTRAINT {name} ', 'CONSTRAINT other ')"
        f" WHERE name = '{table}'",
    )

    assert found(raw_sqlite) == [f"Guard missing or changed: {name}."]


@pytest.mark.parametrize("name", TRIGGERS)
def test_a_missing_trigger_is_found(raw_sqlite, name):
    raw_sqlite.run(f"DROP TRIGGER {name}")

    assert found(raw_sqlite) == [f"Guard missing or changed: {name}."]


def test_a_trigger_that_does_nothing_is_found(raw_sqlite):
    raw_sqlite.run(
        "DROP TRIGGER trg_allocation_overlap_ins",
        "CREATE TRIGGER trg_allocation_overlap_ins AFTER INSERT ON allocation BEGIN SELECT 1; END",
    )

    assert found(raw_sqlite) == ["Guard missing or changed: trg_allocation_overlap_ins."]


def test_a_row_that_points_at_nothing_is_found(raw_sqlite):
    force(raw_sqlite, ["UPDATE booking SET member_id = 99 WHERE id = 1"])

    assert found(raw_sqlite) == ["Foreign key: row 1 of booking points at nothing in member."]


def test_a_schema_that_is_behind_is_all_that_is_told(raw):
    raw.run("UPDATE alembic_version SET version_num = '0001'")

    assert [line.split(",")[0] for line in found(raw)] == ["Schema: migrations at 0001"]


def found(raw):
    with Session(raw.engine) as session:
        return checks.check(session)


def force(raw, statements):
    """Runs them with every guard out of the way, and puts the guards that matter for reading back."""
    if raw.is_sqlite:
        with raw.engine.connect() as connection:
            bare = connection.connection.driver_connection
            triggers = [sql for (sql,) in bare.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
            bare.executescript("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
            bare.executescript("".join(f"DROP TRIGGER {name};" for name in TRIGGERS))
            for statement in statements:
                bare.execute(raw.dated(statement))
            for sql in triggers:
                bare.execute(sql)
            bare.executescript("PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = OFF;")
        return
    raw.run(
        "ALTER TABLE allocation DROP CONSTRAINT ex_allocation_overlap, DROP CONSTRAINT ck_allocation_live",
        "SET LOCAL session_replication_role = replica",
        *statements,
    )
