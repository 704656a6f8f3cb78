"""Mail that is late: whoever gave a booking away does not read what its new holder calls it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.services.bookings import request_booking
from booking.services.changes import change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.standing import found
from tests.factories import a_member, a_room, an_organisation
from tests.jobs.acting import acting
from tests.support.requests import NOW, a_wish

MINUTE = timedelta(minutes=1)


@pytest.fixture
def given(change):
    """Kari has booked a room and handed it to Ola, who has renamed it, all before the worker looked."""
    with change() as session:
        organisation, room = an_organisation(session), a_room(session, name="Sluppen", slug="sluppen")
        kari, ola = (a_member(session, organisation, name=name, language="en") for name in ("Kari", "Ola"))
        key = request_booking(session, NOW, acting(kari), a_wish(room, title="Styremøte")).public_id
    return kari, ola, key


def handed_over(change, given):
    kari, ola, key = given
    with change() as session:
        hand_over_booking(session, NOW + MINUTE, acting(kari), key, ola.id)


def renamed(change, given, title):
    _, ola, key = given
    with change() as session:
        standing = found(session, acting(ola), key, "booking.see")
        wish = replace(standing.wish, title=title, visibility="private")
        change_booking(session, NOW + 2 * MINUTE, acting(ola), key, wish, version=standing.row.version)


def test_who_gave_it_away_reads_their_own_title(change, send, given):
    kari, _, _ = given
    send(NOW)
    handed_over(change, given)

    (letter,) = (each for each in send(NOW + MINUTE) if each.receiver == kari.email)

    assert b"SUMMARY:Styrem" in letter.calendar
    assert "Styremøte" in letter.text


def test_what_its_new_holder_calls_it_stands_in_no_letter_to_the_old_one(change, send, given):
    kari, ola, _ = given
    handed_over(change, given)
    renamed(change, given, "Hemmelig oppkjøp")

    arrived = send(NOW + 3 * MINUTE)

    letters = [each for each in arrived if each.receiver == kari.email]
    assert len(letters) == 2
    for each in letters:
        assert "Hemmelig" not in each.text + each.html + str(each.mail["Subject"])
        assert b"Hemmelig" not in each.calendar
        assert b"SUMMARY:Sluppen" in each.calendar
    assert any("Hemmelig" in each.text for each in arrived if each.receiver == ola.email)
