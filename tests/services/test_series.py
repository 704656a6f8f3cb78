"""Series on both databases: every date weighed, the earlier ones counted; saved whole, or left as done by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from booking.core.errors import BookingConflict, KeyReused
from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Allocation, Booking, BookingItem, FeedCounter, JournalEntry, Series
from booking.permissions import Actor
from booking.services.checks import check
from booking.services.facts import gather_facts
from booking.services.series import SeriesUnsettled, preview, save
from booking.services.series_wishes import SKIP, Choice, Fate, SeriesWish
from booking.services.series_writing import Held, hold_all, insert_bookings
from booking.services.wishes import Wish
from tests.factories import OSLO, a_booking, a_member, a_room, a_site, span_at
from tests.support.house import set_rule

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TUESDAYS = Recurrence(Every.WEEK, count=6)


def acting(member, **more):
    return Actor(member.id, member.name, member.email, **more)


def wished(room, at="2027-03-09 09:00-10:00", rule=TUESDAYS, quantity=1, choices=None, **more):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    wish = Wish((Item(room.id, quantity),), WallSpan(starts, ends + timedelta(days=ends <= starts)), **more)
    return SeriesWish(wish, rule, choices or {})


def booked(session):
    """Local starts of what is live, in order."""
    rows = session.scalars(
        select(Booking).where(Booking.live, Booking.series_id.is_not(None)).order_by(Booking.starts_at)
    )
    return [f"{row.starts_at.astimezone(OSLO):%m-%d %H:%M}" for row in rows]


def in_order(session):
    return session.scalars(select(Booking).where(Booking.series_id.is_not(None)).order_by(Booking.series_day)).all()


def fates(weighed):
    return [line.fate for line in weighed.lines]


def wish_of(row, room, at, **more):
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    return Wish(
        (Item(room.id),), WallSpan(starts, ends), row.title, row.people, row.organisation_id, row.visibility, **more
    )


def test_nine_stays_nine_over_the_change_of_the_clock_and_everything_is_written(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)

        saved = save(session, NOW, acting(kari), wished(room, title="Weekly"))

        assert booked(session) == [f"{day} 09:00" for day in ("03-09", "03-16", "03-23", "03-30", "04-06", "04-13")]
        hours = [row.starts_at.hour for row in in_order(session)]
        assert hours == [8, 8, 8, 7, 7, 7]
        assert session.scalar(select(func.count()).select_from(Allocation)) == 6
        actions = session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)).all()
        assert sorted(actions) == ["booking.made"] * 6 + ["series.made"]
        assert (saved.made, saved.waiting) == (6, 0)
        assert in_order(session)[0].series_day == date(2027, 3, 9)
    with change() as session:
        assert session.scalar(select(FeedCounter.rev).where(FeedCounter.scope_kind == "resource")) == 1
        assert check(session) == []


def test_facts_are_gathered_in_few_statements_however_many_dates(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        counted = []
        for number in (4, 50):
            said = []
            listen = lambda *args: said.append(args[2])  # noqa: B023, E731
            event.listen(session.connection(), "before_cursor_execute", listen)
            preview(session, NOW, kari.id, wished(room, rule=Recurrence(Every.WEEK, count=number)))
            event.remove(session.connection(), "before_cursor_execute", listen)
            counted.append(len(said))

        assert counted[0] == counted[1]


def test_fates_tell_what_is_taken_closed_against_a_rule_and_left_out(change):
    with change() as session:
        site = a_site(session)
        room, kari, ola = a_room(session, site), a_member(session), a_member(session)
        set_rule(session, "site", site.id, "R11", {"public_holidays": "NO"})
        set_rule(session, "site", site.id, "R18", {"days": 40})
        a_booking(session, on=room, member=ola, at="2027-03-15 09:30-10:30")

        wish = wished(room, "2027-03-08 09:00-10:00", choices={date(2027, 3, 22): SKIP})
        weighed = preview(session, NOW, kari.id, wish)

        assert fates(weighed) == [Fate.FINE, Fate.TAKEN, Fate.SKIPPED, Fate.CLOSED, Fate.FINE, Fate.REFUSED]
        assert weighed.lines[3].holiday.names["en"] == "Easter Monday"
        assert [line.verdict.codes for line in weighed.problems] == [
            ("R05.overlap",),
            ("R11.closure",),
            ("R18.horizon",),
        ]


def test_earlier_dates_of_the_series_count(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        set_rule(session, "resource", room.id, "R21", {"minutes": 600})
        every_night = wished(room, "2027-03-09 22:00-06:00", Recurrence(Every.DAY, count=3))
        assert fates(preview(session, NOW, kari.id, every_night)) == [Fate.FINE] * 3

        too_long = wished(room, "2027-03-09 08:00-07:00", Recurrence(Every.DAY, count=3))
        in_a_row = wished(room, "2027-03-09 20:00-08:00", Recurrence(Every.DAY, count=2))
        set_rule(session, "resource", room.id, "R21", {"minutes": 1440})
        set_rule(session, "resource", room.id, "R06", {"after_minutes": 120})
        assert fates(preview(session, NOW, kari.id, too_long)) == [Fate.FINE, Fate.TAKEN, Fate.FINE]
        assert fates(preview(session, NOW, kari.id, in_a_row)) == [Fate.FINE] * 2


def test_a_missing_hour_stops_its_own_date_only_and_has_a_way_out(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        night = wished(room, "2027-03-14 02:30-03:30", Recurrence(Every.WEEK, count=4))

        weighed = preview(session, NOW, kari.id, night)

        assert fates(weighed) == [Fate.FINE, Fate.FINE, Fate.REFUSED, Fate.FINE]
        line = weighed.problems[0]
        assert line.verdict.codes == ("R01.missing_hour",)
        offer = line.offers[0]
        chosen = replace(night, choices={line.day: Choice(slug=offer.card.slug, span=offer.span)})
        assert save(session, NOW, acting(kari), chosen).made == 4


def test_other_rooms_stand_in_only_with_the_same_features(change):
    with change() as session:
        site = a_site(session)
        category = {"category_id": a_room(session, site, state="draft").category_id}
        room = a_room(session, site, features=["video"], **category)
        alike = a_room(session, site, features=["video", "screen"], **category)
        a_room(session, site, features=["screen"], **category)
        kari, ola = a_member(session), a_member(session)
        a_booking(session, on=room, member=ola, at="2027-03-16 09:00-10:00")

        weighed = preview(session, NOW, kari.id, wished(room))
        rooms = {offer.card.slug for offer in weighed.problems[0].offers} - {room.slug}
        offer = next(offer for offer in weighed.problems[0].offers if offer.card.slug == alike.slug)
        decided = wished(room, choices={date(2027, 3, 16): Choice(slug=alike.slug, span=offer.span)})
        save(session, NOW, acting(kari), decided)

        assert rooms == {alike.slug}
        moved = in_order(session)[1]
        held = session.scalar(select(BookingItem.resource_id).where(BookingItem.booking_id == moved.id))
        assert (held, moved.by_hand) == (alike.id, True)


def test_nothing_is_saved_while_a_date_stands_in_the_way(change):
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        a_booking(session, on=room, member=ola, at="2027-03-16 09:30-10:30")

        with pytest.raises(SeriesUnsettled) as seen:
            save(session, NOW, acting(kari), replace(wished(room), shown_problems=frozenset({date(2027, 3, 16)})))
        with pytest.raises(SeriesUnsettled) as new:
            save(session, NOW, acting(kari), wished(room))

        assert (seen.value.status, new.value.status) == (422, 409)
        assert session.scalar(select(func.count()).select_from(Series)) == 0


def test_a_long_series_waits_for_approval_where_the_rule_says_so(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        set_rule(session, "resource", room.id, "R28", {"most_occurrences": 3}, weight="needs_approval")

        saved = save(session, NOW, acting(kari), wished(room))

        assert (saved.made, saved.waiting) == (6, 6)
        assert {row.state for row in in_order(session)} == {"requested"}


def test_a_pool_gives_what_is_free_on_each_date(change):
    with change() as session:
        pool = a_room(session, units=3, is_pool=True, seats=None)
        kari = a_member(session)
        save(session, NOW, acting(kari), wished(pool, quantity=2))

        again = preview(session, NOW, kari.id, wished(pool, quantity=2))
        one = save(session, NOW, acting(kari), wished(pool, quantity=1))

        assert set(fates(again)) == {Fate.TAKEN}
        assert one.made == 6
        assert session.scalar(select(func.count()).select_from(Allocation)) == 18


def test_the_same_key_makes_one_series_and_another_content_is_refused(change):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        first = save(session, NOW, acting(kari), wished(room, key="k"))

        assert save(session, NOW, acting(kari), wished(room, key="k")) == first
        with pytest.raises(KeyReused):
            save(session, NOW, acting(kari), wished(room, key="k", title="Other"))


def test_the_guard_takes_back_a_whole_series_that_judged_past_another(change):
    with pytest.raises(BookingConflict):
        judge_past_another(change)

    with change() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 0


def judge_past_another(change):
    """Writes six dates from facts that know nothing of Ola's booking."""
    with change() as session:
        room, kari, ola = a_room(session), a_member(session), a_member(session)
        lines = preview(session, NOW, kari.id, wished(room)).lines
        nothing = span_at("2027-01-01 00:00-01:00")
        facts = gather_facts(session, NOW, member_id=kari.id, resource_ids=[room.id], window=nothing)
        a_booking(session, on=room, member=ola, at="2027-04-13 09:00-10:00")
        common = {
            "by_hand": False, "state": "confirmed", "site_id": room.site_id, "member_id": kari.id,
            "booked_by_id": kari.id, "sequence": 0, "created_at": NOW, "modified_at": NOW,
        }  # fmt: skip
        times = [{"starts_at": line.span.starts_at, "ends_at": line.span.ends_at} for line in lines]
        ids = insert_bookings(session, [{**common, **each} for each in times])
        units = {room.id: facts.resources[room.id].units}
        hold_all(
            session,
            [Held(id_, line.span, line.request.items, units, facts) for id_, line in zip(ids, lines, strict=True)],
        )
