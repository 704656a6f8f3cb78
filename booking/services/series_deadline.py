"""Which bookings of a series are too near to be changed or given back (R19); only those near enough are asked about."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.request import Request
from booking.core.verdict import Verdict
from booking.models import Booking
from booking.permissions import Actor
from booking.services import settings, telling
from booking.services.series_reading import Occurrence, SeriesNow
from booking.services.standing import standing_of


@dataclass(frozen=True, slots=True)
class Lateness:
    """What the deadline refuses, and what the journal is to remember of dates that are near; by the booking's id."""

    refused: Mapping[int, Verdict]
    marks: Mapping[int, dict[str, object]]


def too_late(
    session: Session,
    now: datetime,
    actor: Actor,
    series: SeriesNow,
    occurrences: Iterable[Occurrence],
    after: Callable[[Occurrence], Request | None],
) -> Lateness:
    """What the deadline says of each; `after` is what it is to become, None when it is given back."""
    last = now + _longest_deadline(session, now, series)
    near = {
        each.id: _said(session, now, actor, each, after(each)) for each in occurrences if each.span.starts_at <= last
    }
    refused = {id_: verdict for id_, (verdict, _) in near.items() if verdict.refused}
    return Lateness(refused, {id_: marks for id_, (_, marks) in near.items() if id_ not in refused})


def _longest_deadline(session: Session, now: datetime, series: SeriesNow) -> timedelta:
    scopes = {scope for card in series.cards.values() for scope in card.scopes}
    rows = [row for row in settings.rows_at(session, scopes, now) if row.rule == "R19"]
    return timedelta(hours=max((row.params.get("hours") or 0 for row in rows), default=0))


def _said(
    session: Session, now: datetime, actor: Actor, each: Occurrence, after: Request | None
) -> tuple[Verdict, dict[str, object]]:
    standing = standing_of(session, session.get_one(Booking, each.id))
    wish = replace(standing.wish, wall=after.wall, items=after.items) if after else None
    return telling.lateness_for(session, now, actor, standing, wish, telling.BY_HAND)
