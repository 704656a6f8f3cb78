"""A worker that comes back after its claim has ended, when another has sent the message: nothing is undone by it."""

from datetime import timedelta

import pytest

from booking.models import OutboxMessage
from booking.services import outbox
from booking.services.credentials import CHANGED
from tests.factories import a_member
from tests.support.deciding import NOW


@pytest.mark.parametrize("after", [timedelta(minutes=6), timedelta(days=3)])
@pytest.mark.parametrize("late", ["put off", "bury", "drop"])
def test_what_another_has_sent_stays_sent(change, late, after):
    with change() as session:
        outbox.post(session, NOW, CHANGED, to=a_member(session).id)
    with change() as session:
        first = outbox.claim(session, NOW)
    with change() as session:
        second = outbox.claim(session, NOW + after)
        assert second.id == first.id
        outbox.mark_sent(session, NOW + after, second.id)

    with change() as session:
        if late == "put off":
            assert not outbox.put_off(session, NOW + after, first.id, "ServerAway", 0.5)
        elif late == "bury":
            outbox.bury(session, NOW + after, first.id, "refused with 550")
        else:
            outbox.drop(session, NOW + after, first.id)

    with change() as session:
        row = session.get(OutboxMessage, first.id)
        assert (row.state, row.attempts, row.error) == ("sent", 0, "")


def test_the_bytes_that_were_kept_first_are_those_that_are_sent(change):
    with change() as session:
        outbox.post(session, NOW, CHANGED, to=a_member(session).id)
    with change() as session:
        claimed = outbox.claim(session, NOW)
        assert outbox.keep_rendered(session, claimed.id, b"first") == b"first"
    with change() as session:
        assert outbox.keep_rendered(session, claimed.id, b"second") == b"first"
