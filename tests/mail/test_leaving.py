"""What is kept about mail leaves with whoever leaves, and a member sees what there is."""

from sqlalchemy import select

from booking import clock
from booking.db import db, writing
from booking.models import MailChoice, Member, OutboxMessage
from booking.services import mail_choices, outbox
from booking.services.mail_choices import Choices
from tests.support.letters import deliver, receivers
from tests.support.people import post, sign_in

USUAL = {"mails": ["booking"], "invitations": "never", "detail_level": "busy"}


def everybody_is_written_to(app):
    with app.app_context(), writing() as session:
        for member in session.scalars(select(Member)):
            outbox.post(session, clock.now(), "password_changed", to=member.id)


def test_whoever_is_put_out_gets_no_mail_any_more(mailing, postbox):
    everybody_is_written_to(mailing)
    with mailing.app_context(), writing() as session:
        session.scalars(select(Member).where(Member.name == "Kari")).one().deactivated_at = clock.now()

    deliver(mailing, postbox)

    assert "ola@example.invalid" in receivers(postbox)
    assert "kari@example.invalid" not in receivers(postbox)


def test_the_demo_s_choices_and_mails_go_with_its_members(mailing):
    everybody_is_written_to(mailing)
    client = mailing.test_client()
    sign_in(client, "Kari")
    post(client, "/account/mail", **USUAL)
    with mailing.app_context(), writing() as session:
        for member in session.scalars(select(Member).where(Member.name != "Ola")):
            member.is_demo = True

    done = mailing.test_cli_runner().invoke(args=["remove-demo", "--yes"])

    assert done.exit_code == 0, done.output
    with mailing.app_context():
        ola = db.session.scalars(select(Member.id)).one()
        assert db.session.scalars(select(OutboxMessage.member_id)).all() == [ola]
        assert db.session.scalars(select(MailChoice)).all() == []


def test_a_member_sees_that_mails_and_choices_are_kept(mailing, visitor):
    sign_in(visitor, "Kari")
    before = visitor.get("/account/data").text
    post(visitor, "/account/mail", **USUAL)
    everybody_is_written_to(mailing)

    after = visitor.get("/account/data").text

    assert "kept for three months" not in before
    assert "See your choices" not in before
    assert "kept for three months" in after
    assert "See your choices" in after


def test_choices_are_kept_on_both_databases_and_unknown_members_have_the_usual_ones(mailing):
    client = mailing.test_client()
    sign_in(client, "Kari")
    post(client, "/account/mail", **{**USUAL, "reminders": ["10080", "15"]})

    with mailing.app_context():
        kari = db.session.scalars(select(Member.id).where(Member.name == "Kari")).one()
        chosen = mail_choices.choices_of(db.session(), [kari, 12345])

    assert [each.total_seconds() / 60 for each in chosen[kari].reminders] == [15, 10080]
    assert chosen[12345] == Choices()
