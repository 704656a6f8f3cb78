"""A manager writes once to everybody with bookings of a resource between two days."""

import pytest
from sqlalchemy import func, select

from booking.core.lifecycle import State
from booking.db import db, writing
from booking.models import Duty, JournalEntry, Member, Notice, OutboxMessage
from tests.factories import LONG_AGO, a_booking, a_member, a_room
from tests.support.letters import deliver, html_of, receivers, text_of
from tests.support.people import known_as, page_token, post, sign_in

PAGE = "/admin/resources/sluppen/message"
SAID = {
    "first_day": "2027-05-17",
    "last_day": "2027-05-21",
    "subject": "The door sticks",
    "message": "Lift it a little.\nThen push.",
}


@pytest.fixture
def place(mailing):
    """Sluppen, which Mari manages. Kari has it twice in the week, Ola once; Tor the week after; Siri cancelled hers."""
    with mailing.app_context(), writing() as session:
        people = {row.name: row for row in session.scalars(select(Member))}
        room, other = (a_room(session, slug=slug, name=slug.title()) for slug in ("sluppen", "lade"))
        mari = a_member(session, **known_as("Mari"))
        session.add(Duty(member_id=mari.id, kind="manager", scope_kind="resource", scope_id=room.id))
        a_booking(session, on=room, member=people["Kari"], at="2027-05-19 09:00-10:00", title="Private talk")
        a_booking(session, on=room, member=people["Kari"], at="2027-05-17 09:00-10:00")
        a_booking(session, on=room, member=people["Ola"], at="2027-05-21 23:00-01:00", state=State.REQUESTED)
        a_booking(session, on=room, member=people["Tor"], at="2027-05-22 02:00-03:00")
        a_booking(session, on=room, member=people["Siri"], at="2027-05-18 09:00-10:00", state=State.CANCELLED)
        a_booking(session, on=room, member=mari, at="2027-05-18 11:00-12:00")
        a_booking(session, on=other, member=people["Anne"], at="2027-05-18 09:00-10:00")
        people["Ola"].language = "en"
    return mailing


@pytest.fixture
def mari(place):
    browser = place.test_client()
    sign_in(browser, "Mari")
    return browser


def write(client, step="send", key="k1", **said):
    return client.post(
        PAGE, data={"csrf_token": page_token(client.get("/account")), "step": step, "key": key, **SAID, **said}
    )


def count(app, model, *where):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_looking_first_says_how_many_it_reaches_and_sends_nothing(place, postbox, mari):
    page = write(mari, step="look")

    assert page.status_code == 200
    assert "It reaches 2 people." in page.text
    assert 'value="send"' in page.text
    assert "Lift it a little." in page.text
    assert count(place, Notice) == 0
    assert deliver(place, postbox) == []


def test_each_person_gets_one_mail_in_their_language_and_one_notice(place, postbox, mari):
    answer = write(mari)

    letters = {letter["To"].addresses[0].addr_spec: letter for letter in deliver(place, postbox)}
    assert (answer.status_code, answer.location) == (303, "/admin/resources/sluppen")
    assert sorted(letters) == ["kari@example.invalid", "ola@example.invalid"]
    assert len(receivers(postbox)) == 2
    english, norwegian = letters["ola@example.invalid"], letters["kari@example.invalid"]
    assert english["Subject"] == "Sluppen: The door sticks"
    assert "Mari writes to everybody with a booking of Sluppen" in " ".join(text_of(english).split())
    assert "Mari skriver til alle" in " ".join(text_of(norwegian).split())
    for letter in letters.values():
        assert "Lift it a little.\nThen push." in text_of(letter)
        assert "Lift it a little.<br>Then push." in html_of(letter)
    assert count(place, Notice, Notice.kind == "news") == 2


def test_it_stands_among_the_notices_of_the_page(place, mari):
    write(mari)
    kari = place.test_client()
    sign_in(kari, "Kari")

    page = kari.get("/notices").text

    assert "Mari writes to everybody who has booked Sluppen." in page
    assert "Then push." in page


def test_nobody_s_address_or_booking_is_shown_to_others(place, postbox, mari):
    write(mari)

    deliver(place, postbox)
    for receiver, raw in zip(receivers(postbox), [each.content for each in postbox.delivered], strict=True):
        others = {"kari", "ola", "mari", "siri", "tor"} - {receiver.partition("@")[0]}
        assert not [name for name in others if f"{name}@example.invalid".encode() in raw]
        assert b"Private talk" not in raw


def test_the_same_form_sent_twice_tells_once_and_another_content_is_refused(place, postbox, mari):
    answers = [write(mari).status_code, write(mari).status_code, write(mari, subject="Another").status_code]

    assert answers == [303, 303, 422]
    assert len(deliver(place, postbox)) == 2
    assert count(place, Notice) == 2
    assert count(place, JournalEntry, JournalEntry.action == "message.sent") == 1


def test_it_is_journalled_with_how_many_and_the_words_where_they_can_be_erased(place, mari):
    write(mari)

    with place.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "message.sent")).one()
        assert entry.after == {"first_day": "2027-05-17", "last_day": "2027-05-21", "people": 2, "by_mail": 2}
        assert entry.text == "The door sticks\n\nLift it a little.\nThen push."


def test_whoever_has_muted_such_messages_gets_the_notice_only(place, postbox, mari):
    kari = place.test_client()
    sign_in(kari, "Kari")
    post(kari, "/account/mail", mails=["booking", "others"], invitations="auto", detail_level="full")

    look, _sent = write(mari, step="look"), write(mari)

    assert "1 gets it by mail too" in look.text
    assert [letter["To"].addresses[0].addr_spec for letter in deliver(place, postbox)] == ["ola@example.invalid"]
    assert count(place, Notice) == 2


def test_whoever_is_out_gets_nothing(place, postbox, mari):
    with place.app_context(), writing() as session:
        session.scalars(select(Member).where(Member.name == "Kari")).one().deactivated_at = LONG_AGO

    write(mari)

    assert [letter["To"].addresses[0].addr_spec for letter in deliver(place, postbox)] == ["ola@example.invalid"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_day", ""),
        ("first_day", "soon"),
        ("last_day", "2027-05-16"),
        ("last_day", "2029-05-16"),
        ("subject", ""),
        ("subject", "x" * 121),
        ("subject", "The door\r\nBcc: ola@example.invalid"),
        ("subject", "The\u202erood"),
        ("message", " \n "),
        ("message", "x" * 2001),
    ],
)
def test_what_will_not_do_is_told_at_its_field_and_nothing_is_sent(place, postbox, mari, field, value):
    for step in ("look", "send"):
        answer = write(mari, step=step, **{field: value})

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    assert deliver(place, postbox) == []
    assert count(place, Notice) == count(place, OutboxMessage) == 0


def test_days_without_bookings_are_said_and_the_words_are_kept(mari):
    answer = write(mari, first_day="2028-01-01", last_day="2028-01-02")

    assert answer.status_code == 422
    assert 'href="#last_day"' in answer.text
    assert "Then push." in answer.text


def test_hostile_words_stay_words(place, postbox, mari):
    write(mari, subject="<b>Now</b> {{ 7*7 }}", message="<script>alert(1)</script>\n.\nFrom here: %(place)s")

    letter = deliver(place, postbox)[0]
    assert "<script>" not in html_of(letter)
    assert "&lt;b&gt;Now&lt;/b&gt; {{ 7*7 }}" in html_of(letter)
    assert "<script>alert(1)</script>\n.\nFrom here: %(place)s" in text_of(letter)


def test_only_those_who_manage_the_place_may_write(place, mari):
    siri = place.test_client()
    sign_in(siri, "Siri")

    assert siri.get(PAGE).status_code == 403
    assert write(siri).status_code == 403
    assert mari.get("/admin/resources/lade/message").status_code == 403
    assert mari.get("/admin/resources/nowhere/message").status_code == 404
    assert PAGE in mari.get("/admin/resources/sluppen").text
    assert count(place, Notice) == 0


def test_a_form_that_was_sent_too_late_comes_back_filled_in(mari):
    late = mari.post(PAGE, data={"csrf_token": "too old", "key": "k1", **SAID})

    assert late.status_code == 400
    assert "Lift it a little." in late.text
    assert 'value="k1"' in late.text
