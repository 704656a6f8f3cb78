"""Lone work: buddies who are asked and answer, company, and dispensations, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.core.details import Details
from booking.core.errors import BookingRefused, NotAllowed, NotFound, WrongState
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Booking, Notice
from booking.permissions import Actor
from booking.services import company, declaring, dispensations, lone_work, series
from booking.services.alternatives import alternatives
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.declaring import LANGUAGES, DocumentValues
from booking.services.find import Search, find
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import SeriesWish
from booking.services.undoing import restore_booking
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room, a_site, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
NOON, EVENING = "2027-03-02 11:00-12:00", "2027-03-02 18:00-20:00"
ALONE = {"least_people": 2}
ADMIN = {"site_role": "site_admin"}


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def wish(room, at=EVENING, **details):
    return Wish((Item(room.id),), WallSpan.of(span_at(at), OSLO), details=Details(**details))


def book(session, member, room, at=EVENING, **details):
    return request_booking(session, NOW, acting(member), wish(room, at, **details)).public_id


def id_of(session, public_id):
    return session.scalar(select(Booking.id).where(Booking.public_id == public_id))


def on_hold(session, *public_ids):
    return company.uncovered(session, NOW, [id_of(session, each) for each in public_ids])


def told(session, member):
    return [
        row.kind for row in session.scalars(select(Notice).where(Notice.member_id == member.id).order_by(Notice.id))
    ]


def a_lab(session, **more):
    """A pool of two benches where nobody may be alone after five."""
    lab = a_room(session, units=2, is_pool=True, name="Wet lab", **more)
    set_rule(session, "resource", lab.id, "R33", ALONE)
    return lab


def words(text):
    return dict.fromkeys(LANGUAGES, text)


def a_document(session, frequency="once", text="Wear a coat."):
    admin = acting(a_member(session), **ADMIN)
    values = DocumentValues(words("Lab rules"), words(text), (words("I have read it."),), frequency)
    return declaring.document(session, declaring.write_document(session, NOW, admin, None, values))


def asks_for(session, room, *documents):
    set_rule(session, "resource", room.id, "R36", {"documents": [each.id for each in documents]})
    session.flush()


def test_a_booking_in_the_evening_waits_for_its_buddy_and_both_are_told(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)

        with pytest.raises(BookingRefused) as refused:
            book(session, kari, lab)
        public_id = book(session, kari, lab, buddy_id=ola.id)

        assert refused.value.verdict.codes == ("R33.uncovered",)
        assert on_hold(session, public_id)[id_of(session, public_id)].code == "R33.uncovered"
        assert told(session, ola) == ["buddy_asked"]
        assert [each.state for each in lone_work.watches(session, NOW, acting(ola))] == ["asked"]

        lone_work.answer(session, NOW, acting(ola), public_id, "accepted")

        assert on_hold(session, public_id) == {}
        assert told(session, kari) == ["buddy_accepted"]

        lone_work.answer(session, NOW, acting(ola), public_id, "withdrawn")

        assert on_hold(session, public_id)
        assert told(session, kari) == ["buddy_accepted", "buddy_withdrawn"]
        assert told(session, ola) == ["buddy_asked", "buddy_stepped_back"]


def test_only_the_buddy_answers_and_only_what_can_follow(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        public_id = book(session, kari, lab, buddy_id=ola.id)

        with pytest.raises(NotFound):
            lone_work.answer(session, NOW, acting(kari), public_id, "accepted")
        with pytest.raises(WrongState):
            lone_work.answer(session, NOW, acting(ola), public_id, "withdrawn")
        with pytest.raises(WrongState):
            lone_work.answer(session, NOW + timedelta(days=9), acting(ola), public_id, "accepted")

        lone_work.answer(session, NOW, acting(ola), public_id, "declined")
        assert on_hold(session, public_id)


def test_a_buddy_is_asked_anew_for_another_time_and_released_when_no_longer_needed(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        public_id = book(session, kari, lab, buddy_id=ola.id)
        lone_work.answer(session, NOW, acting(ola), public_id, "accepted")

        def move(at, version, **details):
            change_booking(session, NOW, acting(kari), public_id, wish(lab, at, **details), version=version)

        move("2027-03-02 18:00-19:00", 1, buddy_id=ola.id)
        assert on_hold(session, public_id) == {}
        move("2027-03-02 18:00-21:00", 2, buddy_id=ola.id)
        assert on_hold(session, public_id)
        lone_work.answer(session, NOW, acting(ola), public_id, "accepted")
        move(NOON, 3, buddy_id=ola.id)

        assert on_hold(session, public_id) == {}
        assert told(session, ola) == ["buddy_asked", "buddy_asked", "buddy_released"]


def test_a_cancelled_booking_releases_its_buddy_and_a_restored_one_asks_again(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        public_id = book(session, kari, lab, buddy_id=ola.id)

        cancel_booking(session, NOW, acting(kari), public_id)
        assert lone_work.watches(session, NOW, acting(ola)) == []
        restore_booking(session, NOW, acting(kari), public_id)

        assert told(session, ola) == ["buddy_asked", "buddy_released", "buddy_asked"]


def test_another_bench_in_the_same_lab_is_company_until_it_is_given_back(change):
    with change() as session:
        lab, kari, ola, siri = a_lab(session), *(a_member(session) for _ in range(3))
        theirs = book(session, ola, lab, buddy_id=siri.id)
        public_id = book(session, kari, lab)

        assert on_hold(session, public_id) == {}
        cancel_booking(session, NOW, acting(ola), theirs)
        assert on_hold(session, public_id)


def test_the_area_is_what_the_rule_is_set_for_in_the_same_building(change):
    with change() as session:
        site = a_site(session)
        lab, next_door = a_room(session, site), a_room(session, site)
        elsewhere = a_room(session)
        kari, ola = a_member(session), a_member(session)
        for room in (next_door, elsewhere):
            a_booking(session, on=room, member=ola, at=EVENING)
        set_rule(session, "site", site.id, "R33", ALONE)
        assert book(session, kari, lab)

        other = a_room(session, site)
        set_rule(session, "resource", other.id, "R33", {"least_people": 3})
        with pytest.raises(BookingRefused):
            book(session, a_member(session), other)


def test_an_unattended_run_is_nobodys_company(change):
    with change() as session:
        lab, kari, ola = a_room(session, units=2, is_pool=True), a_member(session), a_member(session)
        set_rule(session, "resource", lab.id, "R33", {**ALONE, "unattended_exempt": True})
        book(session, ola, lab, unattended=True)

        with pytest.raises(BookingRefused):
            book(session, kari, lab)


def test_a_dispensation_lets_one_member_be_alone_until_it_is_withdrawn(change):
    with change() as session:
        lab, kari = a_lab(session), a_member(session)
        admin = acting(a_member(session), **ADMIN)
        about = {"email": kari.email, "slug": lab.slug, "reference": "HMS-7"}
        with pytest.raises(NotAllowed):
            dispensations.grant(session, NOW, acting(kari), **about, ends_on=date(2027, 3, 2))
        key = dispensations.grant(session, NOW, admin, **about, ends_on=date(2027, 3, 2))

        public_id = book(session, kari, lab)
        with pytest.raises(BookingRefused):
            book(session, kari, lab, "2027-03-03 18:00-20:00")
        with pytest.raises(BookingRefused):
            book(session, a_member(session), lab, "2027-03-02 20:00-21:00")
        assert [each.reference for each in dispensations.dispensations(session, NOW)] == ["HMS-7"]

        dispensations.withdraw(session, NOW, admin, key)
        assert on_hold(session, public_id)


def test_every_date_of_a_series_waits_and_one_answer_is_enough(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        weekly = Recurrence(Every.WEEK, count=3)
        saved = series.save(session, NOW, acting(kari), SeriesWish(wish(lab, buddy_id=ola.id), weekly))
        ids = list(session.scalars(select(Booking.id).order_by(Booking.starts_at)))

        assert set(company.uncovered(session, NOW, ids)) == set(ids)
        assert told(session, ola) == ["buddy_asked"]
        lone_work.answer(session, NOW, acting(ola), saved.first, "accepted", whole_series=True)
        assert company.uncovered(session, NOW, ids) == {}

        later = SeriesChange(wish(lab, "2027-03-02 18:00-21:00", buddy_id=ola.id), Reach.ALL)
        change_series(session, NOW, acting(kari), saved.first, later)

        assert set(company.uncovered(session, NOW, ids)) == set(ids)
        kept = session.scalars(select(Booking.details).order_by(Booking.id)).all()
        assert kept == [{"buddy_id": ola.id}] * 3


def test_find_offers_what_a_form_will_ask_more_about(change):
    with change() as session:
        lab = a_lab(session)
        asks_for(session, lab, a_document(session))

        found = find(session, NOW, None, Search(WallSpan.of(span_at(EVENING), OSLO), site_id=lab.site_id))

        assert [each.card.id for each in found.fits] == [lab.id]


def test_an_alternative_keeps_the_buddy_and_what_was_accepted(change):
    with change() as session:
        lab, kari, ola = a_lab(session), a_member(session), a_member(session)
        document = a_document(session, "each")
        asks_for(session, lab, document)
        a_booking(session, on=lab, member=ola, at="2027-03-02 17:30-18:30")

        asked = wish(lab, buddy_id=ola.id, declarations=((document.id, 1),))
        offered = alternatives(session, NOW, kari.id, asked)

        assert offered
        again = replace(asked, wall=WallSpan.of(offered[0].span, OSLO))
        assert request_booking(session, NOW, acting(kari), again).public_id
