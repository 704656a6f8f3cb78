"""Several workers, and workers that die or are asked to stop: real programs on both databases."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from booking import clock
from booking.core.timespan import TimeSpan
from booking.models import OutboxMessage
from booking.services import outbox
from tests.factories import a_booking, a_member, a_room
from tests.jobs.acting import states
from tests.support.server import ROOT

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WORKER = [sys.executable, "-m", "flask", "--app", "tests.support.wsgi", "worker"]


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
    with change() as session:
        room = a_room(session)
        start = clock.now().replace(minute=0, second=0) + 30 * DAY
        for n in range(number):
            kari = a_member(session)
            span = TimeSpan(start + n * HOUR, start + (n + 1) * HOUR)
            row = a_booking(session, on=room, member=kari, span=span)
            calendar = {
                "form": "booking", "method": "REQUEST", "sequence": 3, "stamp": start.isoformat(), "state": "confirmed",
                "starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat(), "resources": [room.id],
            }  # fmt: skip
            outbox.post(
                session, clock.now(), "booking_made", to=kari.id, booking_id=row.id, facts={"calendar": calendar}
            )


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
