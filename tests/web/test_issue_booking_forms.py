"""Times and numbers that no honest form sends are answered all the same; ways out are the holder's."""

import pytest

from tests.support.house import TUESDAY, choices, fields
from tests.support.people import sign_in

NEW = f"/resources/sluppen/bookings/new?date={TUESDAY}&start=10:00&end=11:00"


@pytest.mark.parametrize(
    "typed",
    [
        {"date": "9999-12-31", "end": "24:00"},
        {"date": "0001-01-01", "start": "00:00"},
        {"end_date": "2199-01-01"},
        {"date": "2199-12-31", "end_date": "2027-03-02"},
        {"choice": "sluppen@99991231T230000Z/99991231T233000Z"},
        {"choice": "sluppen@00010101T000000Z/00010101T003000Z"},
    ],
)
def test_times_far_off_are_told_and_book_nothing_but_what_stands_there(kari, house, typed):
    form = fields(kari.get(NEW))

    answer = kari.post("/resources/sluppen/bookings", data={**form, **typed})

    assert answer.status_code == (303 if "choice" in typed else 422)  # a choice that is none leaves the typed time
    assert len(house.bookings()) == ("choice" in typed)


@pytest.mark.parametrize("address", [f"{NEW}&end_date=2199-01-01", "/find?date=9999-12-31&start=24:00&length=20160"])
def test_addresses_with_times_far_off_are_answered(kari, address):
    assert kari.get(address).status_code in {200, 422}


def test_a_version_of_many_digits_is_no_version(kari, house):
    booking = house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00")
    form = fields(kari.get(f"/bookings/{booking}/change"))

    answer = kari.post(f"/bookings/{booking}", data={**form, "version": "9" * 5000})

    assert answer.status_code == 409


def test_whoever_changes_anothers_booking_is_offered_what_the_holder_may_have(house):
    """Ola may use Laben, Nils may not; Sluppen is closed on Sundays."""
    booking = house.book("Ola", "laben", f"{TUESDAY} 10:00-11:00")
    nils = house.app.test_client()
    sign_in(nils, "Nils")
    form = fields(nils.get(f"/bookings/{booking}/change"))

    answer = nils.post(f"/bookings/{booking}", data={**form, "date": "2027-03-07"})

    assert answer.status_code == 422
    assert any(choice["value"].startswith("laben@") for choice in choices(answer))
