"""One's own bookings: the list, the page of one, changing it, giving it back, and booking it again."""

import html
import re

import icalendar
import pytest

from tests.support.house import TUESDAY, choices, codes, fields
from tests.support.people import page_token, sign_in


@pytest.fixture
def booked(house):
    """Kari's booking of Sluppen on Tuesday from ten to eleven."""
    return house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Planning", people=3, of="Fjordlab")


def change(browser, public_id, **changed):
    page = browser.get(f"/bookings/{public_id}/change")
    return browser.post(f"/bookings/{public_id}", data={**fields(page), **changed})


def test_an_empty_list_teaches_what_to_do(kari):
    page = kari.get("/bookings")

    assert "Nothing booked ahead" in page.text
    assert 'href="/calendar"' in page.text


def test_the_list_holds_what_lies_ahead_what_waits_what_has_been_and_what_was_given_up(kari, house):
    house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Ahead")
    house.book("Kari", "salen", f"{TUESDAY} 10:00-11:00", title="Waiting", state="requested")
    house.book("Kari", "sluppen", "2027-02-25 10:00-11:00", title="Been there")
    house.book("Kari", "sluppen", f"{TUESDAY} 13:00-14:00", title="Given up", state="cancelled")
    house.book("Ola", "oya", f"{TUESDAY} 10:00-11:00", title="Not hers")

    page = kari.get("/bookings").text

    order = [page.index(words) for words in ("Waiting</a>", "Ahead</a>", "Been there</a>", "Given up</a>")]
    assert order == sorted(order)
    assert "Not hers" not in page
    assert "2 ahead" in page


def test_the_page_of_a_booking_tells_when_where_and_what_may_be_done(kari, booked):
    page = kari.get(f"/bookings/{booked}").text

    for words in ("Planning", "Tue 2 March 2027, 10:00–11:00", "Week 9", "Sluppen", "SLU", "3 people", "Fjordlab"):
        assert words in page
    assert f'href="/bookings/{booked}/change"' in page
    assert f'href="/bookings/{booked}/cancellation"' in page


def test_a_booking_that_is_not_for_one_to_see_does_not_exist(house, ola, booked, visitor):
    paths = (f"/bookings/{booked}", f"/bookings/{booked}/change", f"/bookings/{booked}/cancellation")

    assert [ola.get(path).status_code for path in paths] == [404, 404, 404]
    token = page_token(ola.get("/account"))
    for path in (f"/bookings/{booked}", f"/bookings/{booked}/cancellation", f"/bookings/{booked}/verdict"):
        assert ola.post(path, data={"csrf_token": token}).status_code == 404
    assert visitor.get(f"/bookings/{booked}").location == "/login"
    assert house.bookings()[0][0] == "confirmed"


def test_a_booking_that_is_for_all_to_see_is_not_for_all_to_change(house, ola):
    open_one = house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Open house", visibility="members")

    page = ola.get(f"/bookings/{open_one}")

    assert "Open house" in page.text
    assert "Change</a>" not in page.text
    assert "What has happened" not in page.text
    assert ola.get(f"/bookings/{open_one}/change").status_code == 403


def test_a_change_is_saved_and_shown(kari, house, booked):
    answer = change(kari, booked, start="12:00", end="13:00", title="Better planning")
    page = kari.get(answer.location)

    assert answer.status_code == 303
    assert answer.location == f"/bookings/{booked}"
    assert house.bookings() == [("confirmed", "Better planning", "2027-03-02 11:00")]
    assert "Changed. This is how it stands now." in page.text
    assert "Time: from Tue 2 Mar 10:00–11:00 to Tue 2 Mar 12:00–13:00." in page.text


def test_a_booking_may_move_to_another_room(kari, booked):
    answer = change(kari, booked, resource="oya")

    assert answer.status_code == 303
    assert 'href="/resources/oya"' in kari.get(answer.location).text


def test_a_change_that_is_refused_keeps_its_input_and_offers_ways_out(kari, house, booked):
    house.book("Ola", "sluppen", f"{TUESDAY} 12:00-13:00")

    answer = change(kari, booked, start="12:00", end="13:00", title="Later")
    button = next(each for each in choices(answer) if "Øya" in each["aria-label"])
    moved = kari.post(button["formaction"], data={**fields(answer), button["name"]: button["value"]})

    assert answer.status_code == 422
    assert codes(answer) == ["R05.overlap"]
    assert fields(answer)["title"] == "Later"
    assert moved.status_code == 303
    assert house.bookings()[0] == ("confirmed", "Later", "2027-03-02 11:00")


def test_shortening_never_fails_a_limit_that_was_broken_before(kari, house):
    long_one = house.book("Kari", "sluppen", f"{TUESDAY} 08:00-18:00")

    answer = change(kari, long_one, end="17:00")

    assert answer.status_code == 303


def test_a_change_on_top_of_another_change_tells_what_changed_and_keeps_the_input(kari, house, booked):
    old = fields(kari.get(f"/bookings/{booked}/change"))
    change(kari, booked, start="14:00", end="15:00")

    answer = kari.post(f"/bookings/{booked}", data={**old, "title": "Mine"})
    again = kari.post(f"/bookings/{booked}", data=fields(answer))

    assert answer.status_code == 409
    assert codes(answer) == ["booking.changed"]
    assert "Time: from Tue 2 Mar 10:00–11:00 to Tue 2 Mar 14:00–15:00." in answer.text
    assert fields(answer)["title"] == "Mine"
    assert again.status_code == 303
    assert house.bookings() == [("confirmed", "Mine", "2027-03-02 09:00")]


def test_a_change_cannot_name_another_organisation_or_another_site(kari, house, booked):
    foreign = change(kari, booked, organisation=house.organisations["Nordvind"])
    nowhere = change(kari, booked, resource="nowhere")

    assert (foreign.status_code, nowhere.status_code) == (422, 422)
    assert "Choose one of your own organisations." in foreign.text
    assert "Choose a resource of the same site." in nowhere.text


def test_the_verdict_of_a_change_is_given_while_it_is_filled_in(kari, house, booked):
    house.book("Ola", "sluppen", f"{TUESDAY} 12:00-13:00")
    sent = fields(kari.get(f"/bookings/{booked}/change"))

    same = kari.post(f"/bookings/{booked}/verdict", data=sent)
    taken = kari.post(f"/bookings/{booked}/verdict", data={**sent, "end": "12:30"})

    assert codes(same) == []
    assert codes(taken) == ["R05.overlap"]


def test_cancelling_asks_once_gives_the_time_back_and_offers_to_book_again(kari, house, booked):
    asked = kari.get(f"/bookings/{booked}/cancellation")
    answer = kari.post(f"/bookings/{booked}/cancellation", data={"csrf_token": page_token(asked)})
    page = kari.get(answer.location)

    assert "Cancel the booking?" in asked.text
    assert answer.status_code == 303
    assert answer.location == f"/bookings/{booked}"
    assert house.bookings()[0][0] == "cancelled"
    assert "Book again" in page.text
    assert "/cancellation" not in page.text
    assert 'data-verdict="ok"' in kari.get(f"/resources/sluppen/bookings/new?date={TUESDAY}&start=10&end=11").text


def test_what_has_begun_cannot_be_cancelled_or_been_changed(kari, house, monday):
    running = house.book("Kari", "sluppen", "2027-03-01 09:30-11:00")
    been = house.book("Kari", "sluppen", "2027-02-25 09:30-11:00")
    token = page_token(kari.get("/account"))

    refused = kari.post(f"/bookings/{running}/cancellation", data={"csrf_token": token})

    assert refused.status_code == 409
    assert kari.get(f"/bookings/{been}/change").status_code == 409
    assert house.bookings()[0][0] == "confirmed"


def test_book_again_is_the_same_a_week_later(kari, booked):
    page = kari.get(f"/bookings/{booked}")
    found = re.search(r'href="([^"]*)"><svg(?:(?!</svg>).)*</svg>Book again', page.text, re.DOTALL)
    address = html.unescape(found[1])

    form = fields(kari.get(address))

    assert (form["date"], form["start"], form["end"]) == ("2027-03-09", "10:00", "11:00")
    assert (form["title"], form["people"]) == ("Planning", "3")


def test_book_again_keeps_the_clock_over_the_change_to_summer_time(kari, house):
    late = house.book("Kari", "sluppen", "2027-03-24 10:00-11:00")

    page = kari.get(f"/bookings/{late}").text

    assert "date=2027-03-31&amp;start=10:00&amp;end=11:00" in page or "start=10%3A00" in page


def test_an_organisation_admin_may_change_for_their_own(house, booked):
    siri = house.app.test_client()
    sign_in(siri, "Siri")

    answer = change(siri, booked, title="Moved by Siri")

    assert answer.status_code == 303
    assert house.bookings()[0][1] == "Moved by Siri"
    assert "Siri changed it" in siri.get(answer.location).text


def test_a_booking_can_be_taken_into_a_calendar(kari, ola, booked):
    answer = kari.get(f"/bookings/{booked}.ics")
    event = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")[0]

    assert answer.mimetype == "text/calendar"
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Planning", "CONFIRMED")
    assert event.start.isoformat() == "2027-03-02T10:00:00+01:00"
    assert f"/bookings/{booked}" in str(event["URL"])
    assert f'href="/bookings/{booked}.ics"' in kari.get(f"/bookings/{booked}").text
    assert ola.get(f"/bookings/{booked}.ics").status_code == 404
