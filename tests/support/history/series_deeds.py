"""What people do to series in the history: book one, change this and following or all of it, cancel what lies ahead."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from booking.core.recurrence import Every, Recurrence
from booking.db import db
from booking.models import Booking, Series
from booking.services import series, series_cancelling, series_changes
from booking.services.series_difference import SeriesChange, difference
from booking.services.series_reading import Reach
from booking.services.series_wishes import SKIP, STAY, Choice, SeriesWish, Weighed
from booking.services.wishes import Wish
from tests.support.history.records import Doing
from tests.support.history.walk import Act, Walk, wall


def book_series(walk: Walk) -> Act:
    """Looks at every date as people do, and leaves out those that stand in the way."""
    member = walk.one_of(walk.world.members)
    wish = Wish(walk.items(), wall(walk.span(most_quarters=4)), walk.title)
    asked = SeriesWish(wish, Recurrence(Every.DAY, step=walk.one_of((1, 1, 2)), count=walk.chance.randint(2, 6)))
    weighed = series.preview(db.session(), walk.now, member, asked)
    decided = replace(asked, choices=_settled(walk, weighed, (SKIP,)))

    def act(session: Session) -> Doing:
        saved = series.save(session, walk.now, walk.actor(session, member), decided)
        return Doing(_bookings_of(session, saved.public_id))

    return act


def change_series(walk: Walk) -> Act | None:
    """Moves it within the day, or to other things."""
    standing = walk.some_booking(of_series=True)
    if standing is None:
        return None
    if walk.sometimes(0.6):
        wish = replace(standing.wish, wall=wall(walk.span(most_quarters=4)))
    else:
        wish = replace(standing.wish, items=walk.items())
    who, public_id = standing.row.member_id, standing.row.public_id
    change = SeriesChange(wish, walk.one_of(tuple(Reach)))
    found = difference(db.session(), walk.now, walk.actor(db.session(), who), public_id, change, offers=False)
    choices = _settled(walk, found.weighed, (SKIP, STAY))
    decided = replace(change, choices=choices, shown=found.fingerprint)

    def act(session: Session) -> Doing:
        changed = series_changes.change_series(session, walk.now, walk.actor(session, who), public_id, decided)
        return Doing(_bookings_of(session, changed))

    return act


def cancel_series(walk: Walk) -> Act | None:
    standing = walk.some_booking(of_series=True)
    if standing is None:
        return None
    who, public_id, reach = standing.row.member_id, standing.row.public_id, walk.one_of(tuple(Reach))

    def act(session: Session) -> Doing:
        series_cancelling.cancel_series(session, walk.now, walk.actor(session, who), public_id, reach)
        now_in = select(Series.public_id).join(Booking, Booking.series_id == Series.id)  # it may have been split
        return Doing(_bookings_of(session, session.scalars(now_in.where(Booking.public_id == public_id)).one()))

    return act


def _settled(walk: Walk, weighed: Weighed, ways: tuple[Choice, ...]) -> dict[date, Choice]:
    return {line.day: walk.one_of(ways) for line in weighed.problems}


def _bookings_of(session: Session, public_id: str) -> dict[str, Wish | None]:
    """All of a series, and of the one it was split off from."""
    session.flush()
    new = aliased(Series)
    ids = select(Series.id).join(new, (Series.id == new.id) | (Series.id == new.follows_id))
    found = session.scalars(
        select(Booking.public_id).where(Booking.series_id.in_(ids.where(new.public_id == public_id)))
    )
    return dict.fromkeys(found)
