"""The day sheet: what a caretaker prints, and what each reader may see of it."""

import re

from booking.db import writing
from booking.models import BookingItem, Member, Resource
from tests.factories import a_booking, span_at
from tests.support.house import TUESDAY
from tests.support.people import sign_in

SHEET = f"/day/sheet?date={TUESDAY}"


def cells(page):
    """The rows of the table as plain words."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.text.split("</thead>")[1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_a_visitor_signs_in_first(visitor):
    assert visitor.get(SHEET).status_code == 303


def test_it_shows_rooms_in_order_of_time_with_people_and_contact_to_the_holder(kari, house):
    house.book("Kari", "sluppen", f"{TUESDAY} 13:00-14:00", title="Later", people=3)
    house.book("Kari", "sluppen", f"{TUESDAY} 09:00-10:00", title="Earlier")
    page = kari.get(SHEET)

    first, second = cells(page)
    assert "09:00–10:00" in first
    assert "Earlier" in first
    assert "13:00–14:00" in second
    assert "3 people" in second
    assert "kari@example.invalid" in second or "Kari" in second
    assert "Øya" in page.text.split("Nothing booked in:")[1]


def test_others_see_that_it_is_booked_and_no_more_than_they_may(ola, house):
    house.book("Kari", "sluppen", f"{TUESDAY} 13:00-14:00", title="Secret plans", people=3, visibility="private")
    page = ola.get(SHEET)

    assert "13:00–14:00" in cells(page)[0]
    assert "Booked" in cells(page)[0]
    for hidden in ("Secret plans", "3 people", "Kari"):
        assert hidden not in cells(page)[0]


def test_who_manages_sees_whom_to_reach(house):
    house.book("Kari", "sluppen", f"{TUESDAY} 13:00-14:00", title="Plans", visibility="private")
    with house.app.app_context(), writing() as session:
        session.query(Member).filter_by(name="Siri").update({"site_role": "site_admin"})
        email = session.query(Member.email).filter_by(name="Kari").scalar()
    siri = house.app.test_client()
    sign_in(siri, "Siri")

    line = cells(siri.get(SHEET))[0]
    assert "Plans" in line
    assert email in line


def test_set_up_and_clean_up_stand_beside_the_time(kari, house):
    with house.app.app_context(), writing() as session:
        hall = session.query(Resource).filter_by(slug="salen").one()
        row = a_booking(
            session, on=hall, member=session.query(Member).filter_by(name="Kari").one(), at=f"{TUESDAY} 12:00-14:00"
        )
        busy = span_at(f"{TUESDAY} 11:00-14:30")
        item = row.id
    with house.app.app_context(), writing() as session:
        session.query(BookingItem).filter_by(booking_id=item).update(
            {"busy_from": busy.starts_at, "busy_to": busy.ends_at}
        )
    assert "11:00–14:30" in cells(kari.get(SHEET))[0]


def test_an_empty_day_says_so_and_the_day_page_leads_here(kari, house):
    assert "Nothing is booked" in kari.get(SHEET).text
    address = re.search(r'href="(/day/sheet[^"]+)"', kari.get(f"/day?date={TUESDAY}").text)
    assert address
    assert kari.get(address[1].replace("&amp;", "&")).status_code == 200
    assert "/day/sheet" not in house.app.test_client().get(f"/day?date={TUESDAY}").text


def test_nonsense_in_the_address_shows_today(kari):
    assert kari.get("/day/sheet?date=yesterday&building=nowhere").status_code == 200
