"""The mistakes that other systems make (docs/rules.md tells the rules): one named test for each."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Booking, Outage
from booking.services import bookings, series
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.importing import Row, plan_import, take_in
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import SKIP, SeriesWish
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room
from tests.support.deciding import NOW, WEEKDAYS, a_district, a_wish, an_actor, set_rule


def codes_of(door):
    with pytest.raises(BookingRefused) as refused:
        door()
    return set(refused.value.verdict.codes)


def test_policy_checked_on_the_web_form_only(change):
    """An edit, a series and an import meet the same rule as the form."""
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R21", {"minutes": 120})
        kari, long = an_actor(place.kari), a_wish(place.sluppen, "2027-05-18 10:00-14:00")
        short = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-19 10:00-11:00")
        plan = plan_import(session, NOW, "sluppen", place.kari.email, "")

        assert codes_of(lambda: request_booking(session, NOW, kari, long)) == {"R21.too_long"}
        edit = codes_of(lambda: change_booking(session, NOW, kari, short.public_id, long, version=1))
        assert edit == {"R21.too_long"}
        assert take_in(session, NOW, plan, Row(1, "u", long.wall, email=place.kari.email)).codes == ("R21.too_long",)
        weighed = series.preview(session, NOW, place.kari.id, SeriesWish(long, Recurrence(Every.WEEK, count=3)))
        assert all("R21.too_long" in line.verdict.codes for line in weighed.lines)


def test_only_the_first_problem_is_shown(change):
    with change() as session:
        place = a_district(session)
        for rule, params in {"R21": {"minutes": 60}, "R10": {"windows": WEEKDAYS}, "R17": {"hours": 2000}}.items():
            set_rule(session, "site", place.site.id, rule, params)
        wish = a_wish(place.sluppen, "2027-05-22 10:07-14:00")

        found = codes_of(lambda: request_booking(session, NOW, an_actor(place.kari), wish))

    assert found == {"R02.grid", "R10.closed_then", "R17.notice", "R21.too_long"}


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        ("2027-05-21T09:00", "2027-05-24T12:00", "R10.closed_then"),  # Friday to Monday over the weekend
        ("2027-05-14T09:00", "2027-05-18T12:00", "R11.closure"),  # across 17 May
    ],
)
def test_opening_hours_checked_at_the_two_ends_only(change, starts, ends, code):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R10", {"windows": WEEKDAYS})
        set_rule(session, "site", place.site.id, "R11", {"public_holidays": "NO"})
        wall = WallSpan(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
        wish = Wish((Item(place.sluppen.id),), wall)

        assert code in codes_of(lambda: request_booking(session, NOW, an_actor(place.kari), wish))


def test_room_capacity_with_overlapping_intervals_merged_wrongly(change):
    """Of two places, 10–12 and 11–13 leave none from 11 to 12; a third at 11:30 does not fit, one at 12 does."""
    with change() as session:
        place = a_district(session)
        desks = a_room(session, place.site, units=2, is_pool=True, seats=None)
        for at in ("2027-05-18 10:00-12:00", "2027-05-18 11:00-13:00"):
            request_booking(session, NOW, an_actor(a_member(session)), a_wish(desks, at))
        third = a_wish(desks, "2027-05-18 11:30-12:30")
        late = a_wish(desks, "2027-05-18 12:00-13:00")

        assert codes_of(lambda: request_booking(session, NOW, an_actor(place.kari), third)) == {"R05.overlap"}
        assert request_booking(session, NOW, an_actor(place.kari), late).public_id


def test_a_repeating_outage_checked_for_its_first_date_only(change):
    with change() as session:
        place = a_district(session)
        for week in range(3):
            starts_at = datetime(2027, 5, 18, 8, 0, tzinfo=OSLO) + timedelta(weeks=week)
            session.add(_outage(place, starts_at))
        session.flush()

        for day in ("2027-05-18", "2027-05-25", "2027-06-01"):
            wish = a_wish(place.sluppen, f"{day} 09:00-10:00")
            assert bookings.preview(session, NOW, wish, place.kari.id)[0].codes == ("R12.outage",)
        assert request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, "2027-06-08 09:00-10:00"))


def _outage(place, starts_at):
    return Outage(
        public_id=f"o{starts_at:%m%d}".ljust(22, "o"), resource_id=place.sluppen.id, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4), effect="block", reason="Service", set_at=NOW,
    )  # fmt: skip


def test_a_slot_grid_enforced_in_one_view_only(change):
    """The form, a move and a series all keep to the steps."""
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R02", {"step_minutes": 30})
        kari, off = an_actor(place.kari), a_wish(place.sluppen, "2027-05-18 10:15-11:15")
        booking = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-19 10:00-11:00")

        assert bookings.preview(session, NOW, off, place.kari.id)[0].codes == ("R02.grid",)
        assert codes_of(lambda: request_booking(session, NOW, kari, off)) == {"R02.grid"}
        assert codes_of(lambda: change_booking(session, NOW, kari, booking.public_id, off, version=1)) == {"R02.grid"}
        weighed = series.preview(session, NOW, place.kari.id, SeriesWish(off, Recurrence(Every.WEEK, count=2)))
        assert {code for line in weighed.lines for code in line.verdict.codes} | {
            each.code for each in weighed.of_all
        } == {"R02.grid"}


def test_a_series_edit_that_brings_back_dates_the_member_had_deleted(change):
    with change() as session:
        place = a_district(session)
        kari, wish = an_actor(place.kari), a_wish(place.sluppen, "2027-05-18 10:00-11:00")
        skipped = SeriesWish(wish, Recurrence(Every.WEEK, count=5), {date(2027, 5, 25): SKIP})
        series.save(session, NOW, kari, skipped)
        rows = session.scalars(select(Booking).order_by(Booking.starts_at)).all()
        cancel_booking(session, NOW, kari, rows[2].public_id)
        later = a_wish(place.sluppen, "2027-05-18 11:00-12:00")

        change_series(session, NOW, kari, rows[0].public_id, SeriesChange(later, Reach.ALL))

        live = session.scalars(select(Booking).where(Booking.live).order_by(Booking.starts_at)).all()
        days = [row.starts_at.astimezone(OSLO).date().isoformat() for row in live]
    assert days == ["2027-05-18", "2027-06-01", "2027-06-15"]
    assert {f"{row.starts_at.astimezone(OSLO):%H:%M}" for row in live} == {"11:00"}
