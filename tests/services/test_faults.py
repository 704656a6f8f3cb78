"""Faults: what a report leads to by each rule, how a manager settles it, and what bookings are told. Both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused, InvalidInput, NotAllowed, WrongState
from booking.models import JournalEntry
from booking.services import faults
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.cells import CellKind
from booking.services.faults import Settling
from booking.services.mine import upcoming
from booking.services.timeline import day_of
from booking.services.troubles import troubles
from tests.factories import OSLO, a_booking, a_room, span_at
from tests.support.deciding import NOW, WEEKDAYS, a_district, a_wish, an_actor, set_rule

TUESDAY = "2027-05-04"


def report(session, place, slug="sluppen", *, is_dangerous=False, what="It smells of smoke"):
    card = resource_by_slug(session, slug)
    return faults.report_fault(session, NOW, an_actor(place.kari), card, what, is_dangerous=is_dangerous)


def codes(session, place, at):
    try:
        request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, at))
    except BookingRefused as refused:
        return refused.verdict.codes
    return ()


@pytest.mark.parametrize(
    ("rule", "is_dangerous", "refused"),
    [
        (None, False, ()),
        (None, True, ("R13.safety",)),
        ("never", True, ()),
        ("safety", False, ()),
        ("always", False, ("R13.out_of_service",)),
        ("always", True, ("R13.safety",)),
    ],
)
def test_the_rule_says_whether_a_report_puts_it_out_of_service(change, rule, is_dangerous, refused):
    with change() as session:
        place = a_district(session)
        if rule:
            set_rule(session, "site", place.site.id, "R13", {"fault_reports": rule})

        reported = report(session, place, is_dangerous=is_dangerous)

        assert reported.out_of_service == bool(refused)
        assert codes(session, place, f"{TUESDAY} 10:00-11:00") == refused
        assert [line.what for line in faults.open_faults(session, [place.sluppen.id])] == ["It smells of smoke"]
        assert faults.open_faults(session, [place.oya.id]) == []


def test_a_pool_goes_on_when_a_unit_of_it_is_dangerous(change):
    with change() as session:
        place = a_district(session)
        a_room(session, place.site, units=3, slug="desks", name="Desks", is_pool=True)

        assert not report(session, place, "desks", is_dangerous=True).out_of_service


def test_a_manager_settles_it_and_clears_it(change):
    with change() as session:
        place = a_district(session)
        fault = report(session, place, is_dangerous=True).public_id
        back = NOW + timedelta(days=1)

        faults.settle_fault(session, NOW, place.nils, fault, Settling.OUT, expected_back=back)
        assert codes(session, place, f"{TUESDAY} 09:00-10:00") == ("R13.out_of_service",)
        assert codes(session, place, f"{TUESDAY} 10:00-11:00") == ()
        faults.settle_fault(session, NOW, place.nils, fault, Settling.USABLE)
        assert codes(session, place, f"{TUESDAY} 08:00-09:00") == ()
        assert len(faults.open_faults(session, [place.sluppen.id])) == 1
        faults.settle_fault(session, NOW, place.nils, fault, Settling.FIXED)
        assert faults.open_faults(session, [place.sluppen.id]) == []
        with pytest.raises(WrongState):
            faults.settle_fault(session, NOW, place.nils, fault, Settling.USABLE)


def test_the_journal_tells_what_happened_and_never_what_was_written(change):
    with change() as session:
        place = a_district(session)
        booking = a_booking(session, on=place.sluppen, member=place.kari, at=f"{TUESDAY} 10:00-11:00")
        fault = report(session, place, is_dangerous=True).public_id
        faults.settle_fault(session, NOW, place.nils, fault, Settling.FIXED)

        entries = session.scalars(select(JournalEntry).where(JournalEntry.subject_kind == "resource")).all()

        assert [entry.action for entry in entries] == ["fault.reported", "fault.cleared"]
        assert entries[0].after["no_longer_fit"] == [booking.id]
        assert "smoke" not in str([(entry.before, entry.after, entry.text) for entry in entries])


def test_whose_bookings_are_affected_is_judged_when_they_look(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R13", {"fault_reports": "always"})
        soon, later = (
            a_booking(session, on=place.sluppen, member=place.kari, at=f"2027-05-{day} 10:00-11:00")
            for day in ("04", "07")
        )
        a_booking(session, on=place.oya, member=place.kari, at=f"{TUESDAY} 10:00-11:00")
        mine = upcoming(session, NOW, an_actor(place.kari))
        assert troubles(session, NOW, mine) == {}
        report(session, place)

        found = troubles(session, NOW, mine)
        two_days_on = troubles(session, NOW + timedelta(days=3), mine)

        assert {id_: [each.code for each in findings] for id_, findings in found.items()} == {
            soon.public_id: ["R13.out_of_service"],
            later.public_id: ["R13.may_be_down"],
        }
        assert [each.code for each in two_days_on[later.public_id]] == ["R13.out_of_service"]


def test_the_timeline_has_a_kind_of_its_own_for_it(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at=f"{TUESDAY} 10:00-11:00")
        set_rule(session, "site", place.site.id, "R10", {"windows": WEEKDAYS})
        report(session, place, is_dangerous=True)
        day = span_at(f"{TUESDAY} 00:00-00:00").starts_at.astimezone(OSLO).date()

        row = day_of(session, NOW, an_actor(place.kari), [resource_by_slug(session, "sluppen")], day, OSLO).rows[0]

        assert {cell.kind for cell in row.cells} == {CellKind.OUTAGE, CellKind.MINE}
        assert {cell.why for cell in row.cells if cell.kind is CellKind.OUTAGE} == {"R13.safety"}


def test_what_cannot_be_settled_is_refused_by_name(change):
    with change() as session:
        place = a_district(session)
        fault = report(session, place).public_id

        with pytest.raises(InvalidInput) as empty:
            report(session, place, what=" ")
        with pytest.raises(InvalidInput) as past:
            faults.settle_fault(session, NOW, place.nils, fault, Settling.OUT, expected_back=NOW)
        with pytest.raises(NotAllowed):
            faults.settle_fault(session, NOW, an_actor(place.kari), fault, Settling.FIXED)

        assert (empty.value.field, past.value.field) == ("what", "back_date")
