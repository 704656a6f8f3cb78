"""Maintenance over bookings: listed, decided, done all or nothing, and judged through halls. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from booking.core.errors import BookingRefused, InvalidInput, NotAllowed
from booking.core.lifecycle import State
from booking.core.outages import Effect
from booking.core.request import Item, WallSpan
from booking.models import Booking, BookingItem, JournalEntry, Outage, ResourceUnit
from booking.services import outages
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.outages import Plan
from booking.services.suggesting import suggestions
from booking.services.triage import Choice, Decision, MadeMeanwhile, MoveRefused, Undecided
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_room, span_at
from tests.support.deciding import NOW, a_district, a_wish, an_actor

TUESDAY = "2027-05-04"


def the_plan(*at, effect=Effect.BLOCK):
    return Plan(tuple(span_at(each) for each in at), effect, "New filter")


ALL_DAY = the_plan(f"{TUESDAY} 08:00-20:00")


def lay(session, place, plan=ALL_DAY, decisions=None, message="Sorry, the filter must be changed."):
    card = resource_by_slug(session, "sluppen")
    return outages.lay_outage(session, NOW, place.nils, card, plan, decisions or {}, message)


def under(session, place, plan=ALL_DAY):
    return outages.lies_over(session, NOW, place.nils, resource_by_slug(session, "sluppen"), plan)


def decided(booking, choice=Choice.KEEP, room=None, span=None):
    return {booking.public_id: Decision(booking.version, choice, room.id if room else None, span)}


def booked(session, place, at=f"{TUESDAY} 10:00-11:00", **about):
    return a_booking(session, on=about.pop("on", place.sluppen), member=place.kari, at=at, **about)


def test_it_refuses_bookings_on_every_date_and_only_there(change):
    with change() as session:
        place = a_district(session)
        lay(session, place, the_plan(f"{TUESDAY} 10:00-12:00", "2027-05-11 10:00-12:00"))

        for day in (TUESDAY, "2027-05-11"):
            with pytest.raises(BookingRefused) as refused:
                request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, f"{day} 11:00-13:00"))
            assert refused.value.verdict.codes == ("R12.outage",)
        request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, "2027-05-18 11:00-13:00"))
        request_booking(session, NOW, an_actor(place.kari), a_wish(place.oya, f"{TUESDAY} 11:00-13:00"))


def test_a_hall_is_out_with_its_part_and_the_part_with_the_hall(change):
    with change() as session:
        place = a_district(session)
        hall = a_room(session, place.site, units=0, slug="hall", name="Hall")
        for part in (place.sluppen, place.oya):
            unit = session.scalars(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == part.id)).one()
            session.add(ResourceUnit(resource_id=hall.id, unit_id=unit))
        session.flush()
        lay(session, place, the_plan(f"{TUESDAY} 10:00-12:00"))
        card = resource_by_slug(session, "hall")
        outages.lay_outage(session, NOW, place.nils, card, the_plan("2027-05-05 10:00-12:00"), {})

        def codes(room, day):
            try:
                request_booking(session, NOW, an_actor(place.kari), a_wish(room, f"{day} 11:00-13:00"))
            except BookingRefused as refused:
                return [(each.code, each.facts["place"]) for each in refused.verdict.findings]
            return []

        assert codes(hall, TUESDAY) == [("R12.outage", "Sluppen")]
        assert codes(place.oya, TUESDAY) == []
        assert codes(place.oya, "2027-05-05") == [("R12.outage", "Hall")]


def test_every_booking_under_it_is_listed(change):
    with change() as session:
        place = a_district(session)
        inside = [booked(session, place, f"{TUESDAY} {hour}:00-{hour}:30") for hour in (10, 12, 14)]
        booked(session, place, f"{TUESDAY} 07:00-08:00")
        booked(session, place, f"{TUESDAY} 20:00-21:00")
        booked(session, place, f"{TUESDAY} 10:00-11:00", on=place.oya)
        booked(session, place, f"{TUESDAY} 16:00-17:00", state=State.CANCELLED)

        assert [each.public_id for each in under(session, place)] == [each.public_id for each in inside]
        assert under(session, place, replace(ALL_DAY, effect=Effect.NOTICE)) == []


def test_each_booking_is_kept_cancelled_or_moved_as_decided(change):
    with change() as session:
        place = a_district(session)
        kept, cancelled, moved = (booked(session, place, f"{TUESDAY} {hour}:00-{hour}:30") for hour in (10, 12, 14))
        decisions = decided(kept) | decided(cancelled, Choice.CANCEL)
        decisions |= decided(moved, Choice.MOVE, place.oya, moved.span)

        entry = session.get_one(JournalEntry, lay(session, place, decisions=decisions).entry_id)

        for row in (kept, cancelled, moved):
            session.refresh(row)
        assert [row.state for row in (kept, cancelled, moved)] == ["confirmed", "cancelled", "confirmed"]
        assert session.scalars(select(BookingItem.resource_id).where(BookingItem.booking_id == moved.id)).all() == [
            place.oya.id
        ]
        assert (entry.after["keep"], entry.after["cancel"], entry.after["move"]) == (
            [kept.id], [cancelled.id], [moved.id],
        )  # fmt: skip
        assert entry.after["no_longer_fit"] == [kept.id]
        told = select(JournalEntry.text).where(JournalEntry.subject_kind == "booking", JournalEntry.door == "outage")
        assert session.scalars(told).all() == ["Sorry, the filter must be changed."] * 3


@pytest.fixture
def two_booked(change):
    """Two bookings on the Tuesday, and Øya taken when the second is."""
    with change() as session:
        place = a_district(session)
        first, second = booked(session, place), booked(session, place, f"{TUESDAY} 12:00-13:00")
        booked(session, place, f"{TUESDAY} 12:00-13:00", on=place.oya)
    return place, first, second


def left(change):
    with change() as session:
        rows = session.scalars(select(Booking).order_by(Booking.id))
        counted = session.scalar(select(func.count()).select_from(Outage))
        return counted, [(row.state, row.version) for row in rows]


@pytest.mark.parametrize(
    ("second_choice", "error"),
    [(Choice.MOVE, MoveRefused), (None, Undecided)],
)
def test_all_or_nothing(change, two_booked, second_choice, error):
    place, first, second = two_booked
    before = left(change)
    decisions = decided(first, Choice.CANCEL) | decided(second, second_choice, place.oya, second.span)

    with pytest.raises(error), change() as session:
        lay(session, place, decisions=decisions)

    assert left(change) == before
    assert before[0] == 0


def test_a_booking_made_or_changed_meanwhile_is_asked_about(change, two_booked):
    place, first, second = two_booked

    with pytest.raises(MadeMeanwhile) as made, change() as session:
        lay(session, place, decisions=decided(first))
    old = {second.public_id: Decision(second.version - 1, Choice.CANCEL)}
    with pytest.raises(MadeMeanwhile) as changed, change() as session:
        lay(session, place, decisions=decided(first) | old)

    assert made.value.facts["bookings"] == changed.value.facts["bookings"] == [second.public_id]
    assert made.value.status == 409
    assert left(change)[0] == 0


def test_who_moves_or_cancels_says_why(change, two_booked):
    place, first, second = two_booked

    with pytest.raises(InvalidInput) as refused, change() as session:
        lay(session, place, decisions=decided(first) | decided(second, Choice.CANCEL), message="  ")
    with change() as session:
        lay(session, place, decisions=decided(first) | decided(second), message="")

    assert refused.value.code == "outage.message_needed"
    assert left(change)[0] == 1


def test_what_has_begun_can_only_stay(change):
    with change() as session:
        place = a_district(session)
        running = booked(session, place, "2027-05-03 09:00-12:00")

        (found,) = under(session, place, the_plan("2027-05-03 11:00-20:00"))

        assert found.public_id == running.public_id
        assert found.choices == (Choice.KEEP,)


def test_every_suggestion_can_be_followed(change):
    with change() as session:
        place = a_district(session)
        rows = [booked(session, place, f"{TUESDAY} {hour}:00-{hour + 1}:00") for hour in (10, 12, 15)]
        booked(session, place, f"{TUESDAY} 10:30-12:30", on=place.oya)
        card = resource_by_slug(session, "sluppen")
        ways = suggestions(session, NOW, place.nils, under(session, place), outages.planned(session, card, ALL_DAY))
    firsts = [ways[row.public_id][0] for row in rows]

    assert (firsts[2].card.id, firsts[2].span) == (place.oya.id, rows[2].span)
    for row in rows:
        for way in ways[row.public_id]:
            others = {each.public_id: Decision(each.version, Choice.KEEP) for each in rows if each is not row}
            moved = {row.public_id: Decision(row.version, Choice.MOVE, way.card.id, way.span)}
            with change() as session:
                lay(session, place, decisions=others | moved)
                session.rollback()
    with change() as session:
        decisions = {
            row.public_id: Decision(row.version, Choice.MOVE, way.card.id, way.span)
            for row, way in zip(rows, firsts, strict=True)
        }
        assert lay(session, place, decisions=decisions).no_longer_fit == ()


def test_a_booking_of_two_rooms_moves_as_a_whole(change):
    with change() as session:
        place = a_district(session)
        third = a_room(session, place.site, slug="third", name="Third", category_id=place.sluppen.category_id)
        wish = Wish((Item(place.oya.id), Item(place.sluppen.id)), WallSpan.of(span_at(f"{TUESDAY} 10:00-11:00"), OSLO))
        made = request_booking(session, NOW, an_actor(place.kari), wish)
        card = resource_by_slug(session, "sluppen")
        ways = suggestions(session, NOW, place.nils, under(session, place), outages.planned(session, card, ALL_DAY))

        offered = {(way.card.id, way.span) for way in ways[made.public_id]}

        assert (third.id, span_at(f"{TUESDAY} 10:00-11:00")) in offered
        assert place.oya.id not in {id_ for id_, _ in offered}


def test_it_is_taken_away_one_date_or_all_and_what_has_begun_ends_now(change):
    plan = the_plan("2027-05-03 09:00-12:00", "2027-05-10 09:00-12:00", "2027-05-17 09:00-12:00")
    plan = replace(plan, repeats={"every_weeks": 1})
    with change() as session:
        place = a_district(session)
        lay(session, place, plan)
    with change() as session:
        lines = outages.upcoming_outages(session, NOW)
        assert [line.dates for line in lines] == [3, 3, 3]
        outages.remove_outage(session, NOW, place.nils, lines[1].public_id)
    with change() as session:
        assert [line.span for line in outages.upcoming_outages(session, NOW)] == [plan.spans[0], plan.spans[2]]
        outages.remove_outage(session, NOW, place.nils, lines[2].public_id, all_dates=True)
    with change() as session:
        (begun,) = session.scalars(select(Outage))
        assert begun.ends_at == NOW
        assert outages.upcoming_outages(session, NOW) == []


def test_who_does_not_manage_it_plans_nothing(change):
    with change() as session:
        place = a_district(session)
        kari = an_actor(place.kari)

        with pytest.raises(NotAllowed):
            outages.lay_outage(session, NOW, kari, resource_by_slug(session, "sluppen"), ALL_DAY, {})
        lay(session, place)
        (line,) = outages.upcoming_outages(session, NOW)
        with pytest.raises(NotAllowed):
            outages.remove_outage(session, NOW, kari, line.public_id)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(ALL_DAY, reason=" "), "reason"),
        (replace(ALL_DAY, reason="x" * 121), "reason"),
        (replace(ALL_DAY, spans=()), "start"),
        (the_plan("2027-05-02 10:00-12:00"), "end_date"),
        (replace(ALL_DAY, spans=(ALL_DAY.spans[0].padded(timedelta(), timedelta(days=4000)),)), "end_date"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_by_name(plan, field):
    with pytest.raises(InvalidInput) as refused:
        outages.check_plan(NOW, plan)

    assert refused.value.field == field
