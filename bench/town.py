"""The town that is measured, beside the demo district: three sites with 50, 200 and 250 rooms, and their rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from booking.models import Category, Member, Resource, ResourceUnit, RuleSetting, Site, Unit
from booking.models.ids import new_public_id

MEMBERS = 2_000
SITES = {"femti": 50, "tohundre": 200, "resten": 250}
FEATURES = ("screen", "video", "whiteboard", "hearing_loop")
WINDOWS = [{"weekday": day, "opens": "07:00", "closes": "22:00"} for day in range(5)]
RULES: dict[str, dict[str, Any]] = {
    "R02": {"step_minutes": 15},
    "R10": {"windows": WINDOWS},
    "R11": {"public_holidays": "NO"},
    "R18": {"days": 800},
    "R20": {"minutes": 15},
    "R21": {"minutes": 480},
    "R28": {"most_occurrences": 200, "most_days": 800},
}


@dataclass(frozen=True, slots=True)
class Room:
    """What the crowd needs to know to book one."""

    number: int
    resource_id: int
    unit_id: int
    site_id: int
    site: str


def found(session: Session, now: datetime) -> None:
    """Writes the members, and the sites with their rooms and rules."""
    rows = [{"email": f"bench{n}@example.invalid", "name": f"Member {n}", "created_at": now} for n in range(MEMBERS)]
    session.execute(insert(Member), [{"public_id": new_public_id(), **row} for row in rows])
    category_id = session.scalars(select(Category.id).where(Category.slug == "moterom")).one()
    for slug, rooms in SITES.items():
        site = Site(public_id=new_public_id(), slug=slug, name=slug.title(), timezone="Europe/Oslo", kind="local")
        session.add(site)
        session.flush()
        _rooms(session, now, site, rooms, category_id)
        _rules(session, now, site.id)


def _rooms(session: Session, now: datetime, site: Site, count: int, category_id: int) -> None:
    first = (session.scalar(select(func.max(Resource.id))) or 0) + 1
    first_unit = (session.scalar(select(func.max(Unit.id))) or 0) + 1
    common = {"site_id": site.id, "category_id": category_id, "kind": "space", "created_at": now}
    resources = [
        {
            "id": first + n,
            "public_id": new_public_id(),
            "slug": f"{site.slug}-{n}",
            "name": f"{site.name} {n + 1}",
            "seats": 2 + n * 5 % 23,
            "features": list(FEATURES[: n % 5]),
            **common,
        }
        for n in range(count)
    ]
    session.execute(insert(Resource), resources)
    session.execute(insert(Unit), [{"id": first_unit + n, "name": each["name"]} for n, each in enumerate(resources)])
    session.execute(insert(ResourceUnit), [{"resource_id": first + n, "unit_id": first_unit + n} for n in range(count)])


def _rules(session: Session, now: datetime, site_id: int) -> None:
    since = now.replace(year=now.year - 20, day=1)
    for rule, params in RULES.items():
        row = RuleSetting(scope_kind="site", scope_id=site_id, rule=rule, params=params)
        row.valid_from = row.set_at = since
        session.add(row)


def rooms(session: Session) -> Iterator[Room]:
    """Every room of the town, site by site."""
    rows = session.execute(
        select(Resource.id, ResourceUnit.unit_id, Site.id, Site.slug)
        .join(ResourceUnit, ResourceUnit.resource_id == Resource.id)
        .join(Site, Site.id == Resource.site_id)
        .where(Site.slug.in_(SITES))
        .order_by(Resource.id)
    )
    for number, (resource_id, unit_id, site_id, site) in enumerate(rows):
        yield Room(number, resource_id, unit_id, site_id, site)
