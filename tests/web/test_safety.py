"""Safety in the booking form: asked only where rules do, kept by every other form, and a buddy who answers."""

import html
import re

import pytest
from sqlalchemy import select

from booking.db import db, writing
from booking.models import Activity, Booking, Document, DocumentVersion, Resource
from tests.factories import LONG_AGO
from tests.support.house import TUESDAY, codes, fields, set_rule
from tests.support.people import page_token

LATE = {"start": "18:00", "end": "20:00"}
OLA = "ola@example.invalid"


@pytest.fixture
def lab(house):
    """Sluppen is a laboratory now: level 2, nobody alone after five, and rules to accept."""
    with house.app.app_context(), writing() as session:
        room = session.scalar(select(Resource).where(Resource.slug == "sluppen"))
        cells = Activity(name="Cells", level=2, approval="A-1", risk_assessment="")
        cells.approved_until = LONG_AGO.replace(year=2030).date()
        assay = Activity(name="Virus", level=3, approval="A-3", risk_assessment="", approved_until=cells.approved_until)
        document = Document(created_at=LONG_AGO)
        session.add_all([cells, assay, document])
        session.flush()
        said = {"nb": "Regler", "nn": "Reglar", "en": "Lab rules"}
        questions = [dict.fromkeys(said, "I wear a coat."), dict.fromkeys(said, "I know the shower.")]
        about = {"texts": dict.fromkeys(said, "Wear a coat."), "questions": questions, "written_at": LONG_AGO}
        session.add(DocumentVersion(document_id=document.id, version=1, frequency="once", names=said, **about))
        set_rule(session, "resource", room.id, "R32", {"level": 2})
        set_rule(session, "resource", room.id, "R33", {"least_people": 2, "unattended_exempt": True})
        set_rule(session, "resource", room.id, "R36", {"documents": [document.id]})
    return house


def sent_details(page):
    """What a browser would send of the fields that rules ask for."""
    body = page.text[page.text.index('id="booking-form"') :]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r'<input[^>]*name="details\.[^>]*>', body):
        about = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if about.get("type") != "checkbox" or " checked" in tag:
            sent.setdefault(about["name"], []).append(about.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="(details\.\w+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[:1] or [""]
    return sent


def form_of(browser, slug="sluppen", **times):
    times = {"start": "11:00", "end": "12:00", **times}
    return browser.get(f"/resources/{slug}/bookings/new?date={TUESDAY}&start={times['start']}&end={times['end']}")


def filled(page, **changed):
    plain = {name: value for name, value in fields(page).items() if not name.startswith("details.")}
    return {**plain, **sent_details(page), **changed}


def ticks(page):
    return re.findall(r'name="details.accept" value="([^"]+)"', page.text)


def book(browser, slug="sluppen", times=None, **changed):
    page = form_of(browser, slug, **(times or {}))
    return browser.post(f"/resources/{slug}/bookings", data=filled(page, **{"details.accept": ticks(page), **changed}))


def details(house):
    with house.app.app_context():
        return [row.details for row in db.session.scalars(select(Booking).order_by(Booking.id))]


def test_fields_appear_only_where_a_rule_asks(kari, lab):
    there, elsewhere = form_of(kari), form_of(kari, "oya")

    assert sorted(sent_details(there)["details.shown"]) == ["activity", "buddy", "unattended"]
    assert len(ticks(there)) == 2
    assert sent_details(elsewhere) == {}
    assert "Wear a coat." in there.text


def test_the_form_refuses_until_all_is_accepted_and_keeps_what_was_written(kari, lab):
    page = form_of(kari)
    half = kari.post("/resources/sluppen/bookings", data=filled(page, **{"details.accept": ticks(page)[:1]}))
    whole = kari.post("/resources/sluppen/bookings", data=filled(half, **{"details.accept": ticks(half)}))

    assert half.status_code == 422
    assert codes(half) == ["R36.unanswered"]
    assert sent_details(half)["details.accept"] == ticks(page)[:1]
    assert whole.status_code == 303
    assert "Lab rules, version 1" in kari.get(whole.location).text
    assert ticks(form_of(kari)) == []
    assert book(kari, times={"start": "13:00", "end": "14:00"}).status_code == 303


def test_the_live_verdict_hears_what_is_filled_in(kari, lab):
    page = form_of(kari, **LATE)
    alone = kari.post("/resources/sluppen/verdict", data=filled(page, **{"details.accept": ticks(page)}))
    named = {"details.accept": ticks(page), "details.buddy": OLA}
    together = kari.post("/resources/sluppen/verdict", data=filled(page, **named))

    assert codes(alone) == ["R33.uncovered"]
    assert codes(together) == ["R33.awaits_buddy"]
    assert 'data-verdict="ok"' in together.text


def test_an_activity_beyond_the_room_is_refused(kari, lab):
    page = form_of(kari)
    by_name = {name: value for value, name in re.findall(r'<option value="(\d+)"[^>]*>(\w+), level', page.text)}

    refused = book(kari, **{"details.activity": by_name["Virus"]})
    accepted = book(kari, **{"details.activity": by_name["Cells"]})

    assert codes(refused) == ["R32.level"]
    assert sent_details(refused)["details.activity"] == [by_name["Virus"]]
    assert accepted.status_code == 303


def test_a_buddy_nobody_knows_is_told_at_the_field(kari, lab):
    refused = book(kari, times=LATE, **{"details.buddy": "nobody@example.invalid"})

    assert refused.status_code == 422
    assert '<a href="#details-buddy">' in refused.text
    assert sent_details(refused)["details.buddy"] == ["nobody@example.invalid"]


def test_a_change_keeps_what_it_does_not_show_and_shows_what_it_keeps(kari, lab):
    address = book(kari, times=LATE, **{"details.buddy": OLA}).location
    form = kari.get(f"{address}/change")

    assert sent_details(form)["details.buddy"] == [OLA]
    before = details(lab)
    moved = fields(form) | {"title": "Only the title"}
    plain = {name: value for name, value in moved.items() if not name.startswith("details.")}
    assert kari.post(address, data=plain).status_code == 303
    assert details(lab) == before

    cleared = filled(kari.get(f"{address}/change"), start="11:00", end="12:00", **{"details.buddy": ""})
    assert kari.post(address, data=cleared).status_code == 303
    assert details(lab)[0] == {"declarations": before[0]["declarations"]}


def test_a_series_carries_it_along(kari, lab):
    page = form_of(kari, **LATE)
    asked = {"details.accept": ticks(page), "details.buddy": OLA, "repeat": "week", "count": "2"}
    preview = kari.post("/resources/sluppen/series/preview", data=filled(page, **asked))
    hidden: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', preview.text):
        hidden.setdefault(name, []).append(html.unescape(value))

    saved = kari.post("/resources/sluppen/series", data=hidden)

    assert saved.status_code == 303
    assert len({str(each) for each in details(lab)}) == 1
    assert "buddy_id" in details(lab)[0]


def test_the_buddy_reads_answers_and_steps_back(kari, ola, lab):
    address = book(kari, times=LATE, **{"details.buddy": OLA}).location
    waiting = kari.get(address)
    mine = ola.get("/bookings")
    asked = ola.get(f"{address}/buddy")

    assert codes(waiting) == ["R33.uncovered"]
    assert "On hold, it may not start yet." in waiting.text
    assert re.search(r'class="badge[^>]*>\s*(?:<[^>]+>\s*)*On hold', waiting.text)
    assert f'href="{address}/buddy"' in mine.text
    assert "Be a buddy for Kari" in asked.text
    assert kari.get(f"{address}/buddy").status_code == 404

    def answer(what):
        return ola.post(f"{address}/buddy", data={"csrf_token": page_token(asked), "answer": what})

    assert answer("accepted").status_code == 303
    assert codes(kari.get(address)) == []
    assert "has said yes" in kari.get(address).text
    assert answer("withdrawn").status_code == 303
    assert codes(kari.get("/bookings")) == ["R33.uncovered"]
    assert "can no longer be your buddy" in kari.get("/notices").text
    assert answer("nonsense").status_code == 404


def test_the_page_of_a_resource_tells_its_rules(kari, lab):
    page = kari.get("/resources/sluppen").text

    assert "Containment level 2." in page
    assert "At least 2 people 17:00–07:00 and at weekends. Name a buddy when you book." in page
    assert "There is something to read and accept when you book." in page
