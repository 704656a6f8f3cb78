"""What arrives by mail when a booking is made, changed, given back and handed over, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from booking.jobs.letters import LETTERS
from booking.models import Booking
from booking.services import mail_choices
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.mail_choices import Choices, Family, Invitations
from booking.services.mailing import CHANGES, OWN
from booking.services.standing import found
from booking.services.undoing import restore_booking
from booking.web.told import KINDS
from tests.factories import a_member, a_room, a_site, an_organisation
from tests.jobs.acting import acting, managing, states
from tests.support.requests import a_wish, wall

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# What stays when a message passes through a header, a mail and a calendar.
HOSTILE = [
    "Møte\r\nBcc: everybody@example.invalid", "END:VEVENT\r\nBEGIN:VALARM", "<script>alert(1)</script> & \"more\"",
    "{{ 7 * 7 }} %(who)s %s", "a\x07b\u202ec\u2028d", "Æøå 🎈 " * 24, "=?utf-8?q?=0D=0ABcc:?=", ".\r\n.\r\n",
]  # fmt: skip


def event_of(delivered):
    calendar = icalendar.Calendar.from_ical(delivered.calendar)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def told(event):
    return int(event["SEQUENCE"]), str(event["STATUS"])


@pytest.fixture
def place(change):
    """Kari has booked Sluppen, which Siri looks after."""
    with change() as session:
        organisation = an_organisation(session)
        site = a_site(session, name="Gløshaugen", address="Gata 7")
        room, other = (a_room(session, site, name=name, slug=name.lower()) for name in ("Sluppen", "Lerka"))
        kari, siri, ola = (
            a_member(session, organisation, name=f"{name} Nordmann", language="en") for name in ("Kari", "Siri", "Ola")
        )
        key = request_booking(session, NOW, acting(kari), a_wish(room, title="Styremøte")).public_id
        return Place(change, room, other, kari, managing(siri, room, other), ola, key)


class Place:
    def __init__(self, change, room, other, kari, siri, ola, key):
        self.change, self.room, self.other, self.kari, self.siri, self.ola, self.key = (
            change,
            room,
            other,
            kari,
            siri,
            ola,
            key,
        )

    def changed(self, now, actor=None, message=None, **changes):
        actor = actor or acting(self.kari)
        with self.change() as session:
            standing = found(session, actor, self.key, "booking.see")
            wish = replace(standing.wish, **changes)
            change_booking(session, now, actor, self.key, wish, version=standing.row.version, message=message)

    def cancelled(self, now, actor=None, reason=None):
        with self.change() as session:
            cancel_booking(session, now, actor or acting(self.kari), self.key, reason=reason)

    def choose(self, **wanted):
        with self.change() as session:
            mail_choices.choose(session, NOW, acting(self.kari), Choices(**wanted))


def test_every_notice_has_a_letter_and_so_has_every_own_deed():
    own = {OWN + kind for kind in ("made", "changed", "cancelled", "restored", "ended", "handed_over", "given_away")}
    series = {OWN + kind for kind in ("series_made", "series_changed", "series_cancelled")}

    assert {*KINDS, *CHANGES, *own, *series, "requested", "request", "reminder", "series_redrawn"} <= set(LETTERS)


def test_a_booking_arrives_as_an_invitation_that_calendars_take(send, place):
    (delivered,) = send(NOW)

    mail = delivered.mail
    assert delivered.receiver == place.kari.email
    assert str(mail["Subject"]) == "Confirmed: Styremøte, Tue 25 May 10:00–11:00"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    assert dict(delivered.part("text/calendar")["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "en")
    method, event = event_of(delivered)
    assert method == "REQUEST"
    assert told(event) == (0, "CONFIRMED")
    assert str(event["SUMMARY"]) == "Styremøte"
    assert str(event["LOCATION"]) == "Sluppen, Gata 7"
    assert str(event["ORGANIZER"]) == "mailto:samrom@booking.example"
    assert {
        (str(each), each.params["CUTYPE"], each.params["PARTSTAT"], each.params["RSVP"]) for each in event["ATTENDEE"]
    } == {
        (f"mailto:{place.kari.email}", "INDIVIDUAL", "ACCEPTED", "FALSE"),
        ("mailto:samrom+sluppen@booking.example", "ROOM", "ACCEPTED", "FALSE"),
    }
    assert "does not cancel" in str(event["DESCRIPTION"])
    assert str(event["URL"]) == f"http://localhost/bookings/{place.key}"


def test_it_says_when_with_the_week_where_and_that_declining_cancels_nothing(send, place):
    (delivered,) = send(NOW)

    for words in (delivered.text, delivered.html):
        assert "Tue 25 May 2027, 10:00–11:00 (week 21)" in words
        assert "Sluppen, Gata 7" in words
        assert "does not cancel" in words
        assert f"http://localhost/bookings/{place.key}/cancellation" in words
        assert "http://localhost/account/mail" in words


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "tirsdag 25. mai 2027 kl. 10.00–11.00"), ("nn", "tysdag 25. mai 2027 kl. 10.00–11.00")],
)
def test_it_speaks_the_readers_language(change, send, place, language, words):
    with change() as session:
        session.merge(place.kari).language = language

    (delivered,) = send(NOW)

    assert words in delivered.text
    assert words in delivered.html
    assert delivered.mail["Content-Language"] == language
    assert "Your booking" not in delivered.text + delivered.html


def test_a_move_has_the_same_uid_and_a_higher_sequence_and_answers_the_first(send, place):
    (made,) = send(NOW)
    place.changed(NOW + MINUTE, wall=wall("2027-05-26 12:00-13:00"))

    (moved,) = send(NOW + MINUTE)

    first, then = event_of(made)[1], event_of(moved)[1]
    assert first["UID"] == then["UID"]
    assert told(then) == (1, "CONFIRMED")
    assert moved.mail["In-Reply-To"] == moved.mail["References"] == made.mail["Message-ID"]
    assert "Before: Tue 25 May 2027, 10:00–11:00 (week 21)" in moved.text


def test_a_renaming_in_the_same_second_is_still_newer(send, place):
    (made,) = send(NOW)
    place.changed(NOW, title="New")

    (renamed,) = send(NOW)

    first, then = event_of(made)[1], event_of(renamed)[1]
    assert told(then) == (0, "CONFIRMED")
    assert then["DTSTAMP"].dt > first["DTSTAMP"].dt


def test_giving_it_back_calls_it_off_and_undoing_that_invites_again(change, send, place):
    place.cancelled(NOW)
    with change() as session:
        restore_booking(session, NOW + MINUTE, acting(place.kari), place.key)

    made, gone, again = send(NOW + MINUTE)

    assert [event_of(each)[0] for each in (made, gone, again)] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [told(event_of(each)[1]) for each in (made, gone, again)] == [
        (0, "CONFIRMED"),
        (1, "CANCELLED"),
        (2, "CONFIRMED"),
    ]
    assert dict(gone.part("text/calendar")["Content-Type"].params)["method"] == "CANCEL"
    assert "does not cancel" not in gone.text


def test_what_a_manager_does_is_told_with_their_words(send, place):
    send(NOW)
    place.changed(NOW, place.siri, "The projector is broken.\n<b>Sorry!</b>", items=a_wish(place.other).items)
    place.cancelled(NOW + MINUTE, place.siri, "No room at all.")

    moved, gone = send(NOW + MINUTE)

    assert "Siri Nordmann changed your booking Styremøte" in moved.text
    assert "> The projector is broken.\n> <b>Sorry!</b>" in moved.text
    assert "&lt;b&gt;Sorry!&lt;/b&gt;" in moved.html
    assert "Room before: Sluppen" in moved.text
    assert "> No room at all." in gone.text


def test_handing_it_over_moves_it_from_one_calendar_to_the_other(change, send, place):
    (made,) = send(NOW)
    with change() as session:
        hand_over_booking(session, NOW, acting(place.kari), place.key, place.ola.id)

    letters = {each.receiver: each for each in send(NOW)}

    given, got = letters[place.kari.email], letters[place.ola.email]
    assert (event_of(given)[0], event_of(got)[0]) == ("CANCEL", "REQUEST")
    assert event_of(given)[1]["UID"] == event_of(got)[1]["UID"] == event_of(made)[1]["UID"]
    assert int(event_of(given)[1]["SEQUENCE"]) > int(event_of(made)[1]["SEQUENCE"])
    assert "Kari Nordmann handed Styremøte over to you" in got.text
    assert "/bookings/" not in given.text


def test_who_wants_no_invitations_gets_the_same_mail_plain(send, place):
    place.choose(invitations=Invitations.NEVER)

    (delivered,) = send(NOW)

    assert delivered.calendar is None
    assert "Your booking Styremøte stands" in delivered.text
    assert "does not cancel" not in delivered.text


def test_what_somebody_has_muted_is_dropped_but_not_what_others_do_to_them(change, send, place):
    place.choose(muted=frozenset(Family))
    place.cancelled(NOW, place.siri, "Sorry.")

    (delivered,) = send(NOW)

    assert str(delivered.mail["Subject"]).startswith("Cancelled")
    with change() as session:
        assert states(session) == ["dropped", "sent"]


def test_the_late_reader_of_a_snapshot_hears_of_each_step_as_it_was(send, place):
    place.changed(NOW, wall=wall("2027-05-26 12:00-13:00"))
    place.changed(NOW + MINUTE, wall=wall("2027-05-27 12:00-13:00"))

    starts = [event_of(each)[1]["DTSTART"].dt.day for each in send(NOW + MINUTE)]

    assert starts == [25, 26, 27]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_words_break_neither_header_nor_calendar_nor_page(change, send, place, title):
    with change() as session:
        session.merge(place.kari).name = title[:120]
        row = session.scalars(select(Booking)).one()
        row.title = title[:200]

    (delivered,) = send(NOW)

    mail = delivered.mail
    assert mail.keys().count("Subject") == mail.keys().count("To") == 1
    assert not {"Bcc", "bcc"} & set(mail.keys())
    assert not set("\r\n\x07\u202e\u2028") & set(str(mail["Subject"]) + str(mail["To"]))
    assert delivered.receiver == place.kari.email
    calendar = icalendar.Calendar.from_ical(delivered.calendar)
    assert [each.name for each in calendar.walk()].count("VEVENT") == 1
    assert not list(calendar.walk("VALARM"))
    assert len(delivered.calendar.split(b"\r\nBEGIN:")) == len(list(calendar.walk()))
    assert "<script>" not in delivered.html
    assert "49" not in delivered.text.split("stands")[0]
