"""Booking, changing and giving back, on both databases: what is held, what is let go, and what is written down."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from booking.core.errors import BookingRefused, KeyReused, NotAllowed, NotFound, Stale, WrongState
from booking.core.lifecycle import State
from booking.core.request import Item, WallSpan
from booking.models import Allocation, Booking, FeedCounter, JournalEntry, Resource, ResourceUnit, Submission
from booking.permissions import Actor
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.wishes import Wish
from tests.factories import a_booking, a_member, a_room, a_site, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TUESDAY = "2027-03-02"


def a_wish(room, at=f"{TUESDAY} 10:00-11:00", **more):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    quantity = more.pop("quantity", 1)
    return Wish((Item(room.id, quantity),), WallSpan(starts, ends), **more)


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def row(session, public_id):
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def a_hall_of_two(session, site):
    """Two rooms and the hall that is both."""
    west, east = a_room(session, site), a_room(session, site)
    hall = a_room(session, site, units=0)
    for part in (west, east):
        unit = session.scalar(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == part.id))
        session.add(ResourceUnit(resource_id=hall.id, unit_id=unit))
    session.flush()
    return hall, west, east


def test_a_booking_holds_its_unit_is_journalled_and_raises_the_feeds(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)

        booked = request_booking(session, NOW, acting(kari), a_wish(room, title="Planning", people=3))

        made = row(session, booked.public_id)
        assert (booked.state, made.title, made.people, made.span) == (
            State.CONFIRMED, "Planning", 3, span_at(f"{TUESDAY} 10:00-11:00"),
        )  # fmt: skip
        assert count(session, Allocation) == 1
        assert session.scalar(select(JournalEntry.action)) == "booking.made"
    with change() as session:
        scopes = {tuple(scope) for scope in session.execute(select(FeedCounter.scope_kind, FeedCounter.scope_id))}
        assert {("member", kari.id), ("resource", room.id), ("site", room.site_id)} <= scopes


def test_touching_bookings_both_stand_and_overlapping_ones_do_not(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        request_booking(session, NOW, acting(kari), a_wish(room))

        request_booking(session, NOW, acting(ola), a_wish(room, f"{TUESDAY} 11:00-12:00"))
        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, acting(ola), a_wish(room, f"{TUESDAY} 10:45-11:15"))

        assert refused.value.verdict.codes == ("R05.overlap",)
        assert refused.value.status == 422
        assert count(session, Booking) == 2


@pytest.mark.parametrize(("seen", "status"), [("2027-02-01", 409), ("2027-02-20", 422)])
def test_only_what_was_booked_after_the_form_was_shown_is_a_conflict(change, seen, status):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        at = f"{TUESDAY} 10:00-11:00"
        a_booking(session, on=room, member=ola, at=at, created_at=datetime(2027, 2, 10, tzinfo=UTC))
        wish = a_wish(room, seen_at=datetime.fromisoformat(f"{seen}T00:00:00+00:00"))

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, acting(kari), wish)

        assert refused.value.status == status


def test_a_hall_is_taken_with_its_parts_and_its_parts_with_it(change):
    with change() as session:
        hall, west, east = a_hall_of_two(session, a_site(session))
        kari = a_member(session)
        request_booking(session, NOW, acting(kari), a_wish(west))
        request_booking(session, NOW, acting(kari), a_wish(hall, f"{TUESDAY} 12:00-13:00"))

        for room, at in ((hall, "10:00-11:00"), (east, "12:30-13:30"), (west, "12:00-12:30")):
            with pytest.raises(BookingRefused):
                request_booking(session, NOW, acting(kari), a_wish(room, f"{TUESDAY} {at}"))

        assert request_booking(session, NOW, acting(kari), a_wish(east)).state is State.CONFIRMED


def test_a_pool_gives_each_its_own_and_refuses_the_one_too_many(change):
    with change() as session:
        desks, kari = a_room(session, units=3, is_pool=True, seats=None), a_member(session)

        request_booking(session, NOW, acting(kari), a_wish(desks, quantity=2))
        request_booking(session, NOW, acting(kari), a_wish(desks))
        with pytest.raises(BookingRefused):
            request_booking(session, NOW, acting(kari), a_wish(desks))

        held = list(session.scalars(select(Allocation.unit_id)))
        assert len(held) == len(set(held)) == 3


def test_what_needs_approval_waits_and_holds_its_time(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        set_rule(session, "resource", room.id, "R21", {"minutes": 30}, weight="needs_approval")

        booked = request_booking(session, NOW, acting(kari), a_wish(room))

        assert booked.state is State.REQUESTED
        with pytest.raises(BookingRefused):
            request_booking(session, NOW, acting(ola), a_wish(room, f"{TUESDAY} 10:30-11:00"))


def test_all_reasons_come_at_once_and_nothing_is_written(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        set_rule(session, "site", room.site_id, "R21", {"minutes": 60})
        set_rule(session, "site", room.site_id, "R18", {"days": 7})

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, acting(kari), a_wish(room, "2027-04-02 10:05-13:00", key="a-key"))

        assert set(refused.value.verdict.codes) == {"R02.grid", "R18.horizon", "R21.too_long"}
        assert [count(session, table) for table in (Booking, Allocation, JournalEntry, Submission)] == [0, 0, 0, 0]


def test_the_same_key_answers_the_same_and_refuses_another_content(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        wish = a_wish(room, key="a-key")

        first, second = (request_booking(session, NOW, acting(kari), wish) for _ in range(2))
        with pytest.raises(KeyReused):
            request_booking(session, NOW, acting(kari), a_wish(room, f"{TUESDAY} 12:00-13:00", key="a-key"))

        assert first.public_id == second.public_id
        assert (first.repeated, second.repeated) == (False, True)
        assert count(session, Booking) == 1


def test_only_who_manages_the_resource_books_for_somebody_else(change):
    with change() as session:
        room, kari, siri = a_room(session), a_member(session), a_member(session)
        manager = acting(siri, manages=frozenset({("resource", room.id)}))

        with pytest.raises(BookingRefused) as refusal:
            request_booking(session, NOW, acting(siri), a_wish(room), member_id=kari.id)
        assert refusal.value.verdict.codes == ("R39.not_a_delegate",)
        booked = request_booking(session, NOW, manager, a_wish(room), member_id=kari.id)

        made = row(session, booked.public_id)
        assert (made.member_id, made.booked_by_id) == (kari.id, siri.id)


def test_cancelling_gives_the_time_back_keeps_the_booking_and_is_the_same_twice(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        booked = request_booking(session, NOW, acting(kari), a_wish(room))

        for _ in range(2):
            cancel_booking(session, NOW, acting(kari), booked.public_id)
        again = request_booking(session, NOW, acting(ola), a_wish(room))

        gone = row(session, booked.public_id)
        assert (gone.state, gone.live, gone.cancelled_at) == (State.CANCELLED, False, NOW)
        assert again.state is State.CONFIRMED
        actions = list(session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)))
        assert actions == ["booking.made", "booking.cancelled", "booking.made"]


def test_nobody_else_cancels_and_nothing_that_has_begun_is_cancelled(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        ahead = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00")
        running = a_booking(session, on=room, member=kari, at="2027-03-01 09:30-11:00")

        with pytest.raises(NotAllowed):
            cancel_booking(session, NOW, acting(ola), ahead.public_id)
        with pytest.raises(WrongState):
            cancel_booking(session, NOW, acting(kari), running.public_id)
        with pytest.raises(NotFound):
            cancel_booking(session, NOW, acting(kari), "no-such-booking")

        assert count(session, Allocation) == 2


def test_a_change_holds_the_new_time_and_lets_the_old_one_go(change):
    with change() as session:
        site = a_site(session)
        room, other = a_room(session, site), a_room(session, site)
        kari, ola = a_member(session), a_member(session)
        booked = request_booking(session, NOW, acting(kari), a_wish(room))

        wish = a_wish(other, f"{TUESDAY} 14:00-15:00", title="Moved")
        change_booking(session, NOW, acting(kari), booked.public_id, wish, version=1)

        moved = row(session, booked.public_id)
        assert (moved.title, moved.version, moved.sequence) == ("Moved", 2, 1)
        assert session.scalars(select(Allocation.resource_id)).all() == [other.id]
        assert request_booking(session, NOW, acting(ola), a_wish(room)).state is State.CONFIRMED


def test_a_new_title_alone_does_not_move_anything(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        booked = request_booking(session, NOW, acting(kari), a_wish(room))
        held = session.scalar(select(Allocation.item_id))

        change_booking(session, NOW, acting(kari), booked.public_id, a_wish(room, title="New"), version=1)

        assert row(session, booked.public_id).sequence == 0
        assert session.scalar(select(Allocation.item_id)) == held


def test_a_change_on_an_old_version_is_stale(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        booked = request_booking(session, NOW, acting(kari), a_wish(room))
        change_booking(session, NOW, acting(kari), booked.public_id, a_wish(room, title="First"), version=1)

        with pytest.raises(Stale) as stale:
            change_booking(session, NOW, acting(kari), booked.public_id, a_wish(room, title="Second"), version=1)

        assert stale.value.facts == {"version": 2}
        assert row(session, booked.public_id).title == "First"


def test_a_refused_change_leaves_the_booking_as_it_was(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        a_booking(session, on=room, member=ola, at=f"{TUESDAY} 12:00-13:00")
        booked = request_booking(session, NOW, acting(kari), a_wish(room))

        wish = a_wish(room, f"{TUESDAY} 11:30-12:30")
        with pytest.raises(BookingRefused):
            change_booking(session, NOW, acting(kari), booked.public_id, wish, version=1)

        assert row(session, booked.public_id).span == span_at(f"{TUESDAY} 10:00-11:00")
        assert count(session, Allocation) == 2


def test_a_booking_is_handed_over_to_somebody_who_may_have_it(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        booked = request_booking(session, NOW, acting(kari), a_wish(room))

        hand_over_booking(session, NOW, acting(kari), booked.public_id, ola.id)

        assert row(session, booked.public_id).member_id == ola.id
        assert session.scalars(select(JournalEntry.action)).all()[-1] == "booking.handed_over"


def test_a_retired_resource_is_refused_with_its_reason(change):
    with change() as session:
        room, kari = a_room(session, state="retired"), a_member(session)

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, acting(kari), a_wish(room))

        assert refused.value.verdict.codes == ("R04.not_bookable",)
        assert session.get(Resource, room.id).state == "retired"
