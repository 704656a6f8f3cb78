"""What a member sees of quotas before they bite, and booking in another's name with their leave."""

import re

import pytest
from sqlalchemy import select

from booking.db import db, writing
from booking.models import Booking, Category, JournalEntry, Member, MemberGroup, Notice, Organisation, Resource
from tests.factories import a_member
from tests.support.house import TUESDAY, codes, fields, set_rule
from tests.support.people import known_as, page_token, sign_in

TWO_HOURS = {"limits": [{"amount": 2, "per": "week", "subject": "member", "over": "category"}]}


def rule(house, code, params, slug="moterom"):
    with house.app.app_context(), writing() as session:
        kind = session.scalars(select(Category.id).where(Category.slug == slug)).one()
        set_rule(session, "category", kind, code, params)


def send(browser, slug="sluppen", **changed):
    page = browser.get(f"/resources/{slug}/bookings/new?date={TUESDAY}&start=10:00&end=11:00")
    return browser.post(f"/resources/{slug}/bookings", data={**fields(page), **changed})


def figures(page):
    return re.findall(r'class="quota-figures">([^<]+)<', page.text)


def let(browser, email):
    page = browser.get("/account/delegates")
    return browser.post("/account/delegates", data={"csrf_token": page_token(page), "email": email})


@pytest.fixture
def berit(house):
    """A colleague of Kari's, signed in."""
    with house.app.app_context(), writing() as session:
        fjordlab = session.scalars(select(Organisation).where(Organisation.name == "Fjordlab")).one()
        a_member(session, fjordlab, **known_as("Berit"))
    browser = house.app.test_client()
    sign_in(browser, "Berit")
    return browser


def key_of(house, name):
    with house.app.app_context():
        return db.session.scalars(select(Member.public_id).where(Member.name == name)).one()


def email_of(house, name):
    with house.app.app_context():
        return db.session.scalars(select(Member.email).where(Member.name == name)).one()


def test_what_is_left_is_seen_on_the_form_before_it_bites_and_then_it_bites(kari, house):
    rule(house, "R23", TWO_HOURS)
    form = f"/resources/sluppen/bookings/new?date={TUESDAY}&start=12:00&end=14:00"
    assert figures(kari.get(form)) == ["2 hours left, 0 minutes used"]
    send(kari)
    assert figures(kari.get(form)) == ["1 hour left, 1 hour used"]
    answer = send(kari, slug="oya", start="12:00", end="14:00")

    assert (answer.status_code, codes(answer)) == (422, ["R23.too_much"])
    assert "You have 1 hour left of 2 hours of Meeting rooms in week 9, and this needs 2 hours." in answer.text


def test_my_quotas_and_the_organisation_s(kari, visitor, house):
    assert "No limits for you" in kari.get("/account/quotas").text
    shared = {"amount": 10, "per": "week", "subject": "organisation", "over": "category"}
    rule(house, "R23", {"limits": [*TWO_HOURS["limits"], shared]})
    send(kari)

    page = kari.get("/account/quotas")

    assert "My quotas" in page.text
    assert figures(page) == ["1 hour left, 1 hour used", "9 hours left, 1 hour used"]
    assert "2 hours a week for each member, all of its kind together" in page.text


def test_a_colleague_books_in_kari_s_name_and_she_is_told(kari, berit, house):
    answer = let(kari, email_of(house, "Berit"))
    assert answer.status_code == 303
    form = berit.get(f"/resources/sluppen/bookings/new?date={TUESDAY}&start=10:00&end=11:00")
    assert "Book for" in form.text
    key = house.people["Kari"]
    made = berit.post("/resources/sluppen/bookings", data={**fields(form), "book_for": key, "visibility": "private"})
    page = berit.get(made.location)

    assert made.status_code == 303
    assert page.status_code == 200
    assert "Booked by" in page.text
    with house.app.app_context():
        row = db.session.scalars(select(Booking)).one()
        names = [db.session.get_one(Member, id_).name for id_ in (row.member_id, row.booked_by_id)]
        assert names == ["Kari", "Berit"]
        assert db.session.scalars(select(Notice.kind)).all() == ["made"]
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "booking.made")).one()
        assert entry.actor_id == row.booked_by_id
    assert "Berit booked" in kari.get("/bookings").text


def test_nobody_books_for_her_without_her_leave(kari, ola, house):
    assert let(kari, "nobody@example.invalid").status_code == 422
    answer = send(ola, book_for=house.people["Kari"])

    assert (answer.status_code, codes(answer)) == (422, ["R39.not_a_delegate"])
    assert "Kari" not in re.findall(r"You cannot book for [^<]+", answer.text)[0]
    assert house.bookings() == []


def test_the_leave_is_taken_back(kari, berit, house):
    let(kari, email_of(house, "Berit"))
    page = kari.get("/account/delegates")
    key = key_of(house, "Berit")
    kari.post(f"/account/delegates/{key}/withdrawal", data={"csrf_token": page_token(page)})

    answer = send(berit, book_for=house.people["Kari"])

    assert codes(answer) == ["R39.not_a_delegate"]


def test_a_series_in_her_name(kari, berit, house):
    let(kari, email_of(house, "Berit"))
    form = berit.get(f"/resources/sluppen/bookings/new?date={TUESDAY}&start=10:00&end=11:00")
    sent = {**fields(form), "book_for": house.people["Kari"], "repeat": "week", "count": "3"}
    shown = berit.post("/resources/sluppen/series/preview", data=sent)
    kari_key = house.people["Kari"]
    assert f'name="book_for" value="{kari_key}"' in shown.text
    saved = berit.post("/resources/sluppen/series", data=sent)

    assert saved.status_code == 303
    with house.app.app_context():
        rows = db.session.scalars(select(Booking)).all()
        kari_id = db.session.scalars(select(Member.id).where(Member.name == "Kari")).one()
        assert [row.member_id for row in rows] == [kari_id] * 3
        assert db.session.scalars(select(Notice.kind)).all() == ["series_made"]


def test_time_held_for_a_group_is_told_on_the_timeline_and_the_room_s_page(ola, kari, house):
    with house.app.app_context(), writing() as session:
        group = session.scalars(select(MemberGroup.id)).one()
        room = session.scalars(select(Resource.id).where(Resource.slug == "sluppen")).one()
        windows = [{"weekday": 3, "opens": "08:00", "closes": "12:00"}]
        held = {"groups": [group], "windows": windows, "release_hours": 24}
        set_rule(session, "resource", room, "R16", held)

    assert "Held for Lab users: Sluppen, 08:00–12:00" in kari.get("/day?date=2027-03-04").text
    assert "Held for Lab users" not in ola.get("/day?date=2027-03-04").text
    page = kari.get("/resources/sluppen").text
    assert "Held for Lab users Thu 08:00–12:00. What is left is for everybody from 24 hours before." in page
    assert codes(send(kari, date="2027-03-04")) == ["R16.held"]
    assert send(ola, date="2027-03-04").status_code == 303


@pytest.mark.parametrize("path", ["/account/quotas", "/account/delegates"])
def test_strangers_sign_in_first(visitor, path):
    assert "/login" in visitor.get(path).location
