"""What arrives by mail when bookings are made, changed and given back, on both databases."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from booking.permissions import Actor
from booking.services.bookings import request_booking
from tests.factories import a_member, a_room, a_site
from tests.support.requests import a_wish

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def event_of(delivered):
    calendar = icalendar.Calendar.from_ical(delivered.calendar)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.fixture
def kari_books(change):
    with change() as session:
        room = a_room(session, a_site(session, name="Gløshaugen", address="Gata 7"), name="Sluppen", slug="sluppen")
        kari = a_member(session, name="Kari Nordmann", language="nb")
        made = request_booking(session, NOW, acting(kari), a_wish(room, title="Styremøte"))
        return kari, room, made.public_id


def test_a_booking_arrives_as_an_invitation_that_calendars_take(send, kari_books):
    kari, _, key = kari_books

    (delivered,) = send(NOW)

    mail = delivered.mail
    assert delivered.receiver == kari.email
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert mail["Auto-Submitted"] == "auto-generated"
    calendar, event = event_of(delivered)
    assert delivered.part("text/calendar")["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar["METHOD"] == "REQUEST"
