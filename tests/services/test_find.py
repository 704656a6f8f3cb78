"""Finding what fits, and other times and rooms when nothing does, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Member, Resource
from booking.permissions import Actor
from booking.services.alternatives import alternatives
from booking.services.bookings import request_booking
from booking.services.find import Search, find
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_category, a_member, a_room, a_site, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TUESDAY = "2027-03-02"
HOURS = [{"weekday": day, "opens": "07:00", "closes": "16:00"} for day in range(5)]


def wall(at):
    day, _, clock = at.partition(" ")
    return WallSpan(*(datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-")))


AT_TEN = wall(f"{TUESDAY} 10:00-11:00")


@pytest.fixture
def site(change):
    """Two rooms for four, one for ten, and their member: names to ids."""
    with change() as session:
        site, category = a_site(session), a_category(session)
        set_rule(session, "site", site.id, "R10", {"windows": HOURS})
        rooms = {
            name: a_room(session, site, name=name, seats=seats, features=features, category_id=category.id).id
            for name, seats, features in (("A", 4, ["video"]), ("B", 4, []), ("C", 10, ["video", "screen"]))
        }
        return {**rooms, "kari": a_member(session).id, "site": site.id}


def names(result):
    return [found.card.name for found in result.fits]


def book(session, site, room, at):
    a_booking(session, on=session.get(Resource, site[room]), member=session.get(Member, site["kari"]), at=at)


def test_the_smallest_that_is_large_enough_comes_first(change, site):
    with change() as session:
        assert names(find(session, NOW, site["kari"], Search(AT_TEN, 4))) == ["A", "B", "C"]
        assert names(find(session, NOW, site["kari"], Search(AT_TEN, 5))) == ["C"]
        assert names(find(session, NOW, None, Search(AT_TEN, 4))) == ["A", "B", "C"]


def test_features_and_site_narrow(change, site):
    with change() as session:
        elsewhere = a_site(session)

        both = find(session, NOW, site["kari"], Search(AT_TEN, features=frozenset({"video", "screen"})))
        nowhere = find(session, NOW, site["kari"], Search(AT_TEN, site_id=elsewhere.id))

        assert names(both) == ["C"]
        assert (nowhere.fits, nowhere.near, nowhere.suitable) == ((), (), 0)


def test_it_tells_until_when_a_room_is_free(change, site):
    with change() as session:
        book(session, site, "A", f"{TUESDAY} 13:00-14:00")

        free = {found.card.name: found.free_until for found in find(session, NOW, None, Search(AT_TEN)).fits}

        assert free["A"] == span_at(f"{TUESDAY} 12:00-13:00").ends_at
        assert free["B"] == span_at(f"{TUESDAY} 12:00-16:00").ends_at


def test_when_nothing_fits_the_nearest_of_each_is_told_nearest_first(change, site):
    with change() as session:
        for room in "ABC":
            book(session, site, room, f"{TUESDAY} 10:00-11:00")
        book(session, site, "A", f"{TUESDAY} 11:00-13:00")

        result = find(session, NOW, site["kari"], Search(AT_TEN, 4))

        assert result.fits == ()
        assert result.suitable == 3
        distances = [abs(each.span.starts_at - span_at(f"{TUESDAY} 10:00-11:00").starts_at) for each in result.near]
        assert distances == sorted(distances)
        assert distances[0] == timedelta(hours=1)


@pytest.mark.parametrize(
    "at", [f"{TUESDAY} 10:00-11:00", f"{TUESDAY} 06:00-07:30", "2027-03-06 10:00-12:00", f"{TUESDAY} 15:30-16:30"]
)
def test_every_alternative_can_be_had(change, site, at):
    with change() as session:
        for room, taken in (("A", "09:30-11:15"), ("B", "10:00-10:30"), ("A", "12:00-14:00")):
            book(session, site, room, f"{TUESDAY} {taken}")
        wish = Wish((Item(site["A"]),), wall(at), people=3)
        offered = alternatives(session, NOW, site["kari"], wish)

    assert offered
    wanted = wish.wall.ends - wish.wall.starts
    for each in offered:
        assert each.span.duration == wanted
        with change() as session:
            took = Wish((Item(each.card.id),), WallSpan.of(each.span, OSLO), people=3)
            booked = request_booking(session, NOW, Actor(site["kari"], "Kari", "kari@example.invalid"), took)
            assert booked.public_id
            session.rollback()


def test_a_wish_that_is_too_long_is_met_at_the_greatest_length(change, site):
    with change() as session:
        set_rule(session, "site", site["site"], "R21", {"minutes": 120})
        wish = Wish((Item(site["A"]),), wall(f"{TUESDAY} 09:00-15:00"))

        offered = alternatives(session, NOW, site["kari"], wish)

        assert {each.span.duration for each in offered} == {timedelta(hours=2)}


def test_other_rooms_are_offered_only_when_they_are_large_enough(change, site):
    with change() as session:
        book(session, site, "C", f"{TUESDAY} 10:00-11:00")
        wish = Wish((Item(site["C"]),), AT_TEN, people=8)

        others = {each.card.name for each in alternatives(session, NOW, site["kari"], wish)}

        assert others == {"C"}


def test_times_at_the_change_of_the_clock_keep_their_length(change, site):
    with change() as session:
        room = a_room(session)
        member = a_member(session)
        a_booking(session, on=room, member=member, span=TimeSpan(*_sunday()))
        wish = Wish((Item(room.id),), wall("2027-03-28 01:00-04:00"))

        offered = [each for each in alternatives(session, NOW, member.id, wish) if each.card.id == room.id]

        assert offered
        assert {each.span.duration for each in offered} == {timedelta(hours=2)}


def _sunday():
    starts = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    return starts, starts + timedelta(hours=1)
