"""Mail about series: one for each change, however many dates it touches, also when maintenance does it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.core.outages import Effect
from booking.core.recurrence import Every, Recurrence
from booking.models import Booking
from booking.services import mail_choices, outages
from booking.services.catalogue import resource_by_slug
from booking.services.changes import cancel_booking
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
from tests.jobs.arrived import events_of, method_of, subjects
from tests.support import requests
from tests.support.requests import a_wish, wall

NOW = requests.NOW
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ENGLISH = {"language": "en"}


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
    assert "- Tue 29 Jun 10:00–11:00" in delivered.text


def test_one_date_is_told_by_its_recurrence_id(change, send, series):
    _, _, siri, ids = series
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
    _, kari, siri, ids = series
    with change() as session:
        mail_choices.choose(session, NOW, acting(kari), mail_choices.Choices(mail_choices.Invitations.NEVER))
        wish = replace(found(session, acting(kari), ids[3], "booking.see").wish, wall=wall("2027-06-15 12:00-13:00"))
        change_series(session, NOW, siri, ids[3], SeriesChange(wish, Reach.FOLLOWING, message="Noise."))

    assert subjects(send(NOW)) == ["Series", "Series"]
    with change() as session:
        assert sorted(states(session)) == ["dropped", "sent", "sent"]


def test_cancelling_the_whole_is_one_mail_that_calls_the_uid_off(change, send, series):
    _, _, siri, ids = series
    (made,) = send(NOW)
    with change() as session:
        assert cancel_series(session, NOW, siri, ids[0], Reach.ALL, message="Closed for good.") == 6

    (gone,) = send(NOW)

    (event,) = events_of(gone)
    assert (method_of(gone), event["UID"]) == ("CANCEL", events_of(made)[0]["UID"])
    assert "RECURRENCE-ID" not in event
    assert "> Closed for good." in gone.text


def a_filter(session, siri, choice, message, *days):
    """Maintenance of Sluppen on these days, with the same decision for every booking under it."""
    spans = tuple(span_at(f"{day} 08:00-20:00") for day in days)
    under = Booking.starts_at.between(spans[0].starts_at, spans[-1].ends_at)
    rows = session.scalars(select(Booking).where(under))
    decisions = {row.public_id: Decision(row.version, choice, None, None) for row in rows}
    plan = outages.Plan(spans, effect=Effect.BLOCK, reason="Filter")
    outages.lay_outage(session, NOW, siri, resource_by_slug(session, "sluppen"), plan, decisions, message)


def test_maintenance_over_many_dates_is_one_mail(change, send, series):
    _, _, siri, _ = series
    send(NOW)
    with change() as session:
        a_filter(session, siri, Choice.CANCEL, "Sorry, the filter.", "2027-06-01", "2027-06-08", "2027-06-15")

    (delivered,) = send(NOW)

    (event,) = events_of(delivered)
    assert [each.dts[0].dt.day for each in event["EXDATE"]] == [1, 8, 15]
    assert "The same goes for 2 more dates of the series." in delivered.text
    assert "> Sorry, the filter." in delivered.text


def test_what_is_kept_under_maintenance_is_told_once_and_leaves_the_calendar_alone(change, send, series):
    _, _, siri, _ = series
    send(NOW)
    with change() as session:
        a_filter(session, siri, Choice.KEEP, "", "2027-06-01", "2027-06-08")

    (delivered,) = send(NOW)

    assert delivered.calendar is None
    assert subjects([delivered]) == ["Maintenance"]
