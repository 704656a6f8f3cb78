"""Qualifications in the services: judged at every door, granted, withdrawn, and what that does to bookings."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select

from booking.core.details import Details
from booking.core.errors import BookingRefused, InvalidInput, NotAllowed, WrongState
from booking.core.recurrence import Every, Recurrence
from booking.models import Booking, BookingHold, FeedCounter, JournalEntry, Notice, QualificationGrant
from booking.services import calibration, changes, holds, qualifications, rule_changes
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.handing_over import hand_over_booking
from booking.services.qualifications import GrantValues, QualificationValues
from booking.services.scopes import where
from booking.services.series import preview
from booking.services.series_wishes import SeriesWish
from booking.services.stranded import unfit
from tests.factories import a_booking
from tests.support.deciding import a_wish, set_rule
from tests.support.labs import MAY_4, MAY_18, NOW, a_lab, an_actor, newest_grant

AFTERWARDS = "2027-06-01"
ANY = Booking.id > 0


def codes(session, lab, at, who=None, **details):
    """What a booking of the microscope is refused for; nothing when it is made."""
    wish = a_wish(lab.microscope, at, details=Details(**details))
    try:
        request_booking(session, NOW, an_actor(who or lab.kari), wish)
    except BookingRefused as refused:
        return refused.verdict.codes
    return ()


def booked(session, lab, at=f"{MAY_18} 10:00-11:00", who=None, **about):
    return a_booking(session, on=lab.microscope, member=who or lab.kari, at=at, **about)


def told(session, member):
    return list(session.scalars(select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)))


def on_hold(session):
    return {id_: [each.code for each in found] for id_, found in holds.on_hold(session, NOW, ANY).items()}


def marks(session):
    return list(session.scalars(select(BookingHold.booking_id)))


def test_a_booking_needs_what_the_microscope_asks_for_until_its_end(change):
    with change() as session:
        lab = a_lab(session)

        assert codes(session, lab, f"{MAY_4} 10:00-11:00") == ()
        assert codes(session, lab, f"{MAY_4} 10:00-11:00", who=lab.ola) == ("R05.overlap", "R31.missing")
        assert codes(session, lab, "2027-05-31 22:00-00:00") == ()
        assert codes(session, lab, "2027-05-31 22:00-01:00") == ("R05.overlap", "R31.expires")
        assert codes(session, lab, f"{AFTERWARDS} 10:00-11:00") == ("R31.expires",)


def test_who_is_qualified_may_stand_beside_where_that_is_allowed(change):
    with change() as session:
        lab = a_lab(session, supervised_ok=True)

        assert codes(session, lab, f"{MAY_4} 10:00-11:00", who=lab.ola, supervisor_id=lab.kari.id) == ()
        assert codes(session, lab, f"{AFTERWARDS} 10:00-11:00", who=lab.ola, supervisor_id=lab.kari.id) == (
            "R31.missing", "R31.supervisor",
        )  # fmt: skip
        held = session.scalars(select(Booking)).one()
        assert held.details == {"supervisor_id": lab.kari.id}
        assert unfit(session, NOW, [lab.microscope.id]) == {}


def test_many_bookings_of_many_members_are_each_judged_by_what_their_member_has(change):
    with change() as session:
        lab = a_lab(session)
        mine, theirs = booked(session, lab), booked(session, lab, f"{MAY_18} 12:00-13:00", who=lab.ola)

        found = unfit(session, NOW, [lab.microscope.id])

        assert {id_: [each.code for each in findings] for id_, findings in found.items()} == {
            theirs.id: ["R31.missing"]
        }
        assert on_hold(session) == {theirs.id: ["R31.missing"]}
        assert mine.id not in found


def test_a_change_to_a_time_after_it_runs_out_is_refused_and_a_shorter_one_is_not(change):
    with change() as session:
        lab = a_lab(session)
        late = booked(session, lab, f"{AFTERWARDS} 10:00-12:00")
        early = booked(session, lab)
        kari = an_actor(lab.kari)

        wish = a_wish(lab.microscope, f"{AFTERWARDS} 14:00-15:00")
        with pytest.raises(BookingRefused) as refused:
            changes.change_booking(session, NOW, kari, early.public_id, wish, version=1)
        changes.change_booking(
            session, NOW, kari, late.public_id, a_wish(lab.microscope, f"{AFTERWARDS} 10:00-11:00"), version=1
        )

        assert refused.value.verdict.codes == ("R31.expires",)


def test_it_is_handed_over_only_to_somebody_who_has_it_whatever_its_holder_lacks(change):
    with change() as session:
        lab = a_lab(session)
        late = booked(session, lab, f"{AFTERWARDS} 10:00-12:00")

        with pytest.raises(BookingRefused):
            hand_over_booking(session, NOW, lab.nils, late.public_id, lab.ola.id)


def test_a_qualification_that_lapses_while_future_bookings_stay_untouched_and_unflagged(change):
    """The mistake: others keep the booking as if nothing had happened. Here it is on hold, and its holder is told."""
    with change() as session:
        lab = a_lab(session)
        booking = booked(session, lab)
        other = booked(session, lab, f"{MAY_18} 12:00-13:00", who=lab.ola)
        lab.grant(session, lab.ola)
        before = booking.modified_at

        stopped = qualifications.withdraw(session, NOW, lab.nils, grant_of(session, lab.kari), "Left the lens dirty")

        assert stopped == 1
        assert on_hold(session) == {booking.id: ["R31.missing"]}
        assert marks(session) == [booking.id]
        assert (booking.live, booking.state) == (True, "confirmed")
        assert told(session, lab.kari) == ["on_hold"]
        assert told(session, lab.ola) == []
        assert booking.modified_at > before
        assert other.id not in marks(session)

        lab.grant(session, lab.kari, since=date(2027, 5, 3))

        assert on_hold(session) == {}
        assert marks(session) == []
        assert told(session, lab.kari) == ["on_hold", "released"]
        actions = list(session.scalars(select(JournalEntry.action).where(JournalEntry.subject_kind == "booking")))
        assert actions == ["booking.on_hold", "booking.released"]


def grant_of(session, member):
    query = select(QualificationGrant.public_id).where(QualificationGrant.member_id == member.id)
    return session.scalars(query.order_by(QualificationGrant.id.desc())).first()


def test_feeds_change_in_the_same_transaction_as_the_mark(change):
    with change() as session:
        lab = a_lab(session)
        booked(session, lab)
        of_kari = (FeedCounter.scope_kind == "member", FeedCounter.scope_id == lab.kari.id)
    with change() as session:
        before = session.scalar(select(FeedCounter.rev).where(*of_kari)) or 0
        qualifications.withdraw(session, NOW, lab.nils, grant_of(session, lab.kari), "Mistake")
    with change() as session:
        assert session.scalar(select(FeedCounter.rev).where(*of_kari)) == before + 1


def test_a_supervisor_s_lapse_stops_those_who_are_supervised(change):
    with change() as session:
        lab = a_lab(session, supervised_ok=True)
        codes(session, lab, f"{MAY_4} 10:00-11:00", who=lab.ola, supervisor_id=lab.kari.id)
        qualifications.withdraw(session, NOW, lab.nils, grant_of(session, lab.kari), "On leave")

        (booking,) = session.scalars(select(Booking))
        assert on_hold(session) == {booking.id: ["R31.missing", "R31.supervisor"]}
        assert told(session, lab.ola) == ["on_hold"]


def test_a_rule_that_is_set_later_puts_bookings_on_hold_and_never_cancels_them(change):
    with change() as session:
        lab = a_lab(session)
        booking = a_booking(session, on=lab.place.sluppen, member=lab.ola, at=f"{MAY_18} 10:00-11:00")
        place = where(session, "resource", lab.place.sluppen.id)
        asked = {"R31": {"all_of": [lab.training.id]}}
        saved = rule_changes.change_rules(session, NOW, lab.nils, place, asked)

        assert saved.no_longer_fit == (booking.id,)
        assert marks(session) == [booking.id]
        assert told(session, lab.ola) == ["on_hold"]

        with pytest.raises(InvalidInput) as unknown:
            rule_changes.change_rules(session, NOW, lab.nils, place, {"R31": {"all_of": [999]}})
        assert unknown.value.field == "R31.all_of"


def test_calibration_is_kept_in_the_journal_and_a_lapse_puts_on_hold(change):
    with change() as session:
        lab = a_lab(session)
        booking = booked(session, lab)
        set_rule(session, "resource", lab.microscope.id, "R14", {"mode": "refuse"})
        due = date(2027, 5, 17)
        saved = calibration.set_due(session, NOW, lab.nils, resource_by_slug(session, "confocal"), due)

        assert saved.no_longer_fit == (booking.id,)
        assert on_hold(session) == {booking.id: ["R14.calibration"]}
        assert codes(session, lab, f"{MAY_18} 12:00-13:00") == ("R14.calibration",)
        assert codes(session, lab, "2027-05-17 12:00-13:00") == ()

        card = resource_by_slug(session, "confocal")
        calibration.set_due(session, NOW, lab.nils, card, date(2028, 5, 17))

        assert on_hold(session) == {}
        assert told(session, lab.kari)[:2] == ["on_hold", "released"]
        assert [past.due for past in calibration.history(session, card)] == [date(2028, 5, 17), due]
        with pytest.raises(NotAllowed):
            calibration.set_due(session, NOW, an_actor(lab.kari), card, None)


def test_a_series_of_104_dates_reads_what_has_been_learnt_once(change):
    """Facts hold all grants, so that a date in the middle that comes after the last day is found by the same read."""
    with change() as session:
        lab = a_lab(session)
        weighed(session, lab, 1)
        one, _ = weighed(session, lab, 2)
        many, found = weighed(session, lab, 104)

        refused = [line for line in found.lines if line.verdict.refused]
        assert [each.code for each in refused[0].verdict.findings] == ["R31.expires"]
        assert refused[0].day == date(2027, 6, 1)
        assert len(refused) == 100
        assert many == one


def weighed(session, lab, dates):
    """How often the grants were asked for, and the dates of a weekly series with their verdicts."""
    asked = []

    def listen(*about):
        asked.append(about[2])

    wish = a_wish(lab.microscope, f"{MAY_4} 10:00-11:00")
    event.listen(session.connection(), "before_cursor_execute", listen)
    found = preview(session, NOW, lab.kari.id, SeriesWish(wish, Recurrence(Every.WEEK, count=dates), {}))
    event.remove(session.connection(), "before_cursor_execute", listen)
    return len([each for each in asked if "FROM qualification_grant" in each]), found


def test_granting_checks_who_may_what_and_when(change):
    with change() as session:
        lab = a_lab(session, grant=False)
        key = lab.training.public_id
        values = GrantValues(date(2027, 5, 3))

        assert qualifications.grant(session, NOW, lab.nils, key, [lab.ola.email, lab.kari.email], values).new == 2
        assert qualifications.grant(session, NOW, lab.nils, key, [lab.ola.email], values) == qualifications.Granted(
            0, 1
        )
        assert newest_grant(session).expires_on == date(2029, 5, 3)
        with pytest.raises(NotAllowed):
            qualifications.grant(session, NOW, an_actor(lab.kari), key, [lab.ola.email], values)
        with pytest.raises(InvalidInput) as unknown:
            qualifications.grant(session, NOW, lab.nils, key, [lab.ola.email, "x@example.invalid"], values)
        assert unknown.value.facts["email"] == "x@example.invalid"
        backwards = replace(values, expires_on=date(2027, 5, 2))
        with pytest.raises(InvalidInput):
            qualifications.grant(session, NOW, lab.nils, key, [lab.ola.email], backwards)


def test_what_is_withdrawn_stays_as_history_with_its_reason(change):
    with change() as session:
        lab = a_lab(session)
        public_id = grant_of(session, lab.kari)
        with pytest.raises(InvalidInput) as silent:
            qualifications.withdraw(session, NOW, lab.nils, public_id, " ")
        qualifications.withdraw(session, NOW, lab.nils, public_id, "Asked for it")

        assert silent.value.field == "reason"
        held = newest_grant(session)
        assert (held.reason, held.withdrawn_by_id, held.withdrawn_at) == ("Asked for it", lab.nils.member_id, NOW)
        with pytest.raises(WrongState):
            qualifications.withdraw(session, NOW, lab.nils, public_id, "Twice")


def test_a_site_names_each_qualification_once(change):
    with change() as session:
        lab = a_lab(session, grant=False)
        values, other = QualificationValues("Confocal training"), QualificationValues("Other")
        with pytest.raises(InvalidInput) as taken:
            qualifications.create_qualification(session, NOW, lab.nils, lab.place.site.id, values)
        with pytest.raises(NotAllowed):
            qualifications.create_qualification(session, NOW, an_actor(lab.kari), lab.place.site.id, other)

        assert taken.value.code == "name.taken"
