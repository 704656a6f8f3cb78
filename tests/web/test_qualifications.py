"""My qualifications, courses to sign up for, and what the pages of bookings say of those on hold."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.models import (
    Booking,
    Course,
    CourseSeat,
    Member,
    Qualification,
    QualificationGrant,
    Resource,
    RuleSetting,
    Site,
)
from booking.permissions import Actor
from booking.services import qualifications
from booking.services.courses import CourseValues, plan_course
from booking.services.qualifications import GrantValues, QualificationValues, create_qualification, grant
from tests.support.house import NOW, TUESDAY, codes, fields, set_rule
from tests.support.people import post, sign_in

NILS = "Nils"


@pytest.fixture
def nils(house):
    with house.app.app_context():
        row = db.session.scalars(select(Member).where(Member.name == NILS)).one()
        return Actor(row.id, row.name, row.email, site_role="site_admin")


@pytest.fixture
def training(house, nils):
    """Sluppen asks for it; Kari has it for ten days more, and there is a course with one seat next week."""
    with house.app.app_context(), writing() as session:
        site = session.scalars(select(Site)).one()
        values = QualificationValues("Stone training", description="Half a day.", contact="Siri")
        key = create_qualification(session, NOW, nils, site.id, values)
        id_ = session.scalars(select(Qualification.id)).one()
        room = session.scalars(select(Resource.id).where(Resource.slug == "sluppen")).one()
        set_rule(session, "resource", room, "R31", {"all_of": [id_]})
        grant(session, NOW, nils, key, ["kari@example.invalid"], GrantValues(date(2027, 1, 1), date(2027, 3, 11)))
        span = TimeSpan(NOW + timedelta(days=7), NOW + timedelta(days=7, hours=2))
        plan_course(session, NOW, nils, key, CourseValues(span, 1, "Room 3"))
        return key


def withdrawn(house, nils):
    """Kari's grant is taken back."""
    with house.app.app_context(), writing() as session:
        key = session.scalars(select(QualificationGrant.public_id)).one()
        return qualifications.withdraw(session, NOW, nils, key, "Private reason")


def test_a_member_sees_what_they_have_until_when_and_how_to_get_what_they_lack(training, kari, ola):
    mine, theirs = kari.get("/qualifications").text, ola.get("/qualifications").text

    assert "Runs out Thu 11 March 2027" in mine
    assert "You do not have it" in theirs
    assert "Needed for Sluppen." in theirs
    assert "Ask Siri." in theirs
    assert "1 free seat" in theirs


def test_a_refusal_names_the_next_course_and_whom_to_ask(training, ola):
    sent = fields(ola.get("/resources/sluppen/bookings/new")) | {"date": TUESDAY, "start": "10:00", "end": "11:00"}
    refused = ola.post("/resources/sluppen/bookings", data=sent)

    assert refused.status_code == 422
    assert codes(refused) == ["R31.missing"]
    assert "Sluppen requires Stone training, and you do not have it." in refused.text
    assert "Mon 8 March 2027. You can also ask Siri." in refused.text


def test_the_last_seat_goes_once_and_can_be_given_back(training, house, kari, ola):
    with house.app.app_context():
        course = db.session.scalars(select(Course.public_id)).one()
    taken = post(kari, f"/courses/{course}/seat", page="/qualifications")
    again = post(kari, f"/courses/{course}/seat", page="/qualifications")
    late = post(ola, f"/courses/{course}/seat", page="/qualifications")

    assert (taken.status_code, again.status_code, late.status_code) == (303, 303, 303)
    assert "The course is full." in ola.get("/qualifications").text
    assert seats(house) == 1
    post(kari, f"/courses/{course}/seat/return", page="/qualifications")
    post(ola, f"/courses/{course}/seat", page="/qualifications")
    assert "You are signed up" in ola.get("/qualifications").text
    assert seats(house) == 1


def seats(house):
    with house.app.app_context():
        return len(db.session.scalars(select(CourseSeat.member_id)).all())


def test_a_booking_on_hold_says_so_to_its_holder_everywhere(training, house, nils, kari):
    booking = house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Stones")
    assert withdrawn(house, nils) == 1

    page, listed, told = (kari.get(path) for path in (f"/bookings/{booking}", "/bookings", "/notices"))

    assert "R31.missing" in codes(page)
    assert "On hold: it may not start. Sluppen requires Stone training, and you do not have it." in page.text
    assert page.text.count("On hold") >= 2
    assert "R31.missing" in codes(listed)
    assert "is on hold and may not start." in told.text
    assert "Private reason" not in page.text + listed.text + told.text


def test_a_colleague_who_may_see_the_booking_is_not_told_what_its_holder_lacks(training, house, nils, ola):
    booking = house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Stones", visibility="members")
    withdrawn(house, nils)
    admin = house.app.test_client()
    sign_in(admin, NILS)

    seen, managed = ola.get(f"/bookings/{booking}"), admin.get(f"/bookings/{booking}")

    assert seen.status_code == 200
    assert "hold" not in seen.text.lower().replace("placeholder", "").replace("household", "")
    assert "Sluppen requires Stone training, and the holder does not have it then." in managed.text


def test_when_it_is_mended_the_mark_is_gone_without_anybody_s_job(training, house, nils, kari):
    booking = house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00")
    withdrawn(house, nils)
    with house.app.app_context(), writing() as session:
        grant(session, NOW, nils, training, ["kari@example.invalid"], GrantValues(date(2027, 3, 1)))

    assert "R31.missing" not in codes(kari.get(f"/bookings/{booking}"))
    assert "is no longer on hold." in kari.get("/notices").text


def test_what_runs_out_soon_stands_above_my_bookings(training, kari, ola):
    assert "Stone training: Runs out Thu 11 March 2027." in kari.get("/bookings").text
    assert "Stone training" not in ola.get("/bookings").text


def test_a_rule_that_lapses_for_a_booking_by_itself_is_seen_without_any_stored_mark(training, house, kari):
    """A scheduler that stands still never means a wrong answer."""
    booking = house.book("Kari", "sluppen", "2027-03-12 10:00-11:00")

    assert "R31.expires" in codes(kari.get(f"/bookings/{booking}"))
    with house.app.app_context():
        assert db.session.scalars(select(Booking.state)).one() == "confirmed"


def test_who_lacks_it_names_a_supervisor_where_that_is_allowed(training, house, kari, ola):
    def asked_of(browser, **more):
        sent = fields(browser.get("/resources/sluppen/bookings/new"))
        at = {"date": TUESDAY, "start": "10:00", "end": "11:00", "details.shown": "supervisor"}
        return browser.post("/resources/sluppen/bookings", data={**sent, **at, **more})

    assert "details.supervisor" not in ola.get("/resources/sluppen/bookings/new").text
    with house.app.app_context(), writing() as session:
        row = session.scalars(select(RuleSetting).where(RuleSetting.rule == "R31")).one()
        row.params = {**row.params, "supervised_ok": True}

    alone = asked_of(ola)
    helped = asked_of(ola, **{"details.supervisor": "kari@example.invalid"})

    assert (alone.status_code, codes(alone)) == (422, ["R31.missing"])
    assert 'name="details.supervisor"' in alone.text
    assert helped.status_code == 303
    assert "Kari" in ola.get(helped.location).text


def test_whoever_hands_over_is_not_told_what_the_taker_lacks(training, house, kari):
    booking = house.book("Kari", "sluppen", f"{TUESDAY} 10:00-11:00", title="Stones")
    form = kari.get(f"/bookings/{booking}/hand-over")
    taker = re.search(r'name="to" value="([^"]+)"', form.text)
    assert taker

    refused = post(kari, f"/bookings/{booking}/hand-over", to=taker[1])

    assert (refused.status_code, codes(refused)) == (422, ["R30.not_theirs"])
    assert "Stone training" not in refused.text
