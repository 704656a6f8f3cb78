"""Reads what can be booked: sites, and resources as cards of plain values."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Text, and_, bindparam, case, cast, func, select
from sqlalchemy.orm import Session

from booking.core.errors import NotFound
from booking.models import Building, Category, Resource, ResourcePart, ResourceState, ResourceUnit, Site, SiteKind
from booking.permissions import Place, ScopeKey

NORWEGIAN_ORDER = str.maketrans("æäøöå", "{{||}")


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site as pages let one choose it."""

    id: int
    slug: str
    name: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ResourceCard:
    """A resource as pages show it; `scopes` names the site, building, category and resource it lies in."""

    id: int
    slug: str
    name: str
    code: str
    kind: str
    state: str
    is_pool: bool
    seats: int | None
    area_m2: int | None
    floor: str
    features: tuple[str, ...]
    description: str
    wayfinding: str
    contact: str
    is_illustrative: bool
    site_id: int
    site_slug: str
    site_name: str
    address: str
    zone: ZoneInfo
    is_local: bool
    building_id: int | None
    building_name: str
    category_id: int
    category_slug: str
    category_names: dict[str, str] = field(hash=False)
    scopes: tuple[ScopeKey, ...] = field(init=False)  # nearest first

    def __post_init__(self) -> None:
        around: list[ScopeKey] = [("resource", self.id), ("category", self.category_id)]
        if self.building_id is not None:
            around.append(("building", self.building_id))
        object.__setattr__(self, "scopes", (*around, ("site", self.site_id)))

    @property
    def is_bookable(self) -> bool:
        """In use, and at a site whose bookings are made here."""
        return self.is_local and self.state == ResourceState.ACTIVE

    @property
    def place(self) -> Place:
        """The subject of permissions about this resource."""
        return Place(frozenset(self.scopes))


def _cards() -> Select[Any]:
    resource, site, building, category = (table.__table__ for table in (Resource, Site, Building, Category))
    own = ("id", "slug", "name", "code", "kind", "state", "is_pool", "seats", "area_m2", "floor")
    more = ("description", "wayfinding", "contact", "is_illustrative", "site_id", "building_id", "category_id")
    return select(
        *(resource.c[name] for name in own + more),
        cast(resource.c.features, Text).label("features"),
        site.c.slug.label("site_slug"), site.c.name.label("site_name"), site.c.address, site.c.timezone,
        site.c.kind.label("site_kind"), building.c.name.label("building_name"),
        category.c.slug.label("category_slug"), cast(category.c.names, Text).label("category_names"),
    ).select_from(
        resource.join(site, site.c.id == resource.c.site_id)
        .join(category, category.c.id == resource.c.category_id)
        .outerjoin(building, building.c.id == resource.c.building_id)
    )  # fmt: skip


# Built once: building a statement costs more than running it, and these run for every request.
CARDS = _cards()
CARDS_BY_ID = CARDS.where(Resource.id.in_(bindparam("ids", expanding=True)))
CARD_BY_SLUG = CARDS.where(Resource.slug == bindparam("wanted"))
resource_unit = ResourceUnit.__table__
UNITS = (
    select(resource_unit.c.resource_id, resource_unit.c.unit_id)
    .where(resource_unit.c.resource_id.in_(bindparam("ids", expanding=True)), resource_unit.c.withdrawn_at.is_(None))
    .order_by(resource_unit.c.unit_id)
)
site, resource = Site.__table__, Resource.__table__
IN_USE = (
    select(site.c.id, site.c.slug, site.c.name, site.c.timezone)
    .add_columns(
        func.sum(case((and_(resource.c.state == ResourceState.ACTIVE, resource.c.kind == "space"), 1), else_=0)).label(
            "rooms"
        )
    )
    .select_from(site.join(resource, resource.c.site_id == site.c.id))
    .where(resource.c.state != ResourceState.RETIRED)
    .group_by(site.c.id, site.c.slug, site.c.name, site.c.timezone)
)
NAMES = tuple(CARDS.selected_columns.keys())


@lru_cache(maxsize=8192)
def _card(*row: Any) -> ResourceCard:
    """A row of `CARDS` as plain values; equal rows, which are most of those ever read, give the same card."""
    values = dict(zip(NAMES, row, strict=True))
    values["zone"] = ZoneInfo(values.pop("timezone"))
    values["is_local"] = values.pop("site_kind") == SiteKind.LOCAL
    values["features"] = tuple(json.loads(values["features"]))
    values["category_names"] = json.loads(values["category_names"])
    values["building_name"] = values["building_name"] or ""
    return ResourceCard(**values)


def resource_by_slug(session: Session, slug: str) -> ResourceCard:
    """Raises NotFound."""
    row = session.execute(CARD_BY_SLUG, {"wanted": slug}).one_or_none()
    if row is None:
        raise NotFound(kind="resource")
    return _card(*row)


def resources_by_id(session: Session, ids: Iterable[int]) -> dict[int, ResourceCard]:
    """Cards by id; ids that do not exist are left out."""
    return {row.id: _card(*row) for row in session.execute(CARDS_BY_ID, {"ids": sorted(set(ids))})}


def resources(session: Session, *, site_id: int | None = None, retired: bool = False) -> list[ResourceCard]:
    """All resources in the order people look for them: by kind, category, then name as Norwegians sort it."""
    query = CARDS if site_id is None else CARDS.where(Resource.site_id == site_id)
    if not retired:
        query = query.where(Resource.state != ResourceState.RETIRED)
    cards = [_card(*row) for row in session.execute(query)]
    return sorted(cards, key=lambda card: (card.kind != "space", card.category_id, norwegian(card.name)))


def sites_in_use(session: Session) -> list[tuple[SiteChoice, int]]:
    """The sites that have something to show, each with how many rooms can be booked there."""
    rows = session.execute(IN_USE)
    return [(SiteChoice(id_, slug, name, ZoneInfo(zone)), int(rooms)) for id_, slug, name, zone, rooms in rows]


def units_of(session: Session, resource_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The units each resource offers, by rising id."""
    rows = session.execute(UNITS, {"ids": sorted(set(resource_ids))})
    units: dict[int, tuple[int, ...]] = {}
    for resource_id, unit_id in rows:
        units[resource_id] = (*units.get(resource_id, ()), unit_id)
    return units


def parts_of(session: Session, resource_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The parts that larger resources are made of, by the larger one's id."""
    ids = sorted(set(resource_ids))
    rows = session.execute(
        select(ResourcePart.resource_id, ResourcePart.part_id).where(ResourcePart.resource_id.in_(ids))
    )
    parts: dict[int, tuple[int, ...]] = {}
    for whole, part in rows:
        parts[whole] = (*parts.get(whole, ()), part)
    return parts


def sites(session: Session) -> list[Site]:
    """Every site, the local ones first, then by name."""
    return sorted(session.scalars(select(Site)), key=lambda site: (site.kind != "local", norwegian(site.name)))


def categories(session: Session) -> list[Category]:
    """Every category in the order it was made."""
    return list(session.scalars(select(Category).order_by(Category.id)))


def norwegian(text: str) -> str:
    """A sort key with æ, ø and å last, as databases without Norwegian collation do not sort them."""
    return text.casefold().translate(NORWEGIAN_ORDER)
