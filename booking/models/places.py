"""Where things are and what can be booked: sites, buildings, categories, resources and their units."""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import Base, Instant
from booking.models.ids import PublicId


class SiteKind(StrEnum):
    """Whether bookings are made here, seen here, or made elsewhere (then we only link)."""

    LOCAL = "local"
    IMPORTED = "imported"
    LINK_OUT = "link_out"


class ResourceState(StrEnum):
    """Drafts are shown but cannot be booked yet; retired resources keep their history."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Site(Base):
    """A place with one time zone and address."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    timezone: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10), default=SiteKind.LOCAL)
    url: Mapped[str | None] = mapped_column(String(300))
    is_illustrative: Mapped[bool] = mapped_column(default=False)


class Building(Base):
    """A building, or a stage of one, within a site."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    opens_on: Mapped[date | None]


class Category(Base):
    """A kind of resource that shares rules across buildings: meeting rooms, microscopes, desks."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)  # nb, nn, en


class Resource(Base):
    """Anything that can be booked: a space people go into or an instrument they use."""

    __tablename__ = "resource"
    __table_args__ = (CheckConstraint("seats IS NULL OR seats > 0", name="seats"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    host_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(12), default="")  # short, large on doors
    kind: Mapped[str] = mapped_column(String(12))  # space, instrument
    state: Mapped[str] = mapped_column(String(8), default=ResourceState.ACTIVE)
    is_pool: Mapped[bool] = mapped_column(default=False)
    seats: Mapped[int | None]
    area_m2: Mapped[int | None]
    floor: Mapped[str] = mapped_column(String(20), default="")
    features: Mapped[list[str]] = mapped_column(JSON, default=list)
    description: Mapped[str] = mapped_column(Text, default="")
    wayfinding: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    calibration_due: Mapped[date | None]  # the last day its calibration counts
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    retired_at: Mapped[Instant | None]

    site: Mapped[Site] = relationship(lazy="raise")
    building: Mapped[Building | None] = relationship(lazy="raise")
    category: Mapped[Category] = relationship(lazy="raise")


class Unit(Base):
    """The smallest thing that cannot be in two bookings at once."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class ResourceUnit(Base):
    """Which units a resource consists of; a hall shares the units of its parts, a pool offers any of its own."""

    __tablename__ = "resource_unit"

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    withdrawn_at: Mapped[Instant | None]  # no longer offered; past bookings still point at it


class ResourcePart(Base):
    """That a resource is a part of a larger one (Arena Vest of Arena Elgeseter), for display and wording."""

    __tablename__ = "resource_part"

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
