"""Pages of members: who sees whom, who changes what."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking import clock
from booking.db import db, writing
from booking.models import Duty, JournalEntry, Member, Membership, Organisation
from tests.factories import a_room
from tests.support.people import page_token, post, sign_in, two_organisations

PAGES = ["/admin/people", "/admin/organisations"]


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


@pytest.fixture
def visit(sqlite_app):
    """`visit("Siri")`: a browser where she is signed in."""

    def visit(name):
        client = sqlite_app.test_client()
        assert sign_in(client, name).status_code == 303
        return client

    return visit


def row(app, name):
    with app.app_context():
        return db.session.scalar(select(Member).where(Member.name == name))


def membership_of(app, name, organisation="fjordlab"):
    with app.app_context():
        joined = select(Membership).join(Organisation).join(Member)
        return db.session.scalar(joined.where(Member.name == name, Organisation.slug == organisation))


@pytest.mark.parametrize(("name", "status"), [("Kari", 403), ("Siri", 200), ("Anne", 200), ("Nils", 200)])
@pytest.mark.parametrize("path", PAGES)
def test_who_may_enter(visit, path, name, status):
    assert visit(name).get(path).status_code == status


def test_an_organisation_s_admin_sees_their_own_people_only(visit):
    page = visit("Siri").get("/admin/people").text

    assert "kari@example.invalid" in page
    assert "ola@example.invalid" not in page
    assert "Nordvind" not in page


def test_others_ids_do_not_exist_for_an_organisation_s_admin(visit, people):
    siri, ola = visit("Siri"), people["Ola"]

    for path in (
        f"/admin/people/{ola}",
        "/admin/organisations/nordvind",
        f"/admin/people/{ola}/memberships/nordvind/ending",
    ):
        assert siri.get(path).status_code == 404, path
    for path in (
        f"/admin/people/{ola}/memberships",
        f"/admin/people/{ola}/memberships/nordvind/ending",
        f"/admin/people/{ola}/memberships/nordvind/return",
    ):
        assert post(siri, path, organisation="nordvind", role="admin").status_code == 404, path


def test_an_organisation_s_admin_takes_nobody_s_member_and_gives_no_role_elsewhere(visit, people, sqlite_app):
    siri = visit("Siri")

    post(siri, f"/admin/people/{people['Ola']}/memberships", organisation="fjordlab", role="admin")
    stolen = post(siri, f"/admin/people/{people['Kari']}/memberships", organisation="nordvind", role="admin")

    assert stolen.status_code == 404
    assert membership_of(sqlite_app, "Ola") is None
    assert membership_of(sqlite_app, "Kari", "nordvind") is None


@pytest.mark.parametrize("path", ["", "/return", "/password-link", "/ending", "/duties", "/duties/1/ending"])
def test_accounts_are_for_site_admins_alone(visit, people, path):
    address = f"/admin/people/{people['Kari']}{path}"
    fields = {"name": "Kari", "site_role": "site_admin", "kind": "manager", "scope": "site:1"}

    assert post(visit("Siri"), address, **fields).status_code == 403


POSTS = [
    "/admin/organisations", "/admin/organisations/fjordlab", "/admin/organisations/fjordlab/return",
    "/admin/organisations/fjordlab/ending", "/admin/people/invitations", "/admin/people/invitations/1/withdrawal",
    "/admin/people/{kari}", "/admin/people/{kari}/memberships", "/admin/people/{kari}/memberships/fjordlab/return",
    "/admin/people/{kari}/memberships/fjordlab/ending", "/admin/people/{kari}/ending", "/admin/people/{kari}/return",
    "/admin/people/{kari}/password-link", "/admin/people/{kari}/duties", "/admin/people/{kari}/duties/1/ending",
]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("name", ["Anne", "Kari"])
def test_auditors_and_members_change_nothing(visit, people, path, name):
    assert post(visit(name), path.format(kari=people["Kari"]), name="X", role="admin").status_code == 403


def test_an_auditor_sees_everybody_and_no_buttons(visit, people):
    anne = visit("Anne")

    page = anne.get(f"/admin/people/{people['Ola']}").text

    assert "Nordvind" in page
    assert 'method="post"' not in page.split("<main")[1].split("</main>")[0]


def test_search_needs_three_letters_and_finds_by_name_or_address(visit):
    nils = visit("Nils")

    short = nils.get("/admin/people?words=ka")

    assert short.status_code == 422
    assert "at least 3 characters" in short.text
    assert "kari@example.invalid" not in short.text
    assert "kari@example.invalid" in nils.get("/admin/people?words=ari@ex").text
    assert "Nobody found" in nils.get("/admin/people?words=%25%25%25").text


@pytest.mark.parametrize("words", ["åse", "ÅSE BØ", "øvre", "Bø Øv"])
def test_a_search_knows_norwegian_letters_small_and_capital(visit, sqlite_app, words):
    with sqlite_app.app_context(), writing() as session:
        session.add(Member(name="Åse Bø Øvre", email="aase@example.invalid", created_at=clock.now()))

    assert "aase@example.invalid" in visit("Nils").get("/admin/people", query_string={"words": words}).text


def test_a_search_is_capped(visit, sqlite_app):
    with sqlite_app.app_context(), writing() as session:
        session.add_all(
            Member(name=f"Per {n:03}", email=f"per{n}@example.invalid", created_at=clock.now()) for n in range(60)
        )

    page = visit("Nils").get("/admin/people?words=per").text

    assert page.count("<tr>") == 51
    assert "first 50" in page


def test_a_site_admin_changes_name_and_role_and_takes_no_other_field(visit, people, sqlite_app):
    fields = {
        "name": "Kari Lie",
        "site_role": "auditor",
        "email": "x@example.org",
        "password_hash": "x",
        "is_demo": "1",
    }

    answer = post(visit("Nils"), f"/admin/people/{people['Kari']}", **fields)

    kari = row(sqlite_app, "Kari Lie")
    assert answer.status_code == 303
    assert (kari.site_role, kari.email, kari.is_demo) == ("auditor", "kari@example.invalid", False)


def test_the_last_site_admin_stays(visit, people, sqlite_app):
    nils, address = visit("Nils"), f"/admin/people/{people['Nils']}"

    demoted = post(nils, address, name="Nils", site_role="member")
    ended = post(nils, f"{address}/ending")
    later = post(nils, f"{address}/ending", last_day=str((clock.now() + timedelta(days=90)).date()))

    assert demoted.status_code == ended.status_code == later.status_code == 409
    assert "Nobody else can administer" in demoted.text
    assert row(sqlite_app, "Nils").site_role == "site_admin"
    post(nils, f"/admin/people/{people['Kari']}", name="Kari", site_role="site_admin")
    assert post(nils, address, name="Nils", site_role="member").status_code == 303


def test_an_organisation_s_admin_gives_roles_in_their_organisation(visit, people, sqlite_app):
    post(visit("Siri"), f"/admin/people/{people['Kari']}/memberships", organisation="fjordlab", role="student")

    assert membership_of(sqlite_app, "Kari").role == "student"
    with sqlite_app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "membership.changed")).one()
    assert (entry.before["role"], entry.after["role"]) == ("member", "student")


def test_a_site_admin_gives_and_takes_back_a_duty(visit, people, sqlite_app):
    nils = visit("Nils")
    with sqlite_app.app_context(), writing() as session:
        room = a_room(session, name="Teknobyen")
        scope = f"resource:{room.id}"

    for _ in range(2):
        answer = post(nils, f"/admin/people/{people['Kari']}/duties", kind="manager", scope=scope)

    assert answer.status_code == 303
    assert "Teknobyen" in nils.get(f"/admin/people/{people['Kari']}").text
    with sqlite_app.app_context():
        duty_id = db.session.scalars(select(Duty.id)).one()
    assert post(nils, f"/admin/people/{people['Ola']}/duties/{duty_id}/ending").status_code == 404
    post(nils, f"/admin/people/{people['Kari']}/duties/{duty_id}/ending")
    with sqlite_app.app_context():
        assert db.session.scalars(select(Duty)).all() == []


@pytest.mark.parametrize("scope", ["resource:999", "planet:1", "site", "site:x", ""])
def test_a_duty_for_nothing_is_refused(visit, people, scope):
    assert post(visit("Nils"), f"/admin/people/{people['Kari']}/duties", kind="manager", scope=scope).status_code == 422


def test_a_password_link_signs_in_with_the_new_password_once(visit, people, sqlite_app):
    nils, kari = visit("Nils"), visit("Kari")
    page = post(nils, f"/admin/people/{people['Kari']}/password-link").text
    path = "/passwords/" + page.split("/passwords/")[1].split('"')[0]
    visitor = sqlite_app.test_client()

    weak = post(visitor, path, page=path, password="kort")
    answer = post(visitor, path, page=path, password="helt nye ord her")

    assert weak.status_code == 422
    assert answer.status_code == 303
    assert visitor.get("/account").status_code == 200
    assert kari.get("/account").status_code == 303
    assert visitor.get(path).status_code == 410
    assert sign_in(sqlite_app.test_client(), "Kari", "helt nye ord her").status_code == 303


def test_a_new_password_link_ends_the_one_before(visit, people, client):
    nils = visit("Nils")
    first, second = (
        "/passwords/"
        + post(nils, f"/admin/people/{people['Kari']}/password-link").text.split("/passwords/")[1].split('"')[0]
        for _ in range(2)
    )

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert page_token(client.get(second))
