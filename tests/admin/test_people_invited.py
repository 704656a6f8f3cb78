"""Invitations: one person, a pasted list, a file; with a result for each line."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock
from booking.db import db
from booking.models import Member, Membership, OneTimeLink, Organisation
from tests.support.people import PASSWORD, page_token, post, sign_in, two_organisations

PAGE = "/admin/people/invitations"
NEW = "et helt nytt passord"


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


@pytest.fixture
def siri(client):
    sign_in(client, "Siri")
    return client


@pytest.fixture
def visitor(sqlite_app):
    return sqlite_app.test_client()


def invite(client, text="", organisation="fjordlab", role="member", **more):
    return post(client, PAGE, people=text, organisation=organisation, role=role, **more)


def links(page):
    return ["/invitations/" + token for token in re.findall(r'/invitations/([\w-]+)"', page.text)]


def outcomes(page):
    return re.findall(r'data-outcome="(\w+)"', page.text)


def memberships(app):
    with app.app_context():
        rows = db.session.execute(
            select(Member.email, Organisation.slug, Membership.role)
            .join(Membership.member)
            .join(Membership.organisation)
        )
        return {(email, slug): role for email, slug, role in rows}


def test_a_new_member_accepts_chooses_a_password_and_is_signed_in(siri, visitor, sqlite_app):
    (link,) = links(invite(siri, "Per Lund; Per@Example.invalid", role="student"))

    shown = visitor.get(link)
    answer = post(visitor, link, page=link, name="Per Lund", password=NEW)

    assert "Fjordlab" in shown.text
    assert 'value="Per Lund"' in shown.text
    assert 'autocomplete="new-password"' in shown.text
    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.get("/account").status_code == 200
    assert memberships(sqlite_app)["per@example.invalid", "fjordlab"] == "student"
    assert sign_in(sqlite_app.test_client(), "per@example.invalid", NEW).status_code == 303


def test_a_link_works_once(siri, visitor, sqlite_app):
    (link,) = links(invite(siri, "per@example.invalid"))
    post(visitor, link, page=link, name="Per", password=NEW)

    assert sqlite_app.test_client().get(link).status_code == 410


def test_a_link_expires_after_a_week(siri, visitor):
    (link,) = links(invite(siri, "per@example.invalid"))

    with time_machine.travel(clock.now() + timedelta(days=6, hours=23)):
        assert visitor.get(link).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
        assert visitor.get(link).status_code == 410


def test_only_a_hash_of_the_link_is_stored(siri, sqlite_app):
    (link,) = links(invite(siri, "per@example.invalid"))

    with sqlite_app.app_context():
        stored = db.session.scalars(select(OneTimeLink)).one()
    assert link.split("/")[-1] not in str(vars(stored))


def test_a_weak_password_is_refused_and_the_link_still_works(siri, visitor):
    (link,) = links(invite(siri, "per@example.invalid"))

    for password in ("kort", "per@example.invalid", ""):
        assert post(visitor, link, page=link, name="Per", password=password).status_code == 422
    assert post(visitor, link, page=link, name="Per", password=NEW).status_code == 303


def test_a_late_form_comes_back_with_the_name(siri, visitor):
    (link,) = links(invite(siri, "per@example.invalid"))

    late = visitor.post(link, data={"name": "Per Lund", "password": NEW, "csrf_token": "old"})

    assert late.status_code == 400
    assert 'value="Per Lund"' in late.text
    assert NEW not in late.text


def test_inviting_again_makes_a_new_link_and_ends_the_old_one(siri, visitor):
    (first,) = links(invite(siri, "per@example.invalid"))
    (second,) = links(invite(siri, "per@example.invalid"))

    assert visitor.get(first).status_code == 410
    assert visitor.get(second).status_code == 200


def test_a_withdrawn_invitation_no_longer_works(siri, visitor, sqlite_app):
    (link,) = links(invite(siri, "per@example.invalid"))
    with sqlite_app.app_context():
        id_ = db.session.scalars(select(OneTimeLink.id)).one()

    assert "per@example.invalid" in siri.get(PAGE).text
    post(siri, f"{PAGE}/{id_}/withdrawal")

    assert visitor.get(link).status_code == 410
    assert "per@example.invalid" not in siri.get(PAGE).text


def test_another_organisation_s_admin_neither_sees_nor_withdraws_it(siri, sqlite_app, visitor):
    (link,) = links(invite(siri, "per@example.invalid"))
    tor = sqlite_app.test_client()
    sign_in(tor, "Tor")
    with sqlite_app.app_context():
        id_ = db.session.scalars(select(OneTimeLink.id)).one()

    assert "per@example.invalid" not in tor.get(PAGE).text
    assert post(tor, f"{PAGE}/{id_}/withdrawal").status_code == 404
    assert visitor.get(link).status_code == 200


def test_a_list_gets_a_result_for_each_line(siri, sqlite_app):
    text = """navn;e-post
Per Lund;per@example.invalid
Anna Berg,anna@example.invalid
Eva\teva@example.invalid
Liv Moe <liv@example.invalid>
kari@example.invalid
ola@example.invalid

per@example.invalid
Bare Navn
feil@
"""

    page = invite(siri, text)

    assert outcomes(page) == ["invited"] * 4 + ["already", "added"] + ["unreadable"] * 3
    assert len(links(page)) == 4
    assert "Line 9 was not understood" in page.text
    assert "Line 10 was not understood" in page.text
    assert "name@example.org" in page.text
    assert memberships(sqlite_app)["ola@example.invalid", "fjordlab"] == "member"


def test_a_file_from_a_spreadsheet_is_read(siri):
    file = (io.BytesIO("Åse Bø;aase@example.invalid\r\n".encode("cp1252")), "people.csv")

    page = invite(siri, file=file)

    assert outcomes(page) == ["invited"]
    assert "Åse Bø" in page.text


def test_a_list_longer_than_500_says_so_line_by_line(siri):
    page = invite(siri, "\n".join(f"per{n}@example.invalid" for n in range(502)))

    assert outcomes(page) == ["invited"] * 500 + ["unreadable"] * 2
    assert "longer than 500 lines" in page.text


def test_an_empty_list_is_asked_for_again(siri):
    assert invite(siri, "  \n ").status_code == 422


def test_nobody_invites_into_another_s_organisation(siri):
    assert invite(siri, "per@example.invalid", organisation="nordvind").status_code == 404
    assert invite(siri, "per@example.invalid", organisation="").status_code == 403


def test_a_role_that_does_not_exist_is_refused(siri, sqlite_app):
    assert invite(siri, "per@example.invalid", role="site_admin").status_code == 422
    with sqlite_app.app_context():
        assert db.session.scalars(select(OneTimeLink)).all() == []


def test_an_invitation_is_no_way_past_an_existing_password(siri, visitor, sqlite_app):
    tor = sqlite_app.test_client()
    sign_in(tor, "Tor")
    (mine,), (theirs,) = (
        links(invite(siri, "per@example.invalid")),
        links(invite(tor, "per@example.invalid", "nordvind")),
    )
    post(visitor, mine, page=mine, name="Per", password=NEW)
    stranger = sqlite_app.test_client()

    shown = stranger.get(theirs)
    answer = stranger.post(theirs, data={"csrf_token": page_token(shown), "name": "X", "password": "another password"})

    assert answer.location == "/login"
    assert stranger.get("/account").status_code == 303
    assert sign_in(sqlite_app.test_client(), "per@example.invalid", "another password").status_code == 422
    assert sign_in(sqlite_app.test_client(), "per@example.invalid", NEW).status_code == 303
    assert memberships(sqlite_app)["per@example.invalid", "nordvind"] == "member"


def test_invitations_to_members_give_no_link_that_could_be_misused(siri, sqlite_app):
    page = invite(siri, "nils@example.invalid")

    assert links(page) == []
    assert sign_in(sqlite_app.test_client(), "Nils", PASSWORD).status_code == 303


@pytest.mark.parametrize("path", ["/invitations/x", "/passwords/x", "/invitations/" + "a" * 300])
def test_a_made_up_link_says_where_to_get_a_new_one(visitor, path):
    answer = visitor.get(path)

    assert answer.status_code == 410
    assert "new one" in answer.text
