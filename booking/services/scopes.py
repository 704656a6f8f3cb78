"""Scopes as admins meet them: what a site, building, category or resource is called, holds, and lies within."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import NotFound
from booking.core.scope import Scope, ScopeKind
from booking.models import Building, Category, Resource, Site
from booking.permissions import Actor, Place, ScopeKey, can
from booking.services.actors import HOME_ZONE
from booking.services.catalogue import norwegian

KINDS = ("site", "building", "category", "resource")


@dataclass(frozen=True, slots=True)
class Level:
    """One scope with its name by language; places have one name in all languages."""

    kind: str
    id: int
    names: Mapping[str, str] = field(hash=False)
    slug: str = ""

    @property
    def key(self) -> ScopeKey:
        """How settings, closures and duties point at it."""
        return (self.kind, self.id)

    def name(self, language: str) -> str:
        """In the language, or the nearest there is."""
        return self.names.get(language) or self.names.get("nb") or next(iter(self.names.values()), self.slug)

    @property
    def scope(self) -> Scope:
        """As the core knows it."""
        return Scope(ScopeKind(self.kind), self.id, self.name("nb"))


@dataclass(frozen=True, slots=True)
class Where:
    """A scope, what it lies within (nearest first, itself left out), and the resources it reaches."""

    level: Level
    around: tuple[Level, ...]
    resource_ids: tuple[int, ...]
    zone: ZoneInfo

    @property
    def key(self) -> ScopeKey:
        """How settings point at it."""
        return self.level.key

    @property
    def chain(self) -> tuple[Level, ...]:
        """Itself and what it lies within, nearest first."""
        return (self.level, *self.around)

    @property
    def place(self) -> Place:
        """The subject of permissions. A category lies in no site: managing a site does not give power over it."""
        holding = () if self.level.kind == "category" else self.around
        return Place(frozenset({self.key, *(each.key for each in holding)}))


@dataclass(frozen=True, slots=True)
class District:
    """Every scope there is, read once: for choosing where to set something, and for naming where it is set."""

    levels: Mapping[ScopeKey, Level] = field(hash=False)
    zones: Mapping[int, ZoneInfo] = field(hash=False)
    site_of_building: Mapping[int, int] = field(hash=False)
    resources: tuple[tuple[int, int, int | None, int], ...]  # resource, category, building, site

    def of_kind(self, kind: str, language: str) -> list[Level]:
        """All scopes of a kind, by name."""
        found = [level for level in self.levels.values() if level.kind == kind]
        return sorted(found, key=lambda level: norwegian(level.name(language)))

    def where(self, kind: str, id_: int) -> Where:
        """Raises NotFound."""
        level = self.levels.get((kind, id_))
        if level is None:
            raise NotFound(kind="scope")
        reached = [row for row in self.resources if (kind, id_) in _keys(row)]
        around = tuple(self.levels[key] for key in self._around(kind, id_, reached) if key in self.levels)
        return Where(level, around, tuple(row[0] for row in reached), self._zone(level, around, reached))

    def _around(self, kind: str, id_: int, reached: list[tuple[int, int, int | None, int]]) -> list[ScopeKey]:
        if kind == "resource":
            return _keys(reached[0])[1:]
        if kind == "building":
            return [("site", self.site_of_building[id_])]
        if kind == "category":
            return _shared_by_all(reached)
        return []

    def _zone(self, level: Level, around: Iterable[Level], reached: list[tuple[int, int, int | None, int]]) -> ZoneInfo:
        sites = [each.id for each in (level, *around) if each.kind == "site"] or [row[3] for row in reached]
        return self.zones[sites[0]] if sites else next(iter(self.zones.values()), HOME_ZONE)


def _keys(row: tuple[int, int, int | None, int]) -> list[ScopeKey]:
    resource, category, building, site = row
    in_building: list[ScopeKey] = [("building", building)] if building is not None else []
    return [("resource", resource), ("category", category), *in_building, ("site", site)]


def _shared_by_all(reached: list[tuple[int, int, int | None, int]]) -> list[ScopeKey]:
    """A category has a building or a site around it when all its resources do."""
    if not reached:
        return []
    return [key for key in _keys(reached[0])[2:] if all(key in _keys(row) for row in reached)]


def district(session: Session) -> District:
    """Reads every scope there is."""
    levels: dict[ScopeKey, Level] = {}
    zones: dict[int, ZoneInfo] = {}
    for site in session.scalars(select(Site).order_by(Site.id)):
        levels["site", site.id] = Level("site", site.id, {"nb": site.name}, site.slug)
        zones[site.id] = ZoneInfo(site.timezone)
    buildings = session.scalars(select(Building)).all()
    for building in buildings:
        levels["building", building.id] = Level("building", building.id, {"nb": building.name}, building.slug)
    for category in session.scalars(select(Category)):
        levels["category", category.id] = Level("category", category.id, dict(category.names), category.slug)
    columns = (Resource.id, Resource.category_id, Resource.building_id, Resource.site_id, Resource.name, Resource.slug)
    rows = []
    for id_, category_id, building_id, site_id, name, slug in session.execute(select(*columns).order_by(Resource.id)):
        levels["resource", id_] = Level("resource", id_, {"nb": name}, slug)
        rows.append((id_, category_id, building_id, site_id))
    return District(levels, zones, {each.id: each.site_id for each in buildings}, tuple(rows))


def where(session: Session, kind: str, id_: int) -> Where:
    """Raises NotFound."""
    return district(session).where(kind, id_)


def may_manage(actor: Actor, place: Where) -> bool:
    """Whether the actor decides here."""
    return can(actor, "resource.manage", place.place)
