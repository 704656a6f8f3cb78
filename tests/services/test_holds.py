"""Bookings on hold because somebody would be alone: marked, told and freed; and what a manager allowed is not held."""

from sqlalchemy import select

from booking.models import Booking, BookingHold, FeedCounter
from booking.services import holds, lone_work, rechecking
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking
from booking.services.handing_over import hand_over_booking
from tests.factories import a_member, an_organisation
from tests.services.test_lone_work import ADMIN, NOW, a_lab, acting, book, id_of, told, wish

ANY = Booking.id > 0
NOTHING_BUT_COMPANY = {"R33.uncovered"}


def on_hold(session):
    return {id_: {each.code for each in found} for id_, found in holds.on_hold(session, NOW, ANY).items()}


def marked(session):
    return {mark.booking_id: set(mark.codes) for mark in session.scalars(select(BookingHold))}


def nightly(session):
    return sum((rechecking.recheck(session, NOW, each) for each in rechecking.holders(session, NOW)), holds.Refreshed())


def test_a_booking_that_waits_for_its_buddy_carries_the_mark_until_the_yes(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        public_id = book(session, kari, lab, buddy_id=ola.id)
        id_ = id_of(session, public_id)

        assert on_hold(session) == marked(session) == {id_: NOTHING_BUT_COMPANY}
        lone_work.answer(session, NOW, acting(ola), public_id, "accepted")
        assert on_hold(session) == marked(session) == {}
        lone_work.answer(session, NOW, acting(ola), public_id, "withdrawn")
        assert on_hold(session) == marked(session) == {id_: NOTHING_BUT_COMPANY}

        assert told(session, kari) == ["buddy_accepted", "buddy_withdrawn"]
        assert nightly(session) == holds.Refreshed()


def test_a_buddy_s_answer_changes_the_feed_that_says_on_hold(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        public_id = book(session, kari, lab, buddy_id=ola.id)
        of_kari = (FeedCounter.scope_kind == "member", FeedCounter.scope_id == kari.id)
    with change() as session:
        before = session.scalar(select(FeedCounter.rev).where(*of_kari))
        lone_work.answer(session, NOW, acting(ola), public_id, "accepted")
    with change() as session:
        assert session.scalar(select(FeedCounter.rev).where(*of_kari)) == before + 1


def test_company_that_goes_is_seen_at_once_and_told_by_the_nightly_job(change):
    with change() as session:
        lab, kari, ola, siri = a_lab(session), *(a_member(session) for _ in range(3))
        theirs = book(session, ola, lab, buddy_id=siri.id)
        mine = id_of(session, book(session, kari, lab))
        assert mine not in on_hold(session)

        cancel_booking(session, NOW, acting(ola), theirs)

        assert on_hold(session) == {mine: NOTHING_BUT_COMPANY}
        assert nightly(session) == holds.Refreshed(held=1)
        assert marked(session) == {mine: NOTHING_BUT_COMPANY}
        assert told(session, kari) == ["on_hold"]

        book(session, ola, lab)

        assert on_hold(session) == {}
        assert nightly(session).released == 1
        assert told(session, kari) == ["on_hold", "released"]


def test_what_was_allowed_in_spite_of_the_rule_is_not_held_until_somebody_else_has_it(change):
    with change() as session:
        home = an_organisation(session)
        lab, kari, ola = a_lab(session), a_member(session, home), a_member(session, home)
        admin = acting(a_member(session), **ADMIN)
        asked = wish(lab)
        made = request_booking(session, NOW, admin, asked, member_id=kari.id, override="The guard is there.")
        id_ = id_of(session, made.public_id)

        assert on_hold(session) == {}
        assert nightly(session) == holds.Refreshed()

        session.get_one(Booking, id_).organisation_id = home.id
        hand_over_booking(session, NOW, admin, made.public_id, ola.id)

        assert on_hold(session) == {id_: NOTHING_BUT_COMPANY}
