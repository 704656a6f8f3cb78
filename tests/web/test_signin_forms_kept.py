"""A form that was sent too late comes back filled in, with the same key; one from elsewhere does not."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete

from booking import clock
from booking.db import db, writing
from booking.models import LoginSession
from tests.support.people import page_token, post, sign_in, two_organisations

FORM = {"name": "Kari Nordlys", "language": "nn"}
ORGANISATION = {"name": "Blåtind AS", "kind": "business", "key": "a-key-of-this-form"}


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


def end_sign_ins(app):
    with app.app_context(), writing() as session:
        session.execute(delete(LoginSession))


def is_filled(page):
    return 'value="Kari Nordlys"' in page.text and re.search(r'value="nn" selected', page.text) is not None


def test_given_an_old_token_the_form_comes_back_filled_in_and_can_be_sent(client):
    sign_in(client, "Kari")

    late = client.post("/account", data={**FORM, "csrf_token": "too old"})

    assert late.status_code == 400
    assert is_filled(late)
    assert "sent" not in late.headers.get("Location", "")
    assert client.post("/account", data={**FORM, "csrf_token": page_token(late)}).status_code == 303


def test_given_a_page_that_was_open_all_day_the_form_comes_back_filled_in(client):
    sign_in(client, "Kari")
    token = page_token(client.get("/account"))

    with time_machine.travel(clock.now() + timedelta(hours=13)):
        late = client.post("/account", data={**FORM, "csrf_token": token})

        assert late.status_code == 400
        assert is_filled(late)


def test_the_key_of_the_form_stays_the_same(client):
    sign_in(client, "Nils")

    late = client.post("/admin/organisations", data={**ORGANISATION, "csrf_token": "too old"})

    assert late.status_code == 400
    assert 'name="key" value="a-key-of-this-form"' in late.text
    assert 'value="Blåtind AS"' in late.text


def test_given_an_ended_sign_in_the_form_waits_until_the_member_is_back(client, sqlite_app):
    sign_in(client, "Nils")
    token = page_token(client.get("/account"))
    end_sign_ins(sqlite_app)

    refused = client.post("/admin/organisations", data={**ORGANISATION, "csrf_token": token})
    back = sign_in(client, "Nils")
    page = client.get(back.location)

    assert (refused.status_code, refused.location) == (303, "/login")
    assert back.location == "/admin/organisations/new"
    assert 'name="key" value="a-key-of-this-form"' in page.text
    assert 'value="Blåtind AS"' in page.text
    assert "Blåtind" not in client.get("/admin/organisations/new").text


def test_given_a_session_that_is_gone_the_sign_in_form_is_shown_and_leads_back(client):
    sign_in(client, "Kari")
    token = page_token(client.get("/account"))

    with time_machine.travel(clock.now() + timedelta(days=31)):
        refused = client.post("/account", data={**FORM, "csrf_token": token})
        login = {"email": "kari@example.invalid", "password": "fire gode norske ord"}
        back = client.post("/login", data={**login, "csrf_token": page_token(refused)})

        assert refused.status_code == 400
        assert "What you wrote is kept" in refused.text
        assert back.location == "/account"
        assert is_filled(client.get(back.location))


def test_a_failed_sign_in_does_not_lose_the_form(client, sqlite_app):
    sign_in(client, "Kari")
    token = page_token(client.get("/account"))
    end_sign_ins(sqlite_app)
    client.post("/account", data={**FORM, "csrf_token": token})

    sign_in(client, "Kari", "wrong")
    client.post("/login", data={"email": "kari@example.invalid", "password": "x"})
    back = sign_in(client, "Kari")

    assert is_filled(client.get(back.location))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused_and_not_kept(client, headers):
    sign_in(client, "Kari")

    refused = client.post("/account", data=FORM, headers=headers)

    assert refused.status_code == 400
    assert "Nordlys" not in refused.text
    assert "Nordlys" not in client.get("/account").text
    with client.session_transaction() as session:
        assert "draft" not in session


def test_a_form_is_not_shown_to_the_next_member_at_the_same_browser(client, sqlite_app):
    sign_in(client, "Kari")
    token = page_token(client.get("/account"))
    end_sign_ins(sqlite_app)
    client.post("/account", data={**FORM, "csrf_token": token})

    back = sign_in(client, "Ola")

    assert back.location == "/"
    assert "Nordlys" not in client.get("/account").text


def test_passwords_are_never_put_aside(client):
    sign_in(client, "Kari")

    late = client.post("/account/password", data={"current_password": "hemmelig 1", "new_password": "hemmelig 2"})

    assert late.status_code == 400
    assert "hemmelig" not in late.text
    with client.session_transaction() as session:
        assert "hemmelig" not in str(dict(session))


def test_a_form_too_large_for_a_cookie_is_refused_without_losing_the_sign_in(client):
    sign_in(client, "Kari")
    long = "".join(chr(0x100 + (n * 7919) % 5000) for n in range(3000))

    refused = client.post("/account", data={**FORM, "name": long})

    assert refused.status_code == 400
    assert client.get("/account").status_code == 200


def test_signing_out_forgets_everything(client, sqlite_app):
    sign_in(client, "Kari")

    post(client, "/logout")

    with client.session_transaction() as session:
        assert set(session) <= {"_flashes", "csrf_token"}
    with sqlite_app.app_context():
        assert db.session.query(LoginSession).count() == 0
