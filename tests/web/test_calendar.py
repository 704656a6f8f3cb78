"""The Subscribe page: an address is made, shown once, used, listed and ended."""

import html
import re
from dataclasses import replace

import pytest

from booking.db import writing
from booking.models import Member
from booking.services import feed_counters
from config import MailServer
from tests.factories import LONG_AGO, a_room, a_site
from tests.support.people import page_token, sign_in, two_organisations

ADDRESS = re.compile(r'value="(http://localhost/feeds/[A-Za-z0-9_-]{22}\.ics)"')


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


@pytest.fixture
def kari(client):
    sign_in(client, "Kari")
    client.get("/calendar?lang=en")
    return client


def form_of(page):
    """The hidden fields of the form, as a browser would send them."""
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    return {"csrf_token": page_token(page), "key": html.unescape(key[1])}


def make(client, name="My phone", detail="full", **more):
    fields = form_of(client.get("/calendar")) | {"name": name, "detail": detail}
    return client.post("/calendar/keys", data=fields | more)


def path_in(page):
    return ADDRESS.search(page.text)[1].removeprefix("http://localhost")


def test_the_page_is_for_members(client):
    assert client.get("/calendar").location == "/login"


def test_the_first_visit_offers_to_make_an_address(kari):
    page = kari.get("/calendar")

    assert page.status_code == 200
    assert "Make your address" in page.text
    assert "Your addresses" not in page.text


def test_a_new_address_is_shown_once_and_works(kari):
    made = make(kari)
    first, second = kari.get(made.location), kari.get("/calendar")

    path = path_in(first)
    assert (made.status_code, made.location) == (303, "/calendar")
    assert f'href="webcal://localhost{path}"' in first.text
    assert "<svg" in first.text.partition('class="qr"')[2]
    assert kari.get(path).mimetype == "text/calendar"
    assert path[7:29] not in second.text


def test_no_page_holds_inline_style_or_script(kari):
    shown = kari.get(make(kari).location).text

    assert " style=" not in shown
    assert "<style" not in shown
    assert "<script>" not in shown


def test_each_address_is_listed_with_what_it_shows_and_when_it_was_used(kari):
    path = path_in(kari.get(make(kari, "Laptop & co", "busy").location))

    before = kari.get("/calendar").text
    kari.get(path)
    after = kari.get("/calendar").text

    assert "Laptop &amp; co" in before
    assert "Only that you are busy" in before
    assert "Not yet" in before
    assert "Not yet" not in after


def test_an_ended_address_opens_nothing_and_is_no_longer_listed(kari):
    path = path_in(kari.get(make(kari).location))
    page = kari.get("/calendar")
    ending = re.search(r"/calendar/keys/[A-Za-z0-9_-]+/revocation", page.text)[0]

    ended = kari.post(ending, data={"csrf_token": page_token(page)})

    assert (ended.status_code, ended.location) == (303, "/calendar")
    assert kari.get(path).status_code == 404
    after = kari.get("/calendar").text
    assert "“My phone” has ended" in after
    assert ending not in after


def test_nobody_else_can_end_an_address(kari, sqlite_app):
    path = path_in(kari.get(make(kari).location))
    ending = re.search(r"/calendar/keys/[A-Za-z0-9_-]+/revocation", kari.get("/calendar").text)[0]
    ola = sqlite_app.test_client()
    sign_in(ola, "Ola")

    refused = ola.post(ending, data={"csrf_token": page_token(ola.get("/calendar"))})

    assert refused.status_code == 404
    assert kari.get(path).status_code == 200


def test_a_form_sent_twice_makes_one_address(kari):
    fields = form_of(kari.get("/calendar")) | {"name": "My phone", "detail": "full"}

    for _ in range(2):
        assert kari.post("/calendar/keys", data=fields).status_code == 303
    page = kari.get("/calendar")

    assert page.text.count("/revocation") == 1
    assert kari.get(path_in(page)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"), [("name", "  "), ("name", "x" * 61), ("detail", "everything"), ("detail", "")]
)
def test_what_cannot_be_read_is_told_at_its_field_and_the_rest_is_kept(kari, field, value):
    answer = make(kari, **{"name": "My phone", "detail": "busy", field: value})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert 'value="My phone"' in answer.text or field == "name"
    assert re.search(r'value="busy" checked', answer.text) or field == "detail"


def test_nobody_gathers_more_than_twenty_addresses(kari):
    for n in range(20):
        assert make(kari, f"Phone {n}").status_code == 303

    assert make(kari, "One more").status_code == 422


def test_the_usual_level_of_detail_is_chosen_beforehand(kari, sqlite_app):
    with sqlite_app.app_context(), writing() as session:
        session.query(Member).filter_by(name="Kari").one().detail_level = "busy"

    assert re.search(r'value="busy" checked', kari.get("/calendar").text)


def test_a_form_sent_without_a_token_comes_back_filled_in(kari):
    fields = form_of(kari.get("/calendar")) | {"name": "My tablet", "detail": "title"}

    late = kari.post("/calendar/keys", data=fields | {"csrf_token": "too old"})

    assert late.status_code == 400
    assert 'value="My tablet"' in late.text
    assert fields["key"] in html.unescape(late.text)


def test_a_room_is_followed_from_its_own_page(kari, sqlite_app):
    slug = a_room_of_the_house(sqlite_app)
    link = re.search(r'href="(/calendar\?follow=[^"]+)"', kari.get(f"/resources/{slug}").text)[1]

    page = kari.get(html.unescape(link))
    made = make(kari, what=f"resource:{slug}")
    shown = kari.get(made.location)

    assert re.search(rf'<option value="resource:{slug}" selected>', page.text)
    assert "Blåbær, Samrom" in kari.get(path_in(shown)).text.replace("\\", "")
    assert "<dd>Blåbær</dd>" in shown.text


@pytest.mark.parametrize(
    "what", ["resource:nowhere", "organisation:ntnu", "approvals", "events:x", "member:x", "x" * 81]
)
def test_what_one_may_not_follow_is_told_at_its_field(kari, what):
    answer = make(kari, what=what, name="My phone")

    assert answer.status_code == 422
    assert 'href="#what"' in answer.text
    assert 'value="My phone"' in answer.text


def test_set_up_and_a_reminder_can_be_chosen(kari):
    made = make(kari, buffers="1", alarm="15")
    refused = make(kari, alarm="7")

    assert made.status_code == 303
    assert (refused.status_code, 'href="#alarm"' in refused.text) == (422, True)


def test_the_list_tells_which_program_fetched_when_and_what_it_has_missed(kari, sqlite_app):
    path = path_in(kari.get(make(kari).location))
    assert "Not yet" in kari.get("/calendar").text

    sqlite_app.test_client().get(path, headers={"User-Agent": "Microsoft Office/16.0 (Outlook 16)"})
    fetched = kari.get("/calendar").text
    with sqlite_app.app_context(), writing() as session:
        member_id = session.query(Member).filter_by(name="Kari").one().id
        for _ in range(2):
            feed_counters.raise_counters(session, LONG_AGO, [("member", member_id)])
            feed_counters._raise_all(session)

    assert re.search(r"Outlook fetched it \d+ seconds? ago", fetched)
    assert "since then" not in fetched
    assert "2 changes since then" in kari.get("/calendar").text


def test_an_address_is_on_nobodys_page_but_once_on_its_own_and_leaves_by_no_referrer(kari, sqlite_app):
    shown = kari.get(make(kari, name="Secret phone").location)
    secret = path_in(shown)[7:29]
    nils = sqlite_app.test_client()
    with sqlite_app.app_context(), writing() as session:
        session.query(Member).filter_by(name="Ola").one().site_role = "site_admin"
        public_id = session.query(Member).filter_by(name="Kari").one().public_id
    sign_in(nils, "Ola")

    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Cache-Control"] == "no-store"
    for page in (f"/admin/people/{public_id}", "/calendar", "/account", "/account/data"):
        assert secret not in nils.get(page).text
        assert "Secret phone" not in nils.get(page).text
    assert secret not in kari.get("/calendar").text
    assert sqlite_app.test_client().get("/bookings", headers={"Authorization": f"Bearer {secret}"}).status_code == 303


@pytest.mark.parametrize(
    ("sends_mail", "what", "offered"), [(True, "member", True), (True, "site", False), (False, "member", False)]
)
def test_a_feed_of_ones_own_bookings_offers_to_let_mails_come_plain(kari, sqlite_app, sends_mail, what, offered):
    config = sqlite_app.extensions["samrom"]
    sqlite_app.extensions["samrom"] = replace(config, mail_server=MailServer("localhost", 25) if sends_mail else None)
    if what == "site":
        with sqlite_app.app_context(), writing() as session:
            what = f"site:{a_site(session).slug}"

    page = kari.get(make(kari, what=what).location)

    assert ("Mails about your bookings come plain from now on" in page.text) is offered


def a_room_of_the_house(app):
    with app.app_context(), writing() as session:
        return a_room(session, name="Blåbær").slug
