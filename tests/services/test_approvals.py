"""Requests are asked of those on duty, answered once, judged again, and never left to the clock's mercy."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.core.errors import BookingRefused, InvalidInput, NotAllowed, WrongState
from booking.core.lifecycle import State
from booking.models import (
    Allocation,
    ApprovalDecision,
    ApprovalStep,
)
from booking.services.approval_time import settle_overdue
from booking.services.approving import approve, decline
from booking.services.bookings import request_booking
from booking.services.changes import change_booking
from booking.services.questions import answer, ask_for_more
from booking.services.requests import AlreadyDecided
from tests.conftest import Change
from tests.factories import a_member, a_room
from tests.support.requests import NOW, a_rule, a_wish, acting, asked, counted, on_duty, the_booking, the_step, told


def test_a_yes_makes_the_booking_stand_and_its_holder_is_told(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = on_duty(session, "resource", room.id)
        a_rule(session, room, always=True)
        key = asked(session, room, kari)
        answered = approve(session, NOW, acting(session, leader), key)
        row = the_booking(session, key)

        assert (answered.state, row.state, row.live, row.version) == (State.CONFIRMED, "confirmed", True, 2)
        assert told(session, kari) == [("approved", None)]
        assert counted(session, Allocation) == 1


def test_a_no_frees_the_time_with_a_reason_that_is_compulsory(change: Change) -> None:
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        leader = acting(session, on_duty(session, "resource", room.id))
        a_rule(session, room, always=True)
        key = asked(session, room, kari)
        with pytest.raises(InvalidInput) as silent:
            decline(session, NOW, leader, key, "  ")
        decline(session, NOW, leader, key, "There is a fair that week.")

        assert (silent.value.field, silent.value.code) == ("reason", "approval.reason_needed")
        assert the_booking(session, key).state == "declined"
        assert told(session, kari) == [("declined", "There is a fair that week.")]
        assert counted(session, Allocation) == 0
        assert asked(session, room, ola)


def test_nobody_approves_what_they_asked_for_themselves(change: Change) -> None:
    with change() as session:
        room = a_room(session)
        leader = on_duty(session, "resource", room.id, "manager")
        a_rule(session, room, always=True)
        key = asked(session, room, leader)

        with pytest.raises(NotAllowed):
            approve(session, NOW, acting(session, leader), key)
        assert the_booking(session, key).state == "requested"


def test_whoever_is_not_on_duty_there_may_not_answer(change: Change) -> None:
    with change() as session:
        room, other, kari = a_room(session), a_room(session), a_member(session)
        stranger = on_duty(session, "resource", other.id)
        a_rule(session, room, always=True)
        key = asked(session, room, kari)

        with pytest.raises(NotAllowed):
            approve(session, NOW, acting(session, stranger), key)
        with pytest.raises(NotAllowed):
            decline(session, NOW, acting(session, kari), key, "No")


def test_all_of_them_must_say_yes_where_all_are_asked(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        first, second = (on_duty(session, "resource", room.id) for _ in range(2))
        a_rule(session, room, always=True, approvers="all")
        key = asked(session, room, kari)
        half = approve(session, NOW, acting(session, first), key)
        with pytest.raises(AlreadyDecided):
            approve(session, NOW, acting(session, first), key)
        whole = approve(session, NOW, acting(session, second), key)

        assert (half.state, half.waits_for) == (State.REQUESTED, (second.name,))
        assert whole.state is State.CONFIRMED
        assert [kind for kind, _ in told(session, kari)] == ["partly_approved", "approved"]


def test_each_waits_for_their_turn_where_the_order_counts(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        first, second = (on_duty(session, "resource", room.id) for _ in range(2))
        a_rule(session, room, always=True, approvers="ordered")
        key = asked(session, room, kari)
        with pytest.raises(WrongState) as early:
            approve(session, NOW, acting(session, second), key)
        approve(session, NOW, acting(session, first), key)
        whole = approve(session, NOW, acting(session, second), key)

        assert early.value.facts["state"] == "not_your_turn"
        assert whole.state is State.CONFIRMED


def test_the_second_of_two_managers_is_told_what_the_first_decided(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        first, second = (on_duty(session, "resource", room.id) for _ in range(2))
        a_rule(session, room, always=True)
        key = asked(session, room, kari)
        approve(session, NOW, acting(session, first), key)
        with pytest.raises(AlreadyDecided) as late:
            decline(session, NOW, acting(session, second), key, "Too late")

        assert (late.value.facts["kind"], late.value.facts["name"]) == ("approved", first.name)
        assert the_booking(session, key).state == "confirmed"


def test_the_judge_is_asked_again_when_it_is_approved(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = acting(session, on_duty(session, "resource", room.id))
        a_rule(session, room, always=True)
        key = asked(session, room, kari)
        a_rule(session, room, "R21", minutes=30)
        with pytest.raises(BookingRefused) as refused:
            approve(session, NOW, leader, key)

        assert refused.value.verdict.codes == ("R21.too_long", "R38.needed")
        assert the_booking(session, key).state == "requested"
        assert counted(session, ApprovalDecision) == 0


def test_an_answer_that_took_long_is_not_held_against_the_notice(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = acting(session, on_duty(session, "resource", room.id))
        a_rule(session, room, always=True)
        a_rule(session, room, "R17", hours=24)
        key = asked(session, room, kari, at="2027-05-12 10:00-11:00")

        assert approve(session, NOW + timedelta(days=1, hours=23), leader, key).state is State.CONFIRMED


def test_another_time_asks_anew_and_a_shorter_one_does_not(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = acting(session, on_duty(session, "resource", room.id))
        a_rule(session, room, always=True)
        key, me = asked(session, room, kari), acting(session, kari)
        approve(session, NOW, leader, key)
        change_booking(session, NOW, me, key, a_wish(room, "2027-05-25 10:00-10:30"), version=2)
        shorter = the_booking(session, key).state
        change_booking(session, NOW, me, key, a_wish(room, "2027-05-25 12:00-13:00"), version=3)
        moved = the_booking(session, key).state
        step = the_step(session, key)

        assert (shorter, moved) == ("confirmed", "requested")
        assert (step.approved, step.is_settled) == (frozenset(), False)
        assert approve(session, NOW, leader, key).state is State.CONFIRMED


def test_what_nobody_answers_goes_to_the_next_wider_scope_and_ends_when_it_begins(change: Change) -> None:
    later = NOW + timedelta(days=2, minutes=1)
    with change() as session:
        room, kari = a_room(session), a_member(session)
        near = on_duty(session, "resource", room.id)
        wide = on_duty(session, "site", room.site_id, "manager")
        a_rule(session, room, always=True)
        key = asked(session, room, kari, at="2027-05-14 10:00-11:00")
        at_first, read = the_step(session, key), the_step(session, key, later)
        settled = settle_overdue(session, later)
        written, again = the_step(session, key, later), settle_overdue(session, later)

        assert (at_first.called, at_first.until_at) == ({near.id}, NOW + timedelta(days=2))
        assert (read.level, read.called) == (written.level, written.called) == ("site", {near.id, wide.id})
        assert (settled.escalated, settled.expired, again.escalated) == (1, 0, 0)
        assert counted(session, ApprovalStep) == 2

        begun = the_booking(session, key).starts_at
        assert settle_overdue(session, begun).expired == 1
        assert (the_booking(session, key).state, counted(session, Allocation)) == ("expired", 0)
        assert told(session, kari) == [("expired", None)]


def test_two_working_days_leave_out_the_weekend_and_whit_monday(change: Change) -> None:
    thursday = datetime(2027, 5, 13, 8, 0, tzinfo=UTC)
    with change() as session:
        room, kari = a_room(session), a_member(session)
        a_rule(session, room, always=True)
        booked = request_booking(session, thursday, acting(session, kari), a_wish(room))

        # Friday counts, Saturday, Sunday, Whit Monday (17 May is Constitution Day, too) do not.
        assert the_step(session, booked.public_id, thursday).until_at == datetime(2027, 5, 18, 8, 0, tzinfo=UTC)


def test_where_time_out_means_no_the_request_ends(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = on_duty(session, "resource", room.id)
        on_duty(session, "site", room.site_id)
        a_rule(session, room, always=True, on_timeout="expire", working_days=1)
        key = asked(session, room, kari)
        with pytest.raises(WrongState) as over:
            approve(session, NOW + timedelta(days=1), acting(session, leader), key)

        assert over.value.facts["state"] == "timed_out"
        assert settle_overdue(session, NOW + timedelta(days=1)).expired == 1
        assert the_booking(session, key).state == "expired"


def test_a_question_is_answered_on_the_booking_and_both_are_told(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        leader = on_duty(session, "resource", room.id)
        a_rule(session, room, always=True)
        key = asked(session, room, kari)
        ask_for_more(session, NOW, acting(session, leader), key, "How many come?")
        answer(session, NOW, acting(session, kari), key, "Forty.")
        with pytest.raises(WrongState):
            answer(session, NOW, acting(session, kari), key, "Fifty.")

        assert told(session, kari) == [("question", "How many come?")]
        assert told(session, leader) == [("answer", "Forty.")]
        assert the_booking(session, key).state == "requested"
