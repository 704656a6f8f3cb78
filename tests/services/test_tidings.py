"""Holders hear what maintenance, faults and managers of a series do to their bookings. On both databases."""

from dataclasses import replace
from datetime import timedelta

from booking.core.outages import Effect
from booking.models import Duty, JournalEntry
from booking.services import faults, history, notices, outages
from booking.services.catalogue import resource_by_slug
from booking.services.faults import Settling
from booking.services.triage import Choice, Decision
from tests.factories import a_booking, a_member, span_at
from tests.support.deciding import NOW, a_district, an_actor, set_rule

TUESDAY = "2027-05-04"
PLAN = outages.Plan((span_at(f"{TUESDAY} 09:00-12:00"),), Effect.BLOCK, "New lamps")


def told(session, member):
    return [(each.kind, each.who, each.message) for each in notices.unread(session, an_actor(member))]


def actions(session, booking_id):
    return [each.action for each in history.history(session, booking_id)]


def keeping(booking):
    return {booking.public_id: Decision(booking.version, Choice.KEEP)}


def test_who_keeps_a_booking_under_maintenance_hears_so_and_again_when_it_is_called_off(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        booking = a_booking(session, on=place.sluppen, member=place.kari, at=f"{TUESDAY} 10:00-11:00")

        outages.lay_outage(session, NOW, place.nils, card, PLAN, keeping(booking), "It will be dark")
        (laid,) = outages.upcoming_outages(session, NOW)
        outages.remove_outage(session, NOW, place.nils, laid.public_id)

        assert told(session, place.kari) == [("outage_lifted", "Nils", ""), ("outage_kept", "Nils", "It will be dark")]
        assert actions(session, booking.id) == ["outage.kept", "outage.lifted"]


def test_maintenance_cancels_after_the_deadline_for_changes(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R19", {"hours": 240, "effect": "refuse"})
        nils = replace(place.nils, member_id=place.kari.id)  # one who holds the booking and manages the room
        booking = a_booking(session, on=place.sluppen, member=place.kari, at=f"{TUESDAY} 10:00-11:00")
        card = resource_by_slug(session, "sluppen")

        decisions = {booking.public_id: Decision(booking.version, Choice.CANCEL)}
        outages.lay_outage(session, NOW, nils, card, PLAN, decisions, "It will be dark")

        assert not booking.live


def test_whose_booking_a_fault_hits_hears_so_without_a_name_and_again_when_it_is_over(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R13", {"fault_reports": "always"})
        ola = a_member(session, name="Ola")
        hit, later = (
            a_booking(session, on=place.sluppen, member=ola, at=f"{day} 10:00-11:00") for day in (TUESDAY, "2027-05-20")
        )
        card = resource_by_slug(session, "sluppen")

        made = faults.report_fault(session, NOW, an_actor(place.kari), card, "Smoke", is_dangerous=False)
        first = told(session, ola)
        faults.settle_fault(
            session, NOW, place.nils, made.public_id, Settling.OUT, expected_back=NOW + timedelta(hours=1)
        )
        again = told(session, ola)
        faults.settle_fault(session, NOW, place.nils, made.public_id, Settling.FIXED)

        assert first == [("fault", "", "")]
        assert told(session, ola) == again == [("fault_over", "", ""), ("fault", "", "")]
        assert (actions(session, hit.id), actions(session, later.id)) == (["fault.affects", "fault.over"], [])
        assert told(session, place.kari) == [("fault_fixed", "Nils", ""), ("fault_out", "Nils", "")]
        assert "Smoke" not in str([(each.after, each.text) for each in session.query(JournalEntry)])


def test_managers_hear_of_a_report_and_with_its_reporter_how_it_was_settled(change):
    with change() as session:
        place = a_district(session)
        siri, ola, away = (a_member(session, name=name) for name in ("Siri", "Ola", "Away"))
        away.deactivated_at = NOW
        scopes = {
            siri: ("building", place.building.id),
            ola: ("resource", place.sluppen.id),
            away: ("site", place.site.id),
        }
        session.add_all(Duty(member_id=who.id, scope_kind=kind, scope_id=id_) for who, (kind, id_) in scopes.items())
        session.flush()
        card = resource_by_slug(session, "sluppen")
        manager = an_actor(siri, manages=frozenset({scopes[siri]}))

        made = faults.report_fault(session, NOW, an_actor(place.kari), card, "Smoke", is_dangerous=True)
        back = NOW + timedelta(hours=1)
        faults.settle_fault(session, NOW, manager, made.public_id, Settling.OUT, expected_back=back)
        faults.settle_fault(session, NOW, manager, made.public_id, Settling.OUT, expected_back=back)
        faults.settle_fault(session, NOW, manager, made.public_id, Settling.USABLE)

        reported = ("fault_reported", "Kari", "Smoke")
        assert told(session, siri) == [reported]
        assert told(session, ola) == [("fault_usable", "Siri", ""), ("fault_out", "Siri", ""), reported]
        assert told(session, place.kari) == [("fault_usable", "Siri", ""), ("fault_out", "Siri", "")]
        assert told(session, away) == []
        news = notices.recent(session, an_actor(ola))
        assert [(each.booking, each.fault.card.slug, each.fault.back) for each in news] == [
            (None, "sluppen", None), (None, "sluppen", back), (None, "sluppen", None),
        ]  # fmt: skip
        assert [each.fault.is_dangerous for each in news] == [False, False, True]


def test_a_report_about_what_nobody_manages_reaches_the_admins(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")

        faults.report_fault(session, NOW, an_actor(place.kari), card, "Dark", is_dangerous=False)
        faults.report_fault(session, NOW, place.nils, card, "Darker", is_dangerous=False)

        assert [each.message for each in notices.unread(session, place.nils)] == ["Dark"]
