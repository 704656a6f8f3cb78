"""Managers' messages, guests, colleagues, hand-overs and requests to shift, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from booking.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from booking.core.request import Item, WallSpan
from booking.models import Allocation, Booking, BookingItem, JournalEntry, Notice, ShiftRequest
from booking.permissions import Actor
from booking.services import asking, history, notices
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over
from booking.services.standing import found
from booking.services.wishes import Visitor, Wish
from tests.factories import a_booking, a_member, a_room, a_site, an_organisation, span_at

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


# --- managers, guests and colleagues ---------------------------------------------------------------------------------


def test_a_manager_moves_with_a_message_which_the_holder_reads(change):
    with change() as session:
        room, kari, siri = a_room(session), a_member(session), a_member(session)
        made = request_booking(session, NOW, acting(kari), a_wish(room, title="Old")).public_id
        wish = a_wish(room, f"{TUESDAY} 14:00-15:00", title="New")

        with pytest.raises(InvalidInput):
            change_booking(session, NOW, managing(siri, room), made, wish, version=1)
        change_booking(session, NOW, managing(siri, room), made, wish, version=1, message="{The hall is painted}")

        (notice,) = notices.unread(session, acting(kari))
        assert (notice.kind, notice.message, notice.before) == (
            "changed", "{The hall is painted}", span_at(f"{TUESDAY} 10:00-11:00"),
        )  # fmt: skip
        last = history.history(session, row(session, made).id)[-1]
        assert {each.field: (each.before, each.after) for each in last.differences}["title"] == ("Old", "New")
        assert last.message == "{The hall is painted}"


def test_notices_are_read_by_whom_they_are_for_alone(change):
    with change() as session:
        room, kari, siri = a_room(session), a_member(session), a_member(session)
        made = request_booking(session, NOW, acting(kari), a_wish(room)).public_id
        cancel_booking(session, NOW, managing(siri, room), made, reason="Leak")
        key = session.scalar(select(Notice.public_id))

        with pytest.raises(NotFound):
            notices.mark_read(session, NOW, acting(siri), [key])
        before = notices.unread_count(session, kari.id)
        notices.mark_read(session, NOW, acting(kari), [key])

        assert (before, notices.unread_count(session, kari.id)) == (1, 0)
        assert [each.is_read for each in notices.recent(session, acting(kari))] == [True]


def test_only_a_manager_books_for_a_guest_whose_name_stays_out_of_the_journal(change):
    with change() as session:
        room, siri = a_room(session), a_member(session)
        wish = a_wish(room, visitor=Visitor("Guest of ours", "guest@example.invalid"))

        with pytest.raises(NotAllowed):
            request_booking(session, NOW, acting(siri), wish)
        made = row(session, request_booking(session, NOW, managing(siri, room), wish).public_id)

        assert (made.member_id, made.visitor_name, made.visitor_contact) == (
            siri.id, "Guest of ours", "guest@example.invalid",
        )  # fmt: skip
        entries = session.execute(select(JournalEntry.before, JournalEntry.after, JournalEntry.text)).all()
        assert "Guest" not in str(entries)
        with pytest.raises(InvalidInput):
            Visitor("Guest of ours", "")


@pytest.mark.parametrize(("allowed", "visibility"), [(True, "organisation"), (True, "private"), (False, "members")])
def test_colleagues_change_where_their_organisation_lets_them_and_the_holder_is_told(change, allowed, visibility):
    with change() as session:
        ours = an_organisation(session, members_may_change=allowed)
        room, kari, ola = a_room(session), a_member(session, ours), a_member(session, ours)
        about = {"organisation_id": ours.id, "visibility": visibility}
        made = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00", **about)
        actor = acting(ola, organisations={ours.id: "member"})

        if allowed and visibility != "private":
            cancel_booking(session, NOW, actor, made.public_id)
            assert told(session, kari) == [("cancelled", "")]
        else:
            with pytest.raises(NotAllowed):
                cancel_booking(session, NOW, actor, made.public_id)
            assert row(session, made.public_id).live


def test_a_booking_is_handed_to_a_colleague_who_is_told_and_to_nobody_else(change):
    with change() as session:
        ours = an_organisation(session)
        room, kari, ola, stranger = a_room(session), a_member(session, ours), a_member(session, ours), a_member(session)
        made = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00", organisation_id=ours.id)

        with pytest.raises(InvalidInput):
            hand_over(session, NOW, acting(kari), made.public_id, stranger.public_id)
        hand_over(session, NOW, acting(kari), made.public_id, ola.public_id)

        assert row(session, made.public_id).member_id == ola.id
        assert told(session, ola) == [("handed_over", "")]
        assert told(session, kari) == []


# --- asking the next to shift ----------------------------------------------------------------------------------------


def next_to_each_other(session):
    """Kari from ten to eleven, Ola from eleven to twelve, in the same room; another room is free."""
    site = a_site(session)
    room = a_room(session, site)
    a_room(session, site)
    kari, ola = a_member(session), a_member(session)
    first = a_booking(session, on=room, member=kari, at=f"{TUESDAY} 10:00-11:00")
    second = a_booking(session, on=room, member=ola, at=f"{TUESDAY} 11:00-12:00")
    return room, kari, ola, first, second


def asked_by(session, kari, first, room):
    asking.ask_to_shift(session, NOW, acting(kari), first.public_id, a_wish(room, f"{TUESDAY} 10:00-11:30"))
    return session.scalars(select(ShiftRequest)).one()


def test_whoever_is_next_shifts_to_what_is_offered_and_both_bookings_change(change):
    with change() as session:
        room, kari, ola, first, second = next_to_each_other(session)
        request = asked_by(session, kari, first, room)
        standing = found(session, acting(ola), second.public_id, "booking.see")
        (seen,) = asking.open_requests(session, NOW, acting(ola), standing)
        (notice,) = notices.unread(session, acting(ola))

        ways = asking.ways_to_shift(session, NOW, standing, seen.wanted)
        asking.accept(session, NOW, acting(ola), request.public_id, (ways[0].card.slug, ways[0].span))

        assert (notice.kind, notice.who, seen.wanted) == ("shift_asked", "", span_at(f"{TUESDAY} 10:00-11:30"))
        assert row(session, first.public_id).span == span_at(f"{TUESDAY} 10:00-11:30")
        assert row(session, second.public_id).span == ways[0].span
        assert told(session, kari) == [("shift_accepted", "")]
        lines = [each for id_ in (first.id, second.id) for each in history.history(session, id_)]
        assert not any(ola.name in each.who for each in history.history(session, first.id))
        assert "shift.accepted" in {each.action for each in lines}


def test_every_offered_shift_is_accepted(change):
    with change() as session:
        room, kari, ola, first, second = next_to_each_other(session)
        standing = found(session, acting(ola), second.public_id, "booking.see")
        request = asked_by(session, kari, first, room)
        ways = asking.ways_to_shift(session, NOW, standing, span_at(f"{TUESDAY} 10:00-11:30"))

        accepted = 0
        for way in ways:
            step = session.begin_nested()
            asking.accept(session, NOW, acting(ola), request.public_id, (way.card.slug, way.span))
            accepted += 1
            step.rollback()
            session.expire_all()

        assert accepted == len(ways) > 0


def test_whoever_declines_is_not_asked_again_and_nobody_else_can_answer(change):
    with change() as session:
        room, kari, ola, first, second = next_to_each_other(session)
        request = asked_by(session, kari, first, room)

        with pytest.raises((NotAllowed, NotFound)):
            asking.decline(session, NOW, acting(kari), request.public_id)
        asking.decline(session, NOW, acting(ola), request.public_id)
        with pytest.raises(WrongState):
            asking.decline(session, NOW, acting(ola), request.public_id)
        with pytest.raises(WrongState):
            asked_by(session, kari, first, room)

        assert told(session, kari) == [("shift_declined", "")]
        assert row(session, second.public_id).span == span_at(f"{TUESDAY} 11:00-12:00")
        assert session.scalar(select(func.count()).select_from(ShiftRequest)) == 1


def test_a_shift_that_makes_no_room_moves_nothing(change):
    with change() as session:
        room, kari, ola, first, second = next_to_each_other(session)
        request = asked_by(session, kari, first, room)
        made = second.public_id

        step = session.begin_nested()
        choice = (room.slug, span_at(f"{TUESDAY} 11:15-12:15"))
        with pytest.raises(WrongState):
            asking.accept(session, NOW, acting(ola), request.public_id, choice)
        step.rollback()

        assert row(session, made).span == span_at(f"{TUESDAY} 11:00-12:00")
