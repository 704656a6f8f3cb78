"""A member's own pages."""

import pytest
from sqlalchemy import select

from booking.db import db
from booking.models import JournalEntry, LoginSession, Member
from tests.support.people import PASSWORD, post, sign_in, two_organisations

NEW = "fem nye norske ord her"


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


@pytest.fixture
def kari(client):
    sign_in(client, "Kari")
    return client


def member(app, name="Kari"):
    with app.app_context():
        return db.session.scalar(select(Member).where(Member.email == f"{name.lower()}@example.invalid"))


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/sign-ins", "/account/data"])
def test_every_page_is_the_member_s_own(client, path):
    assert client.get(path).location == "/login"

    sign_in(client, "Kari")

    assert client.get(path).status_code == 200


def test_a_member_changes_name_and_language(kari, sqlite_app):
    answer = post(kari, "/account", name=" Kari  Nordlys ", language="nn")

    row = member(sqlite_app)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert (row.name, row.language) == ("Kari Nordlys", "nn")


def test_the_chosen_language_holds_at_once_over_the_browser_s_cookie(kari):
    kari.get("/account?lang=en")

    post(kari, "/account", name="Kari", language="nn")

    assert '<html lang="nn">' in kari.get("/account").text


def test_what_cannot_be_read_is_told_and_kept(kari, sqlite_app):
    answer = post(kari, "/account", name="", language="tlh")

    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert 'href="#language"' in answer.text
    assert member(sqlite_app).name == "Kari"


def test_fields_of_others_are_not_taken(kari, sqlite_app):
    post(
        kari,
        "/account",
        name="Kari",
        language="",
        site_role="site_admin",
        email="x@y.example",
        id="5",
    )

    row = member(sqlite_app)
    assert (row.site_role, row.email) == ("member", "kari@example.invalid")


def test_changing_the_password_signs_out_other_browsers(kari, sqlite_app):
    other = sqlite_app.test_client()
    sign_in(other, "Kari")

    answer = post(kari, "/account/password", current_password=PASSWORD, new_password=NEW)

    assert answer.status_code == 303
    assert kari.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert sign_in(other, "Kari", PASSWORD).status_code == 422
    assert sign_in(other, "Kari", NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "says"),
    [
        ("not this one", NEW, "not your present password"),
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, "kari@example.invalid", "easy to guess"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "easy to guess"),
        (PASSWORD, "x" * 300, "at most 256"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_a_reason(kari, current, new, says):
    answer = post(kari, "/account/password", current_password=current, new_password=new)

    assert answer.status_code == 422
    assert says in answer.text
    assert sign_in(kari.application.test_client(), "Kari").status_code == 303


def test_a_member_ends_one_of_their_sign_ins(kari, sqlite_app):
    other = sqlite_app.test_client()
    sign_in(other, "Kari")
    with sqlite_app.app_context():
        newest = max(db.session.scalars(select(LoginSession.id)))

    post(kari, f"/account/sign-ins/{newest}/ending")

    assert other.get("/account").status_code == 303
    assert kari.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_another(kari, sqlite_app):
    ola = sqlite_app.test_client()
    sign_in(ola, "Ola")
    with sqlite_app.app_context():
        newest = max(db.session.scalars(select(LoginSession.id)))

    assert post(kari, f"/account/sign-ins/{newest}/ending").status_code == 404
    assert ola.get("/account").status_code == 200


def test_signing_out_everywhere_is_real(kari, sqlite_app):
    other = sqlite_app.test_client()
    sign_in(other, "Kari")

    answer = post(kari, "/account/sign-ins/ending")

    assert answer.location == "/login"
    assert kari.get("/account").status_code == 303
    assert other.get("/account").status_code == 303


def test_a_member_sees_what_is_kept_and_only_their_own(kari):
    page = kari.get("/account/data").text

    assert "kari@example.invalid" in page
    assert "Fjordlab" in page
    assert "Nordvind" not in page


def test_changes_are_in_the_journal_without_the_password(kari, sqlite_app):
    post(kari, "/account", name="Kari", language="en")
    post(kari, "/account/password", current_password=PASSWORD, new_password=NEW)

    with sqlite_app.app_context():
        entries = db.session.scalars(select(JournalEntry)).all()
    assert {"account.changed", "account.password_changed", "member.signed_in"} <= {entry.action for entry in entries}
    assert NEW not in str([(entry.before, entry.after, entry.text) for entry in entries])
