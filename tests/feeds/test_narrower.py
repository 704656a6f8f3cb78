"""What a reader may know can become less: by somebody's word, or because time has passed. Feeds are never behind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.core.request import Item, WallSpan
from booking.models import Building, Duty, Resource, RuleSetting, Site
from booking.services import approving, resources
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking
from booking.services.wishes import Wish
from tests.factories import LONG_AGO, OSLO, a_booking, a_category, a_member, span_at
from tests.feeds.conftest import NOW, a_key
from tests.services.test_resources import values_of

HOUR = timedelta(hours=1)
ALWAYS = {"rule": "R38", "params": {"always": True}}
SHOWN = {"rule": "R40", "params": {"widest": "public"}}


@pytest.fixture
def site(subscriber, change):
    """A site that lets bookings be announced; Nils administers everything."""
    with change() as session:
        site = session.get(Site, session.get(Resource, subscriber.room_id).site_id)
        nils = a_member(session, name="Nils", site_role="site_admin")
        a_setting(session, site, SHOWN)
        return {"id": site.id, "programme": f"/feeds/public/{site.slug}.ics", "nils": nils.id}


def a_setting(session, site, setting):
    session.add(RuleSetting(scope_kind="site", scope_id=site.id, **setting, valid_from=LONG_AGO, set_at=LONG_AGO))
    session.flush()


@pytest.mark.parametrize(("is_approved", "shown"), [(False, {}), (True, {"Avlyst: Åpen kveld": "CANCELLED"})])
def test_what_nobody_has_said_yes_to_is_not_announced_by_being_taken_back(subscriber, change, site, is_approved, shown):
    with change() as session:
        a_setting(session, session.get(Site, site["id"]), ALWAYS)
    with change() as session:
        kari, nils = (actor_for_member(session, NOW, id_) for id_ in (subscriber.member_id, site["nils"]))
        span = WallSpan.of(span_at("2027-03-04 18:00-19:00"), OSLO)
        wish = Wish((Item(subscriber.room_id),), span, title="Åpen kveld", visibility="public")
        key = request_booking(session, NOW, kari, wish).public_id
        if is_approved:
            approving.approve(session, NOW, nils, key)
    assert subscriber.told(site["programme"]) == ({"Åpen kveld": "CONFIRMED"} if is_approved else {})

    with change() as session:
        cancel_booking(session, NOW + HOUR, kari, key)

    assert subscriber.told(site["programme"]) == shown


def test_a_title_is_shown_no_longer_than_its_place_keeps_it_whatever_the_reader_holds(subscriber, change, site, travel):
    with change() as session:
        place = session.get(Site, site["id"])
        a_setting(session, place, {"rule": "R40", "params": {"widest": "public", "retention_days": 2}})
        ola, room = a_member(session, name="Ola"), session.get(Resource, subscriber.room_id)
        a_booking(session, on=room, member=ola, at="2027-03-02 10:00-11:00", title="Åpent", visibility="public")
        path = a_key(session, subscriber.member_id, kind="site", scope_id=place.id)
    assert subscriber.told(path) == {"Åpent": "CONFIRMED"}

    travel.move_to(NOW + timedelta(days=3, hours=-1))  # Thursday at 08:00: two hours left of its two days
    held = subscriber.get(path)
    travel.move_to(NOW + timedelta(days=3, hours=2))
    answer = subscriber.get(path, If_None_Match=held.headers["ETag"])

    assert "Åpent" not in (held if answer.status_code == 304 else answer).text


@pytest.mark.parametrize("what", ["category", "building"])
def test_who_looks_after_a_category_or_a_building_reads_no_titles_of_a_room_that_has_left_it(
    subscriber, change, site, what
):
    with change() as session:
        room = session.get(Resource, subscriber.room_id)
        house = Building(slug="hus", name="Hus", site_id=site["id"])
        session.add(house)
        session.flush()
        room.building_id = house.id
        scope = ("category", room.category_id) if what == "category" else ("building", house.id)
        siri, ola = a_member(session, name="Siri"), a_member(session, name="Ola")
        session.add(Duty(member_id=siri.id, scope_kind=scope[0], scope_id=scope[1], kind="manager"))
        a_booking(session, on=room, member=ola, at="2027-03-02 10:00-11:00", title="Privat", visibility="private")
        path = a_key(session, siri.id, kind="site", scope_id=site["id"])
    held = subscriber.get(path)
    assert "Privat" in held.text

    with change() as session:
        nils = actor_for_member(session, NOW, site["nils"])
        as_it_is = values_of(session.get(Resource, subscriber.room_id))
        elsewhere = {"category_id": a_category(session).id} if what == "category" else {"building_id": None}
        resources.edit_resource(session, NOW + HOUR, nils, subscriber.room_id, replace(as_it_is, **elsewhere))

    answer = subscriber.get(path, If_None_Match=held.headers["ETag"])
    assert answer.status_code == 200
    assert "Privat" not in answer.text
