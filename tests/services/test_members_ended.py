"""Ending members, memberships and organisations: nothing is cancelled silently, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from booking.core.errors import InvalidInput, NotAllowed, NotFound
from booking.db import db
from booking.models import Allocation, Booking, JournalEntry, Member, Membership, Organisation
from booking.services import endings, signing_in
from booking.services.actors import actor_for_member
from booking.services.endings import Choice, Decision, Ending, HandOverRefused, Undecided
from booking.services.members import LastSiteAdmin
from tests.factories import a_booking, a_member, a_room, an_organisation

NOW = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
DAYS = ("2027-05-10 10:00-11:00", "2027-05-20 10:00-11:00", "2027-06-20 10:00-11:00")
KEEP, CANCEL = Decision(Choice.KEEP), Decision(Choice.CANCEL)


class World:
    """Kari has three bookings for Fjordlab and one for nobody; Liv is her colleague, Siri admin, Nils site admin."""

    def __init__(self, session):
        fjordlab, nordvind = an_organisation(session, name="Fjordlab"), an_organisation(session, name="Nordvind")
        kari = a_member(session, fjordlab, name="Kari", email="kari@example.invalid")
        liv = a_member(session, fjordlab, name="Liv", email="liv@example.invalid")
        ola = a_member(session, nordvind, name="Ola", email="ola@example.invalid")
        siri = a_member(session, fjordlab, "admin", name="Siri", email="siri@example.invalid")
        nils = a_member(session, name="Nils", email="nils@example.invalid", site_role="site_admin")
        room = a_room(session)
        own = a_booking(session, on=room, member=kari, at="2027-05-12 10:00-11:00")
        rows = [a_booking(session, on=room, member=kari, at=at, organisation_id=fjordlab.id) for at in DAYS]
        a_booking(session, on=room, member=kari, at="2027-04-10 10:00-11:00", organisation_id=fjordlab.id)
        self.ids = {row.name: row.id for row in (fjordlab, nordvind, kari, liv, ola, siri, nils)}
        self.bookings = [row.public_id for row in rows]
        self.own = own.public_id

    def actor(self, session, name):
        return actor_for_member(session, NOW, self.ids[name])

    def membership(self, last_day=None):
        return Ending(self.ids["Kari"], self.ids["Fjordlab"], last_day)


@pytest.fixture
def world(change):
    with change() as session:
        return World(session)


def states(app):
    with app.app_context():
        return dict(db.session.execute(select(Booking.public_id, Booking.state)).all())


def holders(app):
    with app.app_context():
        return dict(
            db.session.execute(
                select(Booking.public_id, Member.name).join(Member, Member.id == Booking.member_id)
            ).all()
        )


def test_the_bookings_after_the_last_day_are_listed(change, world):
    with change() as session:
        left = endings.left_bookings(session, NOW, world.membership(date(2027, 5, 10)))

    assert [booking.public_id for booking in left] == world.bookings[1:]
    assert {booking.holder for booking in left} == {"Kari"}


def test_an_account_s_end_lists_bookings_of_every_kind(change, world):
    with change() as session:
        left = endings.left_bookings(session, NOW, Ending(world.ids["Kari"], None))

    assert {booking.public_id for booking in left} == {world.own, *world.bookings}


def test_without_a_decision_for_each_nothing_happens(change, world, app):
    before = states(app)

    with pytest.raises(Undecided) as refused, change() as session:
        endings.end(session, NOW, world.actor(session, "Siri"), world.membership(), {world.bookings[0]: CANCEL})

    assert refused.value.facts["bookings"] == world.bookings[1:]
    assert states(app) == before
    with app.app_context():
        assert db.session.get(Membership, (world.ids["Kari"], world.ids["Fjordlab"])).ends_on is None


def test_each_booking_is_as_decided(change, world, app):
    first, second, third = world.bookings
    decisions = {first: KEEP, second: CANCEL, third: Decision(Choice.HAND_OVER, "Liv@example.invalid")}

    with change() as session:
        endings.end(session, NOW, world.actor(session, "Siri"), world.membership(), decisions)

    assert [states(app)[id_] for id_ in (first, second, third, world.own)] == [
        "confirmed",
        "cancelled",
        "confirmed",
        "confirmed",
    ]
    assert [holders(app)[id_] for id_ in (first, third)] == ["Kari", "Liv"]
    with app.app_context():
        assert db.session.get(Membership, (world.ids["Kari"], world.ids["Fjordlab"])).ends_on == date(2027, 5, 2)
        assert len(db.session.scalars(select(Allocation)).all()) == 4
        actions = [entry.action for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))]
    assert sorted(actions) == ["booking.cancelled", "booking.handed_over", "membership.ended"]


@pytest.mark.parametrize("to", ["ola@example.invalid", "kari@example.invalid", "nobody@example.invalid", ""])
def test_a_booking_goes_to_another_active_member_of_its_organisation_only(change, world, app, to):
    decisions = dict.fromkeys(world.bookings, Decision(Choice.HAND_OVER, to))

    with pytest.raises(InvalidInput), change() as session:
        endings.end(session, NOW, world.actor(session, "Siri"), world.membership(), decisions)

    assert set(holders(app).values()) == {"Kari"}


def test_a_hand_over_that_the_rules_refuse_says_so_and_changes_nothing(change, world, app):
    with change() as session:
        session.get_one(Membership, (world.ids["Liv"], world.ids["Fjordlab"])).ends_on = date(2027, 5, 15)
    decisions = {
        **dict.fromkeys(world.bookings, CANCEL),
        world.bookings[2]: Decision(Choice.HAND_OVER, "liv@example.invalid"),
    }

    with pytest.raises(HandOverRefused) as refused, change() as session:
        endings.end(session, NOW, world.actor(session, "Siri"), world.membership(), decisions)

    assert refused.value.public_id == world.bookings[2]
    assert "R30.membership_ends" in refused.value.verdict.codes
    assert set(states(app).values()) == {"confirmed"}


def test_another_organisation_s_admin_ends_nothing(change, world):
    with change() as session:
        session.get_one(Membership, (world.ids["Ola"], world.ids["Nordvind"])).role = "admin"

    with pytest.raises(NotAllowed), change() as session:
        endings.end(
            session, NOW, world.actor(session, "Ola"), world.membership(), dict.fromkeys(world.bookings, CANCEL)
        )
    with pytest.raises(NotFound), change() as session:
        endings.end(session, NOW, world.actor(session, "Ola"), Ending(world.ids["Kari"], world.ids["Nordvind"]), {})
    with pytest.raises(NotAllowed), change() as session:
        endings.end(session, NOW, world.actor(session, "Siri"), Ending(world.ids["Kari"], None), {})


def test_an_account_that_ends_at_once_is_out_at_once(change, world, app):
    with change() as session:
        token = signing_in.open_session(session, NOW, world.ids["Kari"], address="x", device="", days=30)
    decisions = dict.fromkeys([world.own, *world.bookings], CANCEL)

    with change() as session:
        endings.end(session, NOW, world.actor(session, "Nils"), Ending(world.ids["Kari"], None), decisions)

    with app.app_context():
        assert signing_in.actor_for_token(db.session(), NOW, token) is None
        assert db.session.get(Member, world.ids["Kari"]).deactivated_at == NOW


def test_an_account_with_a_last_day_works_until_its_night(change, world, app):
    decisions = {world.bookings[1]: CANCEL, world.bookings[2]: CANCEL}
    with change() as session:
        endings.end(
            session, NOW, world.actor(session, "Nils"), Ending(world.ids["Kari"], None, date(2027, 5, 15)), decisions
        )

    with app.app_context():
        session, kari = db.session(), world.ids["Kari"]
        assert actor_for_member(session, datetime(2027, 5, 15, 21, 59, tzinfo=UTC), kari) is not None
        assert actor_for_member(session, datetime(2027, 5, 15, 22, 0, tzinfo=UTC), kari) is None


def test_a_last_day_in_the_past_is_refused(change, world):
    with pytest.raises(InvalidInput), change() as session:
        endings.end(session, NOW, world.actor(session, "Nils"), Ending(world.ids["Ola"], None, date(2027, 5, 2)), {})


def test_an_organisation_that_leaves_takes_its_memberships_out_of_force(change, world, app):
    decisions = dict.fromkeys(world.bookings, CANCEL)

    with change() as session:
        endings.end(session, NOW, world.actor(session, "Nils"), Ending(None, world.ids["Fjordlab"]), decisions)

    with app.app_context():
        assert db.session.get(Organisation, world.ids["Fjordlab"]).state == "left"
        assert actor_for_member(db.session(), NOW, world.ids["Kari"]).organisations == {}
    assert states(app)[world.own] == "confirmed"
    assert {states(app)[id_] for id_ in world.bookings} == {"cancelled"}


def test_the_last_site_admin_stays(change, world):
    with pytest.raises(LastSiteAdmin), change() as session:
        endings.end(session, NOW, world.actor(session, "Nils"), Ending(world.ids["Nils"], None), {})
