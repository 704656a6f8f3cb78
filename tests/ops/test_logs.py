"""One JSON line for each request, with an id to find it by, and never a password, token or feed key."""

import json
import re

import pytest

from booking import create_app
from booking.db import db
from booking.http.logs import masked
from tests.support.databases import a_config

SECRETS = {
    "a password": "correct-horse-battery",
    "a feed key": "feedkey-Zm9vYmFy",
    "a link": "linktoken-cXV4cXV4",
    "a query": "querysecret-1234",
}


@pytest.fixture
def lines(sqlite_url, capfd):
    """`lines()` are the log lines so far, after a visitor (`lines.visitor`) has done something."""
    app = create_app(a_config(sqlite_url))

    def lines():
        return [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    lines.app, lines.visitor = app, app.test_client()
    yield lines
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_request_is_one_line_with_what_it_takes_to_find_it(lines):
    answer = lines.visitor.get("/healthz?secret=1")

    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": answer.headers["X-Request-ID"],
        "method": "GET",
        "path": "/healthz",
        "status": 200,
    }
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_each_request_has_its_own_id(lines):
    ids = {lines.visitor.get("/healthz").headers["X-Request-ID"] for _ in range(5)}

    assert {line["request_id"] for line in lines()} == ids
    assert len(ids) == 5


def test_no_secret_reaches_the_log_whatever_happens_to_the_request(lines):
    visitor = lines.visitor
    visitor.get(f"/feeds/{SECRETS['a feed key']}.ics")
    visitor.get(f"/Feeds/{SECRETS['a feed key']}.ics")
    visitor.get("/", environ_overrides={"PATH_INFO": f"//feeds/{SECRETS['a feed key']}.ics"})
    visitor.get(f"/feeds/{SECRETS['a feed key']}.ics/more/of/it")
    visitor.post(f"/feeds/{SECRETS['a feed key']}.ics")
    visitor.get(f"/passwords/{SECRETS['a link']}")
    visitor.post(f"/passwords/{SECRETS['a link']}", data={"password": SECRETS["a password"]})
    visitor.get(f"/invitations/{SECRETS['a link']}?x={SECRETS['a query']}")
    visitor.post("/login", data={"email": "kari@example.invalid", "password": SECRETS["a password"]})
    visitor.get(f"/login?next={SECRETS['a query']}", headers={"Referer": f"http://localhost/{SECRETS['a link']}"})
    visitor.get("/healthz", headers={"Cookie": f"session={SECRETS['a link']}", "Host": SECRETS["a query"]})

    written = json.dumps(lines())
    assert written.count('"request"') == 11
    assert [name for name, secret in SECRETS.items() if secret in written] == []


def test_every_address_that_carries_a_secret_is_masked(lines):
    telling = [
        rule.rule
        for rule in lines.app.url_map.iter_rules()
        if {"key", "token"} & rule.arguments and "***" not in masked(rule.rule)
    ]

    assert telling == []
    assert any({"key", "token"} & rule.arguments for rule in lines.app.url_map.iter_rules())


def test_a_line_break_in_an_address_makes_no_line_of_its_own(lines):
    lines.visitor.get("/nowhere%0A%7B%22event%22:%22forged%22%7D")

    (line,) = lines()
    assert line["event"] == "request"
    assert line["path"] == '/nowhere\n{"event":"forged"}'


def test_a_crash_is_told_with_its_trace_and_id_but_not_with_values(lines, monkeypatch):
    def broken(**_):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("SELECT * FROM nowhere WHERE a = ?", (SECRETS["a link"],))

    monkeypatch.setitem(lines.app.view_functions, "health.healthz", broken)
    monkeypatch.setattr("booking.http.errors.OperationalError", KeyError, raising=True)
    lines.app.error_handler_spec[None][None].pop(next(iter(operational(lines.app))))
    lines.app.testing = False

    answer = lines.visitor.get("/healthz")

    crash, request = lines()
    assert answer.status_code == 500
    assert crash["event"] == "crashed"
    assert crash["request_id"] == request["request_id"] == answer.headers["X-Request-ID"]
    assert "no such table: nowhere" in crash["exception"]
    assert SECRETS["a link"] not in json.dumps([crash, request])


def operational(app):
    return [kind for kind in app.error_handler_spec[None][None] if kind.__name__ == "OperationalError"]
