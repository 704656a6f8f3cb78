"""What admins do with resources: create, edit, put in use or aside, and make pools larger or smaller."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import (
    Building,
    Category,
    Organisation,
    Resource,
    ResourcePart,
    ResourceState,
    ResourceUnit,
    Site,
    Unit,
)
from booking.permissions import Actor, Place, require
from booking.services import feed_counters, feed_renaming, journal
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.saving import Change, saving
from booking.services.units import MOST_UNITS, add_units

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KINDS = ("space", "instrument")
LENGTHS = {
    "name": 120, "code": 12, "floor": 20, "contact": 254, "description": 4000, "wayfinding": 2000, "slug": 60,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResourceValues:
    """What the form about a resource holds; site, slug and pool are chosen once, when it is made."""

    name: str
    kind: str
    category_id: int
    building_id: int | None = None
    code: str = ""
    floor: str = ""
    seats: int | None = None
    area_m2: int | None = None
    features: tuple[str, ...] = ()
    description: str = ""
    wayfinding: str = ""
    contact: str = ""
    host_organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a divisible hall, or the hall a part belongs to."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Makeup:
    """What a resource consists of, and who hosts it."""

    units: tuple[str, ...]
    parts: tuple[Part, ...]
    wholes: tuple[Part, ...]
    host_organisation_id: int | None


def makeup(session: Session, resource_id: int) -> Makeup:
    """Units by name, the parts of a hall, the halls a part belongs to."""
    units = session.scalars(
        select(Unit.name).join(ResourceUnit).where(ResourceUnit.resource_id == resource_id).order_by(Unit.id)
    )
    parts = select(Resource.name, Resource.slug).join(ResourcePart, ResourcePart.part_id == Resource.id)
    wholes = select(Resource.name, Resource.slug).join(ResourcePart, ResourcePart.resource_id == Resource.id)
    host = select(Resource.host_organisation_id).where(Resource.id == resource_id)
    return Makeup(
        tuple(units),
        tuple(Part(*row) for row in session.execute(parts.where(ResourcePart.resource_id == resource_id))),
        tuple(Part(*row) for row in session.execute(wholes.where(ResourcePart.part_id == resource_id))),
        session.scalar(host),
    )


def create_resource(
    session: Session,
    now: datetime,
    actor: Actor,
    site_id: int,
    slug: str,
    values: ResourceValues,
    *,
    units: int = 1,
    is_pool: bool = False,
) -> int:
    """Makes a draft with its unit, or a pool with its units. Raises NotAllowed, InvalidInput."""
    require(actor, "resource.manage", Place(frozenset({("site", site_id)})))
    if session.get(Site, site_id) is None:
        raise InvalidInput("site", "resource.no_such_site")
    _check_slug(session, slug)
    _check(session, site_id, values)
    if is_pool and not 1 <= units <= MOST_UNITS:
        raise InvalidInput("units", "setting.out_of_range", {"least": 1, "most": MOST_UNITS})
    row = Resource(slug=slug, site_id=site_id, state=ResourceState.DRAFT, is_pool=is_pool, created_at=now)
    _fill(row, values)
    session.add(row)
    session.flush()
    add_units(session, row.id, row.name, units if is_pool else 1)
    after = {**_plain(values), "slug": slug, "site_id": site_id, "units": units if is_pool else 1, "is_pool": is_pool}
    journal.record(session, now, actor.member_id, "resource.created", ("resource", row.id), after=after)
    return row.id


def edit_resource(session: Session, now: datetime, actor: Actor, resource_id: int, values: ResourceValues) -> Change:
    """Changes what is known of it. Where it belongs is for those who manage its site, since rules come along.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    card = managed(session, actor, resource_id)
    if (values.category_id, values.building_id) != (card.category_id, card.building_id):
        require(actor, "resource.manage", Place(frozenset({("site", card.site_id)})))
    _check(session, card.site_id, values)
    with saving(session, now, actor, "resource.changed", ("resource", resource_id), [resource_id]) as change:
        row = _row(session, resource_id)
        before, after = _plain(_values_of(row)), _plain(values)
        change.before = {name: before[name] for name in before if before[name] != after[name]}
        change.after = {name: after[name] for name in change.before}
        if change.before.keys() & {"name", "category_id"}:
            feed_renaming.renamed(session, now, [resource_id])
        if change.before.keys() & {"category_id", "building_id"}:
            feed_counters.raise_counters(session, now, [feed_counters.RIGHTS])  # who looks after it reads its titles
        _fill(row, values)
    return change


def put_in_use(session: Session, now: datetime, actor: Actor, resource_id: int) -> Change:
    """Opens a draft, or a retired resource again, for booking."""
    return _move(session, now, actor, resource_id, ResourceState.ACTIVE)


def put_aside(session: Session, now: datetime, actor: Actor, resource_id: int) -> Change:
    """Back to a draft: shown, but not to be booked. Bookings stay."""
    return _move(session, now, actor, resource_id, ResourceState.DRAFT)


def _move(session: Session, now: datetime, actor: Actor, resource_id: int, state: ResourceState) -> Change:
    managed(session, actor, resource_id)
    with saving(session, now, actor, "resource.state", ("resource", resource_id), [resource_id]) as change:
        row = _row(session, resource_id)
        if row.state != state:
            change.before, change.after = {"state": str(row.state)}, {"state": str(state)}
            row.state, row.retired_at = state, None
    return change


def managed(session: Session, actor: Actor, resource_id: int, permission: str = "resource.manage") -> ResourceCard:
    """The resource, if it exists and the actor may. Raises NotFound, NotAllowed."""
    card = resources_by_id(session, [resource_id]).get(resource_id)
    if card is None:
        raise NotFound(kind="resource")
    require(actor, permission, card.place)
    return card


def _row(session: Session, resource_id: int) -> Resource:
    """As it is now that the locks are ours, whatever was read before."""
    return session.get_one(Resource, resource_id, populate_existing=True)


def _check_slug(session: Session, slug: str) -> None:
    if len(slug) > LENGTHS["slug"] or not SLUG.fullmatch(slug):
        raise InvalidInput("slug", "resource.slug")
    if session.scalar(select(Resource.id).where(Resource.slug == slug)):
        raise InvalidInput("slug", "resource.slug_taken")


def _check(session: Session, site_id: int, values: ResourceValues) -> None:
    if not values.name.strip():
        raise InvalidInput("name", "setting.required")
    for name, most in LENGTHS.items():
        if len(getattr(values, name, "")) > most:
            raise InvalidInput(name, "input.too_long", {"most": most})
    if values.kind not in KINDS:
        raise InvalidInput("kind", "setting.not_a_choice")
    if session.get(Category, values.category_id) is None:
        raise InvalidInput("category", "setting.not_a_choice")
    for name, number in (("seats", values.seats), ("area_m2", values.area_m2)):
        if number is not None and not 1 <= number <= 100_000:
            raise InvalidInput(name, "setting.out_of_range", {"least": 1, "most": 100_000})
    building = session.get(Building, values.building_id) if values.building_id is not None else None
    if values.building_id is not None and (building is None or building.site_id != site_id):
        raise InvalidInput("building", "resource.not_in_site")
    if values.host_organisation_id is not None and session.get(Organisation, values.host_organisation_id) is None:
        raise InvalidInput("host", "setting.not_a_choice")


def _fill(row: Resource, values: ResourceValues) -> None:
    for name, value in _plain(values).items():
        setattr(row, name, value)


def _plain(values: ResourceValues) -> dict[str, Any]:
    return {**asdict(values), "features": list(values.features)}


def _values_of(row: Resource) -> ResourceValues:
    named = {name: getattr(row, name) for name in ResourceValues.__dataclass_fields__}
    return ResourceValues(**{**named, "features": tuple(row.features)})
