"""A clash with a calendar elsewhere reaches those who look after the room by mail, without anybody's title."""

from booking.models import DutyKind
from tests.factories import a_booking
from tests.jobs.acting import states
from tests.support.calendars import a_calendar, an_event, is_read
from tests.support.deciding import NOW, a_district
from tests.support.requests import on_duty

AT = "2027-05-04 10:00-12:00"


def test_who_looks_after_a_room_gets_a_letter_about_what_lies_under_a_calendar_elsewhere(change, send):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen, name="Innocamp")
        siri = on_duty(session, "resource", place.sluppen.id, DutyKind.MANAGER, name="Siri", language="en")
        a_booking(session, on=place.sluppen, member=place.kari, at=AT, title="Secret meeting", visibility="private")
        is_read(session, NOW, calendar, an_event(AT))

    arrived = {each.receiver: each for each in send(NOW)}

    letter = arrived[siri.email]
    assert str(letter.mail["Subject"]) == "Taken elsewhere: Sluppen"
    assert "1 booking of Sluppen lies under a time that is taken in “Innocamp”." in letter.text
    assert "http://localhost/admin/resources/sluppen/calendars#clashes" in letter.text
    assert "Secret" not in letter.text
    assert letter.calendar is None
    with change() as session:
        assert set(states(session)) == {"sent"}
