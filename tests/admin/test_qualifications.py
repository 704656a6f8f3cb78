"""Qualifications as their keepers meet them: made, granted in bulk, withdrawn, taught; calibrations; holds."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock
from booking.db import db
from booking.models import Course, CourseSeat, JournalEntry, Qualification, QualificationGrant, Resource

LIST = "/admin/qualifications"


@pytest.fixture
def made(places, visit, fill):
    """Nils has made a qualification; its page."""
    sent = {"site": places.site, "name": "Laser training", "months": "12", "is_safety": "1", "contact": "Mari"}
    answer = fill(visit("Nils"), f"{LIST}/new", LIST, **sent)
    assert answer.status_code == 303, answer.text
    return answer.location


def grants(app):
    with app.app_context():
        rows = db.session.scalars(select(QualificationGrant).order_by(QualificationGrant.id))
        return [(row.granted_on.isoformat(), row.expires_on.isoformat(), row.withdrawn_at is None) for row in rows]


def test_it_is_made_with_its_months_and_stands_in_the_list(made, visit):
    admin = visit("Nils")

    assert "Laser training" in admin.get(LIST).text
    assert "12 months" in admin.get(made).text
    assert admin.get("/admin").text.count(LIST) >= 1


def test_a_pasted_list_gets_it_all_or_nobody(made, visit, fill, sqlite_app):
    admin = visit("Nils")
    wrong = fill(
        admin, made, f"{made}/grants", emails="kari@example.invalid\nnobody@example.invalid", granted_on="2027-01-04"
    )
    assert wrong.status_code == 422
    assert "kari@example.invalid" in wrong.text
    assert grants(sqlite_app) == []

    right = fill(
        admin, made, f"{made}/grants", emails="kari@example.invalid, ola@example.invalid", granted_on="4.1.2027"
    )

    assert right.status_code == 303
    assert grants(sqlite_app) == [("2027-01-04", "2028-01-04", True)] * 2
    assert "Granted to 2 members." in admin.get(made).text


def test_withdrawing_asks_why_and_says_what_is_on_hold(made, places, visit, fill, sqlite_app):
    admin = visit("Nils")
    fill(
        admin,
        made,
        f"{made}/grants",
        emails="kristin@example.invalid",
        granted_on="2026-01-05",
        expires_on="2099-01-01",
    )
    rules = f"/admin/rules/resource/{places.sluppen}/competence"
    with sqlite_app.app_context():
        id_ = db.session.scalars(select(Qualification.id)).one()
        key = db.session.scalars(select(QualificationGrant.public_id)).one()
    version = admin.get(rules).text.split('name="version" value="')[1].split('"')[0]
    saved = fill(admin, rules, rules, version=version, **{"R31-all_of": str(id_), "R31-any_of": [],
                 "R31-recency_days-mode": "inherit", "R31-supervised_ok": "inherit"})  # fmt: skip
    assert saved.status_code == 303, saved.text
    address = f"/admin/courses/grants/{key}/withdrawal"

    silent = fill(admin, address, address, reason="")
    done = fill(admin, address, address, reason="Moved on")

    assert silent.status_code == 422
    assert done.status_code == 303
    assert "Withdrawn. 1 booking is on hold now." in admin.get(made).text
    listed = admin.get("/admin/on-hold").text
    assert "Sluppen requires Laser training, and the holder does not have it then." in listed
    assert "Late meeting" in listed
    assert 'data-code="R31.missing"' in admin.get(f"/admin/rules/resource/{places.sluppen}").text


def test_after_a_course_those_who_were_there_get_it(made, visit, fill, sqlite_app, places):
    admin = visit("Nils")
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    late = fill(admin, made, f"{made}/courses", start_date="2020-01-06", start="9", end="11", seats="5")
    assert late.status_code == 422
    planned = fill(admin, made, f"{made}/courses", start_date=day, start="9", end="11", seats="5", place="Room 3")
    assert planned.status_code == 303, planned.text
    with sqlite_app.app_context():
        course = db.session.scalars(select(Course.public_id)).one()
    for name in ("Kari", "Ola"):
        fill(visit(name), "/qualifications", f"/courses/{course}/seat")
    address = f"/admin/courses/{course}"
    assert "kari@example.invalid" in admin.get(address).text

    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        nobody = fill(admin, address, f"{address}/grants", granted_on=day)
        done = fill(admin, address, f"{address}/grants", granted_on=day, attendees=[places.people["Kari"]])

    assert nobody.status_code == 422
    assert done.status_code == 303
    assert [each[0] for each in grants(sqlite_app)] == [day]
    with sqlite_app.app_context():
        assert len(db.session.scalars(select(CourseSeat.member_id)).all()) == 2


def test_a_course_that_is_called_off_takes_no_more(made, visit, fill, sqlite_app):
    admin = visit("Nils")
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    fill(admin, made, f"{made}/courses", start_date=day, start="9", end="11", seats="5")
    with sqlite_app.app_context():
        course = db.session.scalars(select(Course.public_id)).one()
    fill(admin, f"/admin/courses/{course}", f"/admin/courses/{course}/cancellation")
    kari = visit("Kari")
    fill(kari, "/qualifications", f"/courses/{course}/seat")

    assert "The course is called off." in kari.get("/qualifications").text
    assert "called off" in admin.get(f"/admin/courses/{course}").text


def test_it_is_changed_without_touching_what_was_granted(made, visit, fill, sqlite_app):
    admin = visit("Nils")
    fill(admin, made, f"{made}/grants", emails="kari@example.invalid", granted_on="2027-01-04")
    changed = fill(admin, f"{made}/change", made, name="Laser safety", months="")

    assert changed.status_code == 303
    assert "Laser safety" in admin.get(made).text
    assert grants(sqlite_app) == [("2027-01-04", "2028-01-04", True)]
    assert fill(admin, f"{made}/change", made, name="").status_code == 422


def test_a_calibration_is_set_at_the_resource_and_its_days_are_remembered(places, visit, fill, sqlite_app):
    admin, address = visit("Nils"), "/admin/resources/sluppen/calibration"
    set_once = fill(admin, address, address, due="2027-06-01")
    fill(admin, address, address, due="")
    wrong = fill(admin, address, address, due="soon")

    assert set_once.status_code == 303
    assert wrong.status_code == 422
    page = admin.get(address).text
    assert "Tue 1 June 2027" in page
    assert "not kept" in page
    with sqlite_app.app_context():
        assert db.session.scalars(select(Resource.calibration_due).where(Resource.slug == "sluppen")).one() is None
        actions = db.session.scalars(select(JournalEntry.action).where(JournalEntry.subject_kind == "resource")).all()
        assert actions == ["calibration.set", "calibration.set"]


@pytest.mark.parametrize("path", ["", "/new"])
def test_members_have_no_business_here(made, visit, path):
    kari = visit("Kari")

    assert kari.get(f"{LIST}{path}").status_code == 403
    assert kari.get(made).status_code == 403
    assert kari.get("/admin/on-hold").status_code == 403


def test_an_auditor_reads_and_changes_nothing(made, visit, fill):
    anne = visit("Anne")

    assert "Grant it" not in anne.get(made).text
    assert fill(anne, made, f"{made}/grants", emails="kari@example.invalid").status_code == 403
    assert anne.get("/admin/on-hold").status_code == 200


def test_a_manager_of_one_room_grants_nothing_of_the_site(made, visit, fill):
    mari = visit("Mari")

    assert mari.get(LIST).status_code == 200
    assert mari.get(made).status_code == 403
