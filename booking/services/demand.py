"""Counts what was looked for and not found, in coarse groups and without anybody's name, so that it can be built."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import UnmetDemand

LEAST_PEOPLE = (41, 17, 9, 5, 2, 1)
MOST_MINUTES = (30, 60, 120, 240, 480)
LONGER = 1440
ANY = -1
MOST_SHOWN = 50
LONGEST_FEATURES = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """One search in vain, made coarse: people from, minutes up to; 0 people when nobody said; -1 is any."""

    site: str
    kind: str
    people: int
    minutes: int
    features: str
    weekday: int = ANY
    hour: int = ANY


@dataclass(frozen=True, slots=True)
class Demand:
    """The same search by whoever made it, and how often."""

    looked: Looked
    times: int


def coarse(
    *,
    site: str,
    kind: str,
    people: int | None,
    length: timedelta,
    features: Iterable[str],
    weekday: int = ANY,
    hour: int = ANY,
) -> Looked:
    """The groups a search falls into; the caller passes only sites, kinds and features that exist."""
    minutes = length // timedelta(minutes=1)
    return Looked(
        site=site,
        kind=kind,
        people=next((least for least in LEAST_PEOPLE if people is not None and people >= least), 0),
        minutes=next((most for most in MOST_MINUTES if minutes <= most), LONGER),
        features=",".join(sorted(set(features)))[:LONGEST_FEATURES],
        weekday=weekday,
        hour=hour,
    )


def count(session: Session, today: date, looked: Looked) -> None:
    """One more of the same on this day."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    key = {
        "day": today, "site": looked.site, "kind": looked.kind, "people": looked.people, "minutes": looked.minutes,
        "features": looked.features, "weekday": looked.weekday, "hour": looked.hour,
    }  # fmt: skip
    row = insert(UnmetDemand).values(**key, times=1)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_={"times": UnmetDemand.times + 1}))


def unmet(session: Session, since: date) -> list[Demand]:
    """What was looked for most since a day, the most wanted first."""
    columns = (
        UnmetDemand.site, UnmetDemand.kind, UnmetDemand.people, UnmetDemand.minutes, UnmetDemand.features,
        UnmetDemand.weekday, UnmetDemand.hour,
    )  # fmt: skip
    times = func.sum(UnmetDemand.times)
    rows = session.execute(
        select(*columns, times)
        .where(UnmetDemand.day >= since)
        .group_by(*columns)
        .order_by(times.desc(), *columns)
        .limit(MOST_SHOWN)
    )
    return [Demand(Looked(*row[:-1]), int(row[-1])) for row in rows]
