"""What a refused page offers is accepted when it is pressed, by whoever it is offered to."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from booking.db import writing
from booking.models import Closure, Duty, Member, Resource, Site
from tests.support.house import TUESDAY, choices, codes, fields
from tests.support.people import sign_in

TAKEN = f"{TUESDAY} 14:00-15:00"
WANTED = {"date": TUESDAY, "start": "14:00", "end": "15:00"}


def pressed(browser, form, button):
    """The form sent with one of its ways out."""
    return browser.post(button["formaction"], data={**form, button["name"]: button["value"]})


def followed(browser, form_at, changes, number):
    """How a way out of the refusal was answered; its number, for the form is used up by following it."""
    form = {**fields(browser.get(form_at)), **changes}
    refused = browser.post(changes["_to"], data=form)
    assert (refused.status_code, codes(refused)) == (422, ["R05.overlap"])
    return pressed(browser, fields(refused) | {"message": "Sorry"}, choices(refused)[number]).status_code


@pytest.fixture
def caretaker(house):
    """Manages Sluppen, and nothing else."""
    with house.app.app_context(), writing() as session:
        ola = session.scalar(select(Member.id).where(Member.name == "Ola"))
        sluppen = session.scalar(select(Resource.id).where(Resource.slug == "sluppen"))
        session.add(Duty(member_id=ola, scope_kind="resource", scope_id=sluppen, kind="manager"))
    browser = house.app.test_client()
    sign_in(browser, "Ola")
    return browser


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_new_booking(kari, house, number):
    house.book("Ola", "sluppen", TAKEN)
    to = "/resources/sluppen/bookings"

    answer = followed(kari, f"{to}/new", {**WANTED, "_to": to}, number)

    assert answer == 303


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_holder_moves_their_booking(kari, house, number):
    house.book("Ola", "sluppen", TAKEN)
    to = f"/bookings/{house.book('Kari', 'sluppen', f'{TUESDAY} 10:00-11:00')}"

    answer = followed(kari, f"{to}/change", {**WANTED, "_to": to}, number)

    assert answer == 303


def test_where_nothing_is_near_the_refusal_says_whom_to_ask(kari, house):
    """Everything is shut for longer than anybody may look ahead."""
    with house.app.app_context(), writing() as session:
        site = session.scalar(select(Site.id))
        spans = {"starts_at": datetime(2027, 3, 1, tzinfo=UTC), "ends_at": datetime(2027, 7, 1, tzinfo=UTC)}
        session.add(Closure(scope_kind="site", scope_id=site, name="Rebuilding", **spans))

    form = {**fields(kari.get("/resources/sluppen/bookings/new")), **WANTED}
    refused = kari.post("/resources/sluppen/bookings", data=form)

    assert (refused.status_code, codes(refused), choices(refused)) == (422, ["R11.closure"], [])
    assert "We found nothing near. Ask leder@example.invalid." in refused.text


@pytest.mark.parametrize("number", [0, -1])
def test_a_manager_is_offered_only_what_they_may_move_it_to(caretaker, house, number):
    house.book("Ola", "sluppen", TAKEN)
    to = f"/bookings/{house.book('Kari', 'sluppen', f'{TUESDAY} 10:00-11:00')}"

    answer = followed(caretaker, f"{to}/change", {**WANTED, "_to": to, "message": "Sorry"}, number)

    assert answer == 303
