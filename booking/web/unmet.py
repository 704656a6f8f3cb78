"""Notes a search that found nothing: coarse, without a name, and never in the way of the page."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from booking.db import writing
from booking.services import demand
from booking.services.catalogue import ResourceCard
from booking.services.demand import Looked
from booking.web.reading import read_number
from booking.web.searching import Asked
from booking.web.wide import WideAsked

KINDS = ("space", "instrument")
log = structlog.get_logger()


def count_unmet(today: date, asked: Asked, cards: Sequence[ResourceCard]) -> None:
    """A search for one time of one day."""
    wall = asked.wall
    if wall is not None:
        length = timedelta(minutes=asked.minutes)
        _count(today, _looked(asked, length, cards, wall.starts.weekday(), wall.starts.hour))


def count_unmet_times(today: date, asked: WideAsked, cards: Sequence[ResourceCard]) -> None:
    """A search over one day or several."""
    weekday = asked.days[0].weekday() if len(asked.days) == 1 else demand.ANY
    _count(today, _looked(asked, timedelta(minutes=asked.minutes), cards, weekday, demand.ANY))


def _looked(
    asked: Asked | WideAsked, length: timedelta, cards: Sequence[ResourceCard], weekday: int, hour: int
) -> Looked:
    """Only of what exists: nothing that somebody typed is kept."""
    return demand.coarse(
        site=_known(asked.site, (card.site_slug for card in cards)),
        kind=_known(asked.kind, KINDS),
        people=read_number(asked.people) if asked.kind != "instrument" else None,
        length=length,
        features={feature for card in cards for feature in card.features} & set(asked.features),
        weekday=weekday,
        hour=hour,
    )


def _known(text: str, known: Iterable[str]) -> str:
    return text if text in set(known) else ""


def _count(today: date, looked: Looked) -> None:
    try:
        with writing() as session:
            demand.count(session, today, looked)
    except SQLAlchemyError as trouble:
        log.warning("unmet demand not counted", reason=type(trouble).__name__)
