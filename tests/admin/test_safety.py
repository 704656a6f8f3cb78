"""Activities, documents and dispensations on admin pages: written, kept as versions, and only by site admins."""

import re

import pytest

from tests.support.people import page_token


@pytest.fixture
def admin(visit):
    return visit("Nils")


def words(text, **more):
    languages = ("nb", "nn", "en")
    return {f"name_{each}": "Rules" for each in languages} | {f"text_{each}": text for each in languages} | more


def test_an_activity_is_added_changed_and_taken_off_the_list(admin, fill):
    missing = fill(admin, "/admin/activities/new", "/admin/activities", name="Cells", level="2")
    about = {"name": "Cells", "level": "2", "approval": "A-1", "approved_until": "2040-12-31"}
    added = fill(admin, "/admin/activities/new", "/admin/activities", **about, risk_assessment="R-1")
    listed = admin.get(added.location).text
    address = re.search(r'href="(/admin/activities/[\w-]{22})"', listed)[1]
    changed = fill(admin, address, address, **about | {"level": "3"})
    off = fill(admin, address, f"{address}/retirement", retired="1")

    assert missing.status_code == 422
    assert '<a href="#approval">' in missing.text
    assert 'value="Cells"' in missing.text
    assert "R-1" in listed
    assert changed.status_code == 303
    assert '<option value="3" selected>' in admin.get(address).text
    assert "Not in use" in admin.get(off.location).text


def test_a_document_gets_a_new_version_and_the_old_one_stays(admin, fill):
    half = fill(admin, "/admin/documents/new", "/admin/documents", **words("", frequency="once", version="0"))
    made = fill(admin, "/admin/documents/new", "/admin/documents", **words("Old", frequency="each", version="0"))
    again = fill(admin, made.location, made.location, **words("Old", frequency="each", version="1"))
    new = fill(admin, made.location, made.location, **words("New", frequency="each", version="1"))
    late = fill(admin, made.location, made.location, **words("Newer", frequency="each", version="1"))
    page = admin.get(made.location).text

    assert half.status_code == 422
    assert (made.status_code, again.status_code, new.status_code, late.status_code) == (303, 303, 303, 409)
    assert "Newer" in late.text
    assert page.count("<summary>Version") == 2
    assert "<p>Old</p>" in page


def test_questions_must_be_written_in_every_language(admin, fill):
    text = words(
        "Old", frequency="once", version="0", questions_nb="En\nTo", questions_nn="Ein\nTo", questions_en="One"
    )

    refused = fill(admin, "/admin/documents/new", "/admin/documents", **text)

    assert refused.status_code == 422
    assert '<a href="#questions_en">' in refused.text


def test_a_dispensation_is_granted_and_withdrawn(admin, fill, places):
    about = {"email": "kari@example.invalid", "resource": "sluppen", "ends_on": "2040-01-01"}
    nameless = fill(admin, "/admin/dispensations", "/admin/dispensations", **about, reference="")
    granted = fill(admin, "/admin/dispensations", "/admin/dispensations", **about, reference="HMS-7")
    page = admin.get(granted.location)
    action = re.search(r'action="(/admin/dispensations/[\w-]+/withdrawal)"', page.text)[1]
    gone = admin.post(action, data={"csrf_token": page_token(page)})

    assert nameless.status_code == 422
    assert "HMS-7" in page.text
    assert gone.status_code == 303
    assert "HMS-7" not in admin.get("/admin/dispensations").text


@pytest.mark.parametrize("page", ["/admin/activities", "/admin/documents"])
def test_a_manager_reads_and_changes_nothing(visit, page):
    mari = visit("Mari")

    assert mari.get(page).status_code == 200
    assert mari.get(f"{page}/new").status_code == 403
    assert mari.get("/admin/dispensations").status_code == 403


def test_the_rules_page_sets_the_level_the_hours_and_the_documents(admin, fill, places):
    made = fill(admin, "/admin/documents/new", "/admin/documents", **words("Old", frequency="once", version="0"))
    assert made.status_code == 303
    base = f"/admin/rules/resource/{places.sluppen}"
    lone = {"R33-least_people-mode": "set", "R33-least_people": "2", "R33-after-mode": "set", "R33-after": "18"}
    for section, values in (
        ("containment", {"R32-level-mode": "set", "R32-level": "2"}),
        ("lone-work", lone),
        ("declarations", {"R36-documents": "1"}),
    ):
        version = re.search(r'name="version" value="(\d+)"', admin.get(f"{base}/{section}").text)[1]
        saved = fill(admin, f"{base}/{section}", f"{base}/{section}", **values, version=version)
        assert saved.status_code == 303, saved.text

    shown = admin.get(base).text
    assert "2 people" in shown
    assert "18:00" in shown
    assert "Rules" in shown
