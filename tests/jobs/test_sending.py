"""Nothing lost, nothing sent for what did not happen: the outbox and the mail server's moods, on both databases."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select

from booking.models import Booking, OutboxMessage
from booking.services import outbox
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking
from tests.factories import a_booking, a_member, a_room
from tests.jobs.acting import acting, states
from tests.support.postbox import a_postbox
from tests.support.requests import a_wish
from tests.support.server import ROOT

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORKER = [sys.executable, "-m", "flask", "--app", "tests.support.wsgi", "worker"]


@pytest.fixture
def booked(change):
    """Kari has booked a room."""
    with change() as session:
        room, kari = a_room(session), a_member(session)
        return kari, request_booking(session, NOW, acting(kari), a_wish(room, title="Møte")).public_id


def given_back(change, kari, key):
    with change() as session:
        cancel_booking(session, NOW, acting(kari), key)


# --- what is posted --------------------------------------------------------------------------------------------------


def test_a_transaction_that_is_rolled_back_posts_nothing(change, send):
    with pytest.raises(RuntimeError), change() as session:
        request_booking(session, NOW, acting(a_member(session)), a_wish(a_room(session)))
        raise RuntimeError("something else went wrong")

    assert send(NOW) == []
    with change() as session:
        assert states(session) == []


def test_what_a_savepoint_takes_back_is_not_told(change, send):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-25 08:00-09:00", title="Stays"))
        around = session.begin_nested()
        with session.begin_nested():
            request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-25 10:00-11:00", title="Goes"))
        around.rollback()
        with session.begin_nested():
            request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-25 12:00-13:00", title="Stays too"))

    subjects = [str(each.mail["Subject"]) for each in send(NOW)]

    assert [subject.split(":")[1].split(",")[0].strip() for subject in subjects] == ["Stays", "Stays too"]


def test_without_a_mail_server_nothing_is_written(change, app):
    with app.app_context():
        from booking.db import db

        db.engine.update_execution_options(posts_mail=False)
    with change() as session:
        request_booking(session, NOW, acting(a_member(session)), a_wish(a_room(session)))
        assert outbox.post(session, NOW, "news", to=1) is None

    with change() as session:
        assert states(session) == []


def test_a_silent_transaction_posts_nothing(change):
    with change() as session:
        outbox.stay_silent(session)
        request_booking(session, NOW, acting(a_member(session)), a_wish(a_room(session)))

    with change() as session:
        assert states(session) == []


def test_what_is_said_once_is_said_once(change):
    with change() as session:
        kari = a_member(session)
        said = [outbox.post(session, NOW, "reminder", to=kari.id, once="reminder:1") for _ in range(2)]
        others = [outbox.post(session, NOW, "news", to=kari.id) for _ in range(2)]
        to = kari.id
    with change() as session:
        said.append(outbox.post(session, NOW + HOUR, "reminder", to=to, once="reminder:1"))

    assert [each is not None for each in said] == [True, False, False]
    assert None not in others


# --- the mail server's moods -----------------------------------------------------------------------------------------


def test_a_server_that_is_away_for_a_while_gets_everything_in_order(change, send, booked, postbox):
    kari, key = booked
    given_back(change, kari, key)
    postbox.answers += ["421 closing", "451 try later", "drop", "drop"]

    sent, now = [], NOW
    while not len(sent) == 2 and now < NOW + DAY:
        sent += send(now)
        now += 5 * MINUTE

    assert [str(each.mail["Subject"]).split(":")[0] for each in sent] == ["Confirmed", "Cancelled"]
    with change() as session:
        assert states(session) == ["sent", "sent"]


def test_a_server_that_is_down_is_asked_again_with_longer_and_longer_pauses(change, app, booked):
    from booking.jobs.sending import send_due

    with a_postbox() as box:
        gone = box.server
    with app.app_context():
        app.extensions["samrom"] = _replaced(app.extensions["samrom"], mail_server=gone)
        tries, now = [], NOW
        while now < NOW + 6 * HOUR:
            before = _attempts(change)
            send_due(now)
            if _attempts(change) != before:
                tries.append(now)
            now += MINUTE

    pauses = [later - earlier for earlier, later in zip(tries, tries[1:], strict=False)]
    assert pauses == sorted(pauses) or max(pauses) > HOUR * 0.7
    assert 8 <= len(tries) <= 16
    with change() as session:
        assert states(session) == ["waiting"]


def _replaced(config, **changes):
    from dataclasses import replace

    return replace(config, **changes)


def _attempts(change):
    with change() as session:
        return session.scalar(select(OutboxMessage.attempts))


def test_a_receiver_who_is_refused_for_good_holds_up_nobody_and_ends_as_a_dead_letter(change, send, postbox, booked):
    kari, _ = booked
    with change() as session:
        request_booking(session, NOW, acting(a_member(session)), a_wish(a_room(session)))
    postbox.refused[kari.email] = "550 5.1.1 nobody of that name <secret@example.invalid>"

    (other,) = send(NOW)

    assert other.receiver != kari.email
    with change() as session:
        (dead,) = outbox.dead_letters(session)
        assert (dead.member_id, dead.error) == (kari.id, "refused with 550")
        assert sorted(states(session)) == ["dead", "sent"]


def test_a_dead_letter_can_be_tried_again(change, send, postbox, booked):
    postbox.answers.append("554 looks like spam")
    assert send(NOW) == []
    with change() as session:
        (dead,) = outbox.dead_letters(session)
        assert outbox.try_again(session, NOW + HOUR, dead.public_id)
        assert not outbox.try_again(session, NOW + HOUR, "nobody's")

    assert len(send(NOW + HOUR)) == 1


def test_a_letter_that_cannot_be_written_holds_up_nobody_and_ends_as_a_dead_letter(change, send, booked):
    with change() as session:
        outbox.post(session, NOW - MINUTE, "no such kind", to=booked[0].id, facts={})

    assert len(send(NOW)) == 1
    now = NOW
    while now < NOW + 3 * DAY:
        send(now)
        now += HOUR

    with change() as session:
        (dead,) = outbox.dead_letters(session)
        assert dead.error == "cannot be written: KeyError"
        assert dead.attempts > 20


def test_nobody_writes_to_a_closed_account(change, send, booked):
    with change() as session:
        session.merge(booked[0]).deactivated_at = NOW

    assert send(NOW) == []
    with change() as session:
        assert states(session) == ["dropped"]


def test_what_was_sent_is_not_kept_and_forgotten_in_three_months(change, send, booked):
    send(NOW)

    with change() as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert (row.state, row.rendered, row.text) == ("sent", None, None)
        assert outbox.forget_old(session, NOW + 80 * DAY) == 0
        assert outbox.forget_old(session, NOW + 100 * DAY) == 1


# --- workers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def environment(database_url, postbox):
    secret = {"SECRET_KEY": "only-for-tests-" * 3, "BASE_URL": "http://localhost", "LOG_LEVEL": "WARNING"}
    return {**os.environ, **secret, "DATABASE_URL": database_url, "MAIL_URL": postbox.url}


@contextmanager
def a_worker(environment, *options):
    """The real program; it does not outlive the test."""
    worker = subprocess.Popen([*WORKER, *options], cwd=ROOT, env=environment)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def many(change, number):
    """Messages to many people, posted now by the real clock."""
    from booking import clock

    with change() as session:
        room = a_room(session)
        start = clock.now().replace(minute=0, second=0) + 30 * DAY
        for n in range(number):
            kari = a_member(session)
            span = _span(start + n * HOUR)
            row = a_booking(session, on=room, member=kari, span=span)
            calendar = {
                "form": "booking", "method": "REQUEST", "sequence": 3, "stamp": start.isoformat(), "state": "confirmed",
                "starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat(), "resources": [room.id],
            }  # fmt: skip
            outbox.post(
                session, clock.now(), "booking_made", to=kari.id, booking_id=row.id, facts={"calendar": calendar}
            )


def _span(start):
    from booking.core.timespan import TimeSpan

    return TimeSpan(start, start + HOUR)


def test_four_workers_send_each_of_two_hundred_once(change, environment, postbox):
    many(change, 200)

    with ExitStack() as running:
        workers = [running.enter_context(a_worker(environment, "--once")) for _ in range(4)]
        assert [worker.wait(timeout=120) for worker in workers] == [0] * 4

    ids = [each.mail["Message-ID"] for each in postbox.delivered]
    assert (len(ids), len(set(ids))) == (200, 200)
    with change() as session:
        assert set(states(session)) == {"sent"}


def test_a_worker_that_is_killed_while_it_sends_repeats_itself_exactly(change, app, environment, postbox, send):
    from booking import clock

    many(change, 1)
    postbox.hold = Event()
    with a_worker(environment) as worker:
        assert postbox.held.wait(timeout=60), "the worker sends nothing"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        postbox.hold.set()
    postbox.hold = None

    assert send(clock.now()) == [], "the lease of the dead worker still runs"
    assert len(send(clock.now() + outbox.LEASE + MINUTE)) == 1

    first, second = postbox.delivered
    assert first.content == second.content
    assert first.mail["Message-ID"] == second.mail["Message-ID"]
    assert b"SEQUENCE:3" in first.calendar


def test_a_worker_that_is_asked_to_stop_finishes_what_is_in_hand(change, environment, postbox):
    many(change, 3)
    postbox.hold = Event()
    with a_worker(environment) as worker:
        assert postbox.held.wait(timeout=60), "the worker sends nothing"
        worker.send_signal(signal.SIGTERM)
        postbox.hold.set()

        assert worker.wait(timeout=60) == 0
    with change() as session:
        sent = [state for state in states(session) if state == "sent"]
        assert len(sent) == len(postbox.delivered) >= 1
        assert all(row.claimed_until is None for row in session.scalars(select(OutboxMessage)))
        assert session.scalar(select(Booking.id).limit(1))
