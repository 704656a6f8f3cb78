"""Undo, end now, hand over, asking to shift, messages of managers, guests and notices, by their pages."""

import re

import pytest

from tests.support.house import TUESDAY, choices, codes, fields
from tests.support.people import page_token, sign_in


@pytest.fixture
def booked(house):
    """Kari's booking of Sluppen on Tuesday from ten to eleven."""
    return house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Planning", people=3, of="Fjordlab")


@pytest.fixture
def nils(house):
    """The site admin's browser."""
    browser = house.app.test_client()
    sign_in(browser, "Nils")
    return browser


def press(browser, path, **sent):
    return browser.post(path, data={"csrf_token": page_token(browser.get("/account")), **sent})


def change(browser, public_id, **changed):
    page = browser.get(f"/bookings/{public_id}/change")
    return browser.post(f"/bookings/{public_id}", data={**fields(page), **changed})


def test_a_cancellation_can_be_undone_from_the_page(kari, house, booked):
    press(kari, f"/bookings/{booked}/cancellation")
    page = kari.get(f"/bookings/{booked}")

    answer = press(kari, f"/bookings/{booked}/restoration")
    after = kari.get(answer.location).text

    assert "Undo the cancellation" in page.text
    assert answer.status_code == 303
    assert house.bookings()[0][0] == "confirmed"
    assert "It stands again, as it was." in after
    assert "Kari took the cancellation back" in after


def test_an_undo_that_came_too_late_says_why_and_its_way_out_opens_a_form_that_books(kari, house, booked):
    press(kari, f"/bookings/{booked}/cancellation")
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00")

    answer = press(kari, f"/bookings/{booked}/restoration")
    form = re.search(r'<form method="get" action="(/resources/\w+/bookings/new)">(.*?)</form>', answer.text, re.DOTALL)
    asked = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    page = kari.get(form[1], query_string=asked)
    booked_instead = kari.post(form[1].removesuffix("/new"), data=fields(page))

    assert answer.status_code == 422
    assert codes(answer) == ["R05.overlap"]
    assert booked_instead.status_code == 303


def test_a_running_booking_is_ended_by_its_holder_alone(kari, ola, house):
    running = house.book("Kari", "sluppen", "2027-03-01 09:30-12:00", title="Long", visibility="members")

    assert "End now" in kari.get(f"/bookings/{running}").text
    assert "End now" not in ola.get(f"/bookings/{running}").text
    assert press(ola, f"/bookings/{running}/end").status_code == 403
    answer = press(kari, f"/bookings/{running}/end")

    assert answer.status_code == 303
    assert "09:30–10:00" in kari.get(answer.location).text


def test_a_booking_is_handed_to_a_colleague_who_finds_it_under_new(kari, house, booked):
    siri = house.app.test_client()
    sign_in(siri, "Siri")
    page = kari.get(f"/bookings/{booked}/hand-over")
    key = re.search(r'type="radio" id="to-1" name="to" value="([^"]+)"', page.text)[1]

    nobody = press(kari, f"/bookings/{booked}/hand-over", to="somebody")
    answer = press(kari, f"/bookings/{booked}/hand-over", to=key)

    assert "Siri" in page.text
    assert "Ola" not in page.text
    assert nobody.status_code == 422
    assert "Choose a colleague of the same organisation." in nobody.text
    assert answer.location == "/bookings"
    assert "Kari handed Planning over to you" in siri.get("/").text
    assert "Planning" in siri.get("/bookings").text


def test_a_hand_over_that_is_refused_says_why(ola, house):
    lab = house.book("Ola", "laben", f"{TUESDAY} 10:00-11:00", of="Nordvind")
    page = ola.get(f"/bookings/{lab}/hand-over")
    key = re.search(r'name="to" value="([^"]+)"', page.text)[1]

    answer = press(ola, f"/bookings/{lab}/hand-over", to=key)

    assert answer.status_code == 422
    assert codes(answer) == ["R30.not_theirs"]
    assert "leder@example.invalid" in answer.text


def test_a_manager_must_write_and_the_holder_reads_it_with_other_times(nils, kari, house, booked):
    silent = press(nils, f"/bookings/{booked}/cancellation")
    answer = press(nils, f"/bookings/{booked}/cancellation", message="The floor is wet")
    home, page = kari.get("/").text, kari.get(f"/bookings/{booked}")
    way = choices(page)

    assert silent.status_code == 422
    assert "Write to whoever holds the booking why you do this." in silent.text
    assert answer.status_code == 303
    assert "Nils cancelled your booking Planning" in home
    assert "The floor is wet" in home
    assert 'class="count"' in home
    assert way
    assert "Undo the cancellation" not in page.text


def test_a_manager_who_moves_a_booking_keeps_what_was_typed_until_a_message_is_there(nils, kari, house, booked):
    silent = change(nils, booked, start="14:00", end="15:00")
    answer = nils.post(f"/bookings/{booked}", data={**fields(silent), "message": "Painting"})
    page = kari.get(f"/bookings/{booked}")

    assert silent.status_code == 422
    assert fields(silent)["start"] == "14:00"
    assert answer.status_code == 303
    assert "Nils moved your booking Planning from" in page.text
    assert "Painting" in page.text
    form = re.search(r'<form method="post" action="/bookings/[\w-]{22}">(.*?)</form>', page.text, re.DOTALL)
    back = kari.post(f"/bookings/{booked}", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1])))
    assert back.status_code == 303


def test_notices_are_marked_as_read_and_the_count_goes(nils, kari, house, booked):
    press(nils, f"/bookings/{booked}/cancellation", message="Wet")
    listed = kari.get("/notices")
    key = re.search(r'name="notice" value="([^"]+)"', listed.text)[1]

    foreign = press(nils, "/notices/read", notice=key)
    answer = press(kari, "/notices/read", notice=key)
    after = kari.get(answer.location).text

    assert "1 you have not read" in listed.text
    assert foreign.status_code == 404
    assert answer.status_code == 303
    assert 'class="count"' not in after
    assert "Nils cancelled your booking" in after


def test_a_fault_leads_its_manager_to_the_fault_and_its_reporter_back_to_the_place(nils, kari, house):
    press(kari, "/resources/sluppen/fault", what="The lamp smokes", is_dangerous="1")

    reported = nils.get("/notices").text
    there = re.search(r'href="(/admin/faults/[\w-]+)"', reported)[1]
    press(nils, there, settling="fixed")
    told = kari.get("/notices").text

    assert "Kari reported a dangerous fault at Sluppen." in reported
    assert "The lamp smokes" in reported
    assert '<a href="/resources/sluppen">The fault at Sluppen is fixed.</a>' in told
    assert "/admin/faults/" not in told
    assert "New for you" in kari.get("/bookings").text


def test_the_next_is_asked_from_the_change_form_and_makes_room(kari, ola, house, booked):
    theirs = house.book("Ola", "sluppen", f"{TUESDAY} 11:00-12:00", title="Secret plans")
    refused = change(kari, booked, end="11:30")
    ask = next(each for each in choices(refused) if "Ask the next" in each["aria-label"])

    asked = kari.post(ask["formaction"], data=fields(refused))
    page = ola.get(f"/bookings/{theirs}")
    form = re.search(
        r'<form method="post" action="(/shift-requests/[\w-]+/acceptance)">(.*?)</form>', page.text, re.DOTALL
    )
    answer = ola.post(form[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))

    assert asked.status_code == 303
    assert "Can you shift?" in page.text
    assert "Kari" not in page.text
    assert answer.status_code == 303
    assert "Ola" not in kari.get(f"/bookings/{booked}").text.replace("Solaris", "")
    assert "There is room now" in kari.get("/").text
    assert "10:00–11:30" in kari.get(f"/bookings/{booked}").text


def test_every_way_out_of_a_refused_move_is_accepted_when_followed(kari, house, booked):
    house.book("Ola", "sluppen", f"{TUESDAY} 12:00-13:00")
    refused = change(kari, booked, start="12:00", end="13:00")
    sent = fields(refused)
    followed = []
    for button in choices(refused):
        answer = kari.post(button["formaction"], data={**sent, "choice": button["value"]})
        followed.append(answer.status_code)
        sent["version"] = str(int(sent["version"]) + 1)

    assert followed
    assert set(followed) == {303}


def test_lengthening_stops_at_the_next_booking_and_offers_as_much_as_there_is(kari, house, monday):
    running = house.book("Kari", "sluppen", "2027-03-01 09:30-10:30")
    house.book("Ola", "sluppen", "2027-03-01 11:00-12:00")

    refused = change(kari, running, end="11:30")
    first = choices(refused)[0]
    answer = kari.post(first["formaction"], data={**fields(refused), "choice": first["value"]})

    assert codes(refused) == ["R05.overlap"]
    assert answer.status_code == 303
    assert "09:30–11:00" in kari.get(answer.location).text


def test_a_manager_books_for_a_guest_whom_only_those_in_charge_see(nils, kari, ola, house):
    form = fields(nils.get(f"/resources/oya/bookings/new?date={TUESDAY}&start=10:00&end=11:00"))
    half = nils.post("/resources/oya/bookings", data={**form, "visitor_name": "A guest"})
    sent = {**form, "visitor_name": "A guest", "visitor_contact": "guest@example.invalid", "visibility": "members"}
    answer = nils.post("/resources/oya/bookings", data=sent)
    refused = kari.post(
        "/resources/oya/bookings",
        data={**fields(kari.get(f"/resources/oya/bookings/new?date={TUESDAY}&start=12:00&end=13:00")),
              "visitor_name": "Sneaky", "visitor_contact": "x"},
    )  # fmt: skip

    assert half.status_code == 422
    assert "Enter both the name of the guest and how to reach them." in half.text
    assert "guest@example.invalid" in nils.get(answer.location).text
    assert "guest@example.invalid" not in ola.get(answer.location).text
    assert refused.status_code == 403
    assert "for a guest" not in kari.get("/resources/oya/bookings/new").text


def test_an_organisation_lets_all_its_members_change(house, kari):
    siri = house.app.test_client()
    sign_in(siri, "Siri")
    theirs = house.book("Siri", "sluppen", f"{TUESDAY} 10:00-11:00", of="Fjordlab")
    before = kari.get(f"/bookings/{theirs}/change").status_code

    press(siri, "/admin/organisations/fjordlab/members-may-change", members_may_change="1")

    assert before == 403
    assert change(kari, theirs, title="By Kari").status_code == 303
    assert press(kari, "/admin/organisations/fjordlab/members-may-change").status_code == 403
    assert "Kari changed your booking By Kari" in siri.get("/").text
