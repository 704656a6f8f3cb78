"""Nothing lost, nothing sent for what did not happen: the outbox and the mail server's moods, on both databases."""

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event, select

from booking.db import db
from booking.jobs.sending import send_due
from booking.models import OutboxMessage
from booking.services import outbox
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking
from tests.factories import a_member, a_room
from tests.jobs.acting import acting, states
from tests.support.postbox import a_postbox
from tests.support.requests import a_wish

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def booked(change):
    """Kari has booked a room."""
    with change() as session:
        room, kari = a_room(session), a_member(session, language="en")
        return kari, request_booking(session, NOW, acting(kari), a_wish(room, title="Møte")).public_id


def given_back(change, kari, key):
    with change() as session:
        cancel_booking(session, NOW, acting(kari), key)


# --- what is posted --------------------------------------------------------------------------------------------------


def test_a_transaction_that_is_rolled_back_posts_nothing(change, send):
    with suppress(RuntimeError), change() as session:
        request_booking(session, NOW, acting(a_member(session)), a_wish(a_room(session)))
        raise RuntimeError("something else went wrong")

    assert send(NOW) == []
    with change() as session:
        assert states(session) == []


def test_what_a_savepoint_takes_back_is_not_told(change, send):
    with change() as session:
        room, kari = a_room(session), a_member(session, language="en")
        request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-25 08:00-09:00", title="Stays"))
        around = session.begin_nested()
        with session.begin_nested():
            request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-25 10:00-11:00", title="Goes"))
        around.rollback()
        with session.begin_nested():
            request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-25 12:00-13:00", title="Stays too"))

    subjects = [str(each.mail["Subject"]) for each in send(NOW)]

    assert [subject.split(":")[1].split(",")[0].strip() for subject in subjects] == ["Stays", "Stays too"]


@contextmanager
def noted(engine):
    """Every statement that is run meanwhile."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_posting_costs_one_small_insert(change, app):
    with change() as session:
        room, kari = a_room(session), acting(a_member(session))
    with app.app_context():
        engine, counts = db.engine, []
    for posts, hour in ((True, 8), (True, 10), (False, 12)):  # the first fills what is remembered between bookings
        engine.update_execution_options(posts_mail=posts)
        with noted(engine) as statements, change() as session:
            request_booking(session, NOW, kari, a_wish(room, f"2027-05-25 {hour:02}:00-{hour + 1:02}:00"))
        counts.append(statements)

    _, with_mail, without = counts
    assert len(with_mail) == len(without) + 1
    assert [each[:26] for each in with_mail if each not in without] == ["INSERT INTO outbox_message"]


def test_without_a_mail_server_nothing_is_written(change, app):
    with app.app_context():
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
    while len(sent) != 2 and now < NOW + DAY:
        sent += send(now)
        now += 5 * MINUTE

    assert [str(each.mail["Subject"]).split(":")[0] for each in sent] == ["Confirmed", "Cancelled"]
    with change() as session:
        assert states(session) == ["sent", "sent"]


def test_a_server_that_is_down_is_asked_again_with_longer_and_longer_pauses(change, app, booked):
    with a_postbox() as box:
        gone = box.server
    with app.app_context():
        app.extensions["samrom"] = replace(app.extensions["samrom"], mail_server=gone)
        tries, now = [], NOW
        while now < NOW + 6 * HOUR:
            before = _attempts(change)
            send_due(now)
            if _attempts(change) != before:
                tries.append(now)
            now += MINUTE

    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses) or max(pauses) > HOUR * 0.7
    assert 8 <= len(tries) <= 16
    with change() as session:
        assert states(session) == ["waiting"]


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


@pytest.mark.parametrize("ending", [{"deactivated_at": NOW}, {"ends_on": (NOW - DAY).date()}])
def test_nobody_writes_to_a_closed_account(change, send, booked, ending):
    with change() as session:
        for name, value in ending.items():
            setattr(session.merge(booked[0]), name, value)

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
