"""Pools through the service, on both databases: what fits is booked, others move for it, and what has begun stays."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Allocation, Booking, BookingItem, JournalEntry
from booking.permissions import Actor
from booking.services.bookings import request_booking
from booking.services.catalogue import resources_by_id
from booking.services.changes import cancel_booking, change_booking
from booking.services.checks import check
from booking.services.facts import facts_of
from booking.services.find import Search, find
from booking.services.pools import held_units, unit_names
from booking.services.timeline import day_of
from booking.services.wishes import Wish
from tests.factories import OSLO, a_member, a_room, a_site

NOW = datetime(2027, 3, 1, 5, 0, tzinfo=UTC)
MONDAY = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_pool(session, units, **changes):
    return a_room(session, changes.pop("site", None), units=units, is_pool=True, seats=None, name="Benches", **changes)


def acting(member):
    return Actor(member.id, member.name, member.email)


def wish_for(pool, start, end, quantity=1):
    """From so many hours after Monday morning to so many."""
    span = TimeSpan(MONDAY + start * HOUR, MONDAY + end * HOUR)
    return Wish((Item(pool.id, quantity),), WallSpan.of(span, OSLO))


def book(session, member, pool, start, end, quantity=1, now=NOW):
    return request_booking(session, now, acting(member), wish_for(pool, start, end, quantity)).public_id


def booking_row(session, public_id):
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def units(session, public_id):
    (held,) = held_units(session, booking_row(session, public_id).id).values()
    return set(held)


def test_a_request_for_several_takes_several_and_the_next_is_told_how_many_are_left(change):
    with change() as session:
        pool, kari = a_pool(session, 12), a_member(session)
        book(session, kari, pool, 0, 2, 5)
        book(session, kari, pool, 1, 3, 4)

        with pytest.raises(BookingRefused) as refused:
            book(session, kari, pool, 0, 3, 4)
        booked = book(session, kari, pool, 0, 3, 3)

        (finding,) = [each for each in refused.value.verdict.findings if each.refuses]
        assert (finding.code, finding.facts["free"], finding.facts["total"]) == ("R05.overlap", 3, 12)
        assert len(units(session, booked)) == 3
        assert [name.rpartition(" ")[0] for name in unit_names(session, booking_row(session, booked).id)[pool.id]] == [
            "Benches"
        ] * 3
        assert check(session) == []


def test_a_booking_that_has_not_begun_moves_when_only_that_makes_room(change):
    with change() as session:
        pool, kari = a_pool(session, 2), a_member(session)
        first, second = book(session, kari, pool, 0, 2), book(session, kari, pool, 1, 2)
        third = book(session, kari, pool, 6, 8)
        fourth = book(session, kari, pool, 4, 6)
        apart = units(session, third) | units(session, fourth)
        if len(apart) == 1:  # crosswise by hand, as cancellations leave it
            move_by_hand(session, fourth)
        before = {each: units(session, each) for each in (first, second, third, fourth)}

        booked = book(session, kari, pool, 3, 7)

        after = {each: units(session, each) for each in (first, second, third, fourth)}
        moved = [each for each in before if before[each] != after[each]]
        assert len(moved) == 1
        assert moved[0] in (third, fourth)
        assert not after[third] & units(session, booked)
        assert not after[fourth] & units(session, booked)
        told = session.scalars(select(JournalEntry).where(JournalEntry.action == "booking.reseated")).one()
        assert told.subject_id == booking_row(session, moved[0]).id
        assert told.actor_id is None
        assert check(session) == []


def move_by_hand(session, public_id):
    """To the pool's other unit, as history may have left it."""
    row = booking_row(session, public_id)
    item = session.scalars(select(BookingItem).where(BookingItem.booking_id == row.id)).one()
    held = session.scalars(select(Allocation).where(Allocation.item_id == item.id)).one()
    others = set(session.scalars(select(Allocation.unit_id))) - {held.unit_id}
    item.held_unit_id = held.unit_id = min(others)
    session.flush()


def test_what_has_begun_stays_on_its_unit_even_when_it_is_lengthened(change):
    with change() as session:
        pool, kari, ola = a_pool(session, 2), a_member(session), a_member(session)
        running = book(session, kari, pool, 0, 2)
        behind = book(session, ola, pool, 2, 4)
        mine = units(session, running)
        if units(session, behind) != mine:
            move_by_hand(session, behind)
        assert units(session, behind) == mine
        during = MONDAY + HOUR

        change_booking(session, during, acting(kari), running, wish_for(pool, 0, 3), version=1)

        assert units(session, running) == mine
        assert units(session, behind) != mine
        assert check(session) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_stream_of_requests_is_booked_if_and_only_if_the_pool_has_room(change, seed):
    """Against a count hour by hour: new ones, moves, other quantities and cancellations, and a clock that goes on."""
    chance = random.Random(seed)
    size = chance.choice((2, 3, 5))
    kept: dict[str, tuple[int, int, int]] = {}
    changed = 0
    with change() as session:
        pool, kari = a_pool(session, size), a_member(session)
        for step in range(60):
            now = NOW + step * timedelta(minutes=20)
            running = {each: units(session, each) for each in kept if begun(session, each, now)}
            ahead = [each for each in kept if each not in running]
            mine = chance.choice(ahead) if ahead and chance.random() < 0.35 else ""
            wanted = what_somebody_wants(chance, now, kept.get(mine))
            others = [each for id_, each in kept.items() if id_ != mine]
            if has_room(others, wanted, size):
                kept[ask(session, now, kari, pool, wanted, mine)] = wanted
                changed += bool(mine)
            else:
                with pytest.raises(BookingRefused) as refused:
                    ask(session, now, kari, pool, wanted, mine)
                assert "R05.overlap" in refused.value.verdict.codes
            assert all(units(session, each) == before for each, before in running.items())
            if ahead and chance.random() < 0.25:
                gone = chance.choice(ahead)
                cancel_booking(session, now, acting(kari), gone)
                del kept[gone]
        assert len(kept) > 5
        assert changed > 2
        assert {each: hours_of(session, each) for each in kept} == kept
        assert check(session) == []


def what_somebody_wants(chance, now, has):
    """New hours and a number of units; or of what they have, either the one or the other anew."""
    start = chance.randint(0, 30) + max(0, (now - MONDAY) // HOUR + 1)
    wanted = (start, start + chance.randint(1, 9), chance.choice((1, 1, 1, 2)))
    if has is None:
        return wanted
    return (*has[:2], wanted[2]) if chance.random() < 0.4 else (*wanted[:2], has[2])


def has_room(others, wanted, size):
    """The interval graph's answer: intervals fit if and only if they fit at every instant."""
    start, end, quantity = wanted
    return all(sum(q for s, e, q in others if s <= hour < e) + quantity <= size for hour in range(start, end))


def ask(session, now, member, pool, wanted, mine):
    """Books it, or changes what they have."""
    if not mine:
        return book(session, member, pool, *wanted, now)
    version = booking_row(session, mine).version
    return change_booking(session, now, acting(member), mine, wish_for(pool, *wanted), version=version)


def hours_of(session, public_id):
    row = booking_row(session, public_id)
    return (row.starts_at - MONDAY) // HOUR, (row.ends_at - MONDAY) // HOUR, len(units(session, public_id))


def begun(session, public_id, now):
    return booking_row(session, public_id).starts_at <= now


def test_find_the_timeline_and_the_judge_agree_that_a_scattered_pool_has_room(change):
    with change() as session:
        site = a_site(session)
        pool, kari = a_pool(session, 3, site=site), a_member(session)
        book(session, kari, pool, 0, 2)
        book(session, kari, pool, 1, 4)
        span = TimeSpan(MONDAY, MONDAY + 6 * HOUR)
        cards = resources_by_id(session, [pool.id])

        found = find(session, NOW, None, Search(WallSpan.of(span, OSLO), site_id=site.id))
        day = day_of(session, NOW, None, cards.values(), MONDAY.date(), OSLO)

        assert [(each.card.id, each.units_free) for each in found.fits] == [(pool.id, 1)]
        free = [cell for cell in day.rows[0].cells if cell.kind == "free"]
        assert [(cell.units_free, cell.units) for cell in free] == [(1, 3)]
        facts = facts_of(session, NOW, cards, member_id=kari.id, window=span)
        assert facts.resources[pool.id].is_pool
