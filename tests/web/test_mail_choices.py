"""What members choose about mail and their calendars, through the page."""

import pytest
from sqlalchemy import select

from booking.db import db, writing
from booking.models import FeedKey, JournalEntry, MailChoice, Member
from booking.services.mail_choices import choices_of, gets_invitations
from tests.factories import LONG_AGO
from tests.support.people import post, sign_in, two_organisations

PAGE = "/account/mail"
ALL = ["booking", "others", "approvals", "series", "faults_and_maintenance", "news"]
USUAL = {"mails": ALL, "invitations": "auto", "detail_level": "full"}


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


@pytest.fixture
def kari(client):
    sign_in(client, "Kari")
    return client


def kari_id(session):
    return session.scalars(select(Member.id).where(Member.email == "kari@example.invalid")).one()


def stored(app):
    with app.app_context():
        id_ = kari_id(db.session)
        return choices_of(db.session(), [id_])[id_], id_ in gets_invitations(db.session(), [id_])


def subscribe(app):
    with app.app_context(), writing() as session:
        id_ = kari_id(session)
        about = {"name": "Phone", "detail": "full", "language": "nb", "created_at": LONG_AGO}
        session.add(FeedKey(member_id=id_, scope_kind="member", scope_id=id_, key_hash="0" * 64, **about))


def ticked(page, name):
    lines = [line for line in page.text.split("<input") if f'name="{name}"' in line]
    return [line.split('value="')[1].split('"')[0] for line in lines if " checked" in line]


def test_the_page_is_the_member_s_own_and_begins_with_the_usual_choices(client):
    assert client.get(PAGE).location == "/login"
    sign_in(client, "Kari")
    page = client.get(PAGE)

    assert ticked(page, "mails") == ALL
    assert ticked(page, "reminders") == []
    assert ticked(page, "invitations") == ["auto"]
    assert ticked(page, "detail_level") == ["full"]


def test_what_is_chosen_is_kept_shown_again_and_journalled(kari, sqlite_app):
    answer = post(
        kari, PAGE, mails=["booking", "news"], reminders=["60", "1440"], invitations="never", detail_level="busy"
    )

    page = kari.get(PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert ticked(page, "mails") == ["booking", "news"]
    assert ticked(page, "reminders") == ["60", "1440"]
    assert (ticked(page, "invitations"), ticked(page, "detail_level")) == (["never"], ["busy"])
    with sqlite_app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "mail.chosen")).one()
        assert entry.after["reminders"] == [60, 1440]


def test_choosing_the_same_again_writes_no_second_entry(kari, sqlite_app):
    for _time in range(2):
        post(kari, PAGE, **USUAL)

    with sqlite_app.app_context():
        assert len(db.session.scalars(select(JournalEntry).where(JournalEntry.action == "mail.chosen")).all()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mails", "everything"),
        ("reminders", "7"),
        ("reminders", "a while"),
        ("reminders", "99999999999999999999"),
        ("invitations", "perhaps"),
        ("detail_level", "everything"),
    ],
)
def test_what_is_not_offered_is_refused_with_its_field_and_nothing_is_kept(kari, sqlite_app, field, value):
    answer = post(kari, PAGE, **{**USUAL, field: value})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    with sqlite_app.app_context():
        assert db.session.scalars(select(MailChoice)).all() == []


def test_invitations_are_automatic_until_a_member_subscribes(kari, sqlite_app):
    assert stored(sqlite_app)[1]

    subscribe(sqlite_app)

    assert not stored(sqlite_app)[1]
    assert "You subscribe to your bookings now" in kari.get(PAGE).text


@pytest.mark.parametrize(("choice", "gets"), [("always", True), ("never", False), ("auto", False)])
def test_a_subscriber_who_chooses_gets_what_they_chose(kari, sqlite_app, choice, gets):
    subscribe(sqlite_app)

    answer = post(kari, f"{PAGE}/invitations", invitations=choice)

    assert (answer.status_code, answer.location) == (303, "/calendar")
    assert stored(sqlite_app)[1] is gets


def test_an_ended_subscription_brings_the_invitations_back(sqlite_app):
    subscribe(sqlite_app)
    with sqlite_app.app_context(), writing() as session:
        session.scalars(select(FeedKey)).one().revoked_at = LONG_AGO

    assert stored(sqlite_app)[1]


def test_changing_the_invitations_alone_leaves_everything_else(kari, sqlite_app):
    post(kari, PAGE, mails=["news"], reminders=["15"], invitations="auto", detail_level="full")

    post(kari, f"{PAGE}/invitations", invitations="always")
    post(kari, f"{PAGE}/invitations", invitations="sideways")

    chosen, _gets = stored(sqlite_app)
    assert chosen.invitations == "always"
    assert chosen.muted == {"booking", "others", "approvals", "series", "faults_and_maintenance"}
    assert [each.total_seconds() for each in chosen.reminders] == [900]


def test_the_offer_after_a_new_feed_says_what_happens_to_the_mails(sqlite_app):
    template = sqlite_app.jinja_env.get_template("calendar/invitations_offer.html")
    with sqlite_app.test_request_context():
        said = {each: template.render(invitations=each, csrf_token=lambda: "t") for each in ("auto", "always", "never")}

    assert 'value="always"' in said["auto"]
    assert 'value="never"' in said["always"]
    assert said["never"].strip() == ""


def test_a_form_that_was_sent_too_late_comes_back_filled_in(kari, sqlite_app):
    late = kari.post(PAGE, data={"csrf_token": "too old", **USUAL, "mails": ["news"], "reminders": ["180"]})

    assert late.status_code == 400
    assert (ticked(late, "mails"), ticked(late, "reminders")) == (["news"], ["180"])


def test_it_says_so_while_no_mail_is_sent(kari):
    assert "does not send mail yet" in kari.get(PAGE).text


def test_every_member_has_choices_of_their_own(kari, sqlite_app):
    post(kari, PAGE, **{**USUAL, "invitations": "never"})

    with sqlite_app.app_context(), writing() as session:
        everybody = session.scalars(select(Member.id)).all()
        assert set(everybody) - gets_invitations(session, everybody) == {kari_id(session)}
