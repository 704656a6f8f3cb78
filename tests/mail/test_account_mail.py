"""Invitations and password links by mail: from an admin's press to a new account; shown instead where that is asked."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from booking import clock
from booking.db import db, writing
from booking.jobs.rendering import render
from booking.models import JournalEntry, Member, Membership, OneTimeLink, OutboxMessage
from booking.services import outbox
from tests.support.letters import deliver, html_of, link_in, receivers, text_of
from tests.support.people import PASSWORD, page_token, post, sign_in

FORM = "/admin/people/invitations"


@pytest.fixture
def nils(mailing):
    browser = mailing.test_client()
    sign_in(browser, "Nils")
    return browser


def invite(client, people="Per Lund; per@example.invalid", key="k1", **more):
    fields = {"people": people, "organisation": "fjordlab", "role": "student", "key": key, **more}
    return client.post(FORM, data={"csrf_token": page_token(client.get(FORM)), **fields})


def public_id(app, name):
    with app.app_context():
        return db.session.scalars(select(Member.public_id).where(Member.name == name)).one()


def count(app, model, *where):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_an_invitation_goes_by_mail_and_makes_an_account(mailing, postbox, visitor, nils):
    page = invite(nils)
    (letter,) = deliver(mailing, postbox)
    path = link_in(letter).removeprefix("http://localhost")
    answer = visitor.post(
        path, data={"csrf_token": page_token(visitor.get(path)), "name": "Per Lund", "password": PASSWORD}
    )

    assert page.status_code == 200
    assert "/invitations/" not in page.text.replace(FORM, "")
    assert letter["To"].addresses[0].addr_spec == "per@example.invalid"
    assert "Nils invites you" in text_of(letter)
    assert "Fjordlab" in html_of(letter)
    assert answer.status_code == 303
    with mailing.app_context():
        per = db.session.scalars(select(Member).where(Member.email == "per@example.invalid")).one()
        assert db.session.scalars(select(Membership.role).where(Membership.member_id == per.id)).one() == "student"


def test_nobody_without_an_account_is_offered_choices_they_cannot_make(mailing, postbox, nils):
    invite(nils)

    (letter,) = deliver(mailing, postbox)

    assert "/account/mail" not in text_of(letter) + html_of(letter)


def test_the_same_form_sent_twice_invites_once(mailing, postbox, nils):
    for _time in range(2):
        assert "on its way by mail" in invite(nils).text

    (letter,) = deliver(mailing, postbox)
    assert nils.get(link_in(letter)).status_code == 200
    assert count(mailing, OneTimeLink) == 1
    assert count(mailing, JournalEntry, JournalEntry.action == "invitation.made") == 1


def test_inviting_again_sends_another_link_and_ends_the_first(mailing, postbox, visitor, nils):
    invite(nils, key="k1")
    (first,) = deliver(mailing, postbox)
    invite(nils, key="k2")
    (second,) = deliver(mailing, postbox)

    assert visitor.get(link_in(first)).status_code == 410
    assert visitor.get(link_in(second)).status_code == 200


def test_a_withdrawn_invitation_is_not_sent(mailing, postbox, nils):
    invite(nils)
    with mailing.app_context():
        link = db.session.scalars(select(OneTimeLink.id)).one()

    post(nils, f"{FORM}/{link}/withdrawal", page=FORM)

    assert deliver(mailing, postbox) == []


def test_links_are_shown_instead_when_that_is_asked(mailing, postbox, nils):
    page = invite(nils, show_links="1")

    assert "http://localhost/invitations/" in page.text
    assert deliver(mailing, postbox) == []


def test_names_cannot_break_into_the_headers(mailing, postbox, nils):
    invite(nils, "Per\x0bBcc: ola@example.invalid\x1f <per@example.invalid>")
    with mailing.app_context(), writing() as session:
        kari = session.scalars(select(Member).where(Member.name == "Kari")).one()
        kari.name = "Kari\r\nBcc: ola@example.invalid\r\n\r\nHello"
    post(nils, f"/admin/people/{kari_id(mailing)}/password-link", page=f"/admin/people/{kari_id(mailing)}", key="k")

    letters = deliver(mailing, postbox)

    assert [letter["Bcc"] for letter in letters] == [None] * len(letters)
    assert sorted(receivers(postbox)) == ["kari@example.invalid", "per@example.invalid"]


def kari_id(app):
    with app.app_context():
        return db.session.scalars(select(Member.public_id).where(Member.email == "kari@example.invalid")).one()


def test_an_admin_sends_a_password_link_that_the_admin_never_sees(mailing, postbox, visitor, nils):
    person = f"/admin/people/{public_id(mailing, 'Kari')}"

    answer = post(nils, f"{person}/password-link", page=person, key="k1")
    post(nils, f"{person}/password-link", page=person, key="k1")

    (letter,) = deliver(mailing, postbox)
    assert (answer.status_code, answer.location) == (303, person)
    assert "/passwords/" not in nils.get(person).text
    assert letter["To"].addresses[0].addr_spec == "kari@example.invalid"
    assert visitor.get(link_in(letter)).status_code == 200


def test_an_admin_can_show_the_password_link_instead(mailing, postbox, nils):
    person = f"/admin/people/{public_id(mailing, 'Kari')}"

    page = post(nils, f"{person}/password-link", page=person, key="k1", show_link="1")

    assert "http://localhost/passwords/" in page.text
    assert deliver(mailing, postbox) == []


def test_a_letter_with_a_link_is_never_stored_and_is_written_again_the_same(mailing, nils):
    invite(nils)
    with mailing.app_context(), writing() as session:
        message = outbox.claim(session, clock.now())
        first = render(session, clock.now(), message)
        later = render(session, clock.now() + 7 * outbox.LEASE, replace(message))

    assert first.is_secret
    assert first.content == later.content


def test_the_worker_keeps_no_bytes_of_a_letter_with_a_link_while_it_tries(mailing, postbox, nils):
    postbox.answers = ["451 come back later"]
    invite(nils)

    deliver(mailing, postbox)

    with mailing.app_context():
        row = db.session.scalars(select(OutboxMessage)).one()
        assert (row.state, row.attempts, row.rendered) == ("waiting", 1, None)


def test_whoever_changes_their_password_is_told_by_mail(mailing, postbox, visitor):
    sign_in(visitor, "Kari")

    post(visitor, "/account/password", current_password=PASSWORD, new_password="fem nye norske ord her")

    (letter,) = deliver(mailing, postbox)
    assert letter["To"].addresses[0].addr_spec == "kari@example.invalid"
    assert "http://localhost/password/forgotten" in text_of(letter)


def test_account_mail_comes_whatever_is_muted(mailing, postbox, visitor):
    sign_in(visitor, "Kari")
    post(visitor, "/account/mail", invitations="never", detail_level="busy")

    post(visitor, "/account/password", current_password=PASSWORD, new_password="fem nye norske ord her")

    assert len(deliver(mailing, postbox)) == 1
