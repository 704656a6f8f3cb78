"""A booking that was sent too late waits for its member, filled in and with the same key, and is made once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete

from booking import clock
from booking.db import db, writing
from booking.models import Booking, LoginSession
from tests.factories import a_room
from tests.support.people import page_token, sign_in, two_organisations

PATH = "/resources/teknobyen/bookings"


@pytest.fixture(autouse=True)
def people(sqlite_app):
    two_organisations(sqlite_app)
    with sqlite_app.app_context(), writing() as session:
        a_room(session, name="Teknobyen", slug="teknobyen")
        a_room(session, name="Sluppen", slug="sluppen")


@pytest.fixture
def typed():
    day = str((clock.now() + timedelta(days=2)).date())
    return {
        "date": day,
        "start": "10:00",
        "end": "11:00",
        "title": "Møte om nordlys",
        "people": "3",
        "key": "my-own-key-0123456789",
    }


def is_filled(page, typed):
    return all(f'value="{typed[name]}"' in page for name in ("date", "title", "key"))


def bookings(app):
    with app.app_context():
        return db.session.query(Booking).count()


def test_an_expired_token_brings_the_form_back_and_it_books_once(client, sqlite_app, typed):
    sign_in(client, "Kari")

    late = client.post(PATH, data={**typed, "csrf_token": "too old"})

    assert late.status_code == 400
    assert is_filled(late.text, typed)
    sent = [client.post(PATH, data={**typed, "csrf_token": page_token(late)}) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    assert bookings(sqlite_app) == 1


def test_an_ended_sign_in_leads_back_to_the_form(client, sqlite_app, typed):
    sign_in(client, "Kari")
    token = page_token(client.get(f"{PATH}/new"))
    with sqlite_app.app_context(), writing() as session:
        session.execute(delete(LoginSession))

    client.post(PATH, data={**typed, "csrf_token": token})
    back = sign_in(client, "Kari")
    elsewhere = client.get("/resources/sluppen/bookings/new").text
    page = client.get(back.location).text

    assert back.location == f"{PATH}/new"
    assert is_filled(page, typed)
    assert typed["title"] not in elsewhere
    assert bookings(sqlite_app) == 0


def test_after_a_month_the_form_still_survives_sign_in(client, typed):
    sign_in(client, "Kari")
    token = page_token(client.get(f"{PATH}/new"))

    with time_machine.travel(clock.now() + timedelta(days=31)):
        refused = client.post(PATH, data={**typed, "csrf_token": token})
        login = {"email": "kari@example.invalid", "password": "fire gode norske ord"}
        back = client.post("/login", data={**login, "csrf_token": page_token(refused)})

        assert refused.status_code == 400
        assert is_filled(client.get(back.location).text, typed)
