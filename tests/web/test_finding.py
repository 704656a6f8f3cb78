"""Finding something: the first page, the answers, the day, all resources and the page of one; also for visitors."""

import re

import pytest

from tests.support.house import TUESDAY, choices, fields
from tests.support.people import sign_in

QUESTION = f"/find?date={TUESDAY}&start=10&length=60"


def names(page):
    """The rooms a page offers, in order."""
    return re.findall(r'<h\d><a href="/resources/[\w-]+">([^<]+)</a>', page.text)


def test_the_first_page_is_a_sentence_with_fields_that_have_labels(visitor):
    page = visitor.get("/").text

    assert "I need a room for" in page
    for name in ("people", "date", "start", "length"):
        assert f'for="{name}"' in page
        assert f'id="{name}"' in page
    assert 'action="/find" method="get"' in page


def test_the_first_page_shows_what_is_free_now_and_ones_own_next_bookings(kari, house):
    house.book("Ola", "sluppen", "2027-03-01 09:00-11:00")
    house.book("Kari", "oya", f"{TUESDAY} 12:00-13:00", title="My own")

    page = kari.get("/")

    assert "Free now" in page.text
    assert names(page)[0] == "Øya"
    assert "Sluppen" not in names(page)
    assert "My own" in page.text
    assert "Tomorrow" in page.text


def test_when_nothing_is_free_the_first_page_offers_what_comes_next(kari, monday):
    monday.move_to("2027-03-06T12:00:00+00:00")

    page = kari.get("/")

    assert "Nothing is free this hour" in page.text
    assert choices(page)
    assert '<option value="2027-03-08" selected>' in page.text


def test_answers_fit_and_the_smallest_that_is_large_enough_comes_first(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:30-11:30")

    small, large = kari.get(f"{QUESTION}&people=2"), kari.get(f"{QUESTION}&people=8")

    assert names(small)[0] == "Øya"
    assert "Sluppen" not in names(small)
    assert names(large) == ["Øya", "Salen"]


def test_features_site_and_kind_narrow_the_answers(kari):
    assert names(kari.get(f"{QUESTION}&people=1&feature=screen")) == ["Sluppen"]
    assert "Nothing here suits that" in kari.get(f"{QUESTION}&feature=screen&feature=video").text
    assert "Nothing here suits that" in kari.get(f"{QUESTION}&kind=instrument").text
    assert names(kari.get(f"{QUESTION}&people=4&site=holtermanns-veg"))[0] == "Sluppen"


def test_one_press_on_an_answer_books_it(kari, house):
    page = kari.get(f"{QUESTION}&people=4")
    form = re.search(r'<form method="post" action="(/resources/sluppen/bookings)">(.*?)</form>', page.text, re.DOTALL)
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))

    answer = kari.post(form[1], data=sent)

    assert 'aria-label="Book Sluppen, Tue 2 March 2027, 10:00–11:00"' in form[2]
    assert answer.status_code == 303
    assert house.bookings() == [("confirmed", "", "2027-03-02 09:00")]


def test_a_visitor_is_asked_to_sign_in_only_when_booking(visitor):
    page = visitor.get(f"{QUESTION}&people=4")
    address = re.search(r'href="(/resources/sluppen/bookings/new[^"]+)" aria-label="Book Sluppen', page.text)[1]

    asked = visitor.get(address.replace("&amp;", "&"))
    back = sign_in(visitor, "Kari")

    assert asked.location == "/login"
    assert fields(visitor.get(back.location))["people"] == "4"


def test_when_nothing_fits_the_nearest_times_are_buttons(kari, house):
    for slug in ("oya", "salen"):
        house.book("Ola", slug, f"{TUESDAY} 10:00-12:00")

    page = kari.get(f"{QUESTION}&people=8")

    assert "Nothing is free just then" in page.text
    assert all(re.search(r"Book (Øya|Salen), Tue 2 Mar", each["aria-label"]) for each in choices(page))


def test_an_end_does_as_well_as_a_length(kari):
    page = kari.get(f"/find?date={TUESDAY}&start=9.00&end=10.30&people=4")

    assert "Tue 2 March 2027, 09:00–10:30" in page.text


def test_a_question_that_cannot_be_read_says_so_and_keeps_what_was_typed(kari):
    page = kari.get("/find?date=someday&start=teatime&people=lots")

    assert page.status_code == 200
    assert page.text.count("<li><a href=") >= 3
    assert 'value="teatime"' in page.text
    assert 'value="lots"' in page.text


def test_visitors_see_that_it_is_busy_and_nothing_else(visitor, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00", title="Secret", visibility="members")

    for path in (f"/day?date={TUESDAY}", f"/day?date={TUESDAY}&view=list", "/resources/sluppen", QUESTION, "/"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "Secret" not in page.text
        assert "Ola" not in page.text
    assert "Busy: Sluppen, 10:00–11:00" in visitor.get(f"/day?date={TUESDAY}&view=timeline").text


def test_members_see_the_organisation_or_the_title_as_the_booking_lets_them(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-11:00", title="Open", visibility="members")
    house.book("Ola", "oya", f"{TUESDAY} 10:00-11:00", title="Hidden", visibility="private")

    page = kari.get(f"/day?date={TUESDAY}").text

    assert "Open: Sluppen" in page
    assert "Hidden" not in page


def test_the_day_has_one_link_for_each_free_stretch(kari, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:00-12:00")

    page = kari.get(f"/day?date={TUESDAY}").text
    links = re.findall(r'class="cell cell-free" href="(/resources/sluppen/[^"]+)"', page)

    assert [re.findall(r"(?:start|end)=(\d\d)(?::|%3A)00", link) for link in links] == [["07", "08"], ["12", "13"]]
    assert "Free: Sluppen, 07:00–10:00" in page
    assert "Week 9" in page


def test_a_free_link_leads_to_a_time_that_can_be_had(kari, house):
    house.book("Ola", "salen", f"{TUESDAY} 10:00-12:00")
    page = kari.get(f"/day?date={TUESDAY}").text
    links = re.findall(r'class="cell cell-free" href="([^"]+)"', page)

    verdicts = [re.search(r'data-verdict="(\w+)"', kari.get(link.replace("&amp;", "&")).text)[1] for link in links]

    assert len(verdicts) == 5
    assert set(verdicts) == {"ok"}


def test_what_is_not_open_to_one_or_too_far_ahead_invites_nobody(kari):
    near, far = kari.get(f"/day?date={TUESDAY}").text, kari.get("/day?date=2027-08-24").text

    assert "Not open to you: Laben" in near
    assert "Too far ahead to book yet: Sluppen" in far
    assert 'class="cell cell-free" href' not in far


def test_the_view_of_the_day_is_remembered(visitor):
    first = visitor.get(f"/day?date={TUESDAY}&view=list")
    second = visitor.get(f"/day?date={TUESDAY}")

    assert "samrom_view=list" in first.headers["Set-Cookie"]
    assert 'class="day-list"' in second.text
    assert "<table" not in second.text
    assert "<table" in visitor.get(f"/day?date={TUESDAY}&view=timeline").text


def test_the_day_moves_by_days_and_back_to_today(visitor):
    page = visitor.get(f"/day?date={TUESDAY}").text

    for day in ("2027-03-01", "2027-03-03"):
        assert f"/day?date={day}&amp;site=holtermanns-veg" in page


@pytest.mark.parametrize("asked", ["date=nonsense", "date=0001-01-01", "date=9999-12-31", "site=nowhere&category=none"])
def test_an_odd_address_still_shows_a_day(visitor, asked):
    assert visitor.get(f"/day?{asked}").status_code == 200


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25)])
def test_nights_when_the_clock_changes_are_as_long_as_they_are(visitor, house, day, hours):
    with_night = house.book("Ola", "oya", f"{day} 00:00-24:00".replace("24:00", "00:00"))

    page = visitor.get(f"/day?date={day}&view=timeline").text

    assert with_night
    assert len(re.findall(r'<th scope="colgroup"', page)) == hours


def test_the_columns_of_every_row_add_up(visitor, house):
    house.book("Ola", "sluppen", f"{TUESDAY} 10:05-10:20")
    house.book("Ola", "oya", f"{TUESDAY} 10:00-10:50")

    for path in (f"/day?date={TUESDAY}&view=timeline", "/resources/sluppen"):
        page = visitor.get(path).text
        columns = page.count('<col class="slot">')
        rows = re.findall(r'<th class="timeline-name" scope="row">.*?</tr>', page, re.DOTALL)
        assert columns
        assert {sum(map(int, re.findall(r'<td colspan="(\d+)"', row))) for row in rows} == {columns}


def test_a_public_holiday_says_its_name(visitor):
    page = visitor.get("/day?date=2027-05-17&view=timeline").text

    assert "Constitution Day" in page


def test_all_resources_stand_by_category(visitor):
    page = visitor.get("/resources")

    assert names(page) == ["Laben", "Salen", "Sluppen", "Øya", "Pulter"]
    assert "Meeting rooms" in page.text


def test_the_page_of_a_resource_tells_its_rules_and_who_set_them(visitor):
    page = visitor.get("/resources/salen").text

    for words in (
        "Open Monday–Friday 07:00–22:00.",
        "Closed on public holidays.",
        "Book at most 90 days ahead.",
        "At most 2 hours at a time. Otherwise it needs approval.",
        "1 hour for set-up is kept free before each booking.",
        "set for the whole of Holtermanns veg",
        "set for Salen itself",
        "60 seats",
        "leder@example.invalid",
    ):
        assert words in page
    assert 'href="/resources/salen/bookings/new"' in page


def test_a_pool_tells_how_many_are_free(visitor):
    assert "3 free: Pulter" in visitor.get(f"/day?date={TUESDAY}&view=timeline").text
