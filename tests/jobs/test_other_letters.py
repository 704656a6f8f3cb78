"""Mail about requests, series, maintenance, faults, company and shifts: one to each person, and to the right ones."""

from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from booking.core.outages import Effect
from booking.core.recurrence import Every, Recurrence
from booking.models import Booking, DutyKind, OutboxMessage
from booking.services import asking, faults, importing, outages, telling
from booking.services.approval_time import settle_overdue
from booking.services.approving import approve, decline
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.changes import cancel_booking, change_booking
from booking.services.series import save
from booking.services.series_cancelling import cancel_series
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import SeriesWish
from booking.services.standing import found
from booking.services.triage import Choice, Decision
from tests.factories import a_member, a_room, span_at
from tests.jobs.acting import acting, managing, states
from tests.support import requests
from tests.support.requests import a_rule, a_wish, on_duty, wall

NOW = requests.NOW
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ENGLISH = {"language": "en"}


def method_of(delivered):
    return str(icalendar.Calendar.from_ical(delivered.calendar)["METHOD"]) if delivered.calendar else ""


def events_of(delivered):
    return list(icalendar.Calendar.from_ical(delivered.calendar).walk("VEVENT"))


def subjects(delivered):
    return [str(each.mail["Subject"]).partition(":")[0] for each in delivered]


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
    from booking.models import Resource

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


# --- series ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def series(change):
    """Kari has Sluppen on six Tuesdays; Siri looks after it."""
    with change() as session:
        room, kari, siri = a_room(session, slug="sluppen"), a_member(session, **ENGLISH), a_member(session, name="Siri")
        wish = SeriesWish(a_wish(room, "2027-05-25 10:00-11:00", title="Weekly"), Recurrence(Every.WEEK, count=6))
        save(session, NOW, acting(kari), wish)
        ids = list(session.scalars(select(Booking.public_id).order_by(Booking.starts_at)))
        return room, kari, managing(siri, room), ids


def test_a_series_is_one_mail_with_a_rule(send, series):
    (delivered,) = send(NOW)

    (event,) = events_of(delivered)
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270629T080000Z;BYDAY=TU;WKST=MO"
    assert "- Tue 29 June 2027, 10:00–11:00" in delivered.text


def test_one_date_is_told_by_its_recurrence_id(change, send, series):
    room, kari, siri, ids = series
    send(NOW)
    with change() as session:
        cancel_booking(session, NOW, siri, ids[2], reason="Painting.")
    (gone,) = send(NOW)

    (event,) = events_of(gone)
    assert (method_of(gone), int(event["SEQUENCE"])) == ("CANCEL", 2)
    assert event["RECURRENCE-ID"].to_ical() == b"20270608T100000"
    assert event["RECURRENCE-ID"].params["TZID"] == "Europe/Oslo"


def test_a_change_from_a_date_on_is_one_mail_for_each_of_the_two_series_it_makes(change, send, series):
    _, kari, _, ids = series
    send(NOW)
    with change() as session:
        wish = replace(found(session, acting(kari), ids[3], "booking.see").wish, wall=wall("2027-06-15 12:00-13:00"))
        change_series(session, NOW, acting(kari), ids[3], SeriesChange(wish, Reach.FOLLOWING))

    ended, new = send(NOW)

    assert [event["RRULE"]["UNTIL"][0].day for event in (*events_of(ended), *events_of(new))] == [8, 29]
    assert "Nothing of yours has moved" in ended.text
    assert "You changed your series Weekly" in new.text


def test_who_gets_no_invitations_hears_of_it_once(change, send, series):
    from booking.services import mail_choices

    _, kari, siri, ids = series
    with change() as session:
        mail_choices.choose(session, NOW, acting(kari), mail_choices.Choices(mail_choices.Invitations.NEVER))
        wish = replace(found(session, acting(kari), ids[3], "booking.see").wish, wall=wall("2027-06-15 12:00-13:00"))
        change_series(session, NOW, siri, ids[3], SeriesChange(wish, Reach.FOLLOWING, message="Noise."))

    assert subjects(send(NOW)) == ["Series", "Series"]
    with change() as session:
        assert sorted(states(session)) == ["dropped", "sent", "sent"]


def test_cancelling_the_whole_is_one_mail_that_calls_the_uid_off(change, send, series):
    _, kari, siri, ids = series
    (made,) = send(NOW)
    with change() as session:
        assert cancel_series(session, NOW, siri, ids[0], Reach.ALL, message="Closed for good.") == 6

    (gone,) = send(NOW)

    (event,) = events_of(gone)
    assert (method_of(gone), event["UID"]) == ("CANCEL", events_of(made)[0]["UID"])
    assert "RECURRENCE-ID" not in event
    assert "> Closed for good." in gone.text


def test_maintenance_over_many_dates_is_one_mail(change, send, series):
    room, kari, siri, _ = series
    send(NOW)
    spans = tuple(span_at(f"{day} 08:00-20:00") for day in ("2027-06-01", "2027-06-08", "2027-06-15"))
    with change() as session:
        rows = session.scalars(
            select(Booking).where(Booking.starts_at.between(spans[0].starts_at, spans[-1].ends_at))
        ).all()
        away = {row.public_id: Decision(row.version, Choice.CANCEL, None, None) for row in rows}
        outages.lay_outage(
            session,
            NOW,
            siri,
            resource_by_slug(session, "sluppen"),
            outages.Plan(spans, effect=Effect.BLOCK, reason="Filter"),
            away,
            "Sorry, the filter.",
        )

    (delivered,) = send(NOW)

    (event,) = events_of(delivered)
    assert [each.dts[0].dt.day for each in event["EXDATE"]] == [1, 8, 15]
    assert "The same goes for 2 more dates of the series." in delivered.text
    assert "> Sorry, the filter." in delivered.text


def test_what_is_kept_under_maintenance_is_told_once_and_leaves_the_calendar_alone(change, send, series):
    room, kari, siri, _ = series
    send(NOW)
    spans = tuple(span_at(f"{day} 08:00-20:00") for day in ("2027-06-01", "2027-06-08"))
    with change() as session:
        rows = session.scalars(
            select(Booking).where(Booking.starts_at.between(spans[0].starts_at, spans[-1].ends_at))
        ).all()
        stay = {row.public_id: Decision(row.version, Choice.KEEP, None, None) for row in rows}
        outages.lay_outage(
            session, NOW, siri, resource_by_slug(session, "sluppen"), outages.Plan(spans, effect=Effect.BLOCK, reason="Filter"), stay, ""
        )

    (delivered,) = send(NOW)

    assert delivered.calendar is None
    assert subjects([delivered]) == ["Maintenance"]


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

    assert (delivered.receiver, subjects([delivered])) == (
        ola.email,
        ["Could you shift? Room"],
    ) or delivered.receiver == ola.email
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
    assert telling.BY_HAND
