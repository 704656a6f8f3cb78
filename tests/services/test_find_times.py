"""Finding something on any of several days: nothing is missed, and what is offered is accepted, on both databases."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from booking.core.judge import judge
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Member, MemberGroup, Resource
from booking.permissions import Actor
from booking.services.bookings import request_booking
from booking.services.facts import gather_facts
from booking.services.find_times import WideSearch, find_times
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_category, a_member, a_room, a_site, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WEEK = tuple(date(2027, 3, day) for day in range(1, 6))
HOURS = [{"weekday": day, "opens": "07:00", "closes": "16:00"} for day in range(5)]


def hours(number):
    return timedelta(hours=number)


def search(days=WEEK, opens=10, closes=15, length=2, **more):
    return WideSearch(days, hours(opens), hours(closes), hours(length), **more)


@pytest.fixture
def site(change):
    with change() as session:
        site, category = a_site(session), a_category(session)
        set_rule(session, "site", site.id, "R10", {"windows": HOURS})
        set_rule(session, "site", site.id, "R11", {"public_holidays": "NO"})
        rooms = {
            name: a_room(session, site, name=name, seats=seats, features=features, category_id=category.id).id
            for name, seats, features in (("A", 4, ["hybrid"]), ("B", 40, ["hybrid"]), ("C", 60, []))
        }
        pool = a_room(session, site, name="Pool", seats=None, units=2, is_pool=True, category_id=category.id).id
        return {**rooms, "Pool": pool, "kari": a_member(session).id, "site": site.id}


def names(result):
    return [found.card.name for found in result.fits]


def times(result, name):
    found = next(each for each in result.fits if each.card.name == name)
    return [f"{each.span.starts_at.astimezone(OSLO):%m-%d %H:%M}" for each in found.offers]


def book(session, site, room, at, **more):
    room, kari = session.get(Resource, site[room]), session.get(Member, site["kari"])
    a_booking(session, on=room, member=kari, at=at, **more)


def test_it_answers_with_what_fits_and_the_first_time_of_each_day(change, site):
    with change() as session:
        book(session, site, "B", "2027-03-02 09:00-13:30")
        result = find_times(session, NOW, site["kari"], search(people=40, features=frozenset({"hybrid"})))

        assert names(result) == ["B"]
        assert times(result, "B") == ["03-01 10:00", "03-03 10:00", "03-04 10:00", "03-05 10:00"]
        assert names(find_times(session, NOW, None, search(people=40))) == ["B", "C"]


def test_one_day_is_answered_with_several_times(change, site):
    with change() as session:
        result = find_times(session, NOW, site["kari"], search((WEEK[2],), opens=8, closes=16, length=1, people=40))

        assert times(result, "B") == ["03-03 08:00", "03-03 09:00", "03-03 10:00", "03-03 11:00"]


def test_days_round_the_clock_reach_the_last_day(change, site):
    with change() as session:
        set_rule(session, "resource", site["A"], "R10", {"always_open": True})
        result = find_times(session, NOW, site["kari"], search(opens=0, closes=24, people=4, length=3))

        assert [each[:5] for each in times(result, "A")] == ["03-01", "03-02", "03-03", "03-04"]


def test_a_pool_is_found_while_a_unit_is_free(change, site):
    with change() as session:
        before = names(find_times(session, NOW, site["kari"], search()))
        for day in WEEK:
            book(session, site, "Pool", f"{day} 08:00-16:00")

        assert "Pool" in before
        assert "Pool" not in names(find_times(session, NOW, site["kari"], search()))


def test_requests_do_not_count_where_they_may_compete(change, site):
    with change() as session:
        for day in WEEK:
            book(session, site, "C", f"{day} 08:00-16:00", state="requested")
        blocked = names(find_times(session, NOW, site["kari"], search(people=60)))
        set_rule(session, "resource", site["C"], "R05", {"pending_blocks": False})

        assert blocked == []
        assert names(find_times(session, NOW, site["kari"], search(people=60))) == ["C"]


def test_nothing_too_long_nor_closed_nor_for_others_is_offered(change, site):
    with change() as session:
        set_rule(session, "resource", site["C"], "R21", {"minutes": 60})
        group = MemberGroup(name="Others")
        session.add(group)
        session.flush()
        set_rule(session, "resource", site["B"], "R30", {"groups": [group.id]})
        holiday = (date(2027, 5, 17),)

        assert names(find_times(session, NOW, site["kari"], search(people=40))) == []
        assert names(find_times(session, NOW, site["kari"], search(holiday))) == []


def test_when_nothing_fits_what_is_nearest_is_told(change, site):
    with change() as session:
        for day in WEEK:
            for room in "BC":
                book(session, site, room, f"{day} 07:00-16:00")
        result = find_times(session, NOW, site["kari"], search(people=40))

        assert result.fits == ()
        assert result.suitable == 2
        assert {each.card.name for each in result.near} <= {"B", "C"}
        assert all(each.span.starts_at >= span_at("2027-03-05 16:00-17:00").starts_at for each in result.near)
        assert result.near


@pytest.mark.parametrize("seed", range(4))
def test_the_first_time_is_the_first_that_the_judge_accepts_and_all_can_be_had(change, site, seed):
    chance = Random(seed)
    with change() as session:
        set_rule(session, "resource", site["A"], "R06", {"before_minutes": 15, "after_minutes": 30})
        for day in WEEK:
            at = 7.0
            while at < 15 and chance.random() < 0.85:
                begins = at + chance.choice((0.75, 1, 1.25, 2))
                ends = begins + chance.choice((0.5, 1, 2))
                if ends < 16:
                    text = [f"{int(each):02}:{int(each % 1 * 60):02}" for each in (begins, ends)]
                    book(session, site, "A", f"{day} {text[0]}-{text[1]}")
                at = ends
        asked = search(length=1, people=4)
        found = [each for each in find_times(session, NOW, site["kari"], asked).fits if each.card.name == "A"]
        accepted = by_trying(session, site, asked)

        assert bool(found) == bool(accepted)
        if not found:
            return
        assert found[0].offers[0].span == accepted[0]
        for offer in found[0].offers:
            wish = Wish((Item(site["A"]),), WallSpan.of(offer.span, OSLO), people=4)
            assert request_booking(session, NOW, Actor(site["kari"], "Kari", ""), wish).public_id


def by_trying(session, site, asked):
    """Every quarter of an hour, judged."""
    window = TimeSpan(NOW, NOW + timedelta(days=7))
    facts = gather_facts(session, NOW, member_id=site["kari"], resource_ids=[site["A"]], window=window)
    accepted = []
    for day in asked.days:
        for quarter in range(24 * 4):
            starts = datetime.combine(day, datetime.min.time()) + timedelta(minutes=15 * quarter)
            midnight = datetime.combine(day, datetime.min.time())
            if midnight + asked.opens <= starts and starts + asked.length <= midnight + asked.closes:
                wall = WallSpan(starts, starts + asked.length)
                if not judge(Request(wall, (Item(site["A"]),), 4, site["kari"]), facts).refused:
                    accepted.append(wall.resolve(OSLO))
    return [span for span in accepted if span.starts_at >= NOW]
