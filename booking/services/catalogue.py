"""Reads what can be booked: sites, and resources as cards of plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.core.errors import NotFound
from booking.models import Category, Resource, ResourcePart, ResourceState, ResourceUnit, Site, SiteKind
from booking.permissions import Place, ScopeKey

NORWEGIAN_ORDER = str.maketrans("æäøöå", "{{||}")


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

    @property
    def is_bookable(self) -> bool:
        """In use, and at a site whose bookings are made here."""
        return self.is_local and self.state == ResourceState.ACTIVE

    @property
    def scopes(self) -> tuple[ScopeKey, ...]:
        """Nearest first."""
        around: list[ScopeKey] = [("resource", self.id), ("category", self.category_id)]
        if self.building_id is not None:
            around.append(("building", self.building_id))
        return (*around, ("site", self.site_id))

    @property
    def place(self) -> Place:
        """The subject of permissions about this resource."""
        return Place(frozenset(self.scopes))


def card_of(row: Resource) -> ResourceCard:
    """A resource row, with its site, building and category loaded, as plain values."""
    return ResourceCard(
        id=row.id,
        slug=row.slug,
        name=row.name,
        code=row.code,
        kind=row.kind,
        state=row.state,
        is_pool=row.is_pool,
        seats=row.seats,
        area_m2=row.area_m2,
        floor=row.floor,
        features=tuple(row.features),
        description=row.description,
        wayfinding=row.wayfinding,
        contact=row.contact,
        is_illustrative=row.is_illustrative,
        site_id=row.site_id,
        site_slug=row.site.slug,
        site_name=row.site.name,
        address=row.site.address,
        zone=ZoneInfo(row.site.timezone),
        is_local=row.site.kind == SiteKind.LOCAL,
        building_id=row.building_id,
        building_name=row.building.name if row.building else "",
        category_id=row.category_id,
        category_slug=row.category.slug,
        category_names=dict(row.category.names),
    )


def _loaded() -> tuple[joinedload, ...]:  # type: ignore[valid-type]
    return (joinedload(Resource.site), joinedload(Resource.building), joinedload(Resource.category))


def resource_by_slug(session: Session, slug: str) -> ResourceCard:
    """Raises NotFound."""
    row = session.scalar(select(Resource).where(Resource.slug == slug).options(*_loaded()))
    if row is None:
        raise NotFound(kind="resource")
    return card_of(row)


def resources_by_id(session: Session, ids: Iterable[int]) -> dict[int, ResourceCard]:
    """Cards by id; ids that do not exist are left out."""
    rows = session.scalars(select(Resource).where(Resource.id.in_(sorted(set(ids)))).options(*_loaded()))
    return {row.id: card_of(row) for row in rows}


def resources(session: Session, *, site_id: int | None = None, retired: bool = False) -> list[ResourceCard]:
    """All resources in the order people look for them: by kind, category, then name as Norwegians sort it."""
    query = select(Resource).options(*_loaded())
    if site_id is not None:
        query = query.where(Resource.site_id == site_id)
    if not retired:
        query = query.where(Resource.state != ResourceState.RETIRED)
    cards = [card_of(row) for row in session.scalars(query)]
    return sorted(cards, key=lambda card: (card.kind != "space", card.category_id, norwegian(card.name)))


def units_of(session: Session, resource_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The units each resource offers, by rising id."""
    rows = session.execute(
        select(ResourceUnit.resource_id, ResourceUnit.unit_id)
        .where(ResourceUnit.resource_id.in_(sorted(set(resource_ids))), ResourceUnit.withdrawn_at.is_(None))
        .order_by(ResourceUnit.unit_id)
    )
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
