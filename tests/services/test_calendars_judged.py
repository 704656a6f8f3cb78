"""What a calendar elsewhere has taken is taken here, and what was booked before can stay. On both databases.

That every door refuses it with the same words is told by tests/services/test_doors.py.
"""

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused
from booking.core.recurrence import Every, Recurrence
from booking.core.verdict import Weight
from booking.models import Booking, ResourceUnit
from booking.services import series
from booking.services.bookings import request_booking
from booking.services.changes import change_booking, preview_change
from booking.services.series_wishes import Fate, SeriesWish
from booking.services.standing import standing_of
from booking.services.stretching import as_long_as_it_can_be
from tests.factories import a_booking, a_room, span_at
from tests.services.elsewhere import TEN_TO_TWELVE, TUESDAY, a_taken_room, judged
from tests.support.calendars import a_busy_time, a_calendar
from tests.support.deciding import NOW, a_district, a_wish, an_actor, set_rule


@pytest.fixture
def place():
    """`place(session)`: Innocamp has Sluppen on Tuesday from ten to twelve."""
    return a_taken_room


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        (f"{TUESDAY} 09:00-10:00", ()),
        (f"{TUESDAY} 09:00-10:15", ("R05.elsewhere",)),
        (f"{TUESDAY} 10:00-12:00", ("R05.elsewhere",)),
        (f"{TUESDAY} 10:30-11:00", ("R05.elsewhere",)),
        (f"{TUESDAY} 11:45-13:00", ("R05.elsewhere",)),
        (f"{TUESDAY} 12:00-13:00", ()),
        ("2027-05-05 10:00-12:00", ()),
    ],
)
def test_it_takes_its_time_to_the_minute_and_no_more(change, place, at, codes):
    with change() as session:
        here = place(session)

        assert judged(session, here, at).codes == codes
        assert judged(session, here, at, here.oya).codes == ()


def test_it_is_told_by_the_calendars_name_and_when_and_no_more(change, place):
    with change() as session:
        (finding,) = judged(session, place(session), TEN_TO_TWELVE).findings

    assert finding.weight is Weight.LOCKED
    assert finding.facts == {
        "resource": "Sluppen",
        "place": "Sluppen",
        "name": "Innocamp",
        "taken": [["2027-05-04T08:00:00+00:00", "2027-05-04T10:00:00+00:00"]],
    }


def test_tentative_events_take_time_where_the_managers_say_so(change):
    with change() as session:
        here = a_district(session)
        for room, blocks in ((here.sluppen, True), (here.oya, False)):
            calendar = a_calendar(session, room, tentative_blocks=blocks)
            a_busy_time(session, calendar, span_at(TEN_TO_TWELVE), is_tentative=True)

        assert judged(session, here, TEN_TO_TWELVE).codes == ("R05.elsewhere",)
        assert judged(session, here, TEN_TO_TWELVE, here.oya).codes == ()


def test_a_hall_is_taken_through_its_part_and_the_part_through_its_hall(change):
    with change() as session:
        here = a_district(session)
        hall = a_room(session, here.site, units=0, slug="hall", name="Hall")
        unit = session.scalar(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == here.sluppen.id))
        session.add(ResourceUnit(resource_id=hall.id, unit_id=unit))
        a_calendar(session, here.sluppen, TEN_TO_TWELVE)
        a_calendar(session, hall, f"{TUESDAY} 14:00-15:00", name="Hall’s own")

        through_part = judged(session, here, TEN_TO_TWELVE, hall)
        through_hall = judged(session, here, f"{TUESDAY} 14:00-15:00")

    assert [(each.code, each.facts["place"]) for each in through_part.findings] == [("R05.elsewhere", "Sluppen")]
    assert [(each.code, each.facts["place"]) for each in through_hall.findings] == [("R05.elsewhere", "Hall")]


def test_a_pool_is_taken_as_a_whole(change):
    with change() as session:
        here = a_district(session)
        desks = a_room(session, here.site, units=3, is_pool=True, slug="desks")
        a_calendar(session, desks, TEN_TO_TWELVE)

        assert judged(session, here, TEN_TO_TWELVE, desks).codes == ("R05.elsewhere",)


def test_set_up_and_clean_up_need_room_beside_it(change, place):
    with change() as session:
        here = place(session)
        set_rule(session, "resource", here.sluppen.id, "R06", {"before_minutes": 30, "after_minutes": 15})

        assert judged(session, here, f"{TUESDAY} 12:00-13:00").codes == ("R06.buffer",)
        assert judged(session, here, f"{TUESDAY} 12:30-13:00").codes == ()
        assert judged(session, here, f"{TUESDAY} 09:00-10:00").codes == ("R06.buffer",)
        assert judged(session, here, f"{TUESDAY} 08:30-09:45").codes == ()
        assert judged(session, here, f"{TUESDAY} 11:00-13:00").codes == ("R05.elsewhere",)


def test_no_manager_can_book_over_it(change, place):
    with change() as session:
        here = place(session)

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, here.nils, a_wish(here.sluppen, TEN_TO_TWELVE), override="I want to")

    assert refused.value.verdict.codes == ("R05.elsewhere",)


def test_of_a_series_only_the_date_that_is_taken_elsewhere_stands_in_the_way(change, place):
    with change() as session:
        here = place(session)
        weekly = SeriesWish(a_wish(here.sluppen, TEN_TO_TWELVE), Recurrence(Every.WEEK, count=3))

        lines = series.preview(session, NOW, here.kari.id, weekly).lines

    assert [line.fate for line in lines] == [Fate.TAKEN, Fate.FINE, Fate.FINE]


# --- what was booked before -------------------------------------------------------------------------------------------


@pytest.fixture
def kept(change):
    """`kept(session)`: Kari had Sluppen from eleven to one before the calendar said anything."""

    def kept(session):
        here = a_district(session)
        booking = a_booking(session, on=here.sluppen, member=here.kari, at=f"{TUESDAY} 11:00-13:00")
        a_calendar(session, here.sluppen, TEN_TO_TWELVE)
        return here, booking

    return kept


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        (f"{TUESDAY} 11:00-13:00", ()),
        (f"{TUESDAY} 11:00-14:00", ()),
        (f"{TUESDAY} 11:30-13:00", ()),
        (f"{TUESDAY} 12:00-13:00", ()),
        (f"{TUESDAY} 10:30-13:00", ("R05.elsewhere",)),
        (f"{TUESDAY} 08:00-10:15", ("R05.elsewhere",)),
    ],
)
def test_a_change_of_it_is_refused_only_what_is_worse_than_before(change, kept, at, codes):
    with change() as session:
        here, booking = kept(session)
        wish, kari = a_wish(here.sluppen, at, title="New"), an_actor(here.kari)

        assert preview_change(session, NOW, kari, booking.public_id, wish).codes == codes
        if codes:
            with pytest.raises(BookingRefused):
                change_booking(session, NOW, kari, booking.public_id, wish, version=1)
        else:
            change_booking(session, NOW, kari, booking.public_id, wish, version=1)
            assert session.get(Booking, booking.id).span == span_at(at)


def test_as_long_as_it_can_be_ends_where_elsewhere_begins(change, place):
    with change() as session:
        here = place(session)
        booking = a_booking(session, on=here.sluppen, member=here.kari, at=f"{TUESDAY} 08:00-09:00")
        standing = standing_of(session, booking)

        longest = as_long_as_it_can_be(session, NOW, standing, a_wish(here.sluppen, f"{TUESDAY} 08:00-13:00"))

    assert longest.span == span_at(f"{TUESDAY} 08:00-10:00")
