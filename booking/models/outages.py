"""Maintenance that is planned, and faults that are reported: why a resource cannot be used for a while."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class Outage(Base):
    """Planned maintenance of one resource on one date; the dates of a repeated one share `repeat_id`."""

    __tablename__ = "outage"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("effect IN ('block', 'notice')", name="effect"),
        Index("ix_outage_resource", "resource_id", "ends_at"),
        Index("ix_outage_repeat", "repeat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    effect: Mapped[str] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(String(120))
    repeat_id: Mapped[str | None] = mapped_column(String(22))
    repeats: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # {"every_weeks": 2, "weekday": 1, "until": "…"}
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    set_at: Mapped[Instant]


class Fault(Base):
    """A fault of a resource as it was reported; it is out of service from `out_since` until the fault is cleared."""

    __tablename__ = "fault"
    __table_args__ = (
        CheckConstraint("NOT is_safety OR out_since IS NOT NULL", name="safety"),
        Index("ix_fault_resource", "resource_id", "cleared_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    what: Mapped[str] = mapped_column(Text)  # what the reporter wrote; only managers read it
    is_dangerous: Mapped[bool]  # as the reporter saw it
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    reported_at: Mapped[Instant]
    out_since: Mapped[Instant | None]
    is_safety: Mapped[bool]  # nobody may use it until the fault is cleared
    expected_back: Mapped[Instant | None]
    cleared_at: Mapped[Instant | None]
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    @property
    def is_open(self) -> bool:
        """Whether nobody has said that it is fixed."""
        return self.cleared_at is None


__all__ = ["Fault", "Outage"]
