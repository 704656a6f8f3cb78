"""`check` knows how old the youngest backup of the data is, and says so after 26 hours; a demo needs none."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import create_engine, select

from booking.models import JobRun
from tests.support import databases, postgres
from tests.support.raw_sql import raw_database


@pytest.fixture(autouse=True)
def postgresql_tools(monkeypatch):
    """The tools of the same PostgreSQL as the test's server."""
    monkeypatch.setenv("PATH", f"{postgres.binaries()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def lived_in(database_url):
    """A database whose first member came long ago."""
    with raw_database(database_url):
        pass
    return database_url


@pytest.fixture(autouse=True)
def moment():
    """An instant long after the first member came, which the tests may move."""
    with time_machine.travel(datetime(2028, 1, 10, 3, 0, tzinfo=UTC), tick=False) as travelling:
        yield travelling


def test_a_backup_lasts_26_hours_and_the_next_one_makes_all_well(lived_in, tmp_path, command, moment):
    command(lived_in, "backup", tmp_path / "first")
    moment.shift(timedelta(hours=26))
    in_time = command(lived_in, "check")
    moment.shift(timedelta(hours=1))
    late = command(lived_in, "check")
    command(lived_in, "backup", tmp_path / "second")

    assert (in_time.exit_code, in_time.output) == (0, "All is well.\n")
    assert late.exit_code == 1
    assert late.output.startswith("Backup: the last is 27 hours old;")
    assert command(lived_in, "check").exit_code == 0


def test_data_that_were_never_backed_up_are_told_of(lived_in, command):
    never = command(lived_in, "check")

    assert never.exit_code == 1
    assert never.output.startswith("Backup: none was made in ")


def test_a_new_service_has_a_night_before_anything_is_said(database_url, command, moment):
    nobody_yet = command(database_url, "check")
    command(database_url, "make-admin", "nils@example.invalid")
    moment.shift(timedelta(hours=25))
    first_night = command(database_url, "check")
    moment.shift(timedelta(hours=2))

    assert nobody_yet.exit_code == first_night.exit_code == 0
    assert command(database_url, "check").exit_code == 1


def test_a_backup_that_failed_counts_for_nothing(lived_in, tmp_path, command, read):
    (tmp_path / "there").write_text("already")

    failed = command(lived_in, "backup", tmp_path / "there")

    assert failed.exit_code == 1
    assert read(lived_in, select(JobRun.job)) == []
    assert command(lived_in, "check").exit_code == 1


def test_data_that_were_put_back_have_a_night_of_their_own(lived_in, tmp_path, command, moment):
    command(lived_in, "backup", tmp_path / "backup")
    moment.shift(timedelta(days=3))
    command(lived_in, "restore", tmp_path / "backup", "--yes")
    restored = command(lived_in, "check")
    moment.shift(timedelta(hours=27))

    assert restored.exit_code == 0, restored.output
    assert command(lived_in, "check").exit_code == 1


def test_a_copy_in_another_database_knows_when_it_was_last_backed_up(lived_in, tmp_path, command):
    command(lived_in, "backup", tmp_path / "backup")
    with databases.fresh("sqlite", tmp_path, name="empty") as target:
        copied = command(lived_in, "copy-to", target)

        assert copied.exit_code == 0, copied.output
        assert command(target, "check").exit_code == 0


def test_a_database_that_cannot_note_its_backup_is_backed_up_all_the_same(sqlite_url, tmp_path, command):
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE job_run")
    engine.dispose()

    kept = command(sqlite_url, "backup", tmp_path / "backup")

    assert kept.exit_code == 0
    assert (tmp_path / "backup").exists()
    assert "could not be noted" in kept.stderr


def test_a_demo_needs_no_backup(tmp_path, command, moment):
    with databases.fresh("sqlite", tmp_path, name="demo", fill=databases.with_demo, demo=True) as url:
        moment.shift(timedelta(days=400))

        assert "Backup" not in command(url, "check", demo=True).output
