"""Taking a cancellation back, ending early, and the deadline for changes, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused, NotAllowed, WrongState
from booking.core.request import Item, WallSpan
from booking.models import Allocation, Booking, BookingItem
from booking.permissions import Actor
from booking.services import history, notices, undoing
from booking.services.alternatives import alternatives
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.standing import found
from booking.services.wishes import Wish
from tests.factories import a_booking, a_member, a_room, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TUESDAY = "2027-03-02"


def a_wish(room, at=f"{TUESDAY} 10:00-11:00", **more):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    return Wish((Item(room.id),), WallSpan(starts, ends), **more)


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def managing(member, room):
    return acting(member, manages=frozenset({("resource", room.id)}))


def row(session, public_id):
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def told(session, member):
    return [(each.kind, each.message) for each in notices.unread(session, acting(member))]


def busy(session, public_id):
    """The busy windows of the booking's allocations."""
    query = select(Allocation.busy_from, Allocation.busy_to).join(BookingItem, BookingItem.id == Allocation.item_id)
    return [tuple(each) for each in session.execute(query.where(BookingItem.booking_id == row(session, public_id).id))]


# --- taking a cancellation back --------------------------------------------------------------------------------------


def test_a_cancellation_is_taken_back_as_the_same_event_and_holds_again(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        made = request_booking(session, NOW, acting(kari), a_wish(room)).public_id
        uid, sequence = row(session, made).uid, row(session, made).sequence
        cancel_booking(session, NOW, acting(kari), made)

        for _ in range(2):
            undoing.restore_booking(session, NOW, acting(kari), made)

        again = row(session, made)
        assert (again.state, again.live, again.uid, again.cancelled_at) == ("confirmed", True, uid, None)
        assert again.sequence == sequence + 2
        assert len(busy(session, made)) == 1
        with pytest.raises(BookingRefused):
            request_booking(session, NOW, acting(ola), a_wish(room))
        assert [each.action for each in history.history(session, again.id)] == [
            "booking.made", "booking.cancelled", "booking.restored",
        ]  # fmt: skip


def test_a_cancellation_stays_when_the_time_is_taken_or_has_begun_and_the_way_out_is_accepted(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        made = request_booking(session, NOW, acting(kari), a_wish(room)).public_id
        cancel_booking(session, NOW, acting(kari), made)
        request_booking(session, NOW, acting(ola), a_wish(room))

        with pytest.raises(BookingRefused) as refused:
            undoing.restore_booking(session, NOW, acting(kari), made)
        with pytest.raises(WrongState):
            undoing.restore_booking(session, NOW + timedelta(days=1), acting(kari), made)

        assert refused.value.verdict.codes == ("R05.overlap",)
        way = alternatives(session, NOW, kari.id, found(session, acting(kari), made, "booking.see").wish)[0]
        wish = Wish((Item(way.card.id),), WallSpan.of(way.span, way.card.zone))
        assert request_booking(session, NOW, acting(kari), wish).state == "confirmed"


@pytest.mark.parametrize(("minutes", "stands"), [(4, True), (6, False)])
def test_a_cancellation_by_mistake_is_taken_back_though_it_is_too_late_to_ask_anew(change, minutes, stands):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        set_rule(session, "resource", room.id, "R17", {"hours": 48})
        made = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00").public_id
        cancel_booking(session, NOW, acting(kari), made)
        later = NOW + timedelta(minutes=minutes)

        if stands:
            undoing.restore_booking(session, later, acting(kari), made)
        else:
            with pytest.raises(BookingRefused):
                undoing.restore_booking(session, later, acting(kari), made)

        assert row(session, made).live is stands


def test_what_a_manager_cancelled_only_a_manager_takes_back(change):
    with change() as session:
        room, kari, siri = a_room(session), a_member(session), a_member(session)
        made = request_booking(session, NOW, acting(kari), a_wish(room)).public_id
        cancel_booking(session, NOW, managing(siri, room), made, reason="The floor is wet")

        with pytest.raises(NotAllowed):
            undoing.restore_booking(session, NOW, acting(kari), made)
        undoing.restore_booking(session, NOW, managing(siri, room), made)

        assert row(session, made).live
        assert told(session, kari) == [("restored", ""), ("cancelled", "The floor is wet")]


# --- ending early ----------------------------------------------------------------------------------------------------


def test_ending_now_frees_the_rest_to_the_minute_and_moves_the_clean_up(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        set_rule(session, "resource", room.id, "R06", {"after_minutes": 30})
        made = request_booking(session, NOW, acting(kari), a_wish(room, "2027-03-01 10:00-12:00")).public_id
        at = NOW + timedelta(minutes=20, seconds=12)

        undoing.end_booking(session, at, acting(kari), made)

        assert row(session, made).span == span_at("2027-03-01 10:00-10:21")
        assert busy(session, made) == [(NOW, NOW + timedelta(minutes=51))]
        assert request_booking(session, at, acting(ola), a_wish(room, "2027-03-01 11:00-12:00")).state == "confirmed"


def test_only_a_running_booking_ends_and_only_for_those_whose_it_is(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        ahead = request_booking(session, NOW, acting(kari), a_wish(room)).public_id
        running = a_booking(session, on=room, member=kari, at="2027-03-01 09:00-11:00").public_id

        with pytest.raises(WrongState):
            undoing.end_booking(session, NOW, acting(kari), ahead)
        with pytest.raises(NotAllowed):
            undoing.end_booking(session, NOW, acting(ola), running)

        assert row(session, running).span == span_at("2027-03-01 09:00-11:00")


# --- the deadline ----------------------------------------------------------------------------------------------------


def test_past_the_deadline_time_is_not_given_back_but_the_rest_may_change(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        set_rule(session, "resource", room.id, "R19", {"hours": 48, "effect": "refuse"})
        made = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00")

        with pytest.raises(BookingRefused) as cancelled:
            cancel_booking(session, NOW, acting(kari), made.public_id)
        wish = a_wish(room, f"{TUESDAY} 14:00-15:00")
        with pytest.raises(BookingRefused) as moved:
            change_booking(session, NOW, acting(kari), made.public_id, wish, version=1)
        longer = a_wish(room, f"{TUESDAY} 10:00-12:00", title="Longer")
        change_booking(session, NOW, acting(kari), made.public_id, longer, version=1)

        assert cancelled.value.verdict.codes == moved.value.verdict.codes == ("R19.too_late",)
        assert row(session, made.public_id).title == "Longer"


def test_a_late_mark_is_kept_in_history_and_a_manager_is_not_held_back(change):
    with change() as session:
        room, kari, siri = a_room(session), a_member(session), a_member(session)
        set_rule(session, "resource", room.id, "R19", {"hours": 48, "effect": "late_mark"})
        late = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00")
        cancel_booking(session, NOW, acting(kari), late.public_id)
        strict = a_room(session)
        set_rule(session, "resource", strict.id, "R19", {"hours": 48, "effect": "refuse"})
        theirs = a_booking(session, on=strict, member=kari, at=f"{TUESDAY} 10:00-11:00")
        cancel_booking(session, NOW, managing(siri, strict), theirs.public_id, reason="Leak")

        assert history.history(session, late.id)[-1].is_late
        last = history.history(session, theirs.id)[-1]
        assert (last.by_manager, last.overridden, last.message) == (True, ("R19.too_late",), "Leak")


def test_shortening_works_where_lengthening_would_not(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        made = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 08:00-18:00")
        set_rule(session, "resource", room.id, "R21", {"minutes": 60})
        set_rule(session, "resource", room.id, "R17", {"hours": 72})

        change_booking(session, NOW, acting(kari), made.public_id, a_wish(room, f"{TUESDAY} 08:00-17:00"), version=1)
        wish = a_wish(room, f"{TUESDAY} 08:00-19:00")
        with pytest.raises(BookingRefused):
            change_booking(session, NOW, acting(kari), made.public_id, wish, version=2)

        assert row(session, made.public_id).span == span_at(f"{TUESDAY} 08:00-17:00")
