"""A manager who changes or cancels a series past the deadline leaves the mark that single bookings get."""

from datetime import timedelta

from sqlalchemy import select

from booking.models import JournalEntry
from booking.services.series import save
from booking.services.series_cancelling import cancel_series
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from tests.conftest import Change
from tests.factories import a_member, a_room
from tests.services.test_series_changes import NOW, acting, in_order, wish_of, wished
from tests.support.deciding import set_rule

LATE = NOW + timedelta(days=7, hours=12)  # the evening before the first of the Tuesdays
PAST = {"as": "manager", "overridden": ["R19.too_late"]}


def a_series(session):
    """The room asks for a day; its manager, and the series' first booking."""
    room, kari = a_room(session), acting(a_member(session))
    set_rule(session, "resource", room.id, "R19", {"hours": 24, "effect": "refuse"})
    manager = acting(a_member(session), manages=frozenset({("resource", room.id)}))
    saved = save(session, NOW, kari, wished(room))
    return room, manager, saved.first


def marked(session, action):
    """The marks of each date, in order of time."""
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == action).order_by(JournalEntry.id))
    return [{name: each.after[name] for name in PAST if name in (each.after or {})} for each in entries]


def test_a_manager_who_cancels_a_series_past_the_deadline_leaves_the_mark(change: Change) -> None:
    with change() as session:
        _, manager, first = a_series(session)

        assert cancel_series(session, LATE, manager, first, Reach.ALL, message="The roof leaks") == 6

        assert marked(session, "booking.cancelled") == [PAST, *[{}] * 5]


def test_a_manager_who_changes_a_series_past_the_deadline_leaves_the_mark(change: Change) -> None:
    with change() as session:
        room, manager, first = a_series(session)
        wish = wish_of(in_order(session)[0], room, "2027-03-09 12:00-13:00")

        change_series(session, LATE, manager, first, SeriesChange(wish, Reach.ALL, message="The roof leaks"))

        assert marked(session, "booking.changed") == [PAST, *[{}] * 5]
