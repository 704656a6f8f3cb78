"""Drafts of rules: tried out first, saved when confirmed, from a later day, for groups, in bulk, and taken back."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from booking import clock
from booking.admin.rule_templates import TEMPLATES
from booking.db import db, writing
from booking.models import MemberGroup, RuleSetting
from booking.services.rule_changes import checked
from tests.admin.test_rules import row_of
from tests.factories import OSLO
from tests.support.people import page_token


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def draft_in(page):
    return unescape(re.search(r'name="draft" value="([^"]*)"', page)[1])


@pytest.fixture
def try_out(visit):
    """`try_out(client, path, **fields)`: sends the form, and answers with the page that says whom it would meet."""

    def try_out(client, path, **fields):
        return client.post(path, data={"csrf_token": page_token(client.get(path)), **fields})

    return try_out


@pytest.fixture
def settings(sqlite_app):
    def settings():
        with sqlite_app.app_context():
            return [(row.rule, row.params, row.weight) for row in db.session.scalars(select(RuleSetting))]

    return settings


@pytest.fixture
def group(sqlite_app, places):
    with sqlite_app.app_context(), writing() as session:
        row = MemberGroup(public_id="g" * 22, name="Technicians")
        session.add(row)
        session.flush()
        return row.id


def test_a_change_is_tried_out_and_nothing_is_saved_before_it_is_confirmed(visit, try_out, places, settings):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"

    page = try_out(nils, f"{room}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": "30"})

    assert page.status_code == 200
    assert 'data-refused="1"' in page.text
    assert "1 booking would have been refused" in text_of(page.text)
    assert "Late meeting" in page.text
    assert 'data-code="R21.too_long"' in page.text
    assert "Inherited: No limit" in page.text
    assert "30 minutes" in page.text
    assert settings() == []

    saved = nils.post("/admin/rules/drafts", data={"csrf_token": page_token(page), "draft": draft_in(page.text)})
    assert saved.status_code == 303
    assert settings() == [("R21", {"minutes": 30}, None)]
    assert "1 booking no longer fits" in nils.get(saved.location).text


def test_the_page_is_sent_while_the_rehearsal_goes_on(visit, places):
    page = visit("Nils").get(f"/admin/rules/resource/{places.sluppen}/templates/group-rooms", buffered=False)

    assert page.is_streamed
    chunks = [chunk.decode() for chunk in page.response]
    first = next(number for number, chunk in enumerate(chunks) if "Reading the bookings" in chunk)
    last = next(number for number, chunk in enumerate(chunks) if "data-judged" in chunk)
    assert 0 < first < last


def test_the_form_comes_back_with_what_was_typed(visit, try_out, places):
    nils, path = visit("Nils"), f"/admin/rules/resource/{places.sluppen}/lengths"
    typed = {"R21-minutes-mode": "set", "R21-minutes": "45"}
    page = try_out(nils, path, **typed)

    again = nils.post(path, data={"csrf_token": page_token(page), **typed, "again": "1"})

    assert 'value="45"' in again.text


def test_a_draft_that_somebody_was_faster_than_is_shown_anew(visit, try_out, fill, places, settings):
    nils, path = visit("Nils"), f"/admin/rules/resource/{places.sluppen}/lengths"
    page = try_out(nils, path, **{"R21-minutes-mode": "set", "R21-minutes": "30"})
    fill(nils, path, path, **{"R21-minutes-mode": "set", "R21-minutes": "60"})

    late = nils.post("/admin/rules/drafts", data={"csrf_token": page_token(page), "draft": draft_in(page.text)})

    assert late.status_code == 409
    assert "1 hour" in late.text
    again = nils.post("/admin/rules/drafts", data={"csrf_token": page_token(late), "draft": draft_in(late.text)})
    assert again.status_code == 303
    assert settings()[-1] == ("R21", {"minutes": 30}, None)


def test_a_rule_can_ask_for_approval_instead_of_refusing(visit, try_out, fill, places, settings):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"
    fields = {"R21-minutes-mode": "set", "R21-minutes": "30", "R21-weight": "needs_approval"}

    page = try_out(nils, f"{room}/lengths", **fields)
    assert 'data-refused="0"' in page.text
    assert "1 more would have needed approval" in text_of(page.text)

    fill(nils, f"{room}/lengths", f"{room}/lengths", **fields)
    assert settings() == [("R21", {"minutes": 30}, "needs_approval")]
    assert "Asks for approval" in nils.get(room).text


def test_a_weight_a_rule_cannot_have_is_refused(visit, try_out, places, settings):
    nils, path = visit("Nils"), f"/admin/rules/resource/{places.sluppen}/lengths"

    assert try_out(nils, path, **{"R21-weight": "locked"}).status_code == 422
    assert settings() == []


def test_a_change_counts_from_the_day_that_was_chosen_and_can_be_taken_back(visit, fill, places, sqlite_app):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"
    fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": "240"})
    day = (clock.now().astimezone(OSLO) + timedelta(days=30)).date().isoformat()

    fields = {"R21-minutes-mode": "set", "R21-minutes": "60", "from": day}
    assert fill(nils, f"{room}/lengths", f"{room}/lengths", **fields).status_code == 303
    page = nils.get(room).text
    assert row_of(page, "R21-minutes") == "Longest 4 hours set here"
    with sqlite_app.app_context():
        old, planned = db.session.scalars(select(RuleSetting).order_by(RuleSetting.id)).all()
        assert old.valid_to == planned.valid_from > clock.now()

    back = nils.get(re.search(r'href="([^"]*/versions/\d+)">Take back', page)[1])
    nils.post("/admin/rules/drafts", data={"csrf_token": page_token(back), "draft": draft_in(back.text)})
    with sqlite_app.app_context():
        *_, planned, kept = db.session.scalars(select(RuleSetting).order_by(RuleSetting.id)).all()
        assert planned.valid_to == planned.valid_from
        assert (kept.params, kept.valid_from, kept.valid_to) == ({"minutes": 240}, planned.valid_from, None)


def test_a_day_that_has_been_is_refused(visit, try_out, places):
    path = f"/admin/rules/resource/{places.sluppen}/lengths"
    page = try_out(visit("Nils"), path, **{"R21-minutes-mode": "set", "R21-minutes": "60", "from": "2020-01-01"})

    assert page.status_code == 422
    assert '<a href="#from">' in page.text


def test_what_was_set_before_is_brought_back_by_adding_to_the_history(visit, fill, places, settings):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"
    for minutes in ("240", "60"):
        fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": minutes})
    page = nils.get(room).text
    assert "4 hours → 1 hour" in text_of(page).replace("  ", " ")

    back = nils.get(re.search(r'href="([^"]*/versions/\d+)">Bring back', page)[1])
    assert "4 hours" in back.text
    nils.post("/admin/rules/drafts", data={"csrf_token": page_token(back), "draft": draft_in(back.text)})

    assert [params for _, params, _ in settings()] == [{"minutes": 240}, {"minutes": 60}, {"minutes": 240}]
    assert "Longest 4 hours set here" in row_of(nils.get(room).text, "R21-minutes")


def test_a_group_is_granted_a_looser_value(visit, fill, places, group, sqlite_app):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"
    fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": "60"})

    form = f"{room}/lengths?group={group}"
    fields = {"group": str(group), "R21-minutes-mode": "set", "R21-minutes": "480"}
    fill(nils, form, f"{room}/lengths", **fields)

    page = nils.get(room).text
    assert "Technicians" in page[page.index("Looser for some") :]
    assert "8 hours" in page
    assert row_of(page, "R21-minutes") == "Longest 1 hour set here"
    assert 'value="480"' in nils.get(form).text
    with sqlite_app.app_context():
        assert db.session.scalars(select(RuleSetting.group_id)).all() == [None, group]


def test_strict_values_are_not_in_a_group_s_form(visit, places, group):
    path = f"/admin/rules/resource/{places.sluppen}"

    assert "R07-fire_limit" not in visit("Nils").get(f"{path}/people?group={group}").text
    assert visit("Nils").get(f"{path}/lengths?group=4711").status_code == 404


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_template_is_a_draft_of_values_that_can_be_stored(visit, places, settings, sqlite_app, key):
    nils = visit("Nils")

    page = nils.get(f"/admin/rules/resource/{places.sluppen}/templates/{key}")

    assert page.status_code == 200
    assert "Save these rules" in page.text
    assert settings() == []
    nils.post("/admin/rules/drafts", data={"csrf_token": page_token(page), "draft": draft_in(page.text)})
    assert {rule for rule, _, _ in settings()} == set(TEMPLATES[key].values)
    with sqlite_app.app_context():
        for rule, params in TEMPLATES[key].values.items():
            assert checked(db.session(), rule, params) == dict(params)


def test_several_resources_get_the_same_value_and_keep_their_others(visit, fill, places, settings, sqlite_app):
    nils = visit("Nils")
    room = f"/admin/rules/resource/{places.sluppen}"
    fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": "240"})
    chosen = nils.get(f"/admin/rules/many?section=lengths&resource={places.sluppen}&resource={places.oya}")
    form = nils.get(chosen.location)
    assert "Leave as it is" in form.text

    data = {
        "csrf_token": page_token(form), "resource": [str(places.sluppen), str(places.oya)],
        "R20-minutes-mode": "set", "R20-minutes": "30", "R21-minutes-mode": "keep",
    }  # fmt: skip
    page = nils.post("/admin/rules/many/lengths", data=data)
    assert page.text.count('data-rule="R20"') == 2
    assert 'data-rule="R21"' not in page.text
    saved = nils.post("/admin/rules/drafts", data={"csrf_token": page_token(page), "draft": draft_in(page.text)})

    assert saved.location.endswith("/admin/rules")
    assert [each for each in settings() if each[0] == "R20"] == [("R20", {"minutes": 30}, None)] * 2
    assert "Longest 4 hours set here" in row_of(nils.get(room).text, "R21-minutes")


def test_who_may_try_out_and_save(visit, try_out, places, settings):
    mari, anne, nils = visit("Mari"), visit("Anne"), visit("Nils")
    page = try_out(
        nils, f"/admin/rules/resource/{places.oya}/lengths", **{"R20-minutes-mode": "set", "R20-minutes": "30"}
    )
    draft = draft_in(page.text)

    for client in (mari, anne):
        token = page_token(client.get("/account"))
        assert client.post("/admin/rules/drafts", data={"csrf_token": token, "draft": draft}).status_code == 403
    both = {"csrf_token": page_token(mari.get("/account")), "resource": [str(places.sluppen), str(places.oya)]}
    many = {**both, "R20-minutes-mode": "set", "R20-minutes": "30"}
    assert mari.post("/admin/rules/many/lengths", data=many).status_code == 403
    assert mari.get(f"/admin/rules/resource/{places.oya}/templates/teaching").status_code == 403
    assert settings() == []


@pytest.mark.parametrize("draft", ["", "{}", "[]", '{"group": null, "from": "soon", "scopes": []}'])
def test_a_draft_that_cannot_be_read_changes_nothing(visit, settings, draft):
    nils = visit("Nils")

    answer = nils.post("/admin/rules/drafts", data={"csrf_token": page_token(nils.get("/account")), "draft": draft})

    assert answer.status_code in (400, 422)
    assert settings() == []
