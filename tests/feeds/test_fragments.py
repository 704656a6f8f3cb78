"""The kept text of every booking is that of how it stands, whatever was done to it and through which service."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Booking, BookingFragment, FeedCounter, Member, Resource, RuleSetting, Site
from booking.permissions import Actor
from booking.services import (
    approving,
    changes,
    checks,
    feed_fragments,
    handing_over,
    places,
    resources,
    series,
    series_cancelling,
    series_changes,
    undoing,
)
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.feed_rendering import render
from booking.services.places import PlaceValues
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import SeriesWish
from booking.services.wishes import Wish
from tests.factories import LONG_AGO, OSLO, a_booking, a_member, a_room, span_at
from tests.feeds.conftest import NOW, a_key

AT = "2027-03-02 10:00-11:00"


@pytest.fixture
def people(subscriber, change):
    """Kari, her colleague Ola and Nils, who administers."""
    with change() as session:
        ola, nils = a_member(session, name="Ola"), a_member(session, name="Nils", site_role="site_admin")
        other = a_room(session, session.get(Site, session.get(Resource, subscriber.room_id).site_id), name="Bringebær")
        return {"kari": subscriber.member_id, "ola": ola.id, "nils": nils.id, "other": other.id}


def all_kept(session) -> dict[int, dict[str, object]]:
    return {row.booking_id: row.__dict__ for row in session.scalars(select(BookingFragment))}


def assert_kept_as_rendered(session):
    """Each kept text is what rendering it now gives, and no booking is without."""
    kept = all_kept(session)
    fresh = list(render(session, session.scalars(select(Booking.id)).all()))
    assert len(fresh) == len(kept)
    for each in fresh:
        assert {name: kept[each.booking_id][name] for name in each.values()} == each.values()


def wish(subscriber, at=AT, **about):
    return Wish((Item(about.pop("room", subscriber.room_id)),), WallSpan.of(span_at(at), OSLO), **about)


def made(session, subscriber, at=AT, **about):
    actor = actor_for_member(session, NOW, subscriber.member_id)
    return actor, request_booking(session, NOW, actor, wish(subscriber, at, title="Styremøte", **about)).public_id


def row_of(session, public_id) -> Booking:
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def test_whatever_is_done_to_a_booking_its_text_goes_along(subscriber, change, people):
    def step(do):
        with change() as session:
            done = do(session)
        with change() as session:
            assert_kept_as_rendered(session)
            assert checks.check(session) == []
        return done

    actor, public_id = step(lambda session: made(session, subscriber))

    def changed(at, **about):
        def do(session):
            version = row_of(session, public_id).version
            changes.change_booking(session, NOW, actor, public_id, wish(subscriber, at, **about), version=version)

        return do

    step(changed("2027-03-02 12:00-13:00", title="Styremøte"))
    step(changed("2027-03-02 12:00-13:00", title="Ledermøte"))
    step(changed("2027-03-02 12:00-13:00", title="Ledermøte", room=people["other"]))
    step(lambda session: changes.cancel_booking(session, NOW, actor, public_id))
    step(lambda session: undoing.restore_booking(session, NOW, actor, public_id))
    nils = Actor(people["nils"], "Nils", "nils@example.invalid", site_role="site_admin")
    step(lambda session: handing_over.hand_over_booking(session, NOW, nils, public_id, people["ola"]))
    new_place = PlaceValues(name="Ny", address="Ny gate")
    site_id = step(lambda session: row_of(session, public_id).site_id)
    step(lambda session: places.edit_place(session, NOW, nils, "site", site_id, new_place))
    step(lambda session: rename(session, nils, people["other"], "Multe"))
    with change() as session:
        text = session.get(BookingFragment, row_of(session, public_id).id).full_place
    assert text == b"LOCATION:Multe\\, Ny gate\r\n"


def rename(session, actor, resource_id, name):
    row = session.get(Resource, resource_id)
    values = resources.ResourceValues(name, row.kind, row.category_id, seats=row.seats)
    resources.edit_resource(session, NOW, actor, resource_id, values)


def test_a_series_keeps_the_text_of_every_date_through_all_its_changes(subscriber, change, people):
    with change() as session:
        actor = actor_for_member(session, NOW, subscriber.member_id)
        rule = Recurrence(Every.WEEK, count=8)
        first = series.save(session, NOW, actor, SeriesWish(wish(subscriber, title="Hver uke"), rule)).first
    with change() as session:
        assert_kept_as_rendered(session)
        moved = SeriesChange(wish(subscriber, "2027-03-02 13:00-14:00", title="Hver uke"), Reach.ALL, {}, "", "")
        series_changes.change_series(session, NOW, actor, first, moved)
    with change() as session:
        assert_kept_as_rendered(session)
        assert len(subscriber.events()) == 8
        series_cancelling.cancel_series(session, NOW, actor, first, Reach.ALL)
    with change() as session:
        assert_kept_as_rendered(session)

    assert {str(each["STATUS"]) for each in subscriber.events()} == {"CANCELLED"}


def test_a_request_is_tentative_until_it_is_answered(subscriber, change, people):
    with change() as session:
        rule = {"rule": "R38", "params": {"always": True}, "valid_from": LONG_AGO, "set_at": LONG_AGO}
        session.add(RuleSetting(scope_kind="resource", scope_id=subscriber.room_id, **rule))
    with change() as session:
        _, public_id = made(session, subscriber)
    assert subscriber.told() == {"Styremøte": "TENTATIVE"}

    with change() as session:
        approving.approve(session, NOW, actor_for_member(session, NOW, people["nils"]), public_id)
    with change() as session:
        assert_kept_as_rendered(session)

    assert subscriber.told() == {"Styremøte": "CONFIRMED"}


def test_text_that_is_missing_or_old_is_rendered_on_the_way(subscriber, change, people):
    with change() as session:
        made(session, subscriber)
    with change() as session:
        row = session.scalars(select(BookingFragment)).one()
        row.template, row.summary = row.template - 1, b"SUMMARY:An older form\r\n"
    assert subscriber.told() == {"Styremøte": "CONFIRMED"}

    with change() as session:
        session.delete(session.scalars(select(BookingFragment)).one())
        session.scalars(select(FeedCounter).where(FeedCounter.scope_kind == "member")).one().rev += 1

    assert subscriber.told() == {"Styremøte": "CONFIRMED"}
    with change() as session:
        assert feed_fragments.fill(session) == 1
    with change() as session:
        assert_kept_as_rendered(session)
        assert feed_fragments.fill(session) == 0


def test_what_was_rolled_back_leaves_no_text_and_raises_nothing(subscriber, change, people):
    def in_vain(session):
        made(session, subscriber)
        raise ZeroDivisionError

    with change() as session:
        savepoint = session.begin_nested()
        made(session, subscriber)
        savepoint.rollback()
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117 - what is raised has to leave the transaction
        with change() as session:
            in_vain(session)

    with change() as session:
        assert all_kept(session) == {}
        made(session, subscriber)
    assert subscriber.told() == {"Styremøte": "CONFIRMED"}


def test_what_leaves_a_feed_is_cancelled_there_and_comes_back_as_newer(subscriber, change, people):
    """Moved to another room and back, and handed over and back: each feed sees it go, and come again."""
    with change() as session:
        room_feed = a_key(session, subscriber.member_id, kind="resource", scope_id=subscriber.room_id)
        _, public_id = made(session, subscriber)
    nils = Actor(people["nils"], "Nils", "nils@example.invalid", site_role="site_admin")

    def move(room, step):
        now = NOW + timedelta(seconds=step)
        with change() as session:
            version = row_of(session, public_id).version
            wanted = wish(subscriber, title="Styremøte", room=room)
            changes.change_booking(session, now, nils, public_id, wanted, version=version, message="Bytte")

    def hand(to):
        with change() as session:
            handing_over.hand_over_booking(session, NOW, nils, public_id, to)

    def seen(path):
        (event,) = subscriber.events(path)
        return str(event["STATUS"]), event["SEQUENCE"], event["LAST-MODIFIED"].dt

    stays = [seen(room_feed)]
    move(people["other"], 1)
    stays.append(seen(room_feed))
    move(subscriber.room_id, 2)
    stays.append(seen(room_feed))
    assert [each[0] for each in stays] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert all(earlier[1:] < later[1:] for earlier, later in pairwise(stays))
    assert all(earlier[2] < later[2] for earlier, later in pairwise(stays))

    own = [seen(subscriber.path)]
    hand(people["ola"])
    own.append(seen(subscriber.path))
    assert subscriber.told() == {"Cancelled: Styremøte": "CANCELLED"}
    hand(people["kari"])
    own.append(seen(subscriber.path))
    assert [each[0] for each in own] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert all(earlier[1] < later[1] for earlier, later in pairwise(own))


def test_what_has_left_a_room_is_shown_there_without_its_name_for_a_month(subscriber, change, people, travel):
    with change() as session:
        room_feed = a_key(session, subscriber.member_id, kind="resource", scope_id=subscriber.room_id)
        kari = session.get(Member, subscriber.member_id)
        public_id = a_booking(
            session, on=session.get(Resource, subscriber.room_id), member=kari, at=AT, title="Hemmelig"
        ).public_id
    nils = Actor(people["nils"], "Nils", "nils@example.invalid", site_role="site_admin")
    with change() as session:
        moved = wish(subscriber, title="Hemmelig", room=people["other"])
        changes.change_booking(session, NOW, nils, public_id, moved, version=1, message="Bytte")

    assert subscriber.told(room_feed) == {"Cancelled: Busy": "CANCELLED"}
    travel.shift(timedelta(days=38))

    assert subscriber.told(room_feed) == {}
