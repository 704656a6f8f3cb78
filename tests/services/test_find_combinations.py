"""Two rooms together where few hold the group alone: by fit, parts of one hall first, and accepted when booked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from booking.core.request import Item, WallSpan
from booking.models import Building, Resource, ResourcePart, ResourceUnit
from booking.permissions import Actor
from booking.services.bookings import request_booking
from booking.services.catalogue import resources, units_of
from booking.services.checks import check
from booking.services.find_combinations import find_combinations
from booking.services.find_times import WideSearch, find_times
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room, a_site
from tests.support.deciding import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TUESDAY = date(2027, 3, 2)
SEARCH = WideSearch((TUESDAY,), timedelta(hours=10), timedelta(hours=15), timedelta(hours=2), people=40)
HYBRID = replace(SEARCH, features=frozenset({"hybrid"}))
ROOMS = [("Vest", 20, []), ("Øst", 25, []), ("Lille", 15, ["hybrid"]), ("Store", 30, []), ("Mini", 4, ["hybrid"])]


@pytest.fixture
def house(change):
    """Vest and Øst are parts of an arena for 45, which is shut; beside them two rooms and one far too small."""
    with change() as session:
        site = a_site(session)
        building = Building(slug="byggetrinn", name="Byggetrinn", site_id=site.id)
        session.add(building)
        session.flush()
        here = {"building_id": building.id}
        rooms = {name: a_room(session, site, name=name, seats=n, features=f, **here).id for name, n, f in ROOMS}
        rooms["Away"] = a_room(session, site, name="Away", seats=39, features=["hybrid"]).id
        arena = a_room(session, site, units=0, name="Arena", seats=45, features=["hybrid"], **here)
        parts = [rooms["Vest"], rooms["Øst"]]
        units = [unit for held in units_of(session, parts).values() for unit in held]
        session.add_all(ResourceUnit(resource_id=arena.id, unit_id=unit) for unit in units)
        session.add_all(ResourcePart(resource_id=arena.id, part_id=part) for part in parts)
        set_rule(session, "site", site.id, "R10", {"always_open": True})
        session.flush()
        return {**rooms, "Arena": arena.id, "kari": a_member(session).id}


def together(session, house, search, *, arena=False):
    """The pairs' names; the arena counts only when it is asked to."""
    cards = [card for card in resources(session) if arena or card.id != house["Arena"]]
    singles = find_times(session, NOW, house["kari"], search, cards).fits
    return find_combinations(session, NOW, house["kari"], search, cards, singles)


def names(found):
    return [[each.card.name, *(card.name for card in each.along)] for each in found]


def test_parts_of_one_hall_come_first_and_then_the_closest_fit(change, house):
    with change() as session:
        assert names(together(session, house, SEARCH)) == [["Øst", "Vest"], ["Øst", "Lille"], ["Store", "Lille"]]


def test_what_is_wanted_may_be_in_either_and_the_main_room_has_it(change, house):
    with change() as session:
        assert names(together(session, house, HYBRID)) == [["Lille", "Øst"], ["Lille", "Store"]]


def test_a_pair_that_is_the_hall_itself_is_not_told_again_and_enough_rooms_need_no_pairs(change, house):
    with change() as session:
        assert names(together(session, house, SEARCH, arena=True)) == [["Øst", "Lille"], ["Store", "Lille"]]
        assert together(session, house, replace(SEARCH, people=20)) == []
        assert together(session, house, replace(SEARCH, people=None)) == []


def test_both_must_be_free_at_the_same_time(change, house):
    with change() as session:
        kari = a_member(session)
        lille, ost = (session.get_one(Resource, house[name]) for name in ("Lille", "Øst"))
        a_booking(session, on=lille, member=kari, at="2027-03-02 10:00-12:00")
        a_booking(session, on=ost, member=kari, at="2027-03-02 13:00-15:00")

        found = together(session, house, HYBRID)

        assert names(found) == [["Lille", "Store"]]
        assert f"{found[0].offers[0].span.starts_at.astimezone(OSLO):%H:%M}" == "12:00"


def test_every_pair_that_is_offered_is_accepted_as_one_booking(change, house):
    with change() as session:
        for name in ("Vest", "Øst", "Lille", "Store"):
            set_rule(session, "resource", house[name], "R07", {"fire_limit": 30})
        kari = Actor(house["kari"], "Kari", "kari@example.invalid")
        found = together(session, house, SEARCH)

        for each in found:
            items = tuple(Item(card.id) for card in (each.card, *each.along))
            step = session.begin_nested()
            booked = request_booking(
                session, NOW, kari, Wish(items, WallSpan.of(each.offers[0].span, OSLO), "All of us", 40)
            )
            assert booked.state == "confirmed"
            step.rollback()
            session.expire_all()

        assert len(found) == 3
    with change() as session:
        assert check(session) == []
