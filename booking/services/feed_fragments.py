"""Keeps each booking's rendered text in step with the booking, and tells the feeds that it has come, changed or gone.

Whoever changes what a calendar shows of a booking says so with `changed`. At the end of the transaction its text is
rendered and kept, the feeds it was shown in and is shown in now are raised, and a feed that it has left gets a row
that tells so. It works at the end, because what is done in a transaction may be many small things.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Row, event, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from booking.ical.calendar import TEMPLATE
from booking.models import Booking, BookingFragment
from booking.permissions import ScopeKey
from booking.services import feed_counters, feed_departures
from booking.services.feed_departures import Left
from booking.services.feed_rendering import IDS, Rendered, render

WAITING = "bookings whose text has changed"
AT_ONCE = 1000
TENTATIVE = b"\r\nSTATUS:TENTATIVE\r\n"
fragment: Any = BookingFragment.__table__
KEPT = select(fragment).where(fragment.c.booking_id.in_(IDS))


def _statement(dialect: str) -> Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = insert(fragment)
    columns = {each.name: row.excluded[each.name] for each in fragment.columns if not each.primary_key}
    return row.on_conflict_do_update(index_elements=["booking_id"], set_=columns)


STATEMENTS = {dialect: _statement(dialect) for dialect in ("sqlite", "postgresql")}  # built once: it is dear


def changed(session: Session, now: datetime, booking_ids: Iterable[int]) -> None:
    """Renders these bookings anew when the transaction commits, and raises every feed that shows them."""
    waiting: dict[int, datetime] = session.info.setdefault(WAITING, {})
    waiting.update({id_: max(now, waiting.get(id_, now)) for id_ in booking_ids})


def fill(session: Session, *, most: int = AT_ONCE) -> int:
    """Renders bookings whose text is missing or of another template, without telling anybody; how many."""
    wanted = (
        select(Booking.id)
        .outerjoin(BookingFragment, BookingFragment.booking_id == Booking.id)
        .where(or_(BookingFragment.booking_id.is_(None), BookingFragment.template != TEMPLATE))
        .order_by(Booking.id.desc())
        .limit(most)
    )
    found = list(render(session, session.scalars(wanted).all()))
    _keep(session, found)
    return len(found)


@event.listens_for(Session, "before_commit", insert=True)  # before the counters, which it raises
def _settle(session: Session) -> None:
    """What a savepoint changed waits for the end as well."""
    if session.in_nested_transaction() or not session.info.get(WAITING):
        return
    session.flush()
    waiting: dict[int, datetime] = session.info.pop(WAITING)
    now, ids = max(waiting.values()), sorted(waiting)
    for start in range(0, len(ids), AT_ONCE):
        _render_some(session, now, ids[start : start + AT_ONCE])


def _render_some(session: Session, now: datetime, ids: list[int]) -> None:
    before = {row.booking_id: row for row in session.execute(KEPT, {"ids": ids})}
    found = list(render(session, ids))
    _keep(session, found)
    _tell_what_left(session, now, found, before)
    scopes = {scope for each in found for scope in each.scopes}
    scopes |= {scope for row in before.values() for scope in scopes_in(row)}
    cores = [*(each.core for each in found), *(row.core for row in before.values())]
    if any(TENTATIVE in core for core in cores):
        scopes.add(feed_counters.REQUESTS)
    feed_counters.raise_counters(session, now, scopes)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """A savepoint that is taken back takes nothing off: what was done before it still has to be told."""
    if rolled_back.parent is None:
        session.info.pop(WAITING, None)


def scopes_in(row: Row[Any]) -> frozenset[ScopeKey]:
    """The feeds that a kept text was shown in."""
    return frozenset((kind, id_) for kind, id_ in row.scopes)


def _keep(session: Session, found: list[Rendered]) -> None:
    if found:
        session.execute(STATEMENTS[session.get_bind().dialect.name], [each.values() for each in found])


def _tell_what_left(session: Session, now: datetime, found: Iterable[Rendered], before: Mapping[int, Row[Any]]) -> None:
    known = [(each, before[each.booking_id]) for each in found if each.booking_id in before]
    if not known:
        return
    feed_departures.forget(session, {each.booking_id: each.scopes | scopes_in(row) for each, row in known})
    left = [
        Left(each, row.sequence, row.core, row.summary, gone)
        for each, row in known
        if (gone := scopes_in(row) - each.scopes)
    ]
    feed_departures.note(session, now, left)
