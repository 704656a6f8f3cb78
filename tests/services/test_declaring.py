"""What must be accepted and what must be contained, through the services, on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused, Stale
from booking.models import Declaration
from booking.services import activities, declaring
from booking.services.activities import ActivityValues
from booking.services.bookings import request_booking
from booking.services.changes import change_booking, hand_over_booking
from tests.factories import a_member, a_room, a_site
from tests.services.test_lone_work import ADMIN, NOON, NOW, a_document, acting, asks_for, book, id_of, wish, words
from tests.support.house import set_rule


def test_a_document_is_accepted_once_and_asked_again_in_a_new_version(change):
    with change() as session:
        lab, kari = a_room(session), a_member(session)
        document = a_document(session)
        asks_for(session, lab, document)

        with pytest.raises(BookingRefused) as refused:
            book(session, kari, lab, NOON)
        book(session, kari, lab, NOON, declarations=((document.id, 1),))
        second = book(session, kari, lab, "2027-03-03 11:00-12:00")

        assert refused.value.verdict.codes == ("R36.unanswered",)
        rows = session.execute(select(Declaration.member_id, Declaration.version, Declaration.booking_id)).all()
        assert [tuple(row) for row in rows] == [(kari.id, 1, None)]

        admin = acting(a_member(session), **ADMIN)
        values = replace(document.values, texts=words("Wear a coat and goggles."))
        with pytest.raises(Stale):
            declaring.write_document(session, NOW, admin, document.public_id, values, version=0)
        declaring.write_document(session, NOW, admin, document.public_id, values, version=1)

        with pytest.raises(BookingRefused):
            book(session, kari, lab, "2027-03-04 11:00-12:00")
        change_booking(session, NOW, acting(kari), second, wish(lab, "2027-03-03 12:00-13:00"), version=1)
        assert declaring.document(session, document.public_id).history[0].values.texts["nb"] == "Wear a coat."


def test_what_is_asked_each_time_is_kept_with_the_booking(change):
    with change() as session:
        lab, kari = a_room(session), a_member(session)
        document = a_document(session, "each")
        asks_for(session, lab, document)

        public_id = book(session, kari, lab, NOON, declarations=((document.id, 1),))
        with pytest.raises(BookingRefused):
            book(session, kari, lab, "2027-03-03 11:00-12:00")

        assert session.scalar(select(Declaration.booking_id)) == id_of(session, public_id)


def test_nobody_declares_for_somebody_else(change):
    with change() as session:
        lab, kari, ola = a_room(session), a_member(session), a_member(session)
        document = a_document(session)
        asks_for(session, lab, document)
        manager = acting(a_member(session), manages=frozenset({("resource", lab.id)}))
        signed = wish(lab, NOON, declarations=((document.id, 1),))

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, manager, signed, member_id=kari.id)
        public_id = book(session, kari, lab, NOON, declarations=((document.id, 1),))
        with pytest.raises(BookingRefused):
            hand_over_booking(session, NOW, acting(kari), public_id, ola.id)

        assert refused.value.verdict.codes == ("R36.unanswered",)


def test_an_activity_is_refused_where_it_is_not_contained_and_named_when_it_changes(change):
    with change() as session:
        site, kari = a_site(session), a_member(session)
        lab, room = a_room(session, site), a_room(session, site)
        set_rule(session, "resource", lab.id, "R32", {"level": 2})
        session.flush()
        admin = acting(a_member(session), **ADMIN)
        values = ActivityValues("Cells", 2, "A-1", date(2027, 12, 31))
        key = activities.create_activity(session, NOW, admin, values)
        cells = activities.activity(session, key)

        with pytest.raises(BookingRefused) as refused:
            book(session, kari, room, NOON, activity_id=cells.id)
        public_id = book(session, kari, lab, NOON, activity_id=cells.id)
        moved = wish(room, NOON, activity_id=cells.id)
        with pytest.raises(BookingRefused):
            change_booking(session, NOW, acting(kari), public_id, moved, version=1)

        assert refused.value.verdict.codes == ("R32.level",)
        change_ = activities.edit_activity(session, NOW, admin, key, replace(values, level=3))
        assert change_.no_longer_fit == (id_of(session, public_id),)
