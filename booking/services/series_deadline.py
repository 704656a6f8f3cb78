"""Which bookings of a series are too near to be changed or given back (R19); only those near enough are asked about."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.request import Request
from booking.core.verdict import Verdict
from booking.models import Booking
from booking.permissions import Actor
from booking.services import settings, telling
from booking.services.series_reading import Occurrence, SeriesNow
from booking.services.standing import standing_of


def too_late(
    session: Session,
    now: datetime,
    actor: Actor,
    series: SeriesNow,
    occurrences: Iterable[Occurrence],
    after: Callable[[Occurrence], Request | None],
) -> dict[int, Verdict]:
    """What the deadline refuses, by the booking's id; `after` is what it is to become, None when it is given back."""
    last = now + _longest_deadline(session, now, series)
    verdicts = {
        each.id: _verdict(session, now, actor, each, after(each)) for each in occurrences if each.span.starts_at <= last
    }
    return {id_: verdict for id_, verdict in verdicts.items() if verdict.refused}


def _longest_deadline(session: Session, now: datetime, series: SeriesNow) -> timedelta:
    scopes = {scope for card in series.cards.values() for scope in card.scopes}
    rows = [row for row in settings.rows_at(session, scopes, now) if row.rule == "R19"]
    return timedelta(hours=max((row.params.get("hours") or 0 for row in rows), default=0))


def _verdict(session: Session, now: datetime, actor: Actor, each: Occurrence, after: Request | None) -> Verdict:
    standing = standing_of(session, session.get_one(Booking, each.id))
    wish = replace(standing.wish, wall=after.wall, items=after.items) if after else None
    verdict, _ = telling.lateness_for(session, now, actor, standing, wish, telling.BY_HAND)
    return verdict
