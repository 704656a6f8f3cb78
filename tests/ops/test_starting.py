"""The service refuses to start, or says that it is not ready, when serving would be unsafe; maintenance still works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from booking import create_app
from booking.db import db
from booking.http.starting import REFUSAL
from booking.services.readiness import head
from tests.support import databases, server
from tests.support.raw_sql import raw_database

ROOT = Path(__file__).parents[2]
SECRET = "only-for-tests-" * 3
SERVERS = {
    "granian": ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "wsgi:app"],
    "flask run": ["-m", "flask", "--app", "wsgi", "run", "--port", "{port}"],
}


@pytest.fixture
def demo_account_url(database_url):
    """A database in which one member has a password that everybody knows."""
    with raw_database(database_url) as raw:
        raw.run("UPDATE member SET is_demo = true")
    return database_url


def start(command, **env):
    settings = {"SECRET_KEY": SECRET, "SAMROM_DEMO": "0", **env}
    words = [word.format(port=server.free_port()) for word in command]
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env={**os.environ, **settings}, check=False, capture_output=True, text=True
    )


@pytest.mark.parametrize("name", SERVERS)
def test_no_server_starts_in_earnest_while_demo_accounts_exist(demo_account_url, name):
    refused = start(SERVERS[name], DATABASE_URL=demo_account_url)

    assert refused.returncode != 0
    assert REFUSAL in refused.stderr + refused.stdout


def test_maintenance_works_while_demo_accounts_exist_and_ends_the_trouble(demo_account_url, command, serve):
    flask = ["-m", "flask", "--app", "wsgi"]
    checked = start([*flask, "check"], DATABASE_URL=demo_account_url)
    removed = start([*flask, "remove-demo", "--yes"], DATABASE_URL=demo_account_url)

    assert (checked.returncode, checked.stdout) == (0, "All is well.\n"), checked.stderr
    assert (removed.returncode, removed.stdout) == (0, "Removed 1 demo accounts and 1 bookings.\n"), removed.stderr
    assert serve(demo_account_url, SAMROM_DEMO="0").process.poll() is None


def test_in_demo_mode_demo_accounts_are_what_is_served(demo_account_url, serve):
    assert serve(demo_account_url, SAMROM_DEMO="1").process.poll() is None


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY to a random text of at least 32 characters before starting."),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY to a random text of at least 32 characters before starting."),
        ({"BASE_URL": "booking.example.org"}, "BASE_URL must begin with http:// or https://"),
        ({"DEFAULT_TIMEZONE": "Trondheim"}, "DEFAULT_TIMEZONE is “Trondheim”, which is no IANA time zone"),
        ({"SAMROM_DEMO": "perhaps"}, "SAMROM_DEMO is “perhaps”; use 1 or 0."),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is “one”; use a whole number."),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start_with_one_sentence(sqlite_url, env, sentence):
    refused = start(SERVERS["granian"], **{"DATABASE_URL": sqlite_url, **env})

    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


class TestReadiness:
    def test_a_migrated_database_is_ready(self, app):
        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json) == (200, {"status": "ok"})

    def test_an_older_schema_is_not(self, app, database_url):
        change(database_url, "UPDATE alembic_version SET version_num = '0004'")

        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json) == (503, {"status": f"migrations at 0004, not at {head()}"})

    def test_a_missing_guard_is_not(self, app, database_url):
        is_sqlite = database_url.startswith("sqlite")
        guard = "trg_allocation_overlap_ins" if is_sqlite else "ex_allocation_overlap"
        change(
            database_url, f"DROP TRIGGER {guard}" if is_sqlite else f"ALTER TABLE allocation DROP CONSTRAINT {guard}"
        )

        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json) == (503, {"status": f"guards missing: {guard}"})

    def test_demo_accounts_that_came_later_are_not(self, app, database_url):
        change(database_url, "UPDATE member SET is_demo = true")

        answer = app.test_client().get("/readyz")

        assert (answer.status_code, answer.json) == (503, {"status": "demo accounts outside demo mode"})

    def test_an_empty_database_is_not(self, tmp_path):
        answer = ask(f"sqlite:///{tmp_path}/nothing.db")

        assert (answer.status_code, answer.json) == (503, {"status": "database not initialised"})

    def test_an_unreachable_database_is_not_while_the_process_still_lives(self, tmp_path):
        answer = ask(f"postgresql://nobody@/nothing?host={tmp_path}")
        alive = ask(f"postgresql://nobody@/nothing?host={tmp_path}", "/healthz")

        assert (answer.status_code, answer.json) == (503, {"status": "database unreachable"})
        assert (alive.status_code, alive.json) == (200, {"status": "ok"})


def change(url, statement):
    with raw_database(url) as raw:
        raw.run(statement)


def ask(url, path="/readyz"):

    app = create_app(databases.a_config(url))
    answer = app.test_client().get(path)
    with app.app_context():
        db.engine.dispose()
    return answer
