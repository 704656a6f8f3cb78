"""The rules pages: values with where they come from, forms that keep what was typed, and what no longer fits."""

import re

import pytest
from sqlalchemy import select

from booking.db import db
from booking.models import RuleSetting
from tests.admin.conftest import next_weekday_at
from tests.factories import OSLO
from tests.support.people import page_token

SHORT = {f"R10-{day}-0-{end}": text for day in range(5) for end, text in (("opens", "8"), ("closes", "15.30"))}


def row_of(page, field):
    """What the page says about one value: the value, and where it is set."""
    found = re.search(rf'data-rule="{field}">(.*?)</div>', page, re.DOTALL)
    assert found, page
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1])).strip()


def save_hours(fill, client, path, **fields):
    return fill(client, f"{path}/hours", f"{path}/hours", **{"R10-mode": "set", **SHORT, **fields})


def test_a_change_of_hours_tells_what_no_longer_fits_and_cancels_nothing(visit, fill, places):
    nils, site = visit("Nils"), f"/admin/rules/site/{places.site}"

    saved = save_hours(fill, nils, site)

    assert saved.status_code == 303
    page = nils.get(saved.location).text
    assert "1 booking no longer fits" in page
    assert "Late meeting" in page
    assert 'data-code="R10.closed_then"' in page
    assert f"/bookings/{places.booking}" in page
    assert nils.get(f"/bookings/{places.booking}").status_code == 200


def test_the_new_hours_refuse_the_next_booking(visit, fill, places):
    nils, kari = visit("Nils"), visit("Kari")
    save_hours(fill, nils, f"/admin/rules/site/{places.site}")
    starts = next_weekday_at(18).starts_at.astimezone(OSLO)

    form = kari.get("/resources/oya/bookings/new")
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
    times = {"date": starts.date().isoformat(), "start": "18:00", "end": "19:00"}
    answer = kari.post("/resources/oya/bookings", data={**fields, **times, "csrf_token": page_token(form)})

    assert answer.status_code == 422
    assert 'data-code="R10.closed_then"' in answer.text


def test_each_value_says_where_it_is_set_and_links_there(visit, fill, places):
    nils = visit("Nils")
    save_hours(fill, nils, f"/admin/rules/site/{places.site}")

    page = nils.get(f"/admin/rules/resource/{places.sluppen}").text

    assert "Mon–Fri 08:00–15:30" in row_of(page, "R10-windows")
    assert "Elgeseter" in row_of(page, "R10-windows")
    assert f'href="/admin/rules/site/{places.site}"' in page
    assert row_of(page, "R17-hours") == "Notice None needed default"
    assert "set here" in row_of(nils.get(f"/admin/rules/site/{places.site}").text, "R10-windows")


def test_a_value_is_set_here_and_inherited_again(visit, fill, places):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"

    fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": "90"})
    assert row_of(nils.get(room).text, "R21-minutes") == "Longest 1 hour 30 minutes set here"

    fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "inherit", "R21-minutes": "90"})
    page = nils.get(room).text
    assert row_of(page, "R21-minutes") == "Longest No limit default"
    assert "inherited" in page[page.index("What has been set here") :]


def test_no_limit_here_stands_against_a_limit_above(visit, fill, places):
    nils, room, site = visit("Nils"), f"/admin/rules/resource/{places.sluppen}", f"/admin/rules/site/{places.site}"
    fill(nils, f"{site}/lengths", f"{site}/lengths", **{"R21-minutes-mode": "set", "R21-minutes": "60"})

    fill(nils, f"{room}/lengths", f"{room}/lengths", **{"R21-minutes-mode": "none"})

    assert row_of(nils.get(room).text, "R21-minutes") == "Longest No limit set here"


@pytest.mark.parametrize(
    ("section", "field", "fields"),
    [
        ("lengths", "R21-minutes", {"R21-minutes-mode": "set", "R21-minutes": "a while"}),
        ("lengths", "R20-minutes", {"R20-minutes-mode": "set", "R20-minutes": ""}),
        ("lengths", "R20-minutes", {"R20-minutes-mode": "inherit", "R20-minutes": "45"}),
        ("ahead", "R18-days", {"R18-days-mode": "set", "R18-days": "-3"}),
        ("ahead", "R18-opens_at", {"R18-opens_at-mode": "set", "R18-opens_at": "noon"}),
        ("people", "R07-fire_limit", {"R07-fire_limit-mode": "set", "R07-fire_limit": "0"}),
        ("turnover", "R06-before_minutes", {"R06-before_minutes-mode": "set", "R06-before_minutes": "9999"}),
        ("hours", "R10-2-0-closes", {"R10-mode": "set", "R10-2-0-opens": "8"}),
        ("hours", "R10-0-0-opens", {"R10-mode": "set", "R10-0-0-opens": "26:00", "R10-0-0-closes": "27:00"}),
        ("hours", "R10-0-0-opens", {"R10-mode": "set"}),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(visit, fill, places, sqlite_app, section, field, fields):
    nils, path = visit("Nils"), f"/admin/rules/resource/{places.sluppen}/{section}"

    answer = fill(nils, path, path, **fields)

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}"' in answer.text
    for name, text in fields.items():
        assert not text or f'value="{text}"' in answer.text, name
    with sqlite_app.app_context():
        assert db.session.scalars(select(RuleSetting)).all() == []


@pytest.mark.parametrize(
    ("section", "field", "text"), [("lengths", "R02-step_minutes", "7"), ("access", "R30-groups", "4711")]
)
def test_what_is_not_in_the_list_is_refused(visit, fill, places, section, field, text):
    path = f"/admin/rules/resource/{places.sluppen}/{section}"

    answer = fill(visit("Nils"), path, path, **{field: text})

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text


def test_hours_are_read_as_people_write_them_and_past_midnight(visit, fill, places):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"
    fields = {"R10-0-0-opens": "0730", "R10-0-0-closes": "11.30", "R10-0-1-opens": "12", "R10-0-1-closes": "24:00"}

    fill(nils, f"{room}/hours", f"{room}/hours", **{"R10-mode": "set", **fields})

    assert "Mon 07:30–11:30 and 12:00–24:00" in row_of(nils.get(room).text, "R10-windows")
    assert 'value="07:30"' in nils.get(f"{room}/hours").text


def test_a_form_that_somebody_else_was_faster_with_comes_back_with_what_was_typed(visit, fill, places):
    nils, path = visit("Nils"), f"/admin/rules/resource/{places.sluppen}/lengths"
    old = re.search(r'name="version" value="(\d+)"', nils.get(path).text)[1]
    fill(nils, path, path, **{"R20-minutes-mode": "set", "R20-minutes": "30", "version": old})

    late = fill(nils, path, path, **{"R20-minutes-mode": "set", "R20-minutes": "45", "version": old})

    assert late.status_code == 409
    assert 'value="45"' in late.text
    new = re.search(r'name="version" value="(\d+)"', late.text)[1]
    again = fill(nils, path, path, **{"R20-minutes-mode": "set", "R20-minutes": "45", "version": new})
    assert again.status_code == 303


def test_who_may_look_and_who_may_change(visit, fill, places):
    mine, other = f"/admin/rules/resource/{places.sluppen}", f"/admin/rules/resource/{places.oya}"
    mari, anne, siri = visit("Mari"), visit("Anne"), visit("Siri")

    assert fill(mari, f"{mine}/lengths", f"{mine}/lengths", **{"R20-minutes-mode": "set", "R20-minutes": "30"}).location
    for path in (other, f"{other}/lengths", f"/admin/rules/site/{places.site}"):
        assert mari.get(path).status_code == 403, path
    token = page_token(mari.get(f"{mine}/lengths"))
    assert mari.post(f"{other}/lengths", data={"csrf_token": token}).status_code == 403
    assert mari.post(f"{other}/hours", data={"csrf_token": token, "R10-mode": "always"}).status_code == 403

    assert anne.get(mine).status_code == 200
    assert "Change" not in re.findall(r"<main.*</main>", anne.get(mine).text, re.DOTALL)[0]
    token = page_token(anne.get("/account"))
    assert anne.get(f"{mine}/lengths").status_code == 403
    assert anne.post(f"{mine}/lengths", data={"csrf_token": token}).status_code == 403

    assert siri.get("/admin").status_code == 200
    assert siri.get(mine).status_code == 403
    assert siri.get("/admin/rules").status_code == 403


@pytest.mark.parametrize("path", ["site/4711", "moon/1", "resource/4711/lengths", "site/1/nothing"])
def test_what_does_not_exist_is_not_found(visit, path):
    assert visit("Nils").get(f"/admin/rules/{path}").status_code == 404


def test_a_manager_s_pages_lead_nowhere_they_may_not_go(visit, places):
    mari = visit("Mari")

    page = mari.get(f"/admin/rules/resource/{places.sluppen}").text

    for href in set(re.findall(r'href="(/admin[^"]*)"', page)):
        assert mari.get(href).status_code == 200, href


def test_a_deadline_for_changes_is_set_with_what_comes_of_it(visit, fill, places):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"

    fill(nils, f"{room}/ahead", f"{room}/ahead", **{
        "R19-hours-mode": "set", "R19-hours": "24", "R19-effect": "refuse",
    })  # fmt: skip
    page = nils.get(room).text

    assert "24 hours set here" in row_of(page, "R19-hours")
    assert row_of(page, "R19-effect") == "Later than that Is refused set here"
