"""A booking form that is sent too late, or by nobody yet, comes back filled in and books once."""

from sqlalchemy import delete

from booking.db import writing
from booking.models import LoginSession
from tests.support.house import TUESDAY, fields
from tests.support.people import sign_in

NEW = f"/resources/sluppen/bookings/new?date={TUESDAY}"


def test_a_visitor_signs_in_and_comes_back_to_the_filled_in_form(visitor):
    asked = visitor.get(f"{NEW}&start=10&end=11&people=3")
    back = sign_in(visitor, "Kari")
    page = visitor.get(back.location)

    assert asked.location == "/login"
    assert fields(page)["start"] == "10"
    assert fields(page)["people"] == "3"


def test_a_form_sent_after_the_sign_in_ended_comes_back_with_the_same_key(kari, house):
    sent = fields(kari.get(f"{NEW}&start=10&end=11")) | {"title": "Typed with care"}
    with house.app.app_context(), writing() as session:
        session.execute(delete(LoginSession))

    refused = kari.post("/resources/sluppen/bookings", data=sent)
    back = sign_in(kari, "Kari")
    page = kari.get(back.location)

    assert (refused.status_code, refused.location) == (303, "/login")
    assert fields(page)["title"] == "Typed with care"
    assert fields(page)["key"] == sent["key"]
    assert kari.post("/resources/sluppen/bookings", data=fields(page)).status_code == 303
    assert len(house.bookings()) == 1


def test_a_form_with_an_old_token_comes_back_filled_in(kari, house):
    sent = fields(kari.get(f"{NEW}&start=10&end=11")) | {"title": "Typed with care"}

    late = kari.post("/resources/sluppen/bookings", data={**sent, "csrf_token": "too old"})

    assert late.status_code == 400
    assert fields(late)["title"] == "Typed with care"
    assert fields(late)["key"] == sent["key"]
    assert kari.post("/resources/sluppen/bookings", data=fields(late)).status_code == 303
