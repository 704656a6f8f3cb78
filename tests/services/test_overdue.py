"""A request that time has ended refuses nobody, though no job has run: on reading, and when somebody books there."""

from datetime import timedelta

import pytest

from booking.core.errors import BookingRefused
from booking.core.lifecycle import State
from booking.core.recurrence import Every, Recurrence
from booking.models import Allocation, ApprovalDecision
from booking.services import series
from booking.services.bookings import preview, request_booking
from booking.services.changes import change_booking
from booking.services.series_wishes import SeriesWish
from tests.conftest import Change
from tests.factories import a_member, a_room
from tests.support.requests import NOW, a_rule, a_wish, acting, asked, counted, on_duty, the_booking, told

LATER = NOW + timedelta(days=1, minutes=1)
QUICK = {"on_timeout": "expire", "working_days": 1}


def dead_request(session, room):
    """Kari's request, which nobody answers for a day; her name is all there is of her."""
    kari = a_member(session)
    on_duty(session, "resource", room.id)
    a_rule(session, room, always=True, **QUICK)
    return kari, asked(session, room, kari)


def test_it_refuses_nobody_and_is_written_down_when_its_time_is_taken(change: Change) -> None:
    with change() as session:
        room, ola = a_room(session), a_member(session)
        kari, key = dead_request(session, room)
        me = acting(session, ola)
        with pytest.raises(BookingRefused):
            request_booking(session, NOW, me, a_wish(room))
        assert "R05.overlap" not in preview(session, LATER, a_wish(room), ola.id)[0].codes

        mine = request_booking(session, LATER, me, a_wish(room))

        assert mine.state is State.REQUESTED
        assert the_booking(session, key).state == "expired"
        assert told(session, kari) == [("expired", None)]
        assert (counted(session, Allocation), counted(session, ApprovalDecision)) == (1, 1)


def test_one_that_still_waits_keeps_its_time(change: Change) -> None:
    with change() as session:
        room, ola = a_room(session), a_member(session)
        _, key = dead_request(session, room)

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, LATER - timedelta(minutes=2), acting(session, ola), a_wish(room))

        assert refused.value.verdict.codes[0] == "R05.overlap"
        assert the_booking(session, key).state == "requested"


def test_a_move_takes_its_time_too(change: Change) -> None:
    with change() as session:
        room = a_room(session)
        me = acting(session, a_member(session))
        mine = request_booking(session, NOW, me, a_wish(room, "2027-05-25 12:00-13:00"))
        _, key = dead_request(session, room)

        change_booking(session, LATER, me, mine.public_id, a_wish(room), version=1)

        assert the_booking(session, key).state == "expired"


def test_a_series_keeps_nobody_out_where_requests_compete(change: Change) -> None:
    with change() as session:
        hall = a_room(session)
        on_duty(session, "resource", hall.id)
        a_rule(session, hall, always=True)
        a_rule(session, hall, "R05", pending_blocks=False)
        me = acting(session, a_member(session))
        weekly = SeriesWish(a_wish(hall), Recurrence(Every.WEEK, count=2))

        (said,) = series.preview(session, NOW, me.member_id, weekly).of_all
        with pytest.raises(series.SeriesUnsettled):
            series.save(session, NOW, me, weekly)

        assert (said.code, said.facts["kind"]) == ("R28.not_allowed", "competes")
        assert counted(session, Allocation) == 0


def test_a_series_takes_its_time_too(change: Change) -> None:
    with change() as session:
        room = a_room(session)
        _, key = dead_request(session, room)

        weekly = SeriesWish(a_wish(room), Recurrence(Every.WEEK, count=2))
        saved = series.save(session, LATER, acting(session, a_member(session)), weekly)

        assert (saved.made, the_booking(session, key).state) == (2, "expired")
