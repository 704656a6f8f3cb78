"""Kits, companions, halls and own clashes through the service, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from booking.core.errors import BookingRefused, NotAllowed
from booking.core.request import Item, WallSpan
from booking.models import Booking, BookingItem, FeedCounter, ResourceUnit
from booking.permissions import Actor
from booking.services.alternatives import alternatives
from booking.services.bookings import request_booking
from booking.services.catalogue import resources_by_id
from booking.services.changes import cancel_booking, change_booking
from booking.services.checks import check
from booking.services.find import Search, find
from booking.services.timeline import day_of
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room, a_site, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TEN = "2027-03-02 10:00-11:00"


def wish(*things, at=TEN, **more):
    """For rooms, or pairs of a pool and a number."""
    items = tuple(Item(thing[0].id, thing[1]) if isinstance(thing, tuple) else Item(thing.id) for thing in things)
    return Wish(items, WallSpan.of(span_at(at), OSLO), **more)


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def book(session, member, *things, **more):
    return request_booking(session, NOW, acting(member), wish(*things, **more)).public_id


def held(session, public_id):
    """From when to when each resource is held, in Oslo."""
    rows = session.scalars(
        select(BookingItem)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(Booking.public_id == public_id)
        .order_by(BookingItem.id)
    )
    return {
        row.resource_id: tuple(f"{at.astimezone(OSLO):%H:%M}" for at in (row.busy_from, row.busy_to)) for row in rows
    }


def refusals(caught):
    return [(each.code, each.facts["resource"]) for each in caught.value.verdict.refusals]


def a_microscope(session, benches=2):
    """A microscope that warms up for half an hour and needs one of a few wet-lab benches."""
    site = a_site(session)
    microscope = a_room(session, site, name="Microscope", kind="instrument", seats=None)
    lab = a_room(session, site, units=benches, is_pool=True, name="Benches", seats=None)
    set_rule(session, "resource", microscope.id, "R06", {"before_minutes": 30})
    set_rule(session, "resource", microscope.id, "R08", {"needs": [{"resource": lab.id, "quantity": 1}]})
    session.flush()
    return microscope, lab


def a_hall(session):
    """Vest and Øst, and the arena that is both."""
    site = a_site(session)
    vest, ost = a_room(session, site, name="Vest"), a_room(session, site, name="Øst")
    arena = a_room(session, site, units=0, name="Arena", seats=16)
    for unit in session.scalars(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id.in_((vest.id, ost.id)))):
        session.add(ResourceUnit(resource_id=arena.id, unit_id=unit))
    session.flush()
    return vest, ost, arena


def test_a_kit_is_one_booking_of_several_each_with_its_own_set_up(change):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        room, camera = a_room(session, site), a_room(session, site, kind="instrument")
        set_rule(session, "resource", camera.id, "R06", {"after_minutes": 15})

        public_id = book(session, kari, room, camera)

        assert held(session, public_id) == {room.id: ("10:00", "11:00"), camera.id: ("10:00", "11:15")}
        assert check(session) == []


def test_all_of_a_kit_or_nothing(change):
    with change() as session:
        site, kari, ola = a_site(session), a_member(session), a_member(session)
        room, camera = a_room(session, site, name="Room"), a_room(session, site, name="Camera", kind="instrument")
        book(session, ola, camera)

        with pytest.raises(BookingRefused) as refused:
            book(session, kari, room, camera)

        assert refusals(refused) == [("R05.overlap", "Camera")]
        assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_hall_and_its_part_cannot_go_in_one_booking(change):
    with change() as session:
        vest, _ost, arena = a_hall(session)

        with pytest.raises(BookingRefused) as refused:
            book(session, a_member(session), arena, vest)

        assert refusals(refused) == [("R08.shared", "Vest")]


def test_a_hall_taken_through_its_part_says_so_and_the_reverse(change):
    with change() as session:
        vest, ost, arena = a_hall(session)
        kari, ola = a_member(session), a_member(session)
        book(session, ola, vest)
        with pytest.raises(BookingRefused) as whole:
            book(session, kari, arena)
        book(session, ola, arena, at="2027-03-03 10:00-11:00")
        with pytest.raises(BookingRefused) as part:
            book(session, kari, ost, at="2027-03-03 10:30-11:30")

        assert whole.value.verdict.findings[0].facts["through"] == "Vest"
        assert part.value.verdict.findings[0].facts["through"] == "Arena"
        day = day_of(
            session, NOW, None, resources_by_id(session, [arena.id]).values(), span_at(TEN).starts_at.date(), OSLO
        )
        assert [cell.through for cell in day.rows[0].cells if cell.kind == "taken"] == ["Vest"]
        found = find(session, NOW, None, Search(WallSpan.of(span_at(TEN), OSLO), site_id=arena.site_id))
        assert {each.card.name for each in found.fits} == {"Øst"}
    with change() as session:
        counted = {
            row.scope_id for row in session.scalars(select(FeedCounter).where(FeedCounter.scope_kind == "resource"))
        }
        assert counted == {vest.id, ost.id, arena.id}


def test_a_companion_that_is_missing_is_named_and_an_alternative_brings_it(change):
    with change() as session:
        microscope, lab = a_microscope(session)
        kari = a_member(session)

        with pytest.raises(BookingRefused) as refused:
            book(session, kari, microscope)
        offered = alternatives(session, NOW, kari.id, wish(microscope))
        public_id = book(session, kari, microscope, lab)

        (finding,) = refused.value.verdict.refusals
        assert (finding.code, finding.facts["companion"]) == ("R08.companion", "Benches")
        assert offered[0].span == span_at(TEN)
        assert held(session, public_id) == {microscope.id: ("09:30", "11:00"), lab.id: ("09:30", "11:00")}


def test_a_companion_must_be_free_for_the_warm_up_too(change):
    with change() as session:
        microscope, lab = a_microscope(session, benches=1)
        kari, ola = a_member(session), a_member(session)
        book(session, ola, lab, at="2027-03-02 09:00-10:00")

        with pytest.raises(BookingRefused) as alone:
            book(session, kari, microscope)
        with pytest.raises(BookingRefused) as together:
            book(session, kari, microscope, lab)
        offered = alternatives(session, NOW, kari.id, wish(microscope, lab))
        later = book(session, kari, microscope, lab, at="2027-03-02 10:30-11:30")

        (finding,) = alone.value.verdict.refusals
        assert (finding.code, finding.facts["kind"]) == ("R08.companion", "taken")
        assert finding.facts["taken"] == [["2027-03-02T08:30:00+00:00", "2027-03-02T09:00:00+00:00"]]
        assert refusals(together) == [("R08.companion", "Microscope"), ("R06.buffer", "Benches")]
        assert span_at("2027-03-02 10:30-11:30") in [each.span for each in offered]
        assert held(session, later)[lab.id] == ("10:00", "11:30")


def test_find_offers_what_needs_a_companion_together_with_it(change):
    with change() as session:
        microscope, lab = a_microscope(session, benches=1)
        search = Search(WallSpan.of(span_at(TEN), OSLO), site_id=microscope.site_id)

        before = find(session, NOW, None, search)
        book(session, a_member(session), lab)
        after = find(session, NOW, None, search)

        assert {each.card.name: each.companions for each in before.fits} == {
            "Microscope": ((lab.slug, 1),), "Benches": (),
        }  # fmt: skip
        assert after.fits == ()


def test_another_room_with_the_same_extras_and_other_times_for_all_are_offered_and_can_be_booked(change):
    with change() as session:
        site, kari, ola = a_site(session), a_member(session), a_member(session)
        room, other, third = (a_room(session, site, name=name) for name in ("Room", "Other", "Third"))
        camera = a_room(session, site, name="Camera", kind="instrument")
        book(session, ola, room)
        book(session, ola, third)
        book(session, ola, camera, at="2027-03-02 11:00-12:00")
        wanted = wish(room, camera)

        offered = alternatives(session, NOW, kari.id, wanted)

        same_time = [each.card.name for each in offered if each.span == span_at(TEN)]
        assert same_time == ["Other"]
        other_times = [each for each in offered if each.card.id == room.id]
        assert span_at("2027-03-02 11:00-12:00") not in [each.span for each in other_times]
        for each in other_times:
            items = (Item(each.card.id), Item(camera.id))
            again = replace(wanted, wall=WallSpan.of(each.span, OSLO), items=items)
            assert request_booking(session, NOW, acting(a_member(session)), again).public_id
        assert other.id not in {each.card.id for each in other_times}


def test_a_kit_is_changed_and_cancelled_as_a_whole_by_its_holder_or_who_manages_every_part(change):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        room, camera = a_room(session, site), a_room(session, site, kind="instrument")
        public_id = book(session, kari, room, camera)
        moved = wish(room, camera, at="2027-03-02 14:00-15:00")
        of_room = acting(a_member(session), manages=frozenset({("resource", room.id)}))
        of_both = acting(a_member(session), manages=frozenset({("resource", room.id), ("resource", camera.id)}))

        with pytest.raises(NotAllowed):
            change_booking(session, NOW, of_room, public_id, moved, version=1)
        with pytest.raises(NotAllowed):
            cancel_booking(session, NOW, of_room, public_id)
        change_booking(session, NOW, of_both, public_id, moved, version=1, message="The room is needed.")

        assert held(session, public_id) == {room.id: ("14:00", "15:00"), camera.id: ("14:00", "15:00")}
        cancel_booking(session, NOW, acting(kari), public_id)
        assert check(session) == []
        assert book(session, a_member(session), camera, at="2027-03-02 14:00-15:00")


def test_a_manager_brings_nothing_into_a_members_booking_that_they_do_not_manage(change):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        room, camera = a_room(session, site), a_room(session, site, kind="instrument")
        public_id = book(session, kari, room)
        manager = acting(a_member(session), manages=frozenset({("resource", room.id)}))

        with pytest.raises(NotAllowed):
            change_booking(session, NOW, manager, public_id, wish(room, camera), version=1)

        change_booking(session, NOW, acting(kari), public_id, wish(room, camera), version=1)
        assert set(held(session, public_id)) == {room.id, camera.id}


@pytest.mark.parametrize(("mode", "codes"), [("off", ()), ("warn", ("R09.own_clash",)), ("refuse", ("R09.own_clash",))])
def test_ones_own_booking_elsewhere_at_the_same_time_is_told_as_the_rule_says(change, mode, codes):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        room, other = a_room(session, site, name="Sluppen"), a_room(session, site)
        set_rule(session, "resource", other.id, "R09", {"mode": mode})
        a_booking(session, on=room, member=kari, at="2027-03-02 10:30-12:00")

        offered = alternatives(session, NOW, kari.id, wish(other))
        if mode == "refuse":
            with pytest.raises(BookingRefused) as refused:
                book(session, kari, other)
            assert refused.value.verdict.codes == codes
            assert refused.value.verdict.findings[0].facts["other"] == "Sluppen"
            assert span_at("2027-03-02 09:30-10:30") in [each.span for each in offered]
        public_id = book(session, a_member(session), other)

        assert public_id
        assert book(session, kari, other, at="2027-03-02 12:00-13:00")


def test_changing_a_booking_does_not_clash_with_itself(change):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        room, other = a_room(session, site), a_room(session, site)
        set_rule(session, "site", site.id, "R09", {"mode": "refuse"})
        public_id = book(session, kari, room)

        change_booking(session, NOW, acting(kari), public_id, wish(other), version=1)

        assert set(held(session, public_id)) == {other.id}


def test_the_units_of_a_pool_go_along_in_a_kit_by_number(change):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        room = a_room(session, site)
        headsets = a_room(session, site, units=6, is_pool=True, kind="instrument", seats=None, name="Headsets")
        book(session, kari, room, (headsets, 4))

        with pytest.raises(BookingRefused) as refused:
            book(session, a_member(session), (headsets, 3))

        assert refused.value.verdict.refusals[0].facts["free"] == 2
        assert book(session, a_member(session), (headsets, 2))
        assert check(session) == []
