"""A series by the forms: every date with its fate, choices that are kept, one save, and changes shown first."""

import html
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.house import TUESDAY, House, codes, fields

TEN_WEEKS = {
    "date": TUESDAY, "start": "10:00", "end": "11:00", "title": "Weekly", "repeat": "week", "count": "10", "key": "k1",
}  # fmt: skip


def token(visitor: FlaskClient) -> str:
    return fields(visitor.get("/resources/oya/bookings/new"))["csrf_token"]


def preview(visitor: FlaskClient, slug: str = "oya", **more: str) -> TestResponse:
    form = {**TEN_WEEKS, "csrf_token": token(visitor), **more}
    return visitor.post(f"/resources/{slug}/series/preview", data=form)


def sent(page: TestResponse, form: str = "series-form") -> dict[str, str]:
    """Everything the page's form would send, choices among it."""
    body = re.search(rf'<form[^>]*id="{form}".*?</form>', page.text, re.DOTALL)
    assert body, page.text[:2000]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", body[0]):
        about = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if about.get("type") not in ("radio", "checkbox") or " checked" in tag:
            found[about["name"]] = about.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', body[0], re.DOTALL):
        listed = re.findall(r'<option value="([^"]*)"( selected)?', options)
        found[name] = html.unescape(next((value for value, chosen in listed if chosen), listed[0][0]))
    return found


def options(page: TestResponse, day: str) -> dict[str, str]:
    """What can be chosen for one date, by its value."""
    found = re.search(rf'<select[^>]*name="choice-{day}"[^>]*>(.*?)</select>', page.text, re.DOTALL)
    assert found, day
    return {
        html.unescape(value): html.unescape(words)
        for value, words in re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', found[1])
    }


def test_every_date_is_shown_with_its_fate(kari: FlaskClient, house: House) -> None:
    house.book("Ola", "oya", "2027-03-09 10:30-11:30")

    page = preview(kari)

    assert page.status_code == 200
    assert len(re.findall(r'<tr id="day-', page.text)) == 10
    assert codes(page) == ["R05.overlap"]
    assert "1 date needs a choice" in page.text
    assert 'href="#day-2027-03-09"' in page.text
    assert "Ola" not in page.text
    assert len(house.bookings()) == 1


def test_a_date_in_the_way_is_left_out_and_the_rest_is_booked(kari: FlaskClient, house: House) -> None:
    house.book("Ola", "oya", "2027-03-09 10:30-11:30")
    page = preview(kari)
    refused = kari.post("/resources/oya/series", data=sent(page))
    assert refused.status_code == 422
    assert len(house.bookings()) == 1

    saved = kari.post("/resources/oya/series", data={**sent(refused), "choice-2027-03-09": "skip"})

    assert saved.status_code == 303
    mine = [start for _, title, start in house.bookings() if title == "Weekly"]
    assert len(mine) == 9
    assert "2027-03-09 09:00" not in mine
    assert mine[3:5] == ["2027-03-30 08:00", "2027-04-06 08:00"]  # ten o'clock in summer too
    assert "10 dates" not in kari.get(saved.location).text


def test_each_offer_is_accepted_when_it_is_followed(kari: FlaskClient, house: House) -> None:
    house.book("Ola", "oya", "2027-03-09 09:00-12:00")
    house.book("Ola", "oya", "2027-03-16 10:00-11:00")
    page = preview(kari)
    offers = [(day, value) for day in ("2027-03-09", "2027-03-16") for value in options(page, day) if "@" in value]
    assert len(offers) >= 4

    for number, (day, value) in enumerate(offers):
        decided = {**sent(page), "choice-2027-03-09": "skip", "choice-2027-03-16": "skip", f"choice-{day}": value}
        saved = kari.post("/resources/oya/series", data={**decided, "key": f"offer-{number}"})
        assert saved.status_code == 303, (day, value, codes(saved))
        first = re.search(r'href="(/bookings/[\w-]{22})"', kari.get(saved.location).text)
        asked = f"{first[1]}/series/cancellation"
        kari.post(asked, data={**fields_of(kari.get(f"{asked}?reach=all"))})


def fields_of(page: TestResponse) -> dict[str, str]:
    body = re.search(r'<form[^>]*action="/bookings/[^"]*cancellation".*?</form>', page.text, re.DOTALL)
    assert body
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', body[0]))


def test_one_press_leaves_out_all_that_is_in_the_way(kari: FlaskClient, house: House) -> None:
    for day in ("2027-03-09", "2027-03-16"):
        house.book("Ola", "oya", f"{day} 10:00-11:00")
    page = preview(kari)

    after = kari.post("/resources/oya/series/preview", data={**sent(page), "do": "skip-problems"})

    assert "Book 8 dates" in after.text
    assert sent(after)["choice-2027-03-16"] == "skip"


def test_public_holidays_are_named_and_left_out_by_a_tick(kari: FlaskClient, house: House) -> None:
    weekday = {"date": "2027-03-15", "count": "5"}  # Mondays; the third is in Easter

    assert codes(preview(kari, **weekday)) == ["R11.closure"]
    page = preview(kari, **weekday, skip_holidays="1")

    assert codes(page) == []
    assert "Book 4 dates" in page.text
    assert "Easter Monday" in page.text


def test_somebody_faster_gives_409_and_every_choice_is_kept(kari: FlaskClient, house: House) -> None:
    page = preview(kari)
    decided = {**sent(page), "choice-2027-03-23": "skip"}
    house.book("Ola", "oya", "2027-03-16 10:00-11:00")

    answer = kari.post("/resources/oya/series", data=decided)

    assert answer.status_code == 409
    assert "R05.overlap" in codes(answer)
    again = sent(answer)
    assert again["choice-2027-03-23"] == "skip"
    assert again["title"] == "Weekly"
    assert len(house.bookings()) == 1
    assert kari.post("/resources/oya/series", data={**again, "choice-2027-03-16": "skip"}).status_code == 303


def test_sending_twice_makes_one_series(kari: FlaskClient, house: House) -> None:
    form = sent(preview(kari))

    first, second = (kari.post("/resources/oya/series", data=form) for _ in range(2))

    assert first.location == second.location
    assert len(house.bookings()) == 10


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"count": ""}, "until"),
        ({"count": "many"}, "count"),
        ({"every": "0"}, "every"),
        ({"repeat": "dates", "dates": "soon"}, "dates"),
        ({"repeat": "now and then"}, "repeat"),
        ({"start": "noonish"}, "start"),
        ({"until": "2027-01-01", "count": ""}, "until"),
    ],
)
def test_what_cannot_be_read_comes_back_in_the_form(
    kari: FlaskClient, house: House, wrong: dict[str, str], field: str
) -> None:
    page = preview(kari, **wrong)

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert 'value="Weekly"' in page.text


def test_too_many_dates_are_refused_once_and_not_on_every_row(kari: FlaskClient, house: House) -> None:
    page = preview(kari, repeat="day", count="60")

    assert codes(page).count("R28.too_many") == 1
    answer = kari.post("/resources/oya/series", data=sent(page))
    assert answer.status_code == 422
    assert house.bookings() == []


def test_the_ordinary_button_leads_a_repeating_wish_to_its_dates(kari: FlaskClient, house: House) -> None:
    form = {**fields(kari.get("/resources/oya/bookings/new")), **TEN_WEEKS}

    answer = kari.post("/resources/oya/bookings", data=form)

    assert (answer.status_code, answer.location) == (307, "/resources/oya/series/preview")
    assert house.bookings() == []


@pytest.fixture
def weekly(kari: FlaskClient, house: House) -> list[str]:
    """Ten Tuesdays; the third was cancelled by itself, the fourth moved by hand."""
    kari.post("/resources/oya/series", data=sent(preview(kari)))
    found = re.findall(r'href="(/bookings/[\w-]{22})"', kari.get("/bookings").text)
    addresses = list(dict.fromkeys(found))
    kari.post(f"{addresses[2]}/cancellation", data={"csrf_token": token(kari)})
    form = {**fields(kari.get(f"{addresses[3]}/change")), "start": "14:00", "end": "15:00"}
    assert kari.post(addresses[3], data=form).status_code == 303
    return addresses


def test_this_and_following_moves_and_keeps_what_was_done_by_hand(
    kari: FlaskClient, house: House, weekly: list[str]
) -> None:
    form = {**fields(kari.get(f"{weekly[1]}/series"), "series-change"), "start": "12:00", "end": "13:00"}
    form["reach"] = "following"
    shown = kari.post(f"{weekly[1]}/series/preview", data=form)
    assert shown.status_code == 200
    assert re.findall(r'tile-number">(\d+)<', shown.text) == ["7", "7"]
    assert "cancelled, and stays so" in shown.text
    assert "you moved it by itself" in shown.text
    assert len({start for _, _, start in house.bookings()}) == 10  # nothing has happened yet

    saved = kari.post(f"{weekly[1]}/series", data=sent(shown))

    assert saved.status_code == 303, codes(saved)
    starts = [(state, start[5:]) for state, _, start in house.bookings()]
    assert starts[:5] == [
        ("confirmed", "03-02 09:00"), ("confirmed", "03-09 11:00"), ("cancelled", "03-16 09:00"),
        ("confirmed", "03-23 13:00"), ("confirmed", "03-30 10:00"),
    ]  # fmt: skip
    page = kari.get(saved.location).text
    assert page.count("moved by itself") == 1
    assert "2 Mar" not in page  # the first stays with the old series


def test_a_change_that_meets_another_booking_must_be_decided(
    kari: FlaskClient, house: House, weekly: list[str]
) -> None:
    house.book("Ola", "oya", "2027-04-06 12:00-13:00")
    form = {**fields(kari.get(f"{weekly[0]}/series?reach=all"), "series-change"), "start": "12:00", "end": "13:00"}
    shown = kari.post(f"{weekly[0]}/series/preview", data=form)
    assert codes(shown) == ["R05.overlap"]
    assert kari.post(f"{weekly[0]}/series", data=sent(shown)).status_code == 422

    saved = kari.post(f"{weekly[0]}/series", data={**sent(shown), "choice-2027-04-06": "stay"})

    assert saved.status_code == 303
    starts = [start[5:] for _, title, start in house.bookings() if title == "Weekly"]
    assert starts[5] == "04-06 08:00"
    assert starts[6] == "04-13 10:00"


def test_a_booking_changed_meanwhile_gives_409(kari: FlaskClient, house: House, weekly: list[str]) -> None:
    form = {**fields(kari.get(f"{weekly[0]}/series?reach=all"), "series-change"), "title": "Renamed"}
    shown = kari.post(f"{weekly[0]}/series/preview", data=form)
    kari.post(f"{weekly[5]}/cancellation", data={"csrf_token": token(kari)})

    answer = kari.post(f"{weekly[0]}/series", data=sent(shown))

    assert answer.status_code == 409
    assert {title for _, title, _ in house.bookings()} == {"Weekly"}
    assert kari.post(f"{weekly[0]}/series", data=sent(answer)).status_code == 303


def test_cancelling_this_and_following_leaves_the_earlier_ones(
    kari: FlaskClient, house: House, weekly: list[str]
) -> None:
    page = kari.get(f"{weekly[4]}/series/cancellation?reach=following")
    assert "Cancel 6 dates?" in page.text

    kari.post(f"{weekly[4]}/series/cancellation", data=fields_of(page))

    states = [state for state, _, _ in house.bookings()]
    assert states == ["confirmed", "confirmed", "cancelled", "confirmed", *["cancelled"] * 6]


def test_another_member_neither_sees_nor_changes_it(ola: FlaskClient, weekly: list[str], kari: FlaskClient) -> None:
    series = re.search(r'href="(/series/[\w-]{22})"', kari.get(weekly[0]).text)

    assert ola.get(series[1]).status_code == 404
    assert ola.get(f"{weekly[0]}/series").status_code == 404
    assert ola.post(f"{weekly[0]}/series/cancellation", data={"csrf_token": token(ola)}).status_code == 404
