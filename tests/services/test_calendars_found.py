"""What a calendar elsewhere has taken is found nowhere, offered nowhere, and shown as busy. On both databases."""

from datetime import date, timedelta
from random import Random

import pytest

from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.services.alternatives import alternatives
from booking.services.bookings import preview
from booking.services.catalogue import resource_by_slug, resources
from booking.services.cells import CellKind
from booking.services.drafts import Draft
from booking.services.find import Search, find
from booking.services.find_combinations import find_combinations
from booking.services.find_times import WideSearch, find_times
from booking.services.importing import Fate, Row, plan_import, take_in
from booking.services.rehearsal import rehearse
from booking.services.rule_changes import Asked
from booking.services.scopes import district
from booking.services.timeline import day_of
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, span_at
from tests.services.elsewhere import TEN_TO_TWELVE, TUESDAY, a_taken_room, judged
from tests.support.calendars import a_busy_time, a_calendar
from tests.support.deciding import NOW, WEEKDAYS, a_district, a_wish, an_actor, set_rule


@pytest.fixture
def place():
    """`place(session)`: Innocamp has Sluppen on Tuesday from ten to twelve."""
    return a_taken_room


@pytest.fixture
def kept(change):
    """`kept(session)`: Kari had Sluppen from eleven to one before the calendar said anything."""

    def kept(session):
        here = a_district(session)
        booking = a_booking(session, on=here.sluppen, member=here.kari, at=f"{TUESDAY} 11:00-13:00")
        a_calendar(session, here.sluppen, TEN_TO_TWELVE)
        return here, booking

    return kept


# --- finding ----------------------------------------------------------------------------------------------------------


def test_it_is_not_found_then_and_the_ways_out_lie_beside_it(change, place):
    with change() as session:
        here = place(session)
        wish = a_wish(here.sluppen, TEN_TO_TWELVE)

        result = find(session, NOW, here.kari.id, Search(wish.wall))
        before = find(session, NOW, here.kari.id, Search(a_wish(here.sluppen, f"{TUESDAY} 08:00-09:00").wall))
        offered = alternatives(session, NOW, here.kari.id, wish)

    assert [each.card.name for each in result.fits] == ["Øya"]
    assert {each.card.name: each.free_until for each in before.fits}["Sluppen"] == span_at(TEN_TO_TWELVE).starts_at
    same = [each.span for each in offered if each.card.name == "Sluppen"]
    assert span_at(f"{TUESDAY} 12:00-14:00") in same
    assert not any(span.overlaps(span_at(TEN_TO_TWELVE)) for span in same)
    assert any(each.card.name == "Øya" and each.span == span_at(TEN_TO_TWELVE) for each in offered)


def test_ways_out_leave_room_for_clean_up_before_it(change, place):
    with change() as session:
        here = place(session)
        set_rule(session, "resource", here.sluppen.id, "R06", {"after_minutes": 30})

        offered = alternatives(session, NOW, here.kari.id, a_wish(here.sluppen, f"{TUESDAY} 09:00-10:00"))

    assert span_at(f"{TUESDAY} 08:30-09:30") in [each.span for each in offered if each.card.name == "Sluppen"]


def test_over_many_days_exactly_what_the_judge_accepts_is_found(change, place):
    """Every room that the judge takes at some quarter is found, and every offer is accepted."""
    dice, days = Random(5), [date(2027, 5, day) for day in range(4, 8)]
    with change() as session:
        here = place(session)
        calendar = a_calendar(session, here.oya)
        for day in days:
            for _ in range(3):
                opens = dice.randrange(8, 18)
                a_busy_time(session, calendar, span_at(f"{day} {opens:02}:00-{opens + dice.randint(1, 3):02}:30"))
        search = WideSearch(tuple(days), timedelta(hours=9), timedelta(hours=17), timedelta(hours=3))

        result = find_times(session, NOW, here.kari.id, search)
        free = {card.name for card in resources(session) if _some_time(session, here, card, search)}

        assert {each.card.name for each in result.fits} == free
        for each in result.fits:
            for offer in each.offers:
                wish = Wish((Item(each.card.id),), WallSpan.of(offer.span, OSLO))
                assert preview(session, NOW, wish, here.kari.id)[0].allowed


def _some_time(session, here, card, search):
    room = here.sluppen if card.id == here.sluppen.id else here.oya
    spans = (
        TimeSpan(opens, opens + search.length)
        for day in search.days
        for opens in (span_at(f"{day} 09:00-17:00").starts_at + n * timedelta(minutes=15) for n in range(21))
    )
    wishes = (Wish((Item(room.id),), WallSpan.of(span, OSLO)) for span in spans)
    return any(preview(session, NOW, wish, here.kari.id)[0].allowed for wish in wishes)


# --- seen -------------------------------------------------------------------------------------------------------------


def told(session, actor=None, day=TUESDAY):
    shown = day_of(session, NOW, actor, [resource_by_slug(session, "sluppen")], date.fromisoformat(day), OSLO)
    (row,) = shown.rows
    return [
        (
            cell.kind,
            f"{cell.span.starts_at.astimezone(OSLO):%H:%M}-{cell.span.ends_at.astimezone(OSLO):%H:%M}",
            cell.reason,
        )
        for cell in row.cells
    ]


def test_the_day_shows_it_as_taken_with_the_calendars_name(change, place):
    with change() as session:
        place(session)

        cells = told(session)

    assert cells == [
        (CellKind.FREE, "08:00-10:00", ""),
        (CellKind.TAKEN, "10:00-12:00", "Innocamp"),
        (CellKind.FREE, "12:00-20:00", ""),
    ]


def test_a_booking_that_lies_under_it_is_still_seen(change, kept):
    with change() as session:
        here, _ = kept(session)
        set_rule(session, "site", here.site.id, "R10", {"windows": WEEKDAYS})

        cells = told(session, an_actor(here.kari))

    assert [(kind, when) for kind, when, _ in cells] == [
        (CellKind.FREE, "08:00-10:00"),
        (CellKind.TAKEN, "10:00-11:00"),
        (CellKind.MINE, "11:00-13:00"),
        (CellKind.FREE, "13:00-20:00"),
    ]


# --- imports and rehearsals -------------------------------------------------------------------------------------------


def test_an_event_that_is_taken_over_as_a_booking_does_not_stand_in_its_own_way(change, place):
    with change() as session:
        here = a_district(session)
        calendar = a_calendar(session, here.sluppen)
        for uid, at in (("mine@elsewhere", TEN_TO_TWELVE), ("other@elsewhere", f"{TUESDAY} 14:00-15:00")):
            a_busy_time(session, calendar, span_at(at), uid=uid)
        plan = plan_import(session, NOW, "sluppen", here.kari.email, "")

        def row(uid, at):
            return take_in(session, NOW, plan, Row(1, uid, WallSpan.of(span_at(at), OSLO), email=here.kari.email))

        taken_over, under_another = row("mine@elsewhere", TEN_TO_TWELVE), row("third", f"{TUESDAY} 14:00-15:00")
        refused = row("other@elsewhere", f"{TUESDAY} 11:00-15:00")
        still = judged(session, here, f"{TUESDAY} 14:00-15:00")

    assert taken_over.fate is Fate.NEW
    assert under_another.codes == ("R05.elsewhere",)
    assert refused.codes == ("R05.overlap",)
    assert still.codes == ("R05.elsewhere",)


def test_a_rehearsal_knows_it_on_both_sides(change, kept):
    """A draft that makes requests compete changes nothing about what is taken elsewhere."""
    with change() as session:
        here, _ = kept(session)
        asked = {("resource", here.sluppen.id): Asked({"R05": {"pending_blocks": False}})}

        *_, done = rehearse(session, NOW, district(session), Draft(asked, {}))

    assert (done.judged, done.refused, done.refused_already) == (1, [], 1)


def test_two_rooms_together_are_offered_only_when_both_are_free(change, place):
    with change() as session:
        here = place(session)
        building = here.sluppen.building_id
        here.oya.building_id = building
        session.flush()
        both = [resource_by_slug(session, "sluppen"), resource_by_slug(session, "oya")]
        search = WideSearch((date(2027, 5, 4),), timedelta(hours=9), timedelta(hours=13), timedelta(hours=1), people=16)

        found = find_combinations(session, NOW, here.kari.id, search, both, [])

    spans = [offer.span for each in found for offer in each.offers]
    assert spans
    assert not any(span.overlaps(span_at(TEN_TO_TWELVE)) for span in spans)
