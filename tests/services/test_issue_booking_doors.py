"""What a critical reader found in booking, changing and handing over: each a way in that had been left open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, InvalidInput, KeyReused, NotFound, WrongState
from booking.core.lifecycle import State
from booking.core.request import Item, WallSpan
from booking.models import Allocation, Booking, BookingItem, Member, Membership, Resource, RuleSetting
from booking.permissions import Actor
from booking.services.bookings import request_booking
from booking.services.changes import change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.wishes import Wish
from tests.conftest import Change
from tests.factories import LONG_AGO, a_booking, a_member, a_room, a_site, an_organisation, span_at

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
NILS = {"site_role": "site_admin"}


def wall(words: str) -> WallSpan:
    day, _, clock = words.partition(" ")
    return WallSpan(*(datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-")))


def a_wish(room: Resource, at: str = "2027-05-18 10:00-11:00", **more: object) -> Wish:
    return Wish((Item(room.id),), wall(at), **more)  # type: ignore[arg-type]


def acting(member: Member, **more: object) -> Actor:
    return Actor(member.id, member.name, member.email, **more)  # type: ignore[arg-type]


def a_rule(session: Session, room: Resource, rule: str, params: dict[str, object], weight: str | None = None) -> None:
    session.add(
        RuleSetting(
            scope_kind="resource", scope_id=room.id, rule=rule, params=params, weight=weight,
            valid_from=LONG_AGO, set_at=LONG_AGO,
        )
    )  # fmt: skip
    session.flush()


def the_booking(session: Session, public_id: str) -> Booking:
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


# --- sending a form twice --------------------------------------------------------------------------------------------


def test_a_form_sent_again_tells_the_state_of_what_it_led_to(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        a_rule(session, room, "R17", {"hours": 2000}, "needs_approval")
        wish = a_wish(room, key="k" * 20)
        first = request_booking(session, NOW, acting(kari), wish)
        again = request_booking(session, NOW, acting(kari), wish)
    assert first.state is State.REQUESTED
    assert (again.public_id, again.state, again.repeated) == (first.public_id, State.REQUESTED, True)


def test_a_key_used_for_one_member_does_not_answer_for_another(change: Change) -> None:
    with change() as session:
        room, nils, kari, ola = a_room(session), a_member(session), a_member(session), a_member(session)
        wish = a_wish(room, key="k" * 20)
        request_booking(session, NOW, acting(nils, **NILS), wish, member_id=kari.id)
        with pytest.raises(KeyReused):
            request_booking(session, NOW, acting(nils, **NILS), wish, member_id=ola.id)


# --- what may be asked for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "times",
    [
        (datetime(1, 1, 1, 0), datetime(1, 1, 1, 1)),
        (datetime(9999, 12, 31, 22), datetime(9999, 12, 31, 23)),
        (datetime(2027, 5, 18, 10), datetime(2199, 5, 18, 11)),
        (datetime(2199, 5, 18, 10), datetime(2027, 5, 18, 11)),
    ],
)
def test_times_that_no_calendar_can_hold_are_refused(change: Change, times: tuple[datetime, datetime]) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        with pytest.raises(InvalidInput) as refusal:
            request_booking(session, NOW, acting(kari), Wish((Item(room.id),), WallSpan(*times)))
    assert refusal.value.status == 422


@pytest.mark.parametrize("items", [[1, 1], [(1, 0)], []])
def test_the_same_resource_twice_or_none_of_it_is_refused(change: Change, items: list[object]) -> None:
    with change() as session:
        room, kari = a_room(session, units=3, is_pool=True), a_member(session)
        wanted = tuple(Item(room.id, each[1] if isinstance(each, tuple) else 1) for each in items)
        with pytest.raises(InvalidInput):
            request_booking(session, NOW, acting(kari), replace(a_wish(room), items=wanted))


def test_nothing_is_booked_for_a_member_who_does_not_exist(change: Change) -> None:
    with change() as session:
        room, nils = a_room(session), a_member(session)
        with pytest.raises(NotFound):
            request_booking(session, NOW, acting(nils, **NILS), a_wish(room), member_id=4711)


@pytest.mark.parametrize("kind", ["link_out", "imported"])
def test_nothing_is_booked_here_for_a_site_that_is_booked_elsewhere(change: Change, kind: str) -> None:
    with change() as session:
        room, kari = a_room(session, a_site(session, kind=kind)), a_member(session)
        with pytest.raises(BookingRefused) as refusal:
            request_booking(session, NOW, acting(kari), a_wish(room))
    assert refusal.value.verdict.codes == ("R04.not_bookable",)


def test_a_booking_cannot_move_to_another_site(change: Change) -> None:
    with change() as session:
        here, there, kari = a_room(session), a_room(session), a_member(session)
        row = a_booking(session, on=here, member=kari, at="2027-05-18 10:00-11:00")
        with pytest.raises(NotFound):
            change_booking(session, NOW, acting(kari), row.public_id, a_wish(there), version=1)


# --- how long one belongs --------------------------------------------------------------------------------------------


def test_no_booking_reaches_past_the_members_own_last_day(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session, ends_on=date(2027, 5, 17))
        request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-17 10:00-11:00"))
        with pytest.raises(BookingRefused) as refusal:
            request_booking(session, NOW, acting(kari), a_wish(room, "2027-05-18 10:00-11:00"))
    assert refusal.value.verdict.codes == ("R30.membership_ends",)


def test_no_booking_reaches_past_the_organisations_last_day(change: Change) -> None:
    with change() as session:
        room, leaving = a_room(session), an_organisation(session, ends_on=date(2027, 5, 17))
        kari = a_member(session, leaving)
        wish = a_wish(room, "2027-05-18 10:00-11:00", organisation_id=leaving.id)
        with pytest.raises(BookingRefused) as refusal:
            request_booking(session, NOW, acting(kari), wish)
    assert refusal.value.verdict.codes == ("R30.membership_ends",)


def test_an_organisation_that_has_left_books_nothing(change: Change) -> None:
    with change() as session:
        room, gone = a_room(session), an_organisation(session, state="left")
        kari = a_member(session, gone)
        for organisation_id in (gone.id, None):
            with pytest.raises(BookingRefused) as refusal:
                request_booking(session, NOW, acting(kari), a_wish(room, organisation_id=organisation_id))
            assert refusal.value.verdict.codes == ("R30.membership_ends",)


# --- changing --------------------------------------------------------------------------------------------------------


def test_a_change_that_needs_an_approval_waits_for_it_though_the_time_stays(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session, seats=8), a_member(session)
        a_rule(session, room, "R07", {"seats": 8}, "needs_approval")
        row = a_booking(session, on=room, member=kari, at="2027-05-18 10:00-11:00", people=4)
        change_booking(session, NOW, acting(kari), row.public_id, a_wish(room, people=40), version=1)
        assert (row.state, row.live, row.sequence) == (State.REQUESTED, True, 1)


def test_a_booking_that_has_begun_keeps_its_start(change: Change) -> None:
    with change() as session:
        room, kari = a_room(session), a_member(session)
        row = a_booking(session, on=room, member=kari, at="2027-05-10 09:00-12:00")
        change_booking(
            session, NOW, acting(kari), row.public_id, a_wish(room, "2027-05-10 09:00-11:00"), version=1
        )  # 08:00 UTC is 10:00 in Oslo
        with pytest.raises(WrongState):
            change_booking(session, NOW, acting(kari), row.public_id, a_wish(room), version=2)
        assert the_booking(session, row.public_id).span == span_at("2027-05-10 09:00-11:00")


@pytest.mark.parametrize("at", ["2027-05-18 10:15-11:00", "2027-05-18 10:00-10:45"])
def test_shortening_never_fails_because_the_set_up_has_become_longer(change: Change, at: str) -> None:
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        before = a_booking(session, on=room, member=ola, at="2027-05-18 09:00-10:00")
        after = a_booking(session, on=room, member=ola, at="2027-05-18 11:00-12:00")
        row = a_booking(session, on=room, member=kari, at="2027-05-18 10:00-11:00")
        a_rule(session, room, "R06", {"before_minutes": 30, "after_minutes": 30})
        change_booking(session, NOW, acting(kari), row.public_id, a_wish(room, at), version=1)
        assert row.span == span_at(at)
        held = session.execute(
            select(Allocation.busy_from, Allocation.busy_to)
            .join(BookingItem, BookingItem.id == Allocation.item_id)
            .where(BookingItem.booking_id == row.id)
        ).all()
        assert held == [(before.ends_at, after.starts_at)]


# --- handing over ----------------------------------------------------------------------------------------------------


def test_nobody_hands_over_to_a_member_who_is_as_inactive_as_the_holder(change: Change) -> None:
    with change() as session:
        room, nils = a_room(session), a_member(session)
        kari, ola = (a_member(session, deactivated_at=LONG_AGO) for _ in range(2))
        row = a_booking(session, on=room, member=kari, at="2027-05-18 10:00-11:00")
        with pytest.raises(BookingRefused) as refusal:
            hand_over_booking(session, NOW, acting(nils, **NILS), row.public_id, ola.id)
    assert refusal.value.verdict.codes == ("R30.inactive",)


def test_an_organisations_booking_stays_within_it_though_its_holder_has_left(change: Change) -> None:
    with change() as session:
        room, fjordlab, nils, ola = a_room(session), an_organisation(session), a_member(session), a_member(session)
        kari = a_member(session, fjordlab)
        row = a_booking(session, on=room, member=kari, at="2027-05-18 10:00-11:00", organisation_id=fjordlab.id)
        session.get_one(Membership, (kari.id, fjordlab.id)).ends_on = (NOW - timedelta(days=1)).date()
        session.flush()
        with pytest.raises(BookingRefused) as refusal:
            hand_over_booking(session, NOW, acting(nils, **NILS), row.public_id, ola.id)
    assert refusal.value.verdict.codes == ("R30.membership_ends",)
