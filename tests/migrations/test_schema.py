"""The migrations go up, down and up again on both databases, agree with the models, and leave every guard standing."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from booking import models  # noqa: F401 - so that the metadata knows every table
from booking.db import Base, prepare
from booking.services import migrating, readiness
from migrations.guards import CONSTRAINT, TRIGGERS, missing_guards, missing_links
from tests.support import databases
from tests.support.raw_sql import Raw, places, raw_database, whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request, tmp_path):
    """An engine on a database without any table."""
    url = f"sqlite:///{tmp_path}/bare.db" if request.param == "sqlite" else databases.empty_postgres()
    engine = create_engine(url)
    prepare(engine)
    yield engine
    engine.dispose()


def test_up_down_and_up_again(bare):
    migrating.upgrade(bare)
    first = described(bare)
    migrating.downgrade(bare, "base")
    left = set(inspect(bare).get_table_names()) - {"alembic_version"}
    migrating.upgrade(bare)

    assert left == set()
    assert migrating.version(bare) == readiness.head()
    assert described(bare) == first
    assert {table.name for table in Base.metadata.sorted_tables} <= set(first)


def test_one_step_at_a_time_goes_down_and_up_with_the_guards_standing(bare):
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    revisions = [script.revision for script in scripts.walk_revisions()]
    migrating.upgrade(bare)

    for revision in [*revisions[1:], "base"]:
        migrating.downgrade(bare, revision)
        migrating.upgrade(bare)
        assert guards_missing(bare) == []


def test_models_and_migrations_say_the_same(bare):
    migrating.upgrade(bare)

    with bare.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_a_model_is_in_the_database(bare):
    migrating.upgrade(bare)

    inspector = inspect(bare)
    for table in Base.metadata.sorted_tables:
        wanted = {str(rule.name) for rule in table.constraints if rule.__visit_name__ == "check_constraint"}
        assert wanted <= {found["name"] for found in inspector.get_check_constraints(table.name)}, table.name


def test_the_head_that_the_code_expects_is_the_newest_migration():
    scripts = ScriptDirectory(str(ROOT / "migrations"))

    assert scripts.get_heads() == [readiness.head()]


def test_migrating_twice_does_nothing(bare):
    migrating.upgrade(bare)
    before = described(bare)
    migrating.upgrade(bare)

    assert described(bare) == before


def test_the_guards_are_in_the_catalogue(bare):
    migrating.upgrade(bare)

    if bare.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'allocation'"
        expected = set(TRIGGERS)
    else:
        query = "SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = 'allocation'::regclass"
        expected = {CONSTRAINT}
    with bare.connect() as connection:
        assert set(connection.execute(text(query)).scalars()) == expected
    assert guards_missing(bare) == []


def test_rebuilding_the_table_of_allocations_keeps_the_guards_and_the_rows(bare):
    migrating.upgrade(bare)
    raw = Raw(bare)
    raw.run(*places(), *whole(1, "10:00", "11:00"))
    if bare.dialect.name == "sqlite":
        raw.run(*(f"DROP TRIGGER {name}" for name in TRIGGERS))  # what a rebuild does to them, without a word

    migrating.downgrade(bare, "0004")
    migrating.upgrade(bare)

    assert guards_missing(bare) == []
    assert raw.rows("SELECT item_id, unit_id FROM allocation") == [(1, 1)]


def test_notices_are_kept_when_they_may_be_about_faults_and_when_they_may_no_longer(bare):
    migrating.upgrade(bare)
    migrating.downgrade(bare, "0011")
    raw = Raw(bare)
    columns = "id, public_id, member_id, booking_id, kind, facts, text, created_at"
    of_booking = f"INSERT INTO notice ({columns}) VALUES (1, 'n1', 1, 1, 'changed', '[]', 'Sorry', {{09:00}})"
    fault = (
        "INSERT INTO fault (id, public_id, resource_id, what, is_dangerous, reported_at, is_safety)"
        " VALUES (1, 'f', 1, 'Smoke', false, {09:00}, false)"
    )
    of_fault = (
        f"INSERT INTO notice ({columns}, fault_id)"
        " VALUES (2, 'n2', 1, NULL, 'fault_reported', '[]', NULL, {09:00}, 1)"
    )
    of_nothing = f"INSERT INTO notice ({columns}) VALUES (3, 'n3', 1, NULL, 'changed', '[]', NULL, {{09:00}})"
    raw.run(*places(), *whole(1, "10:00", "11:00"), fault, of_booking)

    migrating.upgrade(bare)
    raw.run(of_fault)
    with pytest.raises(IntegrityError):
        raw.run(of_nothing)
    after = raw.rows("SELECT id, member_id, booking_id, fault_id, text FROM notice ORDER BY id")
    migrating.downgrade(bare, "0011")

    assert after == [(1, 1, 1, None, "Sorry"), (2, 1, None, 1, None)]
    assert raw.rows("SELECT id, booking_id, text FROM notice") == [(1, 1, "Sorry")]
    assert guards_missing(bare) == []


def test_calendars_elsewhere_come_to_a_database_with_bookings_and_go_with_all_that_they_took(bare):
    migrating.upgrade(bare)
    migrating.downgrade(bare, "0017")
    raw = Raw(bare)
    raw.run(*places(), *whole(1, "10:00", "11:00"))
    calendar = (
        "INSERT INTO external_calendar (id, public_id, resource_id, name, tentative_blocks, failures, skipped,"
        " added_at) VALUES (1, 'c', 1, 'Innocamp', false, 0, '[]', {09:00})"
    )
    busy = (
        "INSERT INTO external_busy (calendar_id, resource_id, uid, recurrence, starts_at, ends_at, is_tentative)"
        " VALUES (1, {resource}, 'u', '', {{10:30}}, {{{ends}}}, false)"
    )

    migrating.upgrade(bare)
    raw.run(calendar, busy.format(resource=1, ends="12:00"))
    for wrong in (busy.format(resource=2, ends="12:00"), busy.format(resource=1, ends="10:00")):
        with pytest.raises(IntegrityError):
            raw.run(wrong)
    raw.run("DELETE FROM external_calendar")
    left = raw.rows("SELECT id FROM external_busy")
    migrating.downgrade(bare, "0017")

    assert left == []
    assert "external_busy" not in inspect(bare).get_table_names()
    assert raw.rows("SELECT item_id, unit_id FROM allocation") == [(1, 1)]
    assert guards_missing(bare) == []


def test_a_series_that_is_there_already_belongs_to_whoever_holds_its_first_date(bare):
    migrating.upgrade(bare)
    migrating.downgrade(bare, "0017")
    raw = Raw(bare)
    ola = (
        "INSERT INTO member (id, public_id, email, name, site_role, detail_level, is_demo, created_at)"
        " VALUES (2, 'm2', 'ola@x', 'Ola', 'none', 'full', false, {08:00})"
    )
    series = (
        "INSERT INTO series (id, public_id, uid, recipe, created_at)"
        " VALUES (1, 's1', 's1@x', '[]', {08:00}), (2, 's2', 's2@x', '[]', {08:00})"
    )
    date = "UPDATE booking SET series_id = 1, series_day = '2027-03-0%s', member_id = %s WHERE id = %s"
    raw.run(*places(), ola, series, *whole(1, "10:00", "11:00"), *whole(2, "12:00", "13:00"))
    raw.run(*(date % each for each in ((8, 1, 1), (1, 2, 2))))

    migrating.upgrade(bare)
    after = raw.rows("SELECT id, member_id, sequence FROM series ORDER BY id")
    migrating.downgrade(bare, "0017")

    assert after == [(1, 2, 0), (2, None, 0)]
    assert raw.rows("SELECT id, uid FROM series ORDER BY id") == [(1, "s1@x"), (2, "s2@x")]
    assert guards_missing(bare) == []


def test_a_migration_that_leaves_a_row_pointing_at_nothing_is_taken_back(sqlite_url):
    with raw_database(sqlite_url) as raw:
        raw.engine.dispose()
        migrating.downgrade(raw.engine, "0004")
        with raw.engine.connect() as connection:
            bare = connection.connection.driver_connection
            bare.executescript("PRAGMA foreign_keys = OFF; UPDATE booking SET member_id = 99;")

        with pytest.raises(RuntimeError, match="Foreign keys are broken"):
            migrating.upgrade(raw.engine)

        assert migrating.version(raw.engine) == "0004"
        assert "journal_entry" not in inspect(raw.engine).get_table_names()


def test_every_connection_to_sqlite_waits_for_the_disk_and_minds_its_keys(sqlite_url):
    engine = create_engine(sqlite_url)
    prepare(engine)

    settings = {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 20_000}
    with engine.connect() as one, engine.connect() as another:
        for connection in (one, another):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings}
            assert found == settings
    engine.dispose()


def described(engine):
    """Every table with its columns, keys, checks and indexes, as the database tells them."""
    inspector = inspect(engine)
    return {
        table: [
            sorted(map(str, tell(table)))
            for tell in (
                inspector.get_columns,
                inspector.get_foreign_keys,
                inspector.get_check_constraints,
                inspector.get_unique_constraints,
                inspector.get_indexes,
            )
        ]
        for table in inspector.get_table_names()
    }


def guards_missing(engine):
    with engine.connect() as connection:
        return missing_guards(connection) + missing_links(connection)
