"""Booking in spite of the rules, and who needs a yes at all."""

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused, InvalidInput
from booking.core.lifecycle import State
from booking.models import (
    JournalEntry,
    MemberGroup,
    MemberGroupEntry,
    RuleSetting,
)
from booking.services.approving import approve
from booking.services.bookings import request_booking
from tests.conftest import Change
from tests.factories import a_member, a_room, an_organisation
from tests.support.requests import NOW, a_rule, a_wish, acting, asked, on_duty


def test_an_override_that_leaves_no_reason_behind(change: Change) -> None:
    """A mistake other systems make: here the reason is compulsory, and kept with the rule and its version."""
    with change() as session:
        room = a_room(session)
        leader = on_duty(session, "resource", room.id, "manager")
        a_rule(session, room, "R21", minutes=30)
        me = acting(session, leader)
        with pytest.raises(InvalidInput) as silent:
            request_booking(session, NOW, me, a_wish(room), override=" ")
        booked = request_booking(session, NOW, me, a_wish(room), override="The mayor comes.")
        entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "booking.made")).one()
        setting = session.scalars(select(RuleSetting.id)).one()

        assert (silent.value.field, silent.value.code) == ("override_reason", "override.reason_needed")
        assert booked.state is State.CONFIRMED
        assert (entry.actor_id, "The mayor comes." in (entry.text or "")) == (leader.id, True)
        assert entry.after["overridden"] == ["R21.too_long"]
        assert entry.after["overrides"][0] == {
            "code": "R21.too_long", "resource": room.id, "where": ["resource", room.id], "settings": [setting],
        }  # fmt: skip


def test_an_override_is_for_those_who_are_exempt_from_all_that_refuses(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = acting(session, on_duty(session, "resource", room.id, "manager"))
        a_rule(session, room, "R21", minutes=30)
        with pytest.raises(BookingRefused):
            request_booking(session, NOW, acting(session, kari), a_wish(room), override="I want to.")
        request_booking(session, NOW, leader, a_wish(room), override="Open day.")
        with pytest.raises(BookingRefused) as taken:  # R05 has no exemption, whatever else could be passed
            request_booking(session, NOW, leader, a_wish(room), override="Open day.")

        assert "R05.overlap" in taken.value.verdict.codes


def test_a_group_of_organisations_that_is_inside_needs_no_yes(change: Change) -> None:
    with change() as session:
        room, inside = a_room(session), an_organisation(session)
        group = MemberGroup(name="House")
        session.add(group)
        session.flush()
        session.add(MemberGroupEntry(group_id=group.id, organisation_id=inside.id))
        a_rule(session, room, groups=[group.id])
        ours, theirs = a_member(session, inside), a_member(session, an_organisation(session))
        mine = request_booking(session, NOW, acting(session, ours), a_wish(room))
        other = request_booking(session, NOW, acting(session, theirs), a_wish(room, "2027-05-26 10:00-11:00"))

        assert (mine.state, other.state) == (State.CONFIRMED, State.REQUESTED)


def test_a_first_booking_needs_a_yes_and_the_next_does_not(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = acting(session, on_duty(session, "resource", room.id))
        a_rule(session, room, first_time=True)
        key = asked(session, room, kari)
        approve(session, NOW, leader, key)
        again = request_booking(session, NOW, acting(session, kari), a_wish(room, "2027-05-26 10:00-11:00"))

        assert again.state is State.CONFIRMED
