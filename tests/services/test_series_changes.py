"""Changing series on both databases: what was done by hand stays, what is in the way is decided, all or nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from booking.core.errors import BookingRefused, InvalidInput, WrongState
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Allocation, Booking, Resource, Series
from booking.permissions import Actor
from booking.services import history, notices
from booking.services.changes import cancel_booking, change_booking
from booking.services.checks import check
from booking.services.series import SeriesUnsettled, save
from booking.services.series_cancelling import cancel_series
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange, difference
from booking.services.series_reading import Reach, Why
from booking.services.series_wishes import SKIP, STAY, Choice, SeriesWish
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room
from tests.support.deciding import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TUESDAYS = Recurrence(Every.WEEK, count=6)


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def wished(room, at="2027-03-09 09:00-10:00", rule=TUESDAYS, quantity=1, choices=None, **more):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    wish = Wish((Item(room.id, quantity),), WallSpan(starts, ends + timedelta(days=ends <= starts)), **more)
    return SeriesWish(wish, rule, choices or {})


def booked(session):
    """Local starts of what is live, in order."""
    rows = session.scalars(
        select(Booking).where(Booking.live, Booking.series_id.is_not(None)).order_by(Booking.starts_at)
    )
    return [f"{row.starts_at.astimezone(OSLO):%m-%d %H:%M}" for row in rows]


def in_order(session):
    return session.scalars(select(Booking).where(Booking.series_id.is_not(None)).order_by(Booking.series_day)).all()


def fates(weighed):
    return [line.fate for line in weighed.lines]


def wish_of(row, room, at, **more):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    return Wish(
        (Item(room.id),), WallSpan(starts, ends), row.title, row.people, row.organisation_id, row.visibility, **more
    )


@pytest.fixture
def six(change):
    """Six Tuesdays at nine: the second cancelled, the fourth moved to two o'clock by hand."""
    with change() as session:
        room, kari = a_room(session), a_member(session)
        save(session, NOW, acting(kari), wished(room, title="Weekly"))
        rows = in_order(session)
        cancel_booking(session, NOW, acting(kari), rows[1].public_id)
        moved = wish_of(rows[3], room, "2027-03-30 14:00-15:00")
        change_booking(session, NOW, acting(kari), rows[3].public_id, moved, version=1)
        return room.id, acting(kari), [row.public_id for row in rows]


def room_of(session, room_id):
    return session.get_one(Resource, room_id)


@pytest.mark.parametrize(
    ("reach", "starts"),
    [
        (Reach.ALL, ["03-09 11:00", "03-23 11:00", "03-30 14:00", "04-06 11:00", "04-13 11:00"]),
        (Reach.FOLLOWING, ["03-09 09:00", "03-23 11:00", "03-30 14:00", "04-06 11:00", "04-13 11:00"]),
    ],
)
def test_what_was_done_by_hand_stays(change, six, reach, starts):
    room_id, kari, ids = six
    with change() as session:
        room = room_of(session, room_id)
        row = in_order(session)[2]
        wanted = SeriesChange(wish_of(row, room, "2027-03-23 11:00-12:00"), reach)
        shown = difference(session, NOW, kari, ids[2], wanted)
        reasons = {each.day.day: why for each, why in shown.staying}
        assert reasons.get(30) is Why.BY_HAND
        assert booked(session)[0] == "03-09 09:00"

        change_series(session, NOW, kari, ids[2], replace(wanted, shown=shown.fingerprint))

        assert booked(session) == starts
        series = [row.series_id for row in in_order(session)]
        assert len(set(series)) == (1 if reach is Reach.ALL else 2)
        assert series[3] == series[2]
    with change() as session:
        assert check(session) == []


def test_a_second_change_still_leaves_them_as_they_are(change, six):
    room_id, kari, ids = six
    with change() as session:
        room = room_of(session, room_id)
        for at, first in (("2027-03-23 11:00-12:00", 2), ("2027-03-24 12:00-13:00", 2)):
            row = in_order(session)[first]
            wish = wish_of(row, room, at)
            change_series(session, NOW, kari, ids[2], SeriesChange(wish, Reach.FOLLOWING))

        assert booked(session) == ["03-09 09:00", "03-24 12:00", "03-30 14:00", "04-07 12:00", "04-14 12:00"]
        assert session.scalar(select(func.count()).select_from(Series)) == 2


def test_only_what_differs_is_passed_on(change, six):
    room_id, kari, ids = six
    with change() as session:
        room = room_of(session, room_id)
        row = in_order(session)[0]
        wish = replace(wish_of(row, room, "2027-03-09 09:00-10:00"), title="Renamed")
        sequences = [each.sequence for each in in_order(session)]
        change_series(session, NOW, kari, ids[0], SeriesChange(wish, Reach.ALL))

        assert [each.title for each in in_order(session)] == [
            "Renamed",
            "Weekly",
            "Renamed",
            "Weekly",
            "Renamed",
            "Renamed",
        ]
        assert [each.sequence for each in in_order(session)] == sequences
        assert booked(session)[2] == "03-30 14:00"


def test_dates_in_the_way_stay_move_or_go_as_decided(change, six):
    room_id, kari, ids = six
    with change() as session:
        room, ola = room_of(session, room_id), a_member(session)
        for day in ("2027-03-23", "2027-04-06", "2027-04-13"):
            a_booking(session, on=room, member=ola, at=f"{day} 11:00-12:00")
        row = in_order(session)[0]
        change_ = SeriesChange(wish_of(row, room, "2027-03-09 11:00-12:00"), Reach.ALL)
        shown = difference(session, NOW, kari, ids[0], change_)
        assert [line.day for line in shown.weighed.problems] == [
            date(2027, 3, 23), date(2027, 4, 6), date(2027, 4, 13),
        ]  # fmt: skip
        with pytest.raises(SeriesUnsettled):
            change_series(session, NOW, kari, ids[0], change_)
        offer = shown.weighed.problems[2].offers[0]
        choices = {
            date(2027, 3, 23): STAY,
            date(2027, 4, 6): SKIP,
            date(2027, 4, 13): Choice(slug=offer.card.slug, span=offer.span),
        }

        change_series(session, NOW, kari, ids[0], replace(change_, choices=choices))

        moved = f"04-13 {offer.span.starts_at.astimezone(OSLO):%H:%M}"
        assert booked(session) == ["03-09 11:00", "03-23 09:00", "03-30 14:00", moved]
        assert [row.by_hand for row in in_order(session)] == [False, False, True, True, False, True]
    with change() as session:
        assert check(session) == []


def test_a_shift_onto_one_another_s_times_is_fine(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        save(session, NOW, acting(kari), wished(room, rule=Recurrence(Every.DAY, count=5)))
        first = in_order(session)[0]

        change_ = SeriesChange(wish_of(first, room, "2027-03-10 09:00-10:00"), Reach.ALL)
        change_series(session, NOW, acting(kari), first.public_id, change_)

        assert booked(session) == [f"03-{day} 09:00" for day in range(10, 15)]


def test_somebody_changing_one_meanwhile_is_told(change, six):
    room_id, kari, ids = six
    with change() as session:
        room = room_of(session, room_id)
        row = in_order(session)[0]
        wanted = SeriesChange(wish_of(row, room, "2027-03-09 11:00-12:00"), Reach.ALL)
        shown = difference(session, NOW, kari, ids[0], wanted)
        cancel_booking(session, NOW, kari, ids[5])

        with pytest.raises(SeriesUnsettled) as refusal:
            change_series(session, NOW, kari, ids[0], replace(wanted, shown=shown.fingerprint))

        assert refusal.value.status == 409


def test_cancelling_what_lies_ahead_keeps_what_has_been(change, six):
    _room_id, kari, ids = six
    later = datetime(2027, 3, 25, 9, 0, tzinfo=UTC)
    with change() as session:
        assert cancel_series(session, later, kari, ids[4], Reach.ALL) == 3
        assert cancel_series(session, later, kari, ids[4], Reach.ALL) == 0

        assert booked(session) == ["03-09 09:00", "03-23 09:00"]
        assert session.scalar(select(func.count()).select_from(Allocation)) == 2
    with change() as session:
        assert check(session) == []


def test_dates_past_their_deadline_stay_when_the_rest_of_the_series_is_cancelled(change, six):
    room_id, kari, ids = six
    with change() as session:
        set_rule(session, "resource", room_id, "R19", {"hours": 24, "effect": "refuse"})
        eve = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)

        assert cancel_series(session, eve, kari, ids[0], Reach.ALL) == 4

        assert booked(session) == ["03-09 09:00"]


@pytest.mark.parametrize("anchor", [0, 2], ids=["from the one that is too near", "from a later one"])
def test_dates_past_their_deadline_stay_when_the_rest_of_the_series_is_moved(change, six, anchor):
    room_id, kari, ids = six
    eve = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)
    with change() as session:
        room, row = room_of(session, room_id), in_order(session)[anchor]
        set_rule(session, "resource", room_id, "R19", {"hours": 24, "effect": "refuse"})
        later = SeriesChange(wish_of(row, room, f"{row.series_day} 11:00-12:00"), Reach.ALL)
        renamed = SeriesChange(replace(wish_of(row, room, f"{row.series_day} 09:00-10:00"), title="Daily"), Reach.ALL)

        found = difference(session, eve, kari, ids[anchor], later)
        named = difference(session, eve, kari, ids[anchor], renamed)
        change_series(session, eve, kari, ids[anchor], later)

        assert {each.public_id for each, why in found.staying if why is Why.TOO_LATE} == {ids[0]}
        assert Why.TOO_LATE not in {why for _, why in named.staying}
        assert booked(session) == ["03-09 09:00", "03-23 11:00", "03-30 14:00", "04-06 11:00", "04-13 11:00"]
    with change() as session:
        assert check(session) == []


def test_a_series_all_of_which_is_too_near_is_refused_unless_a_manager_changes_it(change, six):
    room_id, kari, ids = six
    eve = datetime(2027, 3, 8, 9, 30, tzinfo=UTC)
    with change() as session:
        room, first = room_of(session, room_id), in_order(session)[0]
        set_rule(session, "resource", room_id, "R19", {"hours": 2400, "effect": "refuse"})
        later = SeriesChange(wish_of(first, room, "2027-03-09 11:00-12:00"), Reach.ALL, message="Painting")
        siri = acting(a_member(session), manages=frozenset({("resource", room_id)}))

        with pytest.raises(BookingRefused) as refused:
            change_series(session, eve, kari, ids[0], later)
        found = difference(session, eve, siri, ids[0], later)

        assert refused.value.verdict.codes == ("R19.too_late",)
        assert Why.TOO_LATE not in {why for _, why in found.staying}


def test_a_manager_who_cancels_or_changes_a_series_writes_why_and_its_holder_hears_once(change, six):
    room_id, kari, ids = six
    with change() as session:
        siri = acting(a_member(session, name="Siri"), manages=frozenset({("resource", room_id)}))
        room, row = room_of(session, room_id), in_order(session)[0]
        wanted = SeriesChange(wish_of(row, room, "2027-03-09 10:00-11:00"), Reach.ALL)

        with pytest.raises(InvalidInput):
            change_series(session, NOW, siri, ids[0], wanted)
        change_series(session, NOW, siri, ids[0], replace(wanted, message="The band needs nine"))
        with pytest.raises(InvalidInput):
            cancel_series(session, NOW, siri, ids[0], Reach.ALL, message=" ")
        cancel_series(session, NOW, siri, ids[0], Reach.ALL, message="The roof leaks")

        told = [(each.kind, each.who, each.message) for each in notices.unread(session, kari)]
        assert told == [
            ("series_cancelled", "Siri", "The roof leaks"), ("series_changed", "Siri", "The band needs nine"),
        ]  # fmt: skip
        assert history.history(session, row.id)[-1].message == "The roof leaks"


def test_a_booking_of_no_series_cannot_be_changed_as_one(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        alone = a_booking(session, on=room, member=kari, at="2027-03-09 09:00-10:00")
        change_ = SeriesChange(wish_of(alone, room, "2027-03-09 11:00-12:00"), Reach.ALL)

        with pytest.raises(WrongState):
            difference(session, NOW, acting(kari), alone.public_id, change_)
