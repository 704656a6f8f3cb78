"""Backups are whole and can be put back, nothing is replaced while it is in use, and a copy keeps every key and UID."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import create_engine, select, text

from booking.db import Base, prepare
from booking.models import Booking, Member
from booking.services import backups
from tests.support import databases, postgres
from tests.support.raw_sql import Raw, raw_database, whole

BOOKINGS = select(Booking.id, Booking.uid, Booking.starts_at).order_by(Booking.id)


@pytest.fixture(autouse=True)
def postgresql_tools(monkeypatch):
    """The tools of the same PostgreSQL as the test's server."""
    monkeypatch.setenv("PATH", f"{postgres.binaries()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def booked_url(database_url):
    """A database with one booking."""
    with raw_database(database_url):
        pass
    return database_url


def test_a_backup_restores_what_was_there_and_takes_away_what_came_after(booked_url, tmp_path, command, read):
    before, file = read(booked_url, BOOKINGS), tmp_path / "backup"

    kept = command(booked_url, "backup", file)
    run(booked_url, *whole(2, "12:00", "13:00"))
    between = read(booked_url, BOOKINGS)
    restored = command(booked_url, "restore", file, "--yes")

    assert kept.exit_code == 0, kept.output
    assert len(between) == 2
    assert restored.output.endswith("All is well.\n"), restored.output
    assert read(booked_url, BOOKINGS) == before
    assert command(booked_url, "check").exit_code == 0


def test_a_backup_without_a_name_gets_a_dated_one_that_only_its_owner_reads(booked_url, tmp_path, command):
    kept = command(booked_url, "backup", backup_dir=str(tmp_path / "backups"))

    (file,) = (tmp_path / "backups").iterdir()
    assert kept.exit_code == 0, kept.output
    assert str(file) in kept.output
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_taken_while_somebody_writes_holds_only_whole_bookings(booked_url, tmp_path, command):
    raw = Raw(engine_of(booked_url))
    with ThreadPoolExecutor(1) as elsewhere:
        with raw.transaction() as connection:
            for statement in whole(2, "12:00", "13:00"):
                connection.exec_driver_sql(raw.dated(statement))
            backing_up = elsewhere.submit(command, booked_url, "backup", tmp_path / "backup")
            while not (tmp_path / "backup").exists() and not backing_up.done():
                pass  # the file takes its name when it is whole; only then is the backup noted, which waits its turn
        kept = backing_up.result()
    raw.engine.dispose()

    assert (kept.exit_code, kept.stderr) == (0, ""), kept.output
    assert command(booked_url, "restore", tmp_path / "backup", "--yes").output.endswith("All is well.\n")


def test_restore_asks_first(booked_url, tmp_path, command, read):
    command(booked_url, "backup", tmp_path / "backup")
    run(booked_url, *whole(2, "12:00", "13:00"))

    asked = command(booked_url, "restore", tmp_path / "backup", said="n\n")

    assert asked.exit_code == 1
    assert len(read(booked_url, BOOKINGS)) == 2


def test_restore_refuses_while_the_database_is_in_use(booked_url, tmp_path, command, read):
    command(booked_url, "backup", tmp_path / "backup")
    run(booked_url, *whole(2, "12:00", "13:00"))
    in_use = engine_of(booked_url)
    with in_use.connect() as connection:
        connection.execute(text("SELECT count(*) FROM booking"))
        refused = command(booked_url, "restore", tmp_path / "backup", "--yes")
    in_use.dispose()

    assert refused.exit_code == 1
    assert refused.output == "Error: The database is in use: stop the service first.\n"
    assert len(read(booked_url, BOOKINGS)) == 2


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0 and then nothing", b"PGDMP and then nothing"])
def test_restore_refuses_what_is_no_backup_and_keeps_the_data(booked_url, tmp_path, command, read, content):
    (tmp_path / "backup").write_bytes(content)

    refused = command(booked_url, "restore", tmp_path / "backup", "--yes")

    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert len(read(booked_url, BOOKINGS)) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith((".arriving", ".sql"))] == []


def test_restore_of_a_damaged_backup_keeps_the_data(sqlite_url, tmp_path, command, read):
    with raw_database(sqlite_url):
        pass
    command(sqlite_url, "backup", tmp_path / "backup")
    content = bytearray((tmp_path / "backup").read_bytes())
    content[4096:40_960] = b"\xff" * (40_960 - 4096)
    (tmp_path / "backup").write_bytes(content)

    refused = command(sqlite_url, "restore", tmp_path / "backup", "--yes")

    assert refused.exit_code == 1
    assert "is not sound" in refused.output
    assert len(read(sqlite_url, BOOKINGS)) == 1


def test_a_backup_never_overwrites_another(booked_url, tmp_path, command):
    (tmp_path / "backup").write_text("precious")

    refused = command(booked_url, "backup", tmp_path / "backup")

    assert refused.exit_code == 1
    assert (tmp_path / "backup").read_text() == "precious"
    assert not (tmp_path / "backup.part").exists()


def test_without_postgresqls_tools_the_sentence_says_what_to_install(postgresql_url, tmp_path, command, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    refused = command(postgresql_url, "backup", tmp_path / "backup")

    assert refused.exit_code == 1
    assert refused.output.startswith("Error: pg_dump is missing: install PostgreSQL’s client programs")
    assert list(tmp_path.glob("backup*")) == []


def test_the_password_of_the_database_is_not_on_the_command_line():
    url = create_engine("postgresql+psycopg://samrom:secret@db.example.invalid/samrom").url

    assert backups._address(url) == "postgresql://samrom@db.example.invalid/samrom"


def test_copy_to_moves_the_whole_demo_with_its_keys_and_uids(tmp_path, command, read):
    target = databases.empty_postgres()
    with databases.fresh("sqlite", tmp_path, name="demo", fill=databases.with_demo, demo=True) as origin:
        copied = command(origin, "copy-to", target)

        assert copied.exit_code == 0, copied.output
        for table in Base.metadata.sorted_tables:
            everything = select(table).order_by(*table.primary_key)
            assert read(target, everything) == read(origin, everything), table.name
        assert command(target, "check").output == "All is well.\n"


def test_after_copy_to_new_rows_are_numbered_on(sqlite_url, command, read):
    target = databases.empty_postgres()
    with raw_database(sqlite_url):
        pass
    command(sqlite_url, "copy-to", target)

    made = command(target, "make-admin", "siri@example.invalid")

    assert made.exit_code == 0, made.output
    assert read(target, select(Member.id).order_by(Member.id)) == [(1,), (2,)]


def test_copy_to_refuses_a_target_that_holds_anything(sqlite_url, postgresql_url, command, read):
    with raw_database(sqlite_url):
        pass
    command(postgresql_url, "make-admin", "siri@example.invalid")

    refused = command(sqlite_url, "copy-to", postgresql_url)

    assert refused.exit_code == 1
    assert refused.output.startswith("Error: The target is not empty")
    assert read(postgresql_url, select(Member.email)) == [("siri@example.invalid",)]


def test_copy_to_leaves_nothing_behind_when_the_data_are_not_well(sqlite_url, postgresql_url, command, read):
    with raw_database(sqlite_url) as raw:
        raw.run("DELETE FROM resource_unit WHERE resource_id = 3 AND unit_id = 2", *whole(2, "12:00", "13:00"))
        raw.run("INSERT INTO resource_unit (resource_id, unit_id) VALUES (1, 2)")  # so that booking 1 holds too little

    refused = command(sqlite_url, "copy-to", postgresql_url)

    assert refused.exit_code == 1
    assert "Live items that hold too few or too many units" in refused.output
    assert read(postgresql_url, select(Member.id)) == []


def test_the_backup_of_sqlite_is_one_file_that_opens_by_itself(sqlite_url, tmp_path, command):
    with raw_database(sqlite_url):
        pass
    command(sqlite_url, "backup", tmp_path / "backup")

    with closing(connect(tmp_path / "backup")) as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert opened.execute("SELECT count(*) FROM booking").fetchone() == (1,)
    assert not list(Path(tmp_path).glob("backup-*"))


def engine_of(url):
    engine = create_engine(url)
    prepare(engine)
    return engine


def run(url, *statements):
    engine = engine_of(url)
    Raw(engine).run(*statements)
    engine.dispose()
