"""Booking by the form: what is asked, what is kept, what is refused and how, and that one press books once."""

import pytest

from booking import clock
from tests.support.house import TUESDAY, choices, codes, fields
from tests.support.people import page_token

NEW = f"/resources/sluppen/bookings/new?date={TUESDAY}"
AT_TEN = {"date": TUESDAY, "start": "10:00", "end": "11:00"}


def send(browser, slug="sluppen", **changed):
    """Opens the form and sends it with these fields changed."""
    page = browser.get(f"/resources/{slug}/bookings/new?date={TUESDAY}&start=10:00&end=11:00")
    return browser.post(f"/resources/{slug}/bookings", data={**fields(page), **changed})


def test_a_member_books_and_sees_the_booking(kari, house):
    answer = send(kari, title="Planning", people="3")
    page = kari.get(answer.location)

    assert answer.status_code == 303
    assert answer.location.startswith("/bookings/")
    assert house.bookings() == [("confirmed", "Planning", "2027-03-02 09:00")]
    assert "Booked. It is yours." in page.text
    assert "Tue 2 March 2027, 10:00–11:00" in page.text
    assert "Week 9" in page.text
    assert 'data-behaviour="focus-errors">Planning</h1>' in page.text


def test_only_day_start_and_end_are_compulsory(kari, house):
    token = page_token(kari.get(NEW))

    answer = kari.post("/resources/sluppen/bookings", data={"csrf_token": token, **AT_TEN})

    assert answer.status_code == 303
    assert house.bookings() == [("confirmed", "", "2027-03-02 09:00")]


@pytest.mark.parametrize(("start", "end"), [("9", "10"), ("0900", "1000"), ("9.00", "10.00"), ("09:00", "10:00")])
def test_times_are_read_as_people_write_them(kari, house, start, end):
    answer = send(kari, start=start, end=end)

    assert answer.status_code == 303
    assert house.bookings()[0][2] == "2027-03-02 08:00"


def test_the_verdict_is_shown_before_anything_is_sent(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00")

    free = kari.get(f"{NEW}&start=11&end=12")
    taken = kari.get(f"{NEW}&start=10&end=12")

    assert 'data-verdict="ok"' in free.text
    assert codes(free) == []
    assert 'data-verdict="refused"' in taken.text
    assert codes(taken) == ["R05.overlap"]


def test_a_refusal_gives_every_reason_at_once_and_keeps_what_was_typed(kari, house):
    answer = send(kari, date="2027-03-06", start="06:10", end="12:00", title="Long one", people="5")

    assert answer.status_code == 422
    assert codes(answer) == ["R02.grid", "R10.closed_then", "R21.too_long", "R07.too_many"]
    assert fields(answer) | {"seen": "", "csrf_token": "", "key": ""} == {
        "date": "2027-03-06",
        "start": "06:10",
        "end": "12:00",
        "end_date": "",
        "repeat": "",
        "every": "",
        "until": "",
        "count": "",
        "title": "Long one",
        "people": "5",
        "visibility": "organisation",
        "seen": "",
        "csrf_token": "",
        "key": "",
    }
    assert house.bookings() == []
    assert '<div class="booking-verdict" tabindex="-1" autofocus data-behaviour="focus-errors">' in answer.text


def test_each_reason_says_who_decided_it(kari):
    answer = send(kari, end="15:00")

    assert codes(answer) == ["R21.too_long"]
    assert "The rule is set for the whole of Holtermanns veg." in answer.text


def test_when_somebody_was_faster_the_answer_is_409(kari, house, monday):
    page = kari.get(f"{NEW}&start=10&end=11")
    monday.shift(60)
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00", created_at=clock.now(), title="Secret")

    answer = kari.post("/resources/sluppen/bookings", data=fields(page))

    assert answer.status_code == 409
    assert codes(answer) == ["R05.overlap"]
    assert "Secret" not in answer.text
    assert fields(answer)["key"] == fields(page)["key"]


def test_an_alternative_books_with_one_press_and_all_that_was_typed(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00")
    refused = send(kari, title="Planning", people="3")
    button = next(each for each in choices(refused) if "Øya" in each["aria-label"])

    answer = kari.post(button["formaction"], data={**fields(refused), button["name"]: button["value"]})

    assert button["aria-label"] == "Book Øya, Tue 2 Mar 10:00–11:00, 10 seats"
    assert answer.status_code == 303
    assert house.bookings()[1:] == [("confirmed", "Planning", "2027-03-02 09:00")]
    assert "Øya" in kari.get(answer.location).text


def test_an_alternative_time_books_the_same_room(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00")
    refused = send(kari)
    button = choices(refused)[0]

    answer = kari.post(button["formaction"], data={**fields(refused), button["name"]: button["value"]})

    assert button["aria-label"].startswith("Book Tue 2 Mar ")
    assert "Sluppen" in button["aria-label"]
    assert answer.status_code == 303


def test_a_double_press_makes_one_booking(kari, house):
    sent = fields(kari.get(f"{NEW}&start=10&end=11"))

    first = kari.post("/resources/sluppen/bookings", data=sent)
    second = kari.post("/resources/sluppen/bookings", data=sent)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(house.bookings()) == 1


def test_a_used_form_with_other_content_is_refused_and_gets_a_new_key(kari, house):
    sent = fields(kari.get(f"{NEW}&start=10&end=11"))
    kari.post("/resources/sluppen/bookings", data=sent)

    again = kari.post("/resources/sluppen/bookings", data={**sent, "start": "12:00", "end": "13:00"})

    assert again.status_code == 422
    assert codes(again) == ["form.key_reused"]
    assert fields(again)["key"] != sent["key"]
    assert kari.post("/resources/sluppen/bookings", data=fields(again)).status_code == 303
    assert len(house.bookings()) == 2


def test_what_cannot_be_read_is_told_at_its_field_and_listed_first(kari, house):
    answer = send(kari, start="teatime", people="many", title="x" * 201)

    assert answer.status_code == 422
    for name in ("start", "people", "title"):
        assert f'<a href="#{name}">' in answer.text
        assert f'id="{name}-error"' in answer.text
    assert 'value="teatime"' in answer.text
    assert house.bookings() == []


def test_the_end_must_come_after_the_start(kari):
    answer = send(kari, start="11:00", end="10:00")

    assert answer.status_code == 422
    assert codes(answer) == ["R01.order"]


def test_midnight_and_the_next_day_can_be_written(kari, house):
    answer = send(kari, start="21:00", end="24:00")
    other = send(kari, start="21:00", end="01:00", end_date="2027-03-03")

    assert codes(answer) == codes(other) == ["R10.closed_then"]
    assert fields(answer)["end"] == "24:00"
    assert fields(other)["end_date"] == "2027-03-03"


def test_a_missing_hour_is_explained(kari):
    answer = send(kari, date="2027-03-28", start="02:30", end="03:30")

    assert answer.status_code == 422
    assert "R01.missing_hour" in codes(answer)


def test_what_needs_approval_says_so_before_and_after(kari, house):
    page = kari.get(f"/resources/salen/bookings/new?date={TUESDAY}&start=10:00&end=13:00")
    answer = kari.post("/resources/salen/bookings", data=fields(page))

    assert 'data-verdict="needs_approval"' in page.text
    assert "Ask for it" in page.text
    assert answer.status_code == 303
    assert "Awaiting approval" in kari.get(answer.location).text
    assert house.bookings()[0][0] == "requested"


def test_what_is_not_open_to_a_member_says_to_whom(kari, ola):
    answer = send(kari, "laben")

    assert codes(answer) == ["R30.not_open_to_you"]
    assert "Lab users" in answer.text
    assert send(ola, "laben").status_code == 303


def test_a_member_books_only_for_their_own_organisations(kari, house):
    answer = send(kari, organisation=house.organisations["Nordvind"])

    assert answer.status_code == 422
    assert "Choose one of your own organisations." in answer.text
    assert house.bookings() == []


def test_a_hostile_title_is_shown_as_text(kari):
    answer = send(kari, title="<script>alert(1)</script>\x00\u202e\"'", visibility="members")

    page = kari.get(answer.location)

    assert answer.status_code == 303
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;" in page.text
    assert "<script>alert" not in kari.get(f"/day?date={TUESDAY}").text
    assert "<script>alert" not in kari.get("/bookings").text


def test_the_verdict_alone_is_given_while_the_form_is_filled_in(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00")
    sent = fields(kari.get(f"{NEW}&start=10&end=11"))

    answer = kari.post("/resources/sluppen/verdict", data=sent)

    assert answer.status_code == 200
    assert codes(answer) == ["R05.overlap"]
    assert "<html" not in answer.text
    assert kari.post("/resources/sluppen/verdict", data={**sent, "csrf_token": ""}).status_code == 400


def test_a_form_without_times_offers_the_first_free_hour(kari, house):
    house.book("Ola", "sluppen", "2027-03-01 10:00-12:00")

    page = kari.get("/resources/sluppen/bookings/new")

    assert 'data-verdict="ok"' in page.text
    assert {name: fields(page)[name] for name in ("date", "start", "end")} == {
        "date": "2027-03-01",
        "start": "12:00",
        "end": "13:00",
    }


@pytest.mark.parametrize(("date", "end_date"), [("9999-12-31", ""), ("0001-01-01", ""), (TUESDAY, "9999-12-31")])
def test_a_day_that_no_calendar_shows_cannot_be_read(kari, date, end_date):
    answer = send(kari, date=date, end_date=end_date, end="24:00")

    assert answer.status_code == 422
    assert "Write the day as" in answer.text
    assert kari.get(f"/find?date={date}&start=23:59").status_code == 200


def test_a_booking_of_many_years_is_told_at_its_field(kari):
    answer = send(kari, end_date="2037-03-02")

    assert answer.status_code == 422
    assert '<a href="#end_date">A booking can last a year at most.' in answer.text


def test_a_resource_that_does_not_exist_is_404(kari):
    assert kari.get("/resources/nowhere/bookings/new").status_code == 404
    assert kari.get("/resources/%00").status_code == 404
