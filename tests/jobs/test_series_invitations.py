"""Whatever is done to a series, the calendar that takes in the mails shows what the database holds."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import DomainError
from booking.core.recurrence import Every, Recurrence, nth_of
from booking.core.request import Item, WallSpan
from booking.models import Booking, BookingItem, Duty, Member, Resource
from booking.permissions import Actor
from booking.services.approving import approve, decline
from booking.services.changes import cancel_booking, change_booking
from booking.services.handing_over import hand_over_booking
from booking.services.series import save
from booking.services.series_cancelling import cancel_series
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import SKIP, SeriesWish
from booking.services.standing import found
from booking.services.undoing import restore_booking
from booking.services.wishes import Wish
from tests.factories import a_member, a_room, a_site, an_organisation
from tests.support.itip import Diary
from tests.support.requests import a_rule as a_rule_on

NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
FIRST, LAST = datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC)
STATUSES = {"confirmed": "CONFIRMED", "requested": "TENTATIVE"}
WALLS = [
    ("09:00", "10:00"), ("23:00", "06:00"), ("02:15", "02:45"), ("01:30", "03:30"), ("00:00", "00:00"),
    ("20:00", "21:30"),
]  # fmt: skip
DAYS = [
    date(2027, 2, 15),
    date(2027, 3, 27),
    date(2027, 3, 28),
    date(2027, 10, 23),
    date(2027, 10, 30),
    date(2027, 5, 31),
]


def acting(member, room_ids=()):
    return Actor(member.id, member.name, member.email, manages=frozenset(("resource", id_) for id_ in room_ids))


def a_rule(chance, first):
    end = {"count": chance.randint(3, 9)}
    return chance.choice(
        [
            Recurrence(Every.DAY, step=chance.randint(1, 3), **end),
            Recurrence(Every.WEEK, step=chance.randint(1, 2), weekdays=(first.weekday(),), **end),
            Recurrence(Every.WEEK, weekdays=tuple(sorted({first.weekday(), chance.randrange(7)})), **end),
            Recurrence(Every.MONTH_DATE, **end),
            Recurrence(Every.MONTH_WEEKDAY, nth=nth_of(first), **end),
            Recurrence(Every.DATES, dates=tuple(first + timedelta(days=chance.randrange(40)) for _ in range(5))),
        ]
    )


def a_wall(chance, day):
    starts, ends = (datetime.fromisoformat(f"{day}T{wall}") for wall in chance.choice(WALLS))
    return WallSpan(starts, ends + timedelta(days=ends <= starts))


class Story:
    """Things that happen to a series at random, one transaction each, one second after another."""

    def __init__(self, change, seed):
        self.change, self.chance, self.now = change, random.Random(seed), NOW
        with change() as session:
            organisation = an_organisation(session)
            site = a_site(session)
            rooms = [a_room(session, site, kind=kind) for kind in ("space", "instrument")]
            people = [a_member(session, organisation) for _ in range(3)]
            self.rooms, self.people, self.organisation = [r.id for r in rooms], [p.id for p in people], organisation.id
            if seed % 3 == 0:  # every booking takes a yes of Siri's
                session.add(Duty(member_id=people[2].id, scope_kind="site", scope_id=site.id, kind="approver"))
                for room in rooms:
                    a_rule_on(session, room, always=True)
            self.begin(session)

    def actor(self, session, number):
        """Kari, who holds the series; Ola; and Siri, who looks after both rooms."""
        return acting(session.get_one(Member, self.people[number]), self.rooms if number == 2 else ())

    def begin(self, session):
        day = self.chance.choice(DAYS)
        wish = Wish((Item(self.rooms[0]),), a_wall(self.chance, day), "Begins", organisation_id=None)
        rule = a_rule(self.chance, day)
        skipped = {each: SKIP for each in rule.days(day) if self.chance.random() < 0.15}
        try:
            save(session, self.now, acting(session.get_one(Member, self.people[0])), SeriesWish(wish, rule, skipped))
        except DomainError:  # a date in a missing hour, or dates on top of each other
            plain = replace(wish, wall=WallSpan(datetime(2027, 3, 27, 9), datetime(2027, 3, 27, 10)))
            save(
                session,
                self.now,
                acting(session.get_one(Member, self.people[0])),
                SeriesWish(plain, Recurrence(Every.DAY, count=6)),
            )

    def go_on(self):
        """One more thing, perhaps refused."""
        self.now += timedelta(seconds=self.chance.choice([0, 1, 90]))
        do = self.chance.choice(
            [self.cancel, self.restore, self.move, self.move, self.rename, self.other_room, self.hand_over,
             self.answer, self.answer,
             self.change_following, self.change_following, self.change_all, self.cancel_following]
        )  # fmt: skip
        with suppress(DomainError), self.change() as session:
            rows = session.scalars(select(Booking).order_by(Booking.id)).all()
            do(session, self.chance.choice(rows))

    def by(self, session, row):
        holder = self.people.index(row.member_id)
        return self.actor(session, self.chance.choice([holder, holder, 2])), {"message": "Because."}

    def cancel(self, session, row):
        actor, _ = self.by(session, row)
        cancel_booking(session, self.now, actor, row.public_id, reason="Because.")

    def restore(self, session, row):
        actor, _ = self.by(session, row)
        gone = session.scalars(select(Booking).where(~Booking.live).order_by(Booking.id)).all()
        if gone:
            restore_booking(session, self.now, actor, self.chance.choice(gone).public_id)

    def _change(self, session, row, **changes):
        actor, said = self.by(session, row)
        wish = replace(found(session, actor, row.public_id, "booking.see").wish, **changes)
        change_booking(session, self.now, actor, row.public_id, wish, version=row.version, **said)

    def move(self, session, row):
        day = row.starts_at.date() + timedelta(days=self.chance.randint(-2, 2))
        self._change(session, row, wall=a_wall(self.chance, day))

    def answer(self, session, row):
        siri = self.actor(session, 2)
        if self.chance.random() < 0.7:
            approve(session, self.now, siri, row.public_id)
        else:
            decline(session, self.now, siri, row.public_id, "Because.")

    def rename(self, session, row):
        self._change(session, row, title=self.chance.choice(["Æøå; \\n, 🎈", "New", "Begins"]))

    def other_room(self, session, row):
        self._change(session, row, items=(Item(self.chance.choice(self.rooms)),))

    def hand_over(self, session, row):
        other = (
            self.people[1 - self.people.index(row.member_id)] if row.member_id in self.people[:2] else self.people[0]
        )
        hand_over_booking(session, self.now, self.actor(session, 2), row.public_id, other)

    def _change_series(self, session, row, reach):
        actor, said = self.by(session, row)
        wish = found(session, actor, row.public_id, "booking.see").wish
        day = wish.wall.starts.date() + timedelta(days=self.chance.choice([0, 0, 1, -1]))
        wish = replace(wish, wall=a_wall(self.chance, day), title=self.chance.choice([wish.title, "Changed"]))
        change_series(session, self.now, actor, row.public_id, SeriesChange(wish, reach, **said))

    def change_following(self, session, row):
        self._change_series(session, row, Reach.FOLLOWING)

    def change_all(self, session, row):
        self._change_series(session, row, Reach.ALL)

    def cancel_following(self, session, row):
        actor, said = self.by(session, row)
        cancel_series(session, self.now, actor, row.public_id, Reach.FOLLOWING, **said)


def held_by(session, member_id):
    """What the database says of a member's time, in the words of a calendar."""
    rows = session.execute(
        select(Booking.starts_at, Booking.ends_at, Booking.title, Resource.name, Booking.state)
        .join(Resource, Resource.id == _room_of(Booking.id))
        .where(Booking.member_id == member_id, Booking.live)
    )
    return sorted((starts, ends, title or name, STATUSES[state]) for starts, ends, title, name, state in rows)


def _room_of(booking_id):
    return select(BookingItem.resource_id).where(BookingItem.booking_id == booking_id).limit(1).scalar_subquery()


@pytest.mark.parametrize("seed", range(18))
def test_calendars_show_what_the_database_holds(change, send, postbox, seed):
    story = Story(change, seed)
    diaries = {}
    late = story.chance.random() < 0.4  # all mail is sent only in the end

    for _ in range(14):
        story.go_on()
        if not late:
            take_in(diaries, send(story.now))
            assert_equal(change, story, diaries)
    take_in(diaries, send(story.now))

    assert_equal(change, story, diaries)
    if seed % 3 == 0:
        assert any(b"STATUS:TENTATIVE" in each.calendar for each in postbox.delivered if each.calendar)


def take_in(diaries, delivered):
    for each in delivered:
        if each.calendar:
            diaries.setdefault(each.receiver, Diary()).take(each.calendar)


def assert_equal(change, story, diaries):
    with change() as session:
        for member_id in story.people:
            diary = diaries.get(session.get_one(Member, member_id).email, Diary())
            assert diary.occurrences(FIRST, LAST) == held_by(session, member_id)
            assert diary.ignored == 0
