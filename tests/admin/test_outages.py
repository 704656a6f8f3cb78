"""Planning maintenance in a browser's words: dates, bookings under it, choices kept, and who may."""

import html
import re

import pytest

from booking.core.lifecycle import State
from booking.db import db, writing
from booking.models import Booking, BookingItem, Member, Outage, Resource
from tests.admin.conftest import next_weekday_at
from tests.factories import OSLO, a_booking
from tests.support.house import fields
from tests.support.people import page_token

PLAN = "/admin/outages/sluppen/plan"


def the_day() -> str:
    return next_weekday_at(16).starts_at.astimezone(OSLO).date().isoformat()


def plan(**changes) -> dict[str, str]:
    return {"reason": "New filter", "effect": "block", "start_date": the_day(), "start": "15", "end": "18", **changes}


def asked(client, **changes):
    return client.get(PLAN, query_string=plan(**changes))


def sent(client, shown, **choices):
    return client.post(PLAN, data={**fields(shown, "triage"), **choices})


def moves_of(page) -> list[str]:
    return [html.unescape(value) for value in re.findall(r'type="radio"[^>]*value="(move \d[^"]*)"', page.text)]


def booked(app, at_hour=17):
    with app.app_context(), writing() as session:
        room = session.query(Resource).filter_by(slug="sluppen").one()
        member = session.query(Member).filter_by(name="Kari").one()
        row = a_booking(session, on=room, member=member, span=next_weekday_at(at_hour), title="Made meanwhile")
        return row.public_id


def rows(app, model):
    with app.app_context():
        return db.session.query(model).all()


def state_of(app, public_id):
    with app.app_context():
        row = db.session.query(Booking).filter_by(public_id=public_id).one()
        (item,) = db.session.query(BookingItem).filter_by(booking_id=row.id)
        return row.state, item.resource_id


def test_every_booking_is_shown_and_nothing_is_saved_before_each_is_decided(sqlite_app, visit, places):
    mari = visit("Mari")
    shown = asked(mari)

    undecided = sent(mari, shown)

    assert shown.status_code == 200
    assert "Late meeting" in shown.text
    assert "Kristin" in shown.text
    assert "1 booking lies under it" in shown.text
    assert undecided.status_code == 422
    assert f'href="#choice-{places.booking}"' in undecided.text
    assert rows(sqlite_app, Outage) == []


def test_it_is_moved_to_a_suggestion_and_shown_to_members(sqlite_app, visit, places):
    mari = visit("Nils")
    shown = asked(mari)
    first = moves_of(shown)[0]

    saved = sent(mari, shown, **{f"choice-{places.booking}": first, "message": "The filter must be changed."})

    assert saved.status_code == 303
    assert state_of(sqlite_app, places.booking) == ("confirmed", places.oya)
    page = mari.get(saved.location).text
    assert "New filter" in page
    assert "Every booking that fitted before still fits" in page
    day = visit("Kari").get(f"/day?date={the_day()}&site=elgeseter").text
    assert "cell-outage" in day
    assert "Maintenance: Sluppen" in day
    tried = visit("Kari").get(f"/resources/sluppen/bookings/new?date={the_day()}&start=16:00&end=17:00")
    assert "R12.outage" in tried.text


@pytest.mark.parametrize(("choice", "state"), [("keep", State.CONFIRMED), ("cancel", State.CANCELLED)])
def test_one_choice_for_all(sqlite_app, visit, places, choice, state):
    mari = visit("Mari")

    saved = sent(mari, asked(mari), all=choice, message="Sorry.")

    assert saved.status_code == 303
    assert state_of(sqlite_app, places.booking)[0] == state
    assert len(rows(sqlite_app, Outage)) == 1
    consequences = mari.get(saved.location).text
    assert ('data-code="R12.outage"' in consequences) == (choice == "keep")


def test_all_are_moved_to_their_first_suggestions(sqlite_app, visit, places):
    other = booked(sqlite_app)
    nils = visit("Nils")

    saved = sent(nils, asked(nils), all="move", message="Sorry.")

    assert saved.status_code == 303
    assert state_of(sqlite_app, places.booking)[1] == state_of(sqlite_app, other)[1] == places.oya


def test_a_booking_made_meanwhile_appears_and_the_choices_are_kept(sqlite_app, visit, places):
    mari = visit("Mari")
    shown = asked(mari)
    new = booked(sqlite_app)
    cancel = {f"choice-{places.booking}": "cancel", "message": "Sorry for that."}

    again = sent(mari, shown, **cancel)
    saved = sent(mari, again, **cancel, **{f"choice-{new}": "keep"})

    assert again.status_code == 409
    assert "Made meanwhile" in again.text
    assert re.search(r"badge-waiting.*New", again.text)
    assert re.search(rf'name="choice-{places.booking}" value="cancel" checked', again.text)
    assert ">\nSorry for that.</textarea>" in again.text
    assert saved.status_code == 303
    assert (state_of(sqlite_app, places.booking)[0], state_of(sqlite_app, new)[0]) == ("cancelled", "confirmed")


def test_a_suggestion_that_was_taken_meanwhile_stays_chosen_and_says_why(sqlite_app, visit, places):
    nils = visit("Nils")
    shown = asked(nils)
    first = moves_of(shown)[0]
    with sqlite_app.app_context(), writing() as session:
        room, member = session.get_one(Resource, places.oya), session.query(Member).filter_by(name="Kari").one()
        a_booking(session, on=room, member=member, span=next_weekday_at(16))

    refused = sent(nils, shown, **{f"choice-{places.booking}": first, "message": "Sorry.", "all": "cancel"})

    assert refused.status_code == 422
    assert "cannot move there any more" in refused.text
    assert f'value="{first}" checked' in refused.text
    assert state_of(sqlite_app, places.booking)[0] == "confirmed"
    assert rows(sqlite_app, Outage) == []


def test_who_cancels_writes_why(visit, places):
    mari = visit("Mari")

    refused = sent(mari, asked(mari), all="cancel")

    assert refused.status_code == 422
    assert '<a href="#message">' in refused.text


def test_a_repeat_shows_every_date_and_is_taken_away_at_once(sqlite_app, visit, places):
    mari = visit("Mari")
    until = next_weekday_at(16).starts_at.astimezone(OSLO).date().replace(year=2099).isoformat()
    assert asked(mari, every_weeks="1", until=until).status_code == 422
    last = next_weekday_at(16).shifted(3 * (next_weekday_at(17).duration * 24 * 14)).starts_at.date().isoformat()

    shown = asked(mari, every_weeks="2", until=last)
    saved = sent(mari, shown, all="keep")

    assert "4 dates" in shown.text
    assert len({row.repeat_id for row in rows(sqlite_app, Outage)}) == 1
    assert [row.starts_at.astimezone(OSLO).hour for row in rows(sqlite_app, Outage)] == [15] * 4
    listed = mari.get(saved.location)
    assert "Remove all 4" in listed.text
    removal = re.search(r'action="(/admin/outages/dates/[^"]+/removal)"', listed.text)[1]
    assert mari.post(removal, data={"csrf_token": page_token(listed), "all": "1"}).status_code == 303
    assert rows(sqlite_app, Outage) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("reason", {"reason": ""}),
        ("start_date", {"start_date": "soon"}),
        ("start", {"start": "late"}),
        ("end", {"start": "10", "end": "9"}),
        ("end_date", {"start_date": "2001-01-01"}),
        ("effect", {"effect": "magic"}),
        ("until", {"every_weeks": "2"}),
        ("until", {"until": "2001-01-01"}),
        ("every_weeks", {"every_weeks": "often", "until": "2099-01-01"}),
        ("every_weeks", {"every_weeks": "0", "until": "2099-01-01"}),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(visit, field, changes):
    answer = asked(visit("Mari"), **changes)

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert all(f'value="{value}"' in answer.text for value in changes.values() if value and value != "magic")


def test_who_may_plan_what(visit, places):
    mari, anne, kari = visit("Mari"), visit("Anne"), visit("Kari")

    assert asked(kari).status_code == 403
    assert kari.get("/admin/outages").status_code == 403
    assert mari.get("/admin/outages/oya").status_code == 403
    assert mari.get("/admin/outages/oya/plan", query_string=plan()).status_code == 403
    assert anne.get("/admin/outages/sluppen").status_code == 200
    assert asked(anne).status_code == 403
    token = page_token(mari.get("/admin/outages/sluppen/plan", query_string=plan()))
    assert mari.post("/admin/outages/oya/plan", data={"csrf_token": token, **plan()}).status_code == 403
    assert mari.get("/admin/outages").text.count("/admin/outages/sluppen") == 1


def test_a_fault_is_reported_shown_and_cleared(visit, fill, places):
    kari, mari = visit("Kari"), visit("Mari")
    page = "/resources/sluppen/fault"

    empty = fill(kari, page, page, what="", is_dangerous="1")
    sent_ = fill(kari, page, page, what="The lamp sparks", is_dangerous="1")

    assert empty.status_code == 422
    assert '<a href="#what">' in empty.text
    told = kari.get(sent_.location).text
    assert 'data-code="R13.safety"' in told
    assert "sparks" not in told
    assert "The lamp sparks" in mari.get("/admin").text
    fault = re.search(r'href="(/admin/faults/[^"]+)"', mari.get("/admin").text)[1]
    assert kari.get(fault).status_code == 403
    past = fill(mari, fault, fault, settling="out", back_date="2001-01-01")
    assert past.status_code == 422
    assert fill(mari, fault, fault, settling="out", back_date=the_day(), back_time="17").status_code == 303
    assert "expected back" in kari.get("/resources/sluppen").text
    assert fill(mari, fault, fault, settling="fixed").status_code == 303
    assert "data-code" not in kari.get("/resources/sluppen").text
    assert "The lamp sparks" not in mari.get("/admin").text
    token = page_token(mari.get("/admin/outages/sluppen"))
    assert mari.post(fault, data={"csrf_token": token, "settling": "fixed"}).status_code == 409


def test_the_holder_reads_it_on_the_booking_and_among_their_own(sqlite_app, visit, fill, places):
    mine = booked(sqlite_app)
    kari, mari = visit("Kari"), visit("Mari")
    assert "data-code" not in kari.get("/bookings").text

    fill(kari, "/resources/sluppen/fault", "/resources/sluppen/fault", what="It smokes", is_dangerous="1")

    assert 'data-code="R13.safety"' in kari.get(f"/bookings/{mine}").text
    assert 'data-code="R13.safety"' in kari.get("/bookings").text
    fault = re.search(r'href="(/admin/faults/[^"]+)"', mari.get("/admin").text)[1]
    fill(mari, fault, fault, settling="out")
    assert 'data-code="R13.may_be_down"' in kari.get(f"/bookings/{mine}").text


def test_what_a_report_does_is_a_rule_like_others(visit, fill, places):
    nils = visit("Nils")
    form = f"/admin/rules/resource/{places.sluppen}/service"

    saved = fill(nils, form, form, **{"R13-fault_reports": "always", "R13-assume_down_hours-mode": "inherit"})

    assert saved.status_code == 303
    assert "Always" in nils.get(f"/admin/rules/resource/{places.sluppen}").text
    report = "/resources/sluppen/fault"
    fill(nils, report, report, what="The door sticks")
    assert 'data-code="R13.out_of_service"' in nils.get("/resources/sluppen").text
