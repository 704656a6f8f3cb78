"""Mail about requests, faults, shifts and imports: one to each person, and to the right ones."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from booking.models import Booking, Duty, DutyKind, OutboxMessage, Resource
from booking.services import asking, faults, importing
from booking.services.approval_time import settle_overdue
from booking.services.approving import approve, decline
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.changes import cancel_booking, change_booking
from booking.services.standing import found
from tests.factories import a_member, a_room
from tests.jobs.acting import acting, states
from tests.jobs.arrived import events_of, method_of, subjects
from tests.support import requests
from tests.support.requests import a_rule, a_wish, on_duty, wall

NOW = requests.NOW
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ENGLISH = {"language": "en"}


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(change):
    """Kari has asked for a room that takes a yes of Siri's, or else of Nils's."""
    with change() as session:
        room, kari = a_room(session), a_member(session, name="Kari", **ENGLISH)
        siri = on_duty(session, "resource", room.id, name="Siri", **ENGLISH)
        nils = on_duty(session, "site", room.site_id, name="Nils", **ENGLISH)
        a_rule(session, room, always=True, working_days=2, on_timeout="escalate")
        key = request_booking(session, NOW, acting(kari), a_wish(room, title="Møte")).public_id
        return kari, siri, nils, key


def test_a_request_is_tentative_and_whoever_is_on_duty_is_asked(send, asked):
    kari, siri, _, key = asked

    letters = {each.receiver: each for each in send(NOW)}

    assert set(letters) == {kari.email, siri.email}
    (event,) = events_of(letters[kari.email])
    assert (str(event["STATUS"]), method_of(letters[kari.email])) == ("TENTATIVE", "REQUEST")
    assert subjects([letters[kari.email]]) == ["Asked for"]
    assert letters[siri.email].calendar is None
    assert "Kari asks for Møte" in letters[siri.email].text
    assert f"http://localhost/approvals/{key}" in letters[siri.email].text


def test_whose_duty_has_been_taken_back_before_it_is_sent_does_not_read_of_the_request(change, send, asked):
    _, siri, _, _ = asked
    with change() as session:
        session.execute(delete(Duty).where(Duty.member_id == siri.id))

    assert siri.email not in {each.receiver for each in send(NOW)}
    with change() as session:
        assert sorted(states(session)) == ["dropped", "sent"]


def test_a_yes_confirms_and_a_no_calls_it_off_with_the_reason(change, send, asked):
    kari, siri, _, key = asked
    send(NOW)
    with change() as session:
        approve(session, NOW, requests.acting(session, siri), key)
    (yes,) = send(NOW)
    with change() as session:
        again = request_booking(
            session, NOW, acting(kari), a_wish(found_room(session), "2027-05-26 10:00-11:00")
        ).public_id
    send(NOW)
    with change() as session:
        decline(session, NOW, requests.acting(session, siri), again, "Too loud.")
    (no,) = send(NOW)

    assert (yes.receiver, str(events_of(yes)[0]["STATUS"]), method_of(yes)) == (kari.email, "CONFIRMED", "REQUEST")
    assert "Siri approved Møte" in yes.text
    assert (no.receiver, method_of(no)) == (kari.email, "CANCEL")
    assert "> Too loud." in no.text


def found_room(session):
    return session.scalars(select(Resource)).first()


def test_a_question_that_goes_on_asks_only_those_who_were_not_asked_before(change, send, asked):
    kari, _, nils, _ = asked
    send(NOW)
    with change() as session:
        assert settle_overdue(session, NOW + 3 * DAY).escalated == 1
    (asks,) = send(NOW + 3 * DAY)
    with change() as session:
        assert settle_overdue(session, NOW + 20 * DAY).expired == 1
    (ends,) = send(NOW + 20 * DAY)

    assert (asks.receiver, subjects([asks])) == (nils.email, ["Your answer, please"])
    assert (ends.receiver, method_of(ends)) == (kari.email, "CANCEL")


def test_nobody_is_asked_about_what_was_withdrawn_meanwhile(change, send, asked):
    kari, siri, _, key = asked
    with change() as session:
        cancel_booking(session, NOW, acting(kari), key)

    assert siri.email not in {each.receiver for each in send(NOW)}


# --- faults, shifts and imports --------------------------------------------------------------------------------------


def test_a_fault_is_told_to_those_who_look_after_the_place(change, send):
    with change() as session:
        room, kari = a_room(session, name="Sluppen", slug="sluppen"), a_member(session, name="Kari")
        siri = on_duty(session, "resource", room.id, DutyKind.MANAGER, **ENGLISH)
        fault = faults.report_fault(
            session, NOW, acting(kari), resource_by_slug(session, "sluppen"), "It smokes", is_dangerous=True
        )
        assert fault

    (delivered,) = send(NOW)

    assert delivered.receiver == siri.email
    assert "Kari reported a dangerous fault at Sluppen." in delivered.text
    assert "> It smokes" in delivered.text
    assert "http://localhost/admin/faults/" in delivered.text


def test_whoever_is_asked_to_shift_hears_of_it_without_a_name(change, send):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session, name="Kari"), a_member(session, name="Ola", **ENGLISH)
        first = request_booking(
            session, NOW, acting(kari), a_wish(room, "2027-05-25 10:00-11:00", title="Secret")
        ).public_id
        request_booking(session, NOW, acting(ola), a_wish(room, "2027-05-25 11:00-12:00"))
    send(NOW)
    with change() as session:
        wish = replace(found(session, acting(kari), first, "booking.see").wish, wall=wall("2027-05-25 10:00-12:00"))
        asking.ask_to_shift(session, NOW, acting(kari), first, wish)

    (delivered,) = send(NOW)

    assert (delivered.receiver, subjects([delivered])[0][:20]) == (ola.email, "Could you shift? Roo")
    assert "Kari" not in delivered.text
    assert "Secret" not in delivered.text


def test_an_import_tells_nobody(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        plan = importing.Plan(resource_by_slug(session, room.slug), kari.id, None, DAY)
        row = importing.Row(1, "uid-1", wall("2027-05-25 10:00-11:00"), "Imported")
        importing.take_in(session, NOW, plan, row)

    with change() as session:
        assert session.scalars(select(Booking.title)).all() == ["Imported"]
        assert states(session) == []


def test_messages_about_one_thing_to_one_person_keep_their_order(change, send, postbox):
    with change() as session:
        room, kari = a_room(session), a_member(session, **ENGLISH)
        key = request_booking(session, NOW, acting(kari), a_wish(room, title="First")).public_id
    for title in ("Second", "Third"):
        with change() as session:
            standing = found(session, acting(kari), key, "booking.see")
            change_booking(
                session, NOW, acting(kari), key, replace(standing.wish, title=title), version=standing.row.version
            )
    postbox.answers.append("451 later")

    assert send(NOW) == []
    assert subjects(send(NOW + 5 * MINUTE)) == ["Confirmed", "Changed", "Changed"]
    with change() as session:
        assert [row.attempts for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))] == [1, 0, 0]
