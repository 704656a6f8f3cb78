"""The day as cells: nothing left out, nothing told that is not for the one who looks; on both databases."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from booking.core.lifecycle import State
from booking.models import Closure, Resource, ResourceUnit
from booking.models.ids import new_public_id
from booking.permissions import Actor
from booking.services.catalogue import resources
from booking.services.cells import CellKind
from booking.services.timeline import day_of, days_of
from tests.factories import OSLO, a_booking, a_member, a_room, an_organisation, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 5, tzinfo=UTC)
TUESDAY = date(2027, 3, 2)
HOURS = [{"weekday": day, "opens": "07:00", "closes": "16:00"} for day in range(7)]


def acting(member):
    return Actor(member.id, member.name, member.email)


def shown(session, actor, day=TUESDAY):
    return day_of(session, NOW, actor, resources(session), day, OSLO)


def told(row):
    """Kind and local times of each cell."""
    return [
        f"{cell.kind} {cell.span.starts_at.astimezone(OSLO):%H:%M}-{cell.span.ends_at.astimezone(OSLO):%H:%M}"
        for cell in row.cells
    ]


def an_open_room(session, **about):
    room = a_room(session, **about)
    set_rule(session, "resource", room.id, "R10", {"windows": HOURS})
    return room


def test_a_day_is_free_taken_mine_and_waiting(change):
    with change() as session:
        room, kari, ola = an_open_room(session), a_member(session), a_member(session)
        a_booking(session, on=room, member=ola, at="2027-03-02 08:00-09:00")
        a_booking(session, on=room, member=kari, at="2027-03-02 10:00-11:00")
        a_booking(session, on=room, member=ola, at="2027-03-02 12:00-13:00", state=State.REQUESTED)

        day = shown(session, acting(kari))

        assert told(day.rows[0]) == [
            "free 07:00-08:00", "taken 08:00-09:00", "free 09:00-10:00", "mine 10:00-11:00",
            "free 11:00-12:00", "waiting 12:00-13:00", "free 13:00-16:00",
        ]  # fmt: skip


def test_today_the_past_is_apart_and_what_is_free_begins_at_the_next_quarter(change):
    with change() as session:
        an_open_room(session)

        day = shown(session, None, date(2027, 3, 1))

        assert told(day.rows[0]) == ["past 07:00-10:15", "free 10:15-16:00"]


def test_closures_and_holidays_say_their_names(change):
    with change() as session:
        room = an_open_room(session)
        set_rule(session, "resource", room.id, "R11", {"public_holidays": "NO"})
        span = span_at("2027-03-02 12:00-13:00")
        session.add(
            Closure(
                public_id=new_public_id(), scope_kind="resource", scope_id=room.id, name="Painting",
                starts_at=span.starts_at, ends_at=span.ends_at,
            )
        )  # fmt: skip
        session.flush()

        plain, holiday = shown(session, None), shown(session, None, date(2027, 5, 17))

        assert "closed 12:00-13:00" in told(plain.rows[0])
        names = [cell.names for cell in plain.rows[0].cells if cell.kind is CellKind.CLOSED]
        assert names == [{"nb": "Painting"}]
        assert {cell.kind for cell in holiday.rows[0].cells} == {CellKind.CLOSED}
        assert holiday.rows[0].cells[0].names["en"].startswith("Constitution Day")


def test_a_whole_is_taken_through_its_part_with_set_up_and_tear_down(change):
    with change() as session:
        part, whole = an_open_room(session, name="Part"), an_open_room(session, name="Whole", units=0)
        unit = session.scalar(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == part.id))
        session.add(ResourceUnit(resource_id=whole.id, unit_id=unit))
        session.flush()
        a_booking(session, on=part, member=a_member(session), at="2027-03-02 10:00-11:00")

        rows = {row.card.name: row for row in shown(session, None).rows}

        assert told(rows["Whole"]) == told(rows["Part"])
        assert rows["Whole"].cells[1].glimpse.resource_names == ("Part",)


def test_an_offer_leaves_room_for_set_up_beside_other_bookings(change):
    with change() as session:
        room = an_open_room(session)
        set_rule(session, "resource", room.id, "R06", {"before_minutes": 30, "after_minutes": 15})
        a_booking(session, on=room, member=a_member(session), at="2027-03-02 09:00-10:00")

        cells = [cell for cell in shown(session, None).rows[0].cells if cell.kind is CellKind.FREE]

        offers = [f"{cell.offer.starts_at.astimezone(OSLO):%H:%M}" for cell in cells]
        assert offers == ["07:00", "10:30"]


@pytest.mark.parametrize(
    ("rule", "params", "why"),
    [
        ("R18", {"days": 0}, "R18.horizon"),
        ("R20", {"minutes": 600}, "R20.too_short"),
        ("R17", {"hours": 72}, "R17.notice"),
    ],
)
def test_what_cannot_be_booked_is_a_gap_that_says_why(change, rule, params, why):
    with change() as session:
        room = an_open_room(session)
        set_rule(session, "resource", room.id, rule, params)

        cells = shown(session, None).rows[0].cells

        assert [(cell.kind, cell.why) for cell in cells] == [(CellKind.GAP, why)]


def test_a_pool_tells_how_many_are_free_and_is_taken_when_none_is(change):
    with change() as session:
        desks = an_open_room(session, units=2, is_pool=True)
        a_booking(session, on=desks, member=a_member(session), at="2027-03-02 10:00-11:00")

        cells = shown(session, None).rows[0].cells

        assert [(cell.kind, cell.units_free) for cell in cells] == [
            (CellKind.FREE, 2), (CellKind.TAKEN, 0), (CellKind.FREE, 2),
        ]  # fmt: skip


def test_a_visitor_sees_busy_a_member_the_organisation_and_a_colleague_the_title(change):
    with change() as session:
        room, fjordlab = an_open_room(session), an_organisation(session, name="Fjordlab")
        kari, siri, ola = a_member(session, fjordlab), a_member(session, fjordlab), a_member(session)
        at = "2027-03-02 10:00-11:00"
        a_booking(session, on=room, member=kari, at=at, title="Secret", organisation_id=fjordlab.id)
        colleague = Actor(siri.id, "Siri", "siri@example.invalid", organisations={fjordlab.id: "member"})

        seen = [shown(session, actor).rows[0].cells[1].glimpse for actor in (None, acting(ola), colleague)]

        assert [(each.title, each.organisation, each.may_open) for each in seen] == [
            ("", "", False), ("", "Fjordlab", False), ("Secret", "Fjordlab", True),
        ]  # fmt: skip


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (TUESDAY, 24)])
def test_cells_fill_the_day_without_gaps_or_overlaps(change, day, hours):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        a_booking(session, on=room, member=kari, at=f"{day} 00:00-01:30")
        a_booking(session, on=room, member=kari, at=f"{day} 20:00-00:00")

        cells = shown(session, None, day).rows[0].cells

        assert all(early.span.ends_at == late.span.starts_at for early, late in pairwise(cells))
        assert cells[-1].span.ends_at - cells[0].span.starts_at == timedelta(hours=hours)


def test_several_days_of_one_resource_agree_with_each_day(change):
    with change() as session:
        room = an_open_room(session)
        a_booking(session, on=room, member=a_member(session), at="2027-03-03 10:00-11:00")
        card = next(card for card in resources(session) if card.id == room.id)

        days = days_of(session, NOW, None, card, TUESDAY, 3)

        assert [day.day for day in days] == [TUESDAY + timedelta(days=n) for n in range(3)]
        assert "taken 10:00-11:00" in told(days[1].rows[0])
        assert session.get(Resource, room.id)
