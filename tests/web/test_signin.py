"""Signing in and out through the form."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from booking import clock
from booking.db import db, writing
from booking.models import LoginSession, LoginThrottle, Member
from tests.support.people import PASSWORD, page_token, post, sign_in, two_organisations


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def token_in(client):
    with client.session_transaction() as session:
        return session.get("_user_id")


def test_a_member_signs_in_and_lands_at_home(client):
    answer = sign_in(client, "Kari")

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200


def test_the_cookie_is_for_the_browser_alone(client):
    cookie = sign_in(client, "Kari").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_address_may_be_written_in_capitals(client):
    assert sign_in(client, "KARI@Example.invalid ").status_code == 303


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client):
    wrong, unknown = sign_in(client, "Kari", "not the password"), sign_in(client, "Nobody")

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.count("do not go together") == unknown.text.count("do not go together") > 0
    assert "kari@example.invalid" in wrong.text
    assert "not the password" not in wrong.text


def test_a_member_without_password_or_out_of_the_house_is_not_let_in(client, sqlite_app):
    with sqlite_app.app_context(), writing() as session:
        session.scalar(select(Member).where(Member.name == "Ola")).password_hash = None
        session.scalar(select(Member).where(Member.name == "Kari")).deactivated_at = clock.now()

    assert sign_in(client, "Ola").status_code == 422
    assert sign_in(client, "Kari").status_code == 422


def test_an_empty_form_says_what_is_missing(client):
    answer = client.post("/login", data={"csrf_token": page_token(client.get("/login"))})

    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'href="#password"' in answer.text


def test_signing_in_renews_the_session(client):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"

    sign_in(client, "Kari")
    first = token_in(client)
    sign_in_again = client.get("/login")

    with client.session_transaction() as session:
        assert "planted" not in session
    assert sign_in_again.location == "/"
    post(client, "/logout")
    sign_in(client, "Kari")
    assert token_in(client) != first


def test_signing_out_ends_the_sign_in_and_not_only_the_cookie(client, sqlite_app):
    sign_in(client, "Kari")
    token = token_in(client)

    post(client, "/logout")

    assert count(sqlite_app, LoginSession) == 0
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/account").location == "/login"


def test_a_deactivated_member_is_out_at_the_next_request(client, sqlite_app):
    sign_in(client, "Kari")
    with sqlite_app.app_context(), writing() as session:
        session.scalar(select(Member).where(Member.name == "Kari")).deactivated_at = clock.now()

    assert client.get("/account").location == "/login"


def test_a_sign_in_ends_by_itself(client, sqlite_app):
    sign_in(client, "Kari")

    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert client.get("/account").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert client.get("/account").location == "/login"


def test_sign_in_without_a_token_is_refused_and_keeps_the_address(client):
    answer = client.post("/login", data={"email": "kari@example.invalid", "password": PASSWORD})

    assert answer.status_code == 400
    assert "kari@example.invalid" in answer.text
    assert PASSWORD not in answer.text
    assert token_in(client) is None


def test_sign_in_sent_by_another_site_is_refused_and_shows_nothing_of_it(client):
    data = {"email": "kari@example.invalid", "password": PASSWORD}
    answer = client.post("/login", data=data, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 400
    assert "kari@example.invalid" not in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "\\\\evil",
        "/\t/evil.example",
        "javascript:alert(1)",
        "x",
    ],
)
def test_only_pages_of_ours_are_gone_to_after_sign_in(client, target):
    client.get("/login", query_string={"next": target})

    assert sign_in(client, "Kari").location == "/"


def test_the_page_that_asked_for_sign_in_is_gone_back_to(client):
    asked = client.get("/account/sign-ins?page=2")

    assert (asked.status_code, asked.location) == (303, "/login")
    assert sign_in(client, "Kari").location == "/account/sign-ins?page=2"


def test_after_five_failures_the_account_waits_and_the_wait_is_told(client):
    for _ in range(5):
        assert sign_in(client, "Kari", "wrong").status_code == 422

    answer = sign_in(client, "Kari")

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert sign_in(client, "Ola").status_code == 303


def test_an_unknown_account_waits_just_the_same(client):
    codes = [sign_in(client, "Nobody", "wrong").status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]


def test_waits_grow_but_are_never_for_good(client):
    now = clock.now()
    waits = []
    for _ in range(12):
        with time_machine.travel(now):
            answer = sign_in(client, "Kari", "wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            now += timedelta(seconds=waits[-1])

    assert waits == sorted(waits)
    assert max(waits) <= 60
    with time_machine.travel(now + timedelta(seconds=61)):
        assert sign_in(client, "Kari").status_code == 303


def test_a_success_forgives_the_account(client, sqlite_app):
    for _ in range(4):
        sign_in(client, "Kari", "wrong")

    sign_in(client, "Kari")

    with sqlite_app.app_context():
        counts = dict(db.session.execute(select(LoginThrottle.kind, LoginThrottle.failures)).all())
    assert counts == {"account": 0, "address": 4}


def test_many_accounts_from_one_address_are_slowed_down(client):
    codes = [sign_in(client, f"nobody{n}", "wrong").status_code for n in range(31)]

    assert codes == [422] * 30 + [429]


def test_reading_pages_is_noted_at_most_hourly(client, sqlite_app):
    began = clock.now()
    with time_machine.travel(began):
        sign_in(client, "Kari")
    seen = []
    for minutes in (30, 59, 61, 90):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            client.get("/account")
        with sqlite_app.app_context():
            seen.append((db.session.scalar(select(LoginSession.last_seen_at)) - began) // timedelta(minutes=1))

    assert seen == [0, 0, 61, 61]
