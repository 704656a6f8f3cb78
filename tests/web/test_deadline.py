"""The deadline for changes, as members meet it: why it is too late, whom to ask, and what is only marked."""

import pytest
from sqlalchemy import select

from booking.db import writing
from booking.models import Resource
from tests.support.house import TUESDAY, choices, codes, fields, set_rule
from tests.support.people import page_token


@pytest.fixture
def strict(house):
    """Sluppen, where two days are asked for."""

    def strict(effect):
        with house.app.app_context(), writing() as session:
            room = session.scalar(select(Resource.id).where(Resource.slug == "sluppen"))
            set_rule(session, "resource", room, "R19", {"hours": 48, "effect": effect})
        return house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Planning")

    return strict


def test_past_the_deadline_the_page_says_why_and_whom_to_ask(kari, house, strict):
    booking = strict("refuse")
    page = kari.get(f"/bookings/{booking}/cancellation")
    sent = kari.post(f"/bookings/{booking}/cancellation", data={"csrf_token": page_token(kari.get("/account"))})
    form = fields(kari.get(f"/bookings/{booking}/change"))
    moved = kari.post(f"/bookings/{booking}", data={**form, "start": "14:00", "end": "15:00"})

    assert "It is too late to cancel" in page.text
    assert (sent.status_code, codes(sent)) == (422, ["R19.too_late"])
    assert (moved.status_code, codes(moved)) == (422, ["R19.too_late"])
    assert choices(moved) == []
    assert "Ask leder@example.invalid." in moved.text
    assert "Change or cancel at least 2 days before the start." in kari.get("/resources/sluppen").text
    assert house.bookings()[0][0] == "confirmed"


def test_a_late_mark_is_told_before_and_kept_after(kari, strict):
    booking = strict("late_mark")
    page = kari.get(f"/bookings/{booking}/cancellation")
    answer = kari.post(f"/bookings/{booking}/cancellation", data={"csrf_token": page_token(page)})

    assert codes(page) == ["R19.late"]
    assert answer.status_code == 303
    assert "Later than the deadline." in kari.get(answer.location).text
