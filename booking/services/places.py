"""What site admins do with sites, buildings and categories: create and rename; slugs and time zones stay."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Building, Category, Resource, Site
from booking.permissions import Actor, require
from booking.services import feed_counters, feed_renaming, journal
from booking.services.catalogue import norwegian

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGES = ("nb", "nn", "en")
MODELS: dict[str, type[Site | Building | Category]] = {"site": Site, "building": Building, "category": Category}


@dataclass(frozen=True, slots=True)
class PlaceValues:
    """What the form about a place holds; each kind uses its own part of it."""

    slug: str = ""
    name: str = ""
    names: dict[str, str] = field(default_factory=dict)
    area: str = ""
    address: str = ""
    timezone: str = ""
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A site, building or category as the list shows it."""

    kind: str
    id: int
    slug: str
    names: dict[str, str] = field(hash=False)
    site_id: int | None
    area: str
    address: str
    timezone: str
    resources: int


def places(session: Session, kind: str) -> list[PlaceLine]:
    """All of a kind, by name, with the number of resources that are not retired. Raises NotFound for another kind."""
    column = {"site": Resource.site_id, "building": Resource.building_id, "category": Resource.category_id}.get(kind)
    if column is None:
        raise NotFound(kind="place")
    counted = select(column, func.count()).where(Resource.state != "retired").group_by(column)
    counts = {id_: count for id_, count in session.execute(counted).all()}  # noqa: C416 - rows, not pairs, to mypy
    lines = [_line(kind, row, counts.get(row.id, 0)) for row in session.scalars(select(_model(kind)))]
    return sorted(lines, key=lambda line: norwegian(line.names["nb"]))


def place(session: Session, kind: str, id_: int) -> PlaceLine:
    """Raises NotFound."""
    found = next((line for line in places(session, kind) if line.id == id_), None)
    if found is None:
        raise NotFound(kind="place")
    return found


def create_place(session: Session, now: datetime, actor: Actor, kind: str, values: PlaceValues) -> int:
    """Raises NotAllowed, NotFound for a kind that does not exist, InvalidInput."""
    require(actor, "site.administer")
    model = _model(kind)
    if not SLUG.fullmatch(values.slug) or len(values.slug) > 60:
        raise InvalidInput("slug", "resource.slug")
    if session.scalar(select(model.id).where(model.slug == values.slug)):
        raise InvalidInput("slug", "resource.slug_taken")
    after = _checked(session, kind, values, is_new=True)
    row = model(slug=values.slug, **after)
    session.add(row)
    session.flush()
    after = {**after, "slug": values.slug}
    journal.record(session, now, actor.member_id, f"{kind}.created", (kind, row.id), after=after)
    return int(row.id)


def edit_place(session: Session, now: datetime, actor: Actor, kind: str, id_: int, values: PlaceValues) -> None:
    """Raises NotAllowed, NotFound, InvalidInput."""
    require(actor, "site.administer")
    row = session.get(_model(kind), id_)
    if row is None:
        raise NotFound(kind="place")
    after = _checked(session, kind, values, is_new=False)
    before = {name: getattr(row, name) for name in after}
    if before == after:
        return
    for name, value in after.items():
        setattr(row, name, value)
    if kind != "building":
        inside = Resource.site_id if kind == "site" else Resource.category_id
        feed_renaming.renamed(session, now, session.scalars(select(Resource.id).where(inside == id_)).all())
    if kind == "site":
        feed_counters.raise_counters(session, now, [("site", id_), ("events", id_)])
    journal.record(session, now, actor.member_id, f"{kind}.changed", (kind, id_), before=before, after=after)


def _checked(session: Session, kind: str, values: PlaceValues, *, is_new: bool) -> dict[str, Any]:
    """The columns of the kind. A site's time zone and a building's site are chosen once: bookings rest on them."""
    if kind == "category":
        return {"names": {language: _text(values.names.get(language, ""), language) for language in LANGUAGES}}
    checked: dict[str, Any] = {"name": _text(values.name, "name")}
    if kind == "site":
        checked |= {"area": values.area[:60].strip(), "address": values.address[:200].strip()}
    if kind == "site" and is_new:
        if values.timezone not in available_timezones():
            raise InvalidInput("timezone", "setting.not_a_choice")
        checked["timezone"] = values.timezone
    if kind == "building" and is_new:
        if values.site_id is None or session.get(Site, values.site_id) is None:
            raise InvalidInput("site", "resource.no_such_site")
        checked["site_id"] = values.site_id
    return checked


def _text(text: str, name: str) -> str:
    if not text.strip():
        raise InvalidInput(name, "setting.required")
    if len(text) > 120:
        raise InvalidInput(name, "input.too_long", {"most": 120})
    return text.strip()


def _model(kind: str) -> type[Any]:
    if kind not in MODELS:
        raise NotFound(kind="place")
    return MODELS[kind]


def _line(kind: str, row: Site | Building | Category, count: int) -> PlaceLine:
    names = dict(row.names) if isinstance(row, Category) else {"nb": row.name}
    site = row if isinstance(row, Site) else None
    return PlaceLine(
        kind=kind,
        id=row.id,
        slug=row.slug,
        names={"nb": names.get("nb", row.slug), **names},
        site_id=row.site_id if isinstance(row, Building) else None,
        area=site.area if site else "",
        address=site.address if site else "",
        timezone=site.timezone if site else "",
        resources=count,
    )
