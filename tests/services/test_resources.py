"""Resources as admins make, change and retire them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from booking.models import Booking, FeedCounter, JournalEntry, Resource
from booking.services.bookings import request_booking
from booking.services.catalogue import resources_by_id, units_of
from booking.services.resources import ResourceValues, create_resource, edit_resource, makeup, put_in_use
from booking.services.retiring import future_bookings, retire
from booking.services.units import resize_pool
from tests.factories import a_booking, a_category, a_member, a_room, a_site
from tests.support.deciding import NOW, a_district, a_wish, an_actor


def values_of(row, **changes):
    return replace(ResourceValues(row.name, "space", row.category_id, row.building_id, seats=row.seats), **changes)


def test_a_new_resource_is_a_draft_with_one_unit_and_cannot_be_booked_before_it_is_in_use(change):
    with change() as session:
        place = a_district(session)
        values = ResourceValues("Studio", "space", place.sluppen.category_id, seats=3, features=("video",))

        id_ = create_resource(session, NOW, place.nils, place.site.id, "studio", values)

        card = resources_by_id(session, [id_])[id_]
        assert (card.state, card.slug, card.features, card.is_pool) == ("draft", "studio", ("video",), False)
        assert makeup(session, id_).units == ("Studio",)
        put_in_use(session, NOW, place.nils, id_)
        row = session.get(Resource, id_)
        assert request_booking(session, NOW, an_actor(place.kari), a_wish(row, "2027-05-04 10:00-11:00")).public_id


def test_a_pool_gets_the_units_it_is_made_with(change):
    with change() as session:
        place = a_district(session)
        values = ResourceValues("Desks", "space", place.sluppen.category_id)

        id_ = create_resource(session, NOW, place.nils, place.site.id, "desks", values, units=12, is_pool=True)

        assert len(units_of(session, [id_])[id_]) == 12


@pytest.mark.parametrize("slug", ["", "Sluppen", "rom 12", "-rom", "rom--12", "æøå", "r" * 61, "sluppen"])
def test_a_short_name_is_plain_and_its_own(change, slug):
    with change() as session:
        place = a_district(session)

        with pytest.raises(InvalidInput) as refused:
            create_resource(session, NOW, place.nils, place.site.id, slug, values_of(place.sluppen))

        assert refused.value.field == "slug"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"kind": "boat"}, "kind"),
        ({"seats": 0}, "seats"),
        ({"category_id": 4711}, "category"),
        ({"building_id": 4711}, "building"),
        ({"host_organisation_id": 4711}, "host"),
    ],
)
def test_what_cannot_be_is_refused_by_field(change, changes, field):
    with change() as session:
        place = a_district(session)

        with pytest.raises(InvalidInput) as refused:
            edit_resource(session, NOW, place.nils, place.sluppen.id, values_of(place.sluppen, **changes))

        assert refused.value.field == field


def test_a_change_is_recorded_with_what_it_was(change):
    with change() as session:
        place = a_district(session)

        edit_resource(session, NOW, place.nils, place.sluppen.id, values_of(place.sluppen, seats=12))

        entry = session.scalar(select(JournalEntry).where(JournalEntry.action == "resource.changed"))
        assert (entry.before["seats"], entry.after["seats"], entry.actor_id) == (8, 12, place.nils.member_id)


def test_a_new_name_reaches_the_calendars_of_those_who_have_booked(change):
    with change() as session:
        place = a_district(session)
        row = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00")
        modified_at = row.modified_at

        edit_resource(session, NOW, place.nils, place.sluppen.id, values_of(place.sluppen, name="Stor-Sluppen"))

        assert session.get(Booking, row.id).modified_at > modified_at
        kari_id = place.kari.id
    with change() as session:
        assert session.get(FeedCounter, ("member", kari_id)).rev == 1


def test_whoever_manages_a_resource_changes_it_but_does_not_move_it_or_make_others(change):
    with change() as session:
        place = a_district(session)
        siri = an_actor(a_member(session, name="Siri"), manages=frozenset({("resource", place.sluppen.id)}))
        other = a_category(session)

        assert edit_resource(session, NOW, siri, place.sluppen.id, values_of(place.sluppen, seats=9)).entry_id
        with pytest.raises(NotAllowed):
            edit_resource(session, NOW, siri, place.sluppen.id, values_of(place.sluppen, category_id=other.id))
        with pytest.raises(NotAllowed):
            edit_resource(session, NOW, siri, place.oya.id, values_of(place.oya))
        with pytest.raises(NotAllowed):
            create_resource(session, NOW, siri, place.site.id, "ny", values_of(place.sluppen))


def test_whoever_manages_the_site_makes_resources_there_only(change):
    with change() as session:
        place = a_district(session)
        siri = an_actor(a_member(session, name="Siri"), manages=frozenset({("site", place.site.id)}))
        values = ResourceValues("Ny", "space", place.sluppen.category_id)

        assert create_resource(session, NOW, siri, place.site.id, "ny", values)
        with pytest.raises(NotAllowed):
            create_resource(session, NOW, siri, a_site(session).id, "enda-en", values)


def test_what_does_not_exist_is_not_found(change):
    with change() as session:
        place = a_district(session)

        with pytest.raises(NotFound):
            put_in_use(session, NOW, place.nils, 4711)


# --- retiring --------------------------------------------------------------------------------------------------------


def test_retiring_keeps_every_booking_that_nobody_chose_to_cancel(change):
    with change() as session:
        place = a_district(session)
        keep = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00")
        cancel = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-05 10:00-11:00")

        change_ = retire(
            session, NOW, place.nils, place.sluppen.id, cancel={cancel.public_id}, reason="The wall is coming down"
        )

        assert session.get(Resource, place.sluppen.id).state == "retired"
        assert (session.get(Booking, keep.id).state, session.get(Booking, cancel.id).state) == (
            "confirmed",
            "cancelled",
        )
        assert change_.no_longer_fit == (keep.id,)
        entry = session.scalar(select(JournalEntry).where(JournalEntry.action == "booking.cancelled"))
        assert entry.text == "The wall is coming down"


def test_cancelling_asks_for_a_reason_and_touches_no_booking_of_another_resource(change):
    with change() as session:
        place = a_district(session)
        here = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00")
        there = a_booking(session, on=place.oya, member=place.kari, at="2027-05-04 10:00-11:00")

        with pytest.raises(InvalidInput) as refused:
            retire(session, NOW, place.nils, place.sluppen.id, cancel={here.public_id}, reason=" ")
        assert refused.value.field == "reason"
        with pytest.raises(WrongState):
            retire(session, NOW, place.nils, place.sluppen.id, cancel={there.public_id}, reason="Why not")

        assert session.get(Booking, there.id).live


def test_a_retired_resource_is_retired_once_and_can_come_back(change):
    with change() as session:
        place = a_district(session)
        retire(session, NOW, place.nils, place.sluppen.id)

        with pytest.raises(WrongState):
            retire(session, NOW, place.nils, place.sluppen.id)

        put_in_use(session, NOW, place.nils, place.sluppen.id)
        assert session.get(Resource, place.sluppen.id).retired_at is None


def test_the_bookings_to_decide_about_are_those_that_have_not_ended(change):
    with change() as session:
        place = a_district(session)
        for at in ("2027-05-02 10:00-11:00", "2027-05-03 09:30-11:00", "2027-05-04 10:00-11:00"):
            a_booking(session, on=place.sluppen, member=place.kari, at=at, title=at)

        coming = future_bookings(session, NOW, place.nils, place.sluppen.id)

        assert [each.title for each in coming] == ["2027-05-03 09:30-11:00", "2027-05-04 10:00-11:00"]


# --- pools -----------------------------------------------------------------------------------------------------------


def a_pool(session, size):
    row = a_room(session, units=size, is_pool=True, name="Desks")
    return resources_by_id(session, [row.id])[row.id]


def held(session, room, member, number, at):
    """Books one unit of the pool through the service; the first free ones go first."""
    for _ in range(number):
        assert request_booking(session, NOW, an_actor(member), a_wish(room, at)).public_id


def test_a_pool_grows_and_shrinks_while_nobody_holds_what_goes(change):
    with change() as session:
        place = a_district(session)
        card = a_pool(session, 3)

        resize_pool(session, NOW, place.nils, card, 5)
        assert len(units_of(session, [card.id])[card.id]) == 5
        before = units_of(session, [card.id])[card.id]

        resize_pool(session, NOW, place.nils, card, 2)
        assert units_of(session, [card.id])[card.id] == before[:2]
        resize_pool(session, NOW, place.nils, card, 5)
        assert units_of(session, [card.id])[card.id] == before


def test_a_pool_keeps_the_units_that_are_booked_and_says_which(change):
    with change() as session:
        place = a_district(session)
        card = a_pool(session, 3)
        held(session, session.get(Resource, card.id), place.kari, 2, "2027-05-04 10:00-11:00")

        with pytest.raises(InvalidInput) as refused:
            resize_pool(session, NOW, place.nils, card, 1)

        assert (refused.value.field, refused.value.code) == ("units", "pool.in_use")
        assert refused.value.facts["least"] == 2
        assert "Desks" in refused.value.facts["units"]
        resize_pool(session, NOW, place.nils, card, 2)
        assert len(units_of(session, [card.id])[card.id]) == 2


def test_what_is_over_does_not_keep_a_unit_in_the_pool(change):
    with change() as session:
        place = a_district(session)
        card = a_pool(session, 2)
        held(session, session.get(Resource, card.id), place.kari, 2, "2027-05-04 10:00-11:00")

        resize_pool(session, NOW + timedelta(days=2), place.nils, card, 1)

        assert len(units_of(session, [card.id])[card.id]) == 1


def test_only_a_pool_has_a_size(change):
    with change() as session:
        place = a_district(session)
        card = resources_by_id(session, [place.sluppen.id])[place.sluppen.id]

        with pytest.raises(WrongState):
            resize_pool(session, NOW, place.nils, card, 2)
