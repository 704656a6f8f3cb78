"""How mail is doing, as admins see it: counts, and what could not be sent, but never what it said."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock
from booking.db import db, writing
from booking.models import JournalEntry, Member, OutboxMessage
from booking.services import jobs, outbox
from tests.support.letters import deliver, link_in
from tests.support.people import EnglishVisitor, post, sign_in, two_organisations

PAGE = "/admin/mail"


@pytest.fixture
def visit(mailing):
    def visit(name):
        client = mailing.test_client()
        sign_in(client, name)
        return client

    return visit


@pytest.fixture
def dead(mailing):
    """A link to Kari that the mail server would not take; its public id."""
    with mailing.app_context(), writing() as session:
        kari = session.scalars(select(Member).where(Member.name == "Kari")).one()
        key = outbox.post(session, clock.now(), "news", to=kari.id, facts={}, text="Very private words")
        row = session.scalars(select(OutboxMessage)).one()
        outbox.bury(session, clock.now(), row.id, "refused with 550")
    return key


def state(app):
    with app.app_context():
        return db.session.scalars(select(OutboxMessage.state)).one()


def test_a_dead_letter_shows_whom_it_was_for_and_the_answer_but_not_what_it_said(visit, dead):
    page = visit("Nils").get(PAGE).text

    assert f'data-message="{dead}"' in page
    for said in ("Message from a manager", "Kari", "kari@example.invalid", "refused with 550", "Tried 1 time."):
        assert said in page
    assert "Very private words" not in page


def test_the_overview_says_so_too(visit, dead):
    assert "1 mail could not be sent" in visit("Nils").get("/admin").text


def test_the_overview_is_silent_while_all_is_well(visit):
    assert "could not be sent" not in visit("Nils").get("/admin").text.replace("what could not be sent", "")


def test_trying_again_puts_it_back_and_dropping_gives_it_up(mailing, visit, dead):
    nils = visit("Nils")

    again = post(nils, f"{PAGE}/{dead}/retry", page=PAGE)
    waits = state(mailing)
    too_late = post(nils, f"{PAGE}/{dead}/removal", page=PAGE)

    assert (again.status_code, waits, too_late.status_code) == (303, "waiting", 404)

    with mailing.app_context(), writing() as session:
        outbox.bury(session, clock.now(), session.scalars(select(OutboxMessage.id)).one(), "refused with 550")
    assert post(nils, f"{PAGE}/{dead}/removal", page=PAGE).status_code == 303
    assert state(mailing) == "dropped"
    with mailing.app_context():
        actions = db.session.scalars(select(JournalEntry.action).where(JournalEntry.action.like("mail.%"))).all()
        assert sorted(actions) == ["mail.dropped", "mail.tried_again"]


def test_an_auditor_looks_and_changes_nothing(mailing, visit, dead):
    anne = visit("Anne")

    page = anne.get(PAGE)

    assert page.status_code == 200
    assert "/retry" not in page.text
    assert post(anne, f"{PAGE}/{dead}/retry", page="/account").status_code == 403
    assert post(anne, f"{PAGE}/{dead}/removal", page="/account").status_code == 403
    assert state(mailing) == "dead"


@pytest.mark.parametrize("name", ["Kari", "Siri"])
def test_nobody_else_may_look(visit, dead, name):
    assert visit(name).get(PAGE).status_code == 403
    assert post(visit(name), f"{PAGE}/{dead}/retry", page="/account").status_code == 403


def test_it_says_whether_the_worker_lives_and_how_much_waits(mailing, visit):
    nils = visit("Nils")
    before = nils.get(PAGE).text
    with time_machine.travel(clock.now(), tick=False) as moment:
        with mailing.app_context(), writing() as session:
            jobs.beat(session, clock.now(), jobs.WORKER)
            nils_id = session.scalars(select(Member.id).where(Member.name == "Nils")).one()
            outbox.post(session, clock.now(), "password_changed", to=nils_id)
        alive = nils.get(PAGE).text
        moment.shift(timedelta(minutes=6))
        silent = nils.get(PAGE).text

    assert "None yet" in before
    assert "the worker is at work" in alive
    assert "The oldest has waited since" in alive
    assert "The worker is silent" in silent


def test_what_was_sent_is_counted_for_a_day(mailing, postbox, visit):
    nils = visit("Nils")
    with mailing.app_context():
        kari = db.session.scalars(select(Member.public_id).where(Member.name == "Kari")).one()
    post(nils, f"/admin/people/{kari}/password-link", page=f"/admin/people/{kari}", key="k")
    (letter,) = deliver(mailing, postbox)

    page = nils.get(PAGE).text

    assert '<span class="tile-number">1</span> <span class="tile-label">sent in the last day</span>' in page
    assert link_in(letter).rpartition("/")[2] not in page


def test_without_mail_it_says_how_to_turn_it_on(app):
    app.test_client_class = EnglishVisitor
    two_organisations(app)
    client = app.test_client()
    sign_in(client, "Nils")

    page = client.get(PAGE).text

    assert "Mail is off" in page
    assert "MAIL_URL" in page
