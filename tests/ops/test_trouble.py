"""When something goes wrong people get a friendly page in their language with the right status, and it can be found."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from booking import create_app
from booking.core.errors import BookingConflict
from booking.db import db, writing
from tests.support.databases import a_config
from tests.support.raw_sql import raw_database, whole


@pytest.fixture
def app_without_database(tmp_path):
    app = create_app(a_config(f"postgresql://nobody@/nothing?host={tmp_path}"))
    yield app
    with app.app_context():
        db.engine.dispose()


def signed_in(app):
    """A visitor whose cookie says that somebody is signed in, which only the database could confirm."""
    visitor = app.test_client()
    with visitor.session_transaction() as session:
        session["_user_id"] = "token"
    return visitor


@pytest.mark.parametrize("path", ["/", "/login", "/find", "/nowhere", "/feeds/key.ics"])
def test_without_a_database_every_page_says_so_and_when_to_try_again(app_without_database, path):
    answer = signed_in(app_without_database).get(path)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"


def test_a_page_that_needs_no_database_is_shown_without_one(app_without_database):
    assert app_without_database.test_client().get("/login").status_code == 200


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize(("method", "path", "status"), [("get", "/nowhere", 404), ("delete", "/login", 405)])
def test_what_is_not_there_gets_a_whole_page_in_the_readers_language(client, language, method, path, status):
    answer = getattr(client, method)(path, query_string={"lang": language})

    assert answer.status_code == status
    assert f'<html lang="{language}"' in answer.text
    assert "<main" in answer.text


def test_too_much_at_once_is_refused_kindly(client):
    answer = client.post("/login", data={"email": "x" * (3 * 1024 * 1024)})

    assert answer.status_code == 413
    assert "<main" in answer.text


def test_a_bug_is_a_page_too_and_tells_nothing_of_the_inside(sqlite_app, monkeypatch):
    sqlite_app.testing = False
    monkeypatch.setitem(sqlite_app.view_functions, "health.healthz", lambda: 1 / 0)

    answer = signed_in(sqlite_app).get("/healthz")

    assert answer.status_code == 500
    assert "<main" in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_an_overlap_that_only_the_guard_sees_is_told_as_a_conflict(app, database_url):
    with raw_database(database_url) as raw:
        statements = [raw.dated(statement) for statement in whole(2, "10:30", "11:30")]

    with app.app_context(), pytest.raises(BookingConflict):
        write_all(statements)

    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM booking")).scalar() == 1
        db.session.remove()


def test_any_other_broken_promise_is_a_bug(app, database_url):
    with raw_database(database_url):
        pass

    with app.app_context(), pytest.raises(IntegrityError):
        write_all(["UPDATE booking SET state = 'cancelled'"])


def test_many_writers_at_once_wait_for_each_other_and_none_is_turned_away(app, database_url):
    with raw_database(database_url):
        pass
    # SQLite has no FOR UPDATE: its write transactions are alone from their beginning.
    read = "SELECT version FROM booking" + (" FOR UPDATE" if database_url.startswith("postgresql") else "")
    trouble = []

    def write():
        try:
            for _ in range(5):
                with app.app_context(), writing() as session:
                    number = session.execute(text(read))
                    session.execute(text("UPDATE booking SET version = :next"), {"next": number.scalar_one() + 1})
        except Exception as error:
            trouble.append(error)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with app.app_context():
        assert trouble == []
        assert db.session.execute(text("SELECT version FROM booking")).scalar() == 41
        db.session.remove()


def write_all(statements):
    with writing() as session:
        for statement in statements:
            session.execute(text(statement))
