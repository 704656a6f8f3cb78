"""Looking on any of several days: the sentence, its answers in one press, and what is counted when there are none."""

import re
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select

from booking.db import db, writing
from booking.models import Building, Member, Resource, Site, UnmetDemand
from tests.support.house import TUESDAY, choices
from tests.support.people import sign_in

NEXT_WEEK = "/find?when=next-week&from=10&to=15&length=120&people=8"


def rooms(page):
    return re.findall(r'<h2><a href="/resources/[\w-]+">([^<]+)</a>', page.text)


def offers(page):
    """What each time says aloud."""
    return re.findall(r'<(?:button|a) class="button[^"]*"[^>]*aria-label="([^"]+)"[^>]*>[^<]*<time', page.text)


def counted(house):
    with house.app.app_context():
        return [
            (row.people, row.minutes, row.features, row.site, row.weekday, row.hour, row.times)
            for row in db.session.scalars(select(UnmetDemand))
        ]


def test_any_weekday_next_week_answers_with_rooms_by_fit_and_their_times(kari, house):
    house.book("Ola", "oya", "2027-03-08 07:00-22:00")
    page = kari.get(NEXT_WEEK)

    assert rooms(page) == ["Øya", "Salen"]
    assert "2 rooms are free" in page.text
    assert offers(page)[0] == "Book Øya, Tue 9 Mar 10:00–12:00"
    assert "Book Salen, Mon 8 Mar 10:00–12:00" in offers(page)
    assert counted(house) == []


def test_two_rooms_together_are_one_press_too_where_none_is_large_enough(kari, house):
    with house.app.app_context(), writing() as session:
        building = Building(slug="trinn", name="Trinn", site_id=session.scalar(select(Site.id)))
        session.add(building)
        session.flush()
        for room in session.scalars(select(Resource).where(Resource.slug.in_(("oya", "laben", "sluppen")))):
            room.building_id = building.id
            room.state = "retired" if room.slug == "laben" else "active"
        session.scalar(select(Resource).where(Resource.slug == "salen")).state = "retired"
    page = kari.get(NEXT_WEEK.replace("people=8", "people=13"))
    form = re.search(r'<form method="post" action="(/resources/oya/bookings)">(.*?)</form>', page.text, re.DOTALL)
    details = kari.get("/resources/oya/bookings/new?date=2027-03-08&start=10:00&end=12:00&people=13&with=sluppen")
    answer = kari.post(form[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))

    assert "No room alone, but two together" in page.text
    assert rooms(page) == ["Øya and Sluppen"]
    assert "14 seats together" in page.text
    assert offers(page)[0] == "Book Øya and Sluppen, Mon 8 Mar 10:00–12:00"
    assert counted(house) == []
    assert re.search(r'value="sluppen"[^>]* checked', details.text)
    assert answer.status_code == 303
    booked = kari.get(answer.location).text
    assert "Øya" in booked
    assert "Sluppen" in booked
    assert house.bookings() == [("confirmed", "", "2027-03-08 09:00")]


def test_one_press_books(kari, house):
    page = kari.get(NEXT_WEEK)
    form = re.search(r'<form method="post" action="(/resources/oya/bookings)">(.*?)</form>', page.text, re.DOTALL)
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    answer = kari.post(form[1], data=sent)

    assert answer.status_code == 303
    assert house.bookings() == [("confirmed", "", "2027-03-08 09:00")]


def test_a_visitor_is_led_to_the_filled_in_form(visitor):
    page = visitor.get(NEXT_WEEK)
    address = re.search(r'href="(/resources/oya/bookings/new\?[^"]+)"', page.text)[1].replace("&amp;", "&")

    assert dict(parse_qsl(address.partition("?")[2])) == {
        "date": "2027-03-08", "start": "10:00", "end": "12:00", "people": "8",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (f"when=day&date={TUESDAY}&from=12&to=16", "Tue 2 Mar 12:00"),
        (f"date={TUESDAY}&from=1200", "Tue 2 Mar 12:00"),
        ("when=this-week&from=8&to=16", "Mon 1 Mar 10:00"),
        ("when=range&date=2027-03-06&until=2027-03-10", "Mon 8 Mar 08:00"),
    ],
)
def test_days_are_said_in_four_ways(kari, question, first):
    assert first in offers(kari.get(f"/find?{question}&length=60&people=4"))[0]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("when=day&from=noon", "from"), ("when=day&from=10&to=9", "to"), ("when=day&from=10&to=11&length=120", "to"),
        ("when=range&date=2027-03-06&until=2027-03-30", "until"),
        ("when=range&date=2027-03-06&until=2027-03-01", "until"),
        ("when=day&date=someday", "date"), ("when=day&people=many", "people"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_field(kari, question, field):
    page = kari.get(f"/find?{question}")

    assert page.status_code == 200
    assert f'<a href="#{field}">' in page.text
    assert f'id="{field}"' in page.text
    assert offers(page) == []


def test_a_week_that_is_over_says_so(kari, monday):
    monday.move_to("2027-03-06T12:00:00+00:00")

    assert "This week is over" in kari.get("/find?when=this-week&length=60").text


def test_when_nothing_fits_the_nearest_are_offered_and_it_is_counted_without_a_name(kari, house):
    for day in range(8, 13):
        for room in ("oya", "salen"):
            house.book("Ola", room, f"2027-03-{day:02} 07:00-22:00")
    page = kari.get(f"{NEXT_WEEK}&feature=video&feature=%3Cscript%3E")
    kari.get(f"{NEXT_WEEK}&feature=video")

    assert rooms(page) == []
    assert "<script>" not in page.text.replace('<script type="module"', "")
    again = kari.get(NEXT_WEEK)
    assert choices(again)
    assert sorted(counted(house)) == [(5, 120, "", "", -1, -1, 1), (5, 120, "video", "", -1, -1, 2)]


def test_a_search_for_one_time_is_counted_too_and_looking_at_the_empty_form_is_not(kari, house):
    kari.get(f"/find?date={TUESDAY}&start=10&length=60&people=400&site=holtermanns-veg")
    kari.get("/find?people=400")

    assert counted(house) == [(41, 60, "", "holtermanns-veg", 1, 10, 1)]


def test_the_page_is_shown_also_when_nothing_can_be_counted(kari, house):
    with house.app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unmet_demand")
    page = kari.get(f"/find?date={TUESDAY}&start=10&length=60&people=400")

    assert page.status_code == 200
    assert "Nothing here suits that" in page.text


def test_both_sentences_lead_to_each_other(kari):
    there = re.search(r'href="(/find\?when=next-week[^"]*)"', kari.get("/").text)[1].replace("&amp;", "&")
    page = kari.get(there)

    assert "any weekday next week" in page.text
    assert re.search(r'href="(/find\?people=[^"]*)"', page.text)


def test_admins_see_what_is_missed_and_members_do_not(kari, house):
    kari.get(f"/find?date={TUESDAY}&start=10&length=60&people=400&feature=video")
    with house.app.app_context(), writing() as session:
        session.query(Member).filter_by(name="Siri").update({"site_role": "site_admin"})
    siri = house.app.test_client()
    sign_in(siri, "Siri")
    page = siri.get("/admin/demand")

    assert kari.get("/admin/demand").status_code == 403
    for words in ("41 or more", "up to 1 hour", "Video", "Everywhere", "Tuesday from 10"):
        assert words in page.text
