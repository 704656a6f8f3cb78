"""What admins and managers decide: rule settings, special days and closures, each set at a scope."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class RuleSetting(Base):
    """One value of one rule at one scope from an instant on. Append-only: a change ends a row and adds another."""

    __tablename__ = "rule_setting"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="valid"),
        Index("ix_rule_setting_scope", "scope_kind", "scope_id", "rule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope_kind: Mapped[str] = mapped_column(String(10))  # site, building, category, resource
    scope_id: Mapped[int]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("member_group.id"))
    rule: Mapped[str] = mapped_column(String(8))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    weight: Mapped[str | None] = mapped_column(String(15))
    valid_from: Mapped[Instant]
    valid_to: Mapped[Instant | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    set_at: Mapped[Instant]


class SpecialDay(Base):
    """A date with other opening hours than the week's; no windows means closed that day."""

    __tablename__ = "special_day"
    __table_args__ = (Index("ix_special_day_scope", "scope_kind", "scope_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[int]
    day: Mapped[date]
    windows: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # [{"opens": "10:00", "closes": "14:00"}]
    name: Mapped[str] = mapped_column(String(120))
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class Closure(Base):
    """A stretch of time when nothing within the scope can be booked."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_closure_scope", "scope_kind", "scope_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[int]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    name: Mapped[str] = mapped_column(String(120))
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    set_at: Mapped[Instant | None]  # None: before this was kept
