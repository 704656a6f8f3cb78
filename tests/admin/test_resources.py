"""The pages about resources: the list, the form, the state, and the decision about bookings when one is retired."""

import pytest
from sqlalchemy import select

from booking.db import db
from booking.models import Booking, Resource
from tests.support.people import page_token

NEW = {"site": "1", "slug": "studio-3", "name": "Studio 3", "kind": "space", "category": "1", "seats": "3"}
KEPT = {"name": "Sluppen", "kind": "space", "category": "1", "building": ""}


def the_resource(app, slug):
    with app.app_context():
        return db.session.scalar(select(Resource).where(Resource.slug == slug))


def state_of(app, public_id):
    with app.app_context():
        return db.session.scalar(select(Booking.state).where(Booking.public_id == public_id))


def test_the_landing_page_shows_each_their_own_ways(visit):
    nils, mari, siri = (
        visit("Nils").get("/admin").text,
        visit("Mari").get("/admin").text,
        visit("Siri").get("/admin").text,
    )

    for way in (
        "/admin/resources",
        "/admin/rules",
        "/admin/closures",
        "/admin/groups",
        "/admin/places",
        "/admin/people",
    ):
        assert f'href="{way}"' in nils
    assert 'href="/admin/rules"' in mari
    assert 'href="/admin/groups"' not in mari
    assert 'href="/admin/people"' in siri
    assert 'href="/admin/rules"' not in siri
    assert visit("Kari").get("/admin").status_code == 403


def test_the_list_holds_what_one_looks_after(visit):
    assert "Øya" in visit("Nils").get("/admin/resources").text
    mari = visit("Mari").get("/admin/resources").text
    assert "Sluppen" in mari
    assert "Øya" not in mari
    assert visit("Siri").get("/admin/resources").status_code == 403


def test_a_new_resource_starts_as_a_draft_and_is_put_in_use(visit, fill, places, sqlite_app):
    nils = visit("Nils")

    made = fill(nils, "/admin/resources/new", "/admin/resources", **NEW, features="video")

    assert (made.status_code, made.location) == (303, "/admin/resources/studio-3")
    row = the_resource(sqlite_app, "studio-3")
    assert (row.state, row.seats, row.features) == ("draft", 3, ["video"])
    fill(nils, made.location, "/admin/resources/studio-3/use")
    assert the_resource(sqlite_app, "studio-3").state == "active"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("slug", {"slug": "Studio 3"}),
        ("slug", {"slug": "sluppen"}),
        ("name", {"name": ""}),
        ("seats", {"seats": "many"}),
        ("category", {"category": "x"}),
        ("site", {"site": ""}),
        ("units", {"is_pool": "1", "units": "0"}),
    ],
)
def test_what_cannot_be_is_named_and_the_rest_is_kept(visit, fill, field, changes):
    answer = fill(visit("Nils"), "/admin/resources/new", "/admin/resources", **{**NEW, "floor": "Loftet", **changes})

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert 'value="Loftet"' in answer.text


def test_a_manager_edits_their_own_and_nobody_else_s(visit, fill, places, sqlite_app):
    mari = visit("Mari")

    saved = fill(mari, "/admin/resources/sluppen", "/admin/resources/sluppen", **{**KEPT, "seats": "5"})

    assert saved.status_code == 303
    assert the_resource(sqlite_app, "sluppen").seats == 5
    token = page_token(mari.get("/admin/resources/sluppen"))
    for path in ("oya", "oya/use", "oya/draft", "oya/retirement", "oya/units"):
        assert mari.post(f"/admin/resources/{path}", data={"csrf_token": token, **KEPT}).status_code == 403, path
    for path in ("/admin/resources/oya", "/admin/resources/oya/retirement"):
        assert mari.get(path).status_code == 403, path
    assert fill(mari, "/admin/resources/sluppen", "/admin/resources", **NEW).status_code == 403


def test_an_auditor_reads_and_changes_nothing(visit, sqlite_app):
    anne = visit("Anne")

    assert anne.get("/admin/resources/sluppen").status_code == 200
    token = page_token(anne.get("/account"))
    for path in ("", "/sluppen", "/sluppen/use", "/sluppen/draft", "/sluppen/retirement", "/desks/units"):
        assert anne.post(f"/admin/resources{path}", data={"csrf_token": token, **KEPT}).status_code == 403, path
    assert the_resource(sqlite_app, "sluppen").state == "active"


def test_a_pool_is_made_larger_and_says_why_it_cannot_be_none(visit, fill, sqlite_app):
    nils, page = visit("Nils"), "/admin/resources/desks"

    assert fill(nils, page, f"{page}/units", units="7").status_code == 303
    assert "A pool of 7 alike units" in nils.get(page).text
    refused = fill(nils, page, f"{page}/units", units="none")
    assert refused.status_code == 422
    assert '<a href="#units">' in refused.text


def test_a_draft_again_tells_of_the_bookings_that_stand(visit, fill, places):
    nils, page = visit("Nils"), "/admin/resources/sluppen"

    shown = nils.get(fill(nils, page, f"{page}/draft").location).text

    assert "1 booking no longer fits" in shown
    assert 'data-code="R04.not_bookable"' in shown


def test_retiring_asks_what_becomes_of_each_booking(visit, fill, places, sqlite_app):
    nils, page = visit("Nils"), "/admin/resources/sluppen/retirement"
    assert "Late meeting" in nils.get(page).text

    for unanswered in ({}, {"decision": "some"}, {"decision": "all", "shown": places.booking}):
        assert fill(nils, page, page, **unanswered).status_code == 422
        assert the_resource(sqlite_app, "sluppen").state == "active"

    assert fill(nils, page, page, decision="keep").status_code == 303
    assert the_resource(sqlite_app, "sluppen").state == "retired"
    assert state_of(sqlite_app, places.booking) == "confirmed"


def test_retiring_cancels_what_was_chosen_with_the_reason(visit, fill, places, sqlite_app):
    nils, page = visit("Nils"), "/admin/resources/sluppen/retirement"

    fill(nils, page, page, decision="some", cancel=places.booking, reason="The wall is coming down")

    assert state_of(sqlite_app, places.booking) == "cancelled"


def test_cancelling_all_leaves_what_was_booked_while_the_page_was_open(visit, fill, places, sqlite_app):
    nils, page = visit("Nils"), "/admin/resources/sluppen/retirement"

    answer = fill(nils, page, page, decision="all", reason="The wall is coming down")

    assert answer.status_code == 303
    assert state_of(sqlite_app, places.booking) == "confirmed"
