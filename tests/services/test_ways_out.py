"""Every refusal, at every door, tells all reasons and a way out that the same door accepts, or whom to ask."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from booking.core.errors import BookingRefused
from booking.core.outages import Effect
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Closure, Fault
from booking.models.ids import new_public_id
from booking.services import outages, series
from booking.services.alternatives import alternatives
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.changes import change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.importing import Fate, Row, plan_import, take_in
from booking.services.series_wishes import Choice as DateChoice
from booking.services.series_wishes import SeriesWish
from booking.services.suggesting import suggestions
from booking.services.triage import Choice, Decision
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room, span_at
from tests.support.deciding import NOW, WEEKDAYS, District, a_district, an_actor, set_rule

TUESDAY = "2027-05-04"
TEN = f"{TUESDAY} 10:00-11:00"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of a wish at a time, and the code that says so."""

    code: str
    at: str = TEN
    rule: tuple[str, dict[str, object]] | None = None
    people: int | None = None
    doors: str = "form change series import"


OBSTACLES = [
    Obstacle("R05.overlap"),
    Obstacle("R06.buffer", f"{TUESDAY} 11:00-12:00", ("R06", {"before_minutes": 15})),
    Obstacle("R10.closed_then", f"{TUESDAY} 20:00-21:30", ("R10", {"windows": WEEKDAYS})),
    Obstacle("R11.closure", "2027-05-11 10:00-11:00"),
    Obstacle("R12.outage", "2027-05-12 10:00-11:00"),
    Obstacle("R13.out_of_service", "2027-05-04 14:00-15:00"),
    Obstacle("R20.too_short", f"{TUESDAY} 15:00-15:15", ("R20", {"minutes": 30}), doors="form"),
    Obstacle("R21.too_long", f"{TUESDAY} 15:00-19:00", ("R21", {"minutes": 120}), doors="form change import"),
    Obstacle("R02.grid", f"{TUESDAY} 15:05-16:05", doors="form change series import"),
    Obstacle("R03.past", "2027-05-03 08:00-09:00", doors="form change"),
    Obstacle("R17.notice", f"{TUESDAY} 15:00-16:00", ("R17", {"hours": 72}), doors="form change"),
    Obstacle("R18.horizon", "2027-06-15 10:00-11:00", ("R18", {"days": 30}), doors="form change series"),
    Obstacle("R07.fire_limit", f"{TUESDAY} 15:00-16:00", ("R07", {"fire_limit": 4}), people=6, doors="form change"),
]


def through(door):
    return [pytest.param(each, id=each.code) for each in OBSTACLES if door in each.doors.split()]


def in_the_way(session, each: Obstacle) -> District:
    """Sluppen with everything in the way that is asked for, and Øya free, large enough and without the rule."""
    place = a_district(session)
    if each.code in ("R05.overlap", "R06.buffer"):
        a_booking(session, on=place.sluppen, member=a_member(session), at=TEN)
    if each.code == "R11.closure":
        spans = span_at("2027-05-11 00:00-23:00")
        session.add(
            Closure(
                scope_kind="resource", scope_id=place.sluppen.id, starts_at=spans.starts_at, ends_at=spans.ends_at,
                name="Stocktaking",
            )
        )  # fmt: skip
    if each.code == "R12.outage":
        plan = outages.Plan((span_at("2027-05-12 00:00-20:00"),), Effect.BLOCK, "New floor")
        outages.lay_outage(session, NOW, place.nils, resource_by_slug(session, "sluppen"), plan, {})
    if each.code == "R13.out_of_service":
        session.add(
            Fault(
                public_id=new_public_id(), resource_id=place.sluppen.id, what="Dark", is_dangerous=False,
                reported_by_id=place.kari.id, reported_at=NOW, out_since=NOW, is_safety=False,
            )
        )  # fmt: skip
    if each.rule:
        set_rule(session, "resource", place.sluppen.id, *each.rule)
    session.flush()
    return place


def asked(place: District, each: Obstacle) -> Wish:
    return Wish((Item(place.sluppen.id),), WallSpan.of(span_at(each.at), OSLO), "Wanted", each.people)


def led_elsewhere(wish: Wish, one) -> Wish:
    return replace(wish, items=(Item(one.card.id), *wish.items[1:]), wall=WallSpan.of(one.span, OSLO))


def all_accepted(session, found, follow) -> None:
    """Each way out is followed by itself, as if it were the one that was chosen."""
    assert found
    for one in found:
        step = session.begin_nested()
        follow(one)
        step.rollback()
        session.expire_all()


@pytest.mark.parametrize("each", through("form"))
def test_the_form_accepts_every_way_out_that_it_offers(change, each):
    with change() as session:
        place = in_the_way(session, each)
        kari, wish = an_actor(place.kari), asked(place, each)

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, kari, wish)

        assert each.code in refused.value.verdict.codes
        found = alternatives(session, NOW, place.kari.id, wish)
        all_accepted(session, found, lambda one: request_booking(session, NOW, kari, led_elsewhere(wish, one)))


@pytest.mark.parametrize("each", through("change"))
def test_a_change_accepts_every_way_out_that_it_offers(change, each):
    with change() as session:
        place = in_the_way(session, each)
        kari, wish = an_actor(place.kari), asked(place, each)
        made = a_booking(session, on=place.oya, member=place.kari, at=f"{TUESDAY} 08:00-09:00")

        def moved(to):
            return change_booking(session, NOW, kari, made.public_id, to, version=1)

        with pytest.raises(BookingRefused) as refused:
            moved(wish)

        assert each.code in refused.value.verdict.codes
        found = alternatives(session, NOW, place.kari.id, wish, without_booking_id=made.id)
        all_accepted(session, found, lambda one: moved(led_elsewhere(wish, one)))


@pytest.mark.parametrize("each", through("series"))
def test_a_series_accepts_every_way_out_that_it_offers_for_a_date(change, each):
    with change() as session:
        place = in_the_way(session, each)
        wish = asked(place, each)
        first = wish.wall.starts.date()
        wanted = SeriesWish(wish, Recurrence(Every.DATES, dates=(first, first + timedelta(days=1))))

        weighed = series.preview(session, NOW, place.kari.id, wanted)
        line = next(line for line in weighed.lines if line.day == first)

        assert each.code in {*line.as_planned.codes, *(one.code for one in weighed.of_all)}

        def follow(one):
            choices = {line.day: DateChoice(slug=one.card.slug, span=one.span)}
            again = series.preview(session, NOW, place.kari.id, replace(wanted, choices=choices))
            assert line.day not in [problem.day for problem in again.problems]

        all_accepted(session, line.offers, follow)


@pytest.mark.parametrize("each", through("import"))
def test_an_import_accepts_every_way_out_that_its_report_names(change, each):
    with change() as session:
        place = in_the_way(session, each)
        wish = asked(place, each)
        row = Row(1, "row-1", wish.wall, "Wanted", each.people)

        def taken(slug, wall):
            plan = plan_import(session, NOW, slug, place.kari.email, "")
            return take_in(session, NOW, plan, replace(row, wall=wall))

        outcome = taken("sluppen", wish.wall)

        assert (outcome.fate, each.code in outcome.codes) == (Fate.REFUSED, True)

        def follow(one):
            assert taken(one.card.slug, WallSpan.of(one.span, OSLO)).fate is Fate.NEW

        all_accepted(session, outcome.alternatives, follow)


def test_maintenance_accepts_every_way_out_that_it_suggests(change):
    with change() as session:
        place = a_district(session)
        made = a_booking(session, on=place.sluppen, member=place.kari, at=TEN)
        card = resource_by_slug(session, "sluppen")
        plan = outages.Plan((span_at(f"{TUESDAY} 00:00-20:00"),), Effect.BLOCK, "New floor")
        under = outages.lies_over(session, NOW, place.nils, card, plan)
        suggested = suggestions(session, NOW, place.nils, under, outages.planned(session, card, plan))

        assert made.public_id in suggested

        def follow(one):
            decision = Decision(1, Choice.MOVE, one.card.id, one.span)
            outages.lay_outage(session, NOW, place.nils, card, plan, {made.public_id: decision}, "Sorry")

        all_accepted(session, suggested[made.public_id], follow)


def test_maintenance_suggests_nothing_that_its_planner_does_not_manage(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at=TEN)
        card = resource_by_slug(session, "sluppen")
        siri = an_actor(a_member(session), manages=frozenset({("resource", card.id)}))
        plan = outages.Plan((span_at(f"{TUESDAY} 00:00-20:00"),), Effect.BLOCK, "New floor")

        under = outages.lies_over(session, NOW, siri, card, plan)
        (found,) = suggestions(session, NOW, siri, under, outages.planned(session, card, plan)).values()

        assert {one.card.slug for one in found} == {"sluppen"}


@pytest.mark.parametrize("manages_cart", [False, True])
def test_maintenance_suggests_nothing_that_needs_what_its_planner_may_not_bring_in(change, manages_cart):
    with change() as session:
        place = a_district(session)
        cart = a_room(session, place.site, name="Cart", kind="instrument", seats=None)
        set_rule(session, "resource", place.oya.id, "R08", {"needs": [{"resource": cart.id, "quantity": 1}]})
        a_booking(session, on=place.sluppen, member=place.kari, at=TEN)
        card = resource_by_slug(session, "sluppen")
        managed = [card.id, place.oya.id, *([cart.id] if manages_cart else [])]
        siri = an_actor(a_member(session), manages=frozenset(("resource", id_) for id_ in managed))
        plan = outages.Plan((span_at(f"{TUESDAY} 00:00-20:00"),), Effect.BLOCK, "New floor")

        under = outages.lies_over(session, NOW, siri, card, plan)
        (found,) = suggestions(session, NOW, siri, under, outages.planned(session, card, plan)).values()

        assert ("oya" in {one.card.slug for one in found}) == manages_cart


def test_handing_over_tells_every_reason_and_a_change_first_makes_room(change):
    """Nobody but the taker is in the way, so a booking at another time can be handed over."""
    with change() as session:
        place = a_district(session)
        set_rule(session, "resource", place.sluppen.id, "R09", {"mode": "refuse"})
        ola = a_member(session)
        made = a_booking(session, on=place.sluppen, member=place.kari, at=TEN)
        a_booking(session, on=place.oya, member=ola, at=TEN)
        kari = an_actor(place.kari)

        with pytest.raises(BookingRefused) as refused:
            hand_over_booking(session, NOW, kari, made.public_id, ola.id)
        wish = Wish((Item(place.sluppen.id),), WallSpan.of(span_at(TEN), OSLO))
        found = alternatives(session, NOW, ola.id, wish, without_booking_id=made.id)

        assert refused.value.verdict.codes == ("R09.own_clash",)

        def follow(one):
            change_booking(session, NOW, kari, made.public_id, led_elsewhere(wish, one), version=1)
            hand_over_booking(session, NOW, kari, made.public_id, ola.id)

        all_accepted(session, found, follow)


def test_all_reasons_are_told_at_once(change):
    with change() as session:
        place = in_the_way(session, OBSTACLES[0])
        set_rule(session, "resource", place.sluppen.id, "R07", {"fire_limit": 4})
        set_rule(session, "resource", place.sluppen.id, "R21", {"minutes": 30})

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, an_actor(place.kari), replace(asked(place, OBSTACLES[0]), people=9))

        assert set(refused.value.verdict.codes) >= {"R05.overlap", "R07.fire_limit", "R21.too_long"}
