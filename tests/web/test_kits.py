"""How many, and what goes along: on the form, in what it says, on the booking's page and when it is changed."""

import html
import re

import pytest
from sqlalchemy import select

from booking.db import writing
from booking.models import Category, Site
from tests.factories import a_room
from tests.support.house import TUESDAY, choices, codes, fields, set_rule
from tests.support.people import PASSWORD, page_token

AT_TEN = f"date={TUESDAY}&start=10:00&end=11:00"


@pytest.fixture
def workshop(house):
    """The house with a camera, six headsets, and a microscope that needs two of them all the time."""
    with house.app.app_context(), writing() as session:
        site = session.scalar(select(Site))
        category = session.scalar(select(Category).where(Category.slug == "moterom"))
        about = {"site": site, "category_id": category.id, "kind": "instrument", "seats": None}
        a_room(session, slug="kamera", name="Kamera", **about)
        headsets = a_room(session, slug="briller", name="Briller", units=6, is_pool=True, **about)
        microscope = a_room(session, slug="mikroskop", name="Mikroskop", **about)
        set_rule(session, "resource", microscope.id, "R08", {"needs": [{"resource": headsets.id, "quantity": 2}]})
    return house


def form_of(browser, slug, more=""):
    return browser.get(f"/resources/{slug}/bookings/new?{AT_TEN}{more}")


def send(browser, slug, more="", **changed):
    return browser.post(f"/resources/{slug}/bookings", data={**fields(form_of(browser, slug, more)), **changed})


def test_a_pool_is_asked_for_by_number_and_the_page_names_the_units(kari, ola, house):
    form = form_of(kari, "pulter")
    booked = kari.get(send(kari, "pulter", quantity="2").location)
    refused = send(ola, "pulter", quantity="2")
    second = send(ola, "pulter")

    assert "There are 3 in all." in form.text
    assert fields(form)["quantity"] == "1"
    assert "2 × Pulter" in booked.text
    assert "You have Pulter 1, Pulter 2." in booked.text
    assert refused.status_code == 409
    assert codes(refused) == ["R05.overlap"]
    assert "Pulter has 1 of 3 free at the fullest time" in refused.text
    assert fields(refused)["quantity"] == "2"
    assert second.status_code == 303


@pytest.mark.parametrize("typed", ["0", "x", "-1", "1.5"])
def test_a_number_that_is_none_is_told_at_its_field(kari, typed):
    answer = send(kari, "pulter", quantity=typed)

    assert answer.status_code == 422
    assert '<a href="#quantity">' in answer.text
    assert fields(answer)["quantity"] == typed


def test_something_is_added_and_changed_and_taken_away_again(kari, ola, workshop):
    address = send(kari, "sluppen", **{"with": ["kamera", "briller"], "many.briller": "3"}).location
    page = kari.get(address)
    change = kari.get(f"{address}/change")
    taken = send(ola, "oya", **{"with": "kamera"})

    assert "Sluppen, Kamera, 3 × Briller" in page.text
    assert (fields(change)["resource"], fields(change)["many.briller"]) == ("sluppen", "3")
    assert change.text.count('name="with"') == 3
    assert change.text.count(" checked>\n        <span>") == 2
    assert codes(taken) == ["R05.overlap"]
    assert "Kamera is taken" in taken.text
    assert choices(taken)

    kept = {**fields(change), "with": "briller", "many.briller": "1", "start": "12:00", "end": "13:00"}
    assert kari.post(address, data=kept).status_code == 303
    assert "Sluppen, Briller" in kari.get(address).text
    assert send(ola, "oya", **{"with": "kamera"}).status_code == 303


def test_a_way_out_keeps_the_whole_kit(kari, ola, workshop):
    send(ola, "oya", **{"with": "kamera"})
    refused = send(kari, "sluppen", **{"with": "kamera"})
    other = choices(refused)[0]

    again = {**fields(refused), "with": "kamera", "choice": other["value"]}
    answer = kari.post(other["formaction"], data=again)

    assert answer.status_code == 303
    assert "Sluppen, Kamera" in kari.get(answer.location).text


def test_what_is_needed_is_ticked_beforehand_and_named_when_it_is_left_out(kari, workshop):
    form = form_of(kari, "mikroskop")
    without = kari.post("/resources/mikroskop/bookings", data={**fields(form), "with": ""} | {"with": []})
    pressed = choices(without)[0]
    answer = kari.post(pressed["formaction"], data={**fields(without), "with": [], "choice": pressed["value"]})

    assert (fields(form)["with"], fields(form)["many.briller"]) == ("briller", "2")
    assert "Mikroskop needs it for the whole time." in form.text
    assert without.status_code == 422
    assert codes(without) == ["R08.companion"]
    assert "Mikroskop also needs 2 of Briller for the whole time. Add them to the booking." in without.text
    assert answer.status_code == 303
    assert "Mikroskop, 2 × Briller" in kari.get(answer.location).text


def test_what_is_needed_comes_along_from_find_with_one_press(kari, workshop):
    page = kari.get(f"/find?date={TUESDAY}&start=10&length=60&kind=instrument&people=1")

    assert 'name="with" value="briller"' in page.text
    assert 'name="many.briller" value="2"' in page.text


def test_a_stranger_among_the_extras_is_refused(kari, workshop):
    answer = send(kari, "sluppen", **{"with": "salen"})

    assert answer.status_code == 422
    assert '<a href="#with">' in answer.text
    assert workshop.bookings() == []


def test_ones_own_booking_elsewhere_is_a_note_and_no_hindrance(kari, house):
    house.book("Kari", "oya", f"{TUESDAY} 10:30-11:30")

    form = form_of(kari, "sluppen")

    assert codes(form) == ["R09.own_clash"]
    assert 'data-verdict="ok"' in form.text
    assert send(kari, "sluppen").status_code == 303


def test_the_page_of_a_resource_tells_what_it_needs_and_the_day_how_many_are_free(kari, ola, workshop):
    send(ola, "pulter", quantity="2")

    assert "Needs 2 × Briller for the whole time, in the same booking." in kari.get("/resources/mikroskop").text
    assert "1 of 3 free" in kari.get(f"/day?date={TUESDAY}&view=timeline").text


def test_book_again_brings_the_whole_kit(kari, workshop):
    address = send(kari, "sluppen", **{"with": ["kamera", "briller"], "many.briller": "3"}).location
    page = kari.get(address).text
    again = page.split('href="/resources/sluppen/bookings/new?')[1].split('"')[0].replace("&amp;", "&")

    form = kari.get(f"/resources/sluppen/bookings/new?{again}")

    assert form.text.count(" checked>\n        <span>") == 2
    assert fields(form)["many.briller"] == "3"


def test_a_half_filled_form_comes_back_with_its_kit_after_signing_in(visitor, workshop):
    token = page_token(visitor.get("/login"))
    sent = {"csrf_token": token, "date": TUESDAY, "start": "10:00", "end": "11:00", "with": ["kamera", "briller"],
            "many.briller": "2"}  # fmt: skip
    answer = visitor.post("/resources/sluppen/bookings", data=sent)
    login = visitor.get(answer.location)
    back = visitor.post("/login", data={"csrf_token": page_token(login), "email": "kari@example.invalid",
                                        "password": PASSWORD, **fields_of_login(login)})  # fmt: skip

    form = visitor.get(back.location)

    assert form.text.count(" checked>\n        <span>") == 2
    assert fields(form)["many.briller"] == "2"


def fields_of_login(page):
    tags = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in tags if name != "csrf_token"}
