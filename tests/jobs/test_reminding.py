"""Reminders: at the time each chose, once, anew after a move, and never for what is not any more. Both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.services import mail_choices, reminding
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.mail_choices import Choices, Family
from tests.factories import a_member, a_room, an_organisation
from tests.jobs.acting import acting
from tests.support.requests import a_wish

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
START = datetime(2027, 5, 25, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def booked(change, send):
    """Kari wants to be reminded a day and an hour before; her booking's own mail has gone out."""
    with change() as session:
        organisation = an_organisation(session)
        room, kari, ola = (
            a_room(session),
            a_member(session, organisation, language="en"),
            a_member(session, organisation),
        )
        mail_choices.choose(session, NOW, acting(kari), Choices(reminders=(HOUR, DAY)))
        key = request_booking(session, NOW, acting(kari), a_wish(room, title="Møte")).public_id
    send(NOW)
    return room, kari, ola, key


@pytest.fixture
def remind(change, send):
    """`remind(now)`: what arrives when the worker looks."""

    def remind(now):
        with change() as session:
            reminding.post_due(session, now)
        return send(now)

    return remind


def test_each_time_that_was_chosen_reminds_once_whatever_the_clock_does(remind, booked):
    counts = [
        len(remind(now))
        for now in (
            START - DAY - MINUTE,
            START - DAY,
            START - DAY - HOUR,
            START - DAY,
            START - 2 * HOUR,
            START - HOUR,
            START - HOUR - DAY,
            START - MINUTE,
        )
    ]

    assert counts == [0, 1, 0, 0, 0, 1, 0, 0]


def test_it_says_what_begins_and_when(remind, booked):
    (delivered,) = remind(START - DAY)

    assert str(delivered.mail["Subject"]) == "Soon: Møte, Tue 25 May 10:00–11:00"
    assert "Your booking Møte begins soon: Tue 25 May 2027, 10:00–11:00." in delivered.text
    assert delivered.calendar is None


def test_a_worker_that_was_away_reminds_only_of_the_time_that_is_nearest(remind, booked):
    assert len(remind(START - 30 * MINUTE)) == 1
    assert remind(START - 29 * MINUTE) == []


def test_who_moves_a_booking_is_reminded_anew(change, remind, booked):
    room, kari, _, key = booked
    assert len(remind(START - DAY)) == 1
    with change() as session:
        wish = a_wish(room, "2027-05-27 10:00-11:00", title="Møte")
        change_booking(session, START - DAY, acting(kari), key, wish, version=1)

    assert [str(each.mail["Subject"])[:4] for each in remind(START - DAY + MINUTE)] == ["Chan"]
    assert len(remind(START + DAY)) == 1


def test_what_was_cancelled_or_given_away_after_it_was_posted_is_not_reminded_of(change, send, booked):
    _, kari, ola, key = booked
    with change() as session:
        assert reminding.post_due(session, START - DAY) == 1
    with change() as session:
        hand_over_booking(session, START - DAY, acting(kari), key, ola.id)

    assert "Soon" not in {str(each.mail["Subject"])[:4] for each in send(START - DAY)}


def test_nobody_is_reminded_of_what_is_cancelled(change, remind, booked):
    _, kari, _, key = booked
    with change() as session:
        cancel_booking(session, NOW, acting(kari), key)

    assert [str(each.mail["Subject"])[:4] for each in remind(START - DAY)] == ["Canc"]


def test_who_books_an_hour_ahead_is_not_told_of_yesterday(change, remind, booked):
    room, kari, *_ = booked
    with change() as session:
        request_booking(session, START - 2 * HOUR, acting(kari), a_wish(room, "2027-05-25 12:00-13:00"))

    sent = [str(each.mail["Subject"])[:4] for each in remind(START - 2 * HOUR)]

    assert sorted(sent) == ["Conf", "Soon"]  # the other booking's own


@pytest.mark.parametrize("wanted", [Choices(), Choices(reminders=(DAY,), muted=frozenset({Family.REMINDERS}))])
def test_without_a_choice_there_are_none(change, remind, booked, wanted):
    with change() as session:
        mail_choices.choose(session, NOW, acting(booked[1]), wanted)

    assert remind(START - DAY) == []
