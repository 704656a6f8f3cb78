"""Bookings and what they hold. The constraints here, in the migrations and in the guards make overlap impossible."""

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.core.timespan import TimeSpan
from booking.db import Base, Instant
from booking.models.ids import PublicId


class Series(Base):
    """The wish that several bookings were made from; it holds nothing itself, and its recipe no personal text.

    One that was split off, as "this and following" does, follows another.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    recipe: Mapped[dict[str, Any]] = mapped_column(JSON)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    created_at: Mapped[Instant]


class Booking(Base):
    """One member's use of resources in one span."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("live = (state IN ('requested', 'confirmed'))", name="live"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("people IS NULL OR people > 0", name="people"),
        UniqueConstraint("id", "live", "starts_at", "ends_at", name="uq_booking_span"),
        Index("ix_booking_member", "member_id", "starts_at"),
        Index("ix_booking_organisation", "organisation_id", "starts_at"),
        Index("ix_booking_site", "site_id", "starts_at"),
        Index("ix_booking_series", "series_id", "series_day"),
        Index("ix_booking_state", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    series_day: Mapped[date | None]  # the local date the series means, wherever the booking was moved
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())  # moved by itself; series leave it so
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    state: Mapped[str] = mapped_column(String(10))
    live: Mapped[bool]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    title: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[int | None]
    visibility: Mapped[str] = mapped_column(String(12), default="organisation")  # private … public
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545: rises when time, place or state changes
    created_at: Mapped[Instant]
    modified_at: Mapped[Instant]  # strictly rises with each visible change
    cancelled_at: Mapped[Instant | None]
    # A guest without an account, for whom a manager books.
    visitor_name: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    visitor_contact: Mapped[str] = mapped_column(String(254), default="", server_default=text("''"))
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: nothing was asked

    items: Mapped[list["BookingItem"]] = relationship(lazy="raise", viewonly=True)

    @property
    def span(self) -> TimeSpan:
        """When the booking is, without set-up and clean-up."""
        return TimeSpan(self.starts_at, self.ends_at)


class BookingItem(Base):
    """One resource of a booking, with the window it is busy including set-up and clean-up."""

    __tablename__ = "booking_item"
    __table_args__ = (
        CheckConstraint("NOT live OR held_unit_id IS NOT NULL", name="holds"),
        CheckConstraint("busy_from <= starts_at AND ends_at <= busy_to", name="busy"),
        CheckConstraint("quantity > 0", name="quantity"),
        UniqueConstraint("id", "live", "resource_id", "busy_from", "busy_to", name="uq_booking_item_busy"),
        ForeignKeyConstraint(
            ["booking_id", "live", "starts_at", "ends_at"],
            ["booking.id", "booking.live", "booking.starts_at", "booking.ends_at"],
            name="fk_booking_item_booking",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["id", "held_unit_id"],
            ["allocation.item_id", "allocation.unit_id"],
            name="fk_booking_item_held",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index("ix_booking_item_booking", "booking_id"),
        Index("ix_booking_item_resource", "resource_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    booking_id: Mapped[int]
    live: Mapped[bool]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    busy_from: Mapped[Instant]
    busy_to: Mapped[Instant]
    held_unit_id: Mapped[int | None]


class Allocation(Base):
    """One unit held for one item. The row exists if and only if the unit is held."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("live", name="live"),
        CheckConstraint("busy_from < busy_to", name="busy"),
        ForeignKeyConstraint(
            ["resource_id", "unit_id"],
            ["resource_unit.resource_id", "resource_unit.unit_id"],
            name="fk_allocation_resource_unit",
        ),
        ForeignKeyConstraint(
            ["item_id", "live", "resource_id", "busy_from", "busy_to"],
            [f"booking_item.{name}" for name in ("id", "live", "resource_id", "busy_from", "busy_to")],
            name="fk_allocation_item",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index("ix_allocation_unit", "unit_id", "busy_from", "busy_to"),
        Index("ix_allocation_time", "busy_from"),
    )

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resource_id: Mapped[int]
    live: Mapped[bool]
    busy_from: Mapped[Instant]
    busy_to: Mapped[Instant]


class Submission(Base):
    """What a form that was sent once led to, so that sending it again gives the same answer."""

    __tablename__ = "submission"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Instant]
