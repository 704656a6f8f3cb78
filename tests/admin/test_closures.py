"""Closures, special days, groups and places: adding, taking away, and what each leaves behind."""

import re

import pytest

from tests.admin.conftest import next_weekday_at
from tests.factories import OSLO
from tests.support.people import page_token


def the_day() -> str:
    return next_weekday_at(16).starts_at.astimezone(OSLO).date().isoformat()


def test_a_closure_of_the_site_tells_what_no_longer_fits_and_shows_at_the_room(visit, fill, places):
    nils, page = visit("Nils"), f"/admin/closures/site/{places.site}"

    saved = fill(nils, page, f"{page}/closures", name="Fire drill", start_date=the_day(), start="15.30", end="1630")

    shown = nils.get(saved.location).text
    assert "1 booking no longer fits" in shown
    assert 'data-code="R11.closure"' in shown
    assert "Fire drill" in nils.get(f"/admin/closures/resource/{places.sluppen}").text
    assert "Fire drill" in nils.get("/admin").text


def test_a_closure_is_taken_away_again_where_it_was_set(visit, fill, places):
    nils, page = visit("Nils"), f"/admin/closures/resource/{places.sluppen}"
    shown = nils.get(fill(nils, page, f"{page}/closures", name="Painting", start_date=the_day()).location)
    removal = re.search(r'action="(/admin/closures/[^"]+/removal)"', shown.text)[1]

    gone = nils.get(nils.post(removal, data={"csrf_token": page_token(shown)}).location).text

    assert "Painting" not in re.sub(r"(?s)<head>.*</head>", "", gone)
    assert nils.post(removal, data={"csrf_token": page_token(shown)}).status_code == 404


def test_a_special_day_has_its_own_hours(visit, fill, places):
    nils, page = visit("Nils"), f"/admin/closures/site/{places.site}"
    hours = {"opens": "10", "closes": "14"}

    saved = fill(nils, page, f"{page}/special-days", day=the_day(), day_name="Half day", **hours)

    shown = nils.get(saved.location).text
    assert "Half day" in shown
    assert "10:00–14:00" in shown
    assert 'data-code="R10.closed_then"' in shown
    twice = fill(nils, page, f"{page}/special-days", day=the_day(), day_name="Again", **hours)
    assert twice.status_code == 422
    assert 'value="Again"' in twice.text


@pytest.mark.parametrize(
    ("form", "field", "fields"),
    [
        ("closures", "name", {"name": "", "start_date": "2099-01-01"}),
        ("closures", "start_date", {"name": "x", "start_date": "soon"}),
        ("closures", "start", {"name": "x", "start_date": "2099-01-01", "start": "late"}),
        ("closures", "end", {"name": "x", "start_date": "2099-01-01", "start": "10", "end": "9"}),
        ("closures", "end_date", {"name": "x", "start_date": "2001-01-01"}),
        ("special-days", "day", {"day": "", "day_name": "x", "closed": "1"}),
        ("special-days", "day", {"day": "2001-01-01", "day_name": "x", "closed": "1"}),
        ("special-days", "day_name", {"day": "2099-01-01", "day_name": "", "closed": "1"}),
        ("special-days", "opens", {"day": "2099-01-01", "day_name": "x"}),
        ("special-days", "closes", {"day": "2099-01-01", "day_name": "x", "opens": "10"}),
        ("special-days", "opens", {"day": "2099-01-01", "day_name": "x", "opens": "10", "closes": "soon"}),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(visit, fill, places, form, field, fields):
    page = f"/admin/closures/site/{places.site}"

    answer = fill(visit("Nils"), page, f"{page}/{form}", **fields)

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    for name, text in fields.items():
        assert not text or f'value="{text}"' in answer.text, name


def test_who_may_close_what(visit, fill, places):
    mari, anne = visit("Mari"), visit("Anne")
    mine, site = f"/admin/closures/resource/{places.sluppen}", f"/admin/closures/site/{places.site}"
    closure = {"name": "Painting", "start_date": the_day()}
    nils = visit("Nils")
    shown = nils.get(fill(nils, site, f"{site}/closures", **closure).location).text
    removal = re.search(r'action="(/admin/closures/[^"]+/removal)"', shown)[1]

    assert fill(mari, mine, f"{mine}/closures", **closure).status_code == 303
    assert mari.get(site).status_code == 403
    token = page_token(mari.get(mine))
    assert mari.post(f"{site}/closures", data={"csrf_token": token, **closure}).status_code == 403
    assert mari.post(f"{site}/special-days", data={"csrf_token": token}).status_code == 403
    assert mari.post(removal, data={"csrf_token": token}).status_code == 403
    token = page_token(anne.get("/account"))
    assert anne.get(site).status_code == 200
    for path in (f"{site}/closures", f"{site}/special-days"):
        assert anne.post(path, data={"csrf_token": token, **closure}).status_code == 403
    assert anne.post(removal, data={"csrf_token": token}).status_code == 403


def test_a_group_opens_a_resource_and_is_kept_by_site_admins(visit, fill, places):
    nils, access = visit("Nils"), f"/admin/rules/resource/{places.sluppen}/access"
    people = {"organisations": "1", "emails": "ola@example.invalid"}

    assert fill(nils, "/admin/groups/new", "/admin/groups", name="Fjordfolk", **people).status_code == 303
    listed = nils.get("/admin/groups").text
    assert "Fjordfolk" in listed
    saved = fill(
        nils, access, access, **{"R30-groups": re.search(r'name="R30-groups" value="(\d+)"', nils.get(access).text)[1]}
    )

    assert 'data-code="R30.not_open_to_you"' in nils.get(saved.location).text
    assert "Fjordfolk" in nils.get(f"/admin/rules/resource/{places.sluppen}").text
    for name in ("Mari", "Siri"):
        assert visit(name).get("/admin/groups").status_code == 403
    assert visit("Anne").get("/admin/groups/new").status_code == 403


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("name", {"name": ""}),
        ("emails", {"name": "Some", "emails": "nobody@example.invalid"}),
        ("organisations", {"name": "Some", "organisations": "4711"}),
        ("roles", {"name": "Some", "roles": "king"}),
    ],
)
def test_a_group_names_only_those_who_are_here(visit, fill, field, fields):
    answer = fill(visit("Nils"), "/admin/groups/new", "/admin/groups", **fields)

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text


def test_places_are_made_and_renamed_by_site_admins(visit, fill, places):
    nils = visit("Nils")

    fill(nils, "/admin/places/building/new", "/admin/places/building", slug="trinn-2", name="Byggetrinn 2", site="1")
    names = {"name_nb": "Verksteder", "name_nn": "Verkstader", "name_en": "Workshops"}
    fill(nils, "/admin/places/category/new", "/admin/places/category", slug="verksteder", **names)
    page = f"/admin/places/site/{places.site}"
    fill(nils, page, page, name="Elgeseter gård", address="Gata 1")

    listed = nils.get("/admin/places").text
    assert all(name in listed for name in ("Byggetrinn 2", "Workshops", "Elgeseter gård"))
    refused = fill(nils, "/admin/places/site/new", "/admin/places/site", slug="ny", name="Ny", timezone="Mars/Base")
    assert refused.status_code == 422
    assert '<a href="#timezone">' in refused.text
    assert nils.get("/admin/places/moon/new").status_code == 404
    assert visit("Mari").get("/admin/places").status_code == 403
    assert visit("Anne").get("/admin/places/site/new").status_code == 403
