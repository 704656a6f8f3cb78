"""Quotas on both databases: every door finds the same, and only what counts is counted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from booking.core.errors import BookingRefused
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Booking, Membership
from booking.permissions import Actor
from booking.services.alternatives import alternatives
from booking.services.bookings import preview, request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.importing import Fate as ImportFate
from booking.services.importing import Row, plan_import, take_in
from booking.services.series import SeriesUnsettled, save
from booking.services.series import preview as preview_series
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import Choice, Fate, SeriesWish
from booking.services.stranded import unfit
from booking.services.undoing import restore_booking
from booking.services.wishes import Wish
from tests.factories import a_booking, a_category, a_member, a_room, a_site, an_organisation, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday
TUESDAY = "2027-03-09 10:00-11:00"
ONE_A_WEEK = {"limits": [{"amount": 1, "per": "week", "over": "category"}]}
TWO_HOURS = {"limits": [{"amount": 2, "per": "week", "subject": "organisation", "over": "category"}]}


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def wall(at):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    return WallSpan(starts, ends)


def wish(room, at=TUESDAY, **more):
    return Wish((Item(room.id),), wall(at), **more)


class World:
    """Two rooms of one kind, an organisation with two members, and whoever belongs to none."""

    def __init__(self, session, rule=None, params=None):
        self.site, self.kind = a_site(session), a_category(session)
        self.rooms = [a_room(session, self.site, category_id=self.kind.id) for _ in range(2)]
        self.organisation = an_organisation(session)
        self.kari, self.ola = (a_member(session, self.organisation) for _ in range(2))
        if rule:
            set_rule(session, "category", self.kind.id, rule, params)


def codes(refusal):
    return refusal.value.verdict.codes


def test_what_is_held_and_what_waits_counts_and_what_was_given_back_does_not(change):
    with change() as session:
        world = World(session, "R22", ONE_A_WEEK)
        first, second = world.rooms
        made = request_booking(session, NOW, acting(world.kari), wish(first)).public_id
        with pytest.raises(BookingRefused) as refusal:
            request_booking(session, NOW, acting(world.kari), wish(second, "2027-03-12 10:00-11:00"))
        assert codes(refusal) == ("R22.too_many",)
        request_booking(session, NOW, acting(world.ola), wish(second, "2027-03-12 10:00-11:00"))
        request_booking(session, NOW, acting(world.kari), wish(second, "2027-03-16 10:00-11:00"))
        session.scalars(select(Booking).where(Booking.public_id == made)).one().state = "requested"
        session.flush()
        with pytest.raises(BookingRefused):
            request_booking(session, NOW, acting(world.kari), wish(second, "2027-03-12 12:00-13:00"))
        cancel_booking(session, NOW, acting(world.kari), made)
        request_booking(session, NOW, acting(world.kari), wish(second, "2027-03-12 12:00-13:00"))
        with pytest.raises(BookingRefused) as refusal:
            restore_booking(session, NOW, acting(world.kari), made)
        assert codes(refusal) == ("R22.too_many",)


def test_an_organisation_s_hours_are_shared_by_its_members(change):
    with change() as session:
        world = World(session, "R23", TWO_HOURS)
        first, second = world.rooms
        ours = world.organisation.id
        request_booking(session, NOW, acting(world.kari), wish(first, organisation_id=ours))
        request_booking(session, NOW, acting(world.ola), wish(second, organisation_id=ours))
        with pytest.raises(BookingRefused) as refusal:
            request_booking(
                session, NOW, acting(world.ola), wish(second, "2027-03-10 10:00-10:15", organisation_id=ours)
            )
        assert codes(refusal) == ("R23.too_much",)


def test_every_door_finds_the_same(change):
    """Form, series, change and import judge the same wish with the same facts."""
    with change() as session:
        world = World(session, "R22", ONE_A_WEEK)
        first, second = world.rooms
        a_booking(session, on=first, member=world.kari, at="2027-03-08 10:00-11:00")
        other = a_booking(session, on=second, member=world.kari, at="2027-03-16 10:00-11:00")
        wanted = wish(second)
        found, _ = preview(session, NOW, wanted, world.kari.id)
        every_week = SeriesWish(wanted, Recurrence(Every.WEEK, count=2))
        (line, _next) = preview_series(session, NOW, world.kari.id, every_week).lines
        with pytest.raises(BookingRefused) as by_form:
            request_booking(session, NOW, acting(world.kari), wanted)
        with pytest.raises(BookingRefused) as by_move:
            change_booking(session, NOW, acting(world.kari), other.public_id, wanted, version=1)
        plan = plan_import(session, NOW, second.slug, world.kari.email, "")
        imported = take_in(session, NOW, plan, Row(1, "uid-1", wanted.wall))

        assert found.codes == ("R22.too_many",)
        for verdict in (line.verdict, by_form.value.verdict, by_move.value.verdict, imported.error.verdict):
            assert verdict.findings == found.findings
        assert imported.fate is ImportFate.REFUSED


def test_the_series_own_earlier_dates_count(change):
    """Twice a week, where once is allowed: the first of each week stands, the second does not (E6)."""
    with change() as session:
        world = World(session, "R22", ONE_A_WEEK)
        first, second = world.rooms
        rule = Recurrence(Every.WEEK, weekdays=(1, 3), count=4)
        weighed = preview_series(session, NOW, world.kari.id, SeriesWish(wish(first), rule))
        assert [line.fate for line in weighed.lines] == [Fate.FINE, Fate.REFUSED] * 2

        elsewhere = Choice(slug=second.slug, span=span_at("2027-03-11 10:00-11:00"))
        choices = {weighed.lines[1].day: elsewhere}
        again = preview_series(session, NOW, world.kari.id, SeriesWish(wish(first), rule, choices))
        assert again.lines[1].fate is Fate.REFUSED
        assert again.lines[1].verdict.codes == ("R22.too_many",)


def test_a_series_that_fills_the_hours_and_its_change(change):
    with change() as session:
        world = World(session, "R23", TWO_HOURS)
        room, ours = world.rooms[0], world.organisation.id
        rule = Recurrence(Every.WEEK, weekdays=(1, 3), count=4)
        wanted = SeriesWish(wish(room, organisation_id=ours), rule)
        saved = save(session, NOW, acting(world.kari), wanted)
        assert saved.made == 4
        later = replace(wanted.wish, wall=wall("2027-03-09 12:00-13:00"))
        change_series(session, NOW, acting(world.kari), saved.first, SeriesChange(later, Reach.ALL, {}))
        longer = replace(wanted.wish, wall=wall("2027-03-09 12:00-13:30"))
        with pytest.raises(SeriesUnsettled):
            change_series(session, NOW, acting(world.kari), saved.first, SeriesChange(longer, Reach.ALL, {}))


def test_a_move_within_the_week_is_no_worse_though_the_limit_was_lowered(change):
    with change() as session:
        world = World(session)
        first, second = world.rooms
        made = [
            request_booking(session, NOW, acting(world.kari), wish(first, f"2027-03-{day} 10:00-11:00")).public_id
            for day in ("09", "10", "17")
        ]
        set_rule(session, "category", world.kind.id, "R22", ONE_A_WEEK)
        moved = wish(second, "2027-03-11 10:00-11:00")
        change_booking(session, NOW, acting(world.kari), made[0], moved, version=1)
        into = wish(second, "2027-03-18 10:00-11:00")
        with pytest.raises(BookingRefused):
            change_booking(session, NOW, acting(world.kari), made[0], into, version=2)
        ids = session.scalars(select(Booking.id).where(Booking.public_id.in_(made[:2]))).all()
        assert unfit(session, NOW, [first.id, second.id]).keys() == set(ids)


def test_it_is_the_taker_s_quota_when_a_booking_is_handed_over(change):
    with change() as session:
        world = World(session, "R22", ONE_A_WEEK)
        first, second = world.rooms
        made = request_booking(session, NOW, acting(world.kari), wish(first)).public_id
        theirs = request_booking(session, NOW, acting(world.ola), wish(second)).public_id
        with pytest.raises(BookingRefused) as refusal:
            hand_over_booking(session, NOW, acting(world.kari), made, world.ola.id)
        assert "R22.too_many" in codes(refusal)
        cancel_booking(session, NOW, acting(world.ola), theirs)
        hand_over_booking(session, NOW, acting(world.kari), made, world.ola.id)


def test_an_organisation_s_booking_goes_from_hand_to_hand_though_its_quota_is_spent(change):
    with change() as session:
        world = World(session, "R23", TWO_HOURS)
        room, ours = world.rooms[0], world.organisation.id
        longer = wish(room, "2027-03-09 10:00-12:00", organisation_id=ours)
        made = request_booking(session, NOW, acting(world.kari), longer).public_id
        set_rule(session, "category", world.kind.id, "R23", {"limits": [{**TWO_HOURS["limits"][0], "amount": 1}]})
        hand_over_booking(session, NOW, acting(world.kari), made, world.ola.id)
        assert session.scalars(select(Booking.member_id)).one() == world.ola.id


def test_whoever_has_left_the_organisation_still_changes_within_its_quota(change):
    with change() as session:
        world = World(session, "R23", TWO_HOURS)
        first, second = world.rooms
        ours = world.organisation.id
        made = request_booking(session, NOW, acting(world.kari), wish(first, organisation_id=ours)).public_id
        request_booking(session, NOW, acting(world.ola), wish(second, organisation_id=ours))
        session.query(Membership).filter_by(member_id=world.kari.id).delete()
        session.flush()
        longer = wish(first, "2027-03-09 10:00-12:00", organisation_id=ours)
        with pytest.raises(BookingRefused) as refusal:
            change_booking(session, NOW, acting(world.kari), made, longer, version=1)
        assert "R23.too_much" in codes(refusal)


def test_open_bookings_count_each_date_of_a_series(change):
    with change() as session:
        world = World(session, "R24", {"limits": [{"amount": 3, "per": "ahead", "over": "category"}]})
        rule = Recurrence(Every.WEEK, count=5)
        weighed = preview_series(session, NOW, world.kari.id, SeriesWish(wish(world.rooms[0]), rule))
        assert [line.fate for line in weighed.lines] == [Fate.FINE] * 3 + [Fate.REFUSED] * 2


def test_the_way_out_of_a_spent_week_is_another_week(change):
    with change() as session:
        world = World(session, "R22", ONE_A_WEEK)
        first, second = world.rooms
        request_booking(session, NOW, acting(world.kari), wish(first, "2027-03-10 10:00-11:00"))
        offered = alternatives(session, NOW, world.kari.id, wish(second))
        assert offered
        assert all(preview(session, NOW, wish_at(each), world.kari.id)[0].allowed for each in offered)


def wish_at(offer):
    return Wish((Item(offer.card.id),), WallSpan.of(offer.span, offer.card.zone))


def test_rooms_without_quotas_pay_nothing_and_others_one_statement(change):
    def statements(session, room, member):
        said = []
        listen = lambda *args: said.append(args[2])  # noqa: E731
        event.listen(session.connection(), "before_cursor_execute", listen)
        preview(session, NOW, wish(room), member.id)
        event.remove(session.connection(), "before_cursor_execute", listen)
        return len(said)

    with change() as session:
        world = World(session)
        without = statements(session, world.rooms[0], world.kari)
        set_rule(session, "category", world.kind.id, "R22", ONE_A_WEEK)
        set_rule(session, "category", world.kind.id, "R23", TWO_HOURS)
        session.flush()
        assert statements(session, world.rooms[0], world.kari) == without + 1
