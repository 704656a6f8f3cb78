"""What people must have learnt to use some things: qualifications, who holds them, and courses towards them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class Qualification(Base):
    """A named training or induction of one site; valid for some months, or for good."""

    __tablename__ = "qualification"
    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        CheckConstraint("months IS NULL OR months > 0", name="months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(120))
    is_safety: Mapped[bool]  # nobody may book past it
    months: Mapped[int | None]
    description: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[Instant]


class QualificationGrant(Base):
    """That a member has a qualification. Append-only: a renewal is another row, and what is withdrawn stays."""

    __tablename__ = "qualification_grant"
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR granted_on <= expires_on", name="days"),
        Index("ix_qualification_grant_member", "member_id", "qualification_id"),
        Index("ix_qualification_grant_qualification", "qualification_id", "expires_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    granted_on: Mapped[date]
    expires_on: Mapped[date | None]  # the last day that counts
    level: Mapped[str] = mapped_column(String(40), default="")
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    granted_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str | None] = mapped_column(Text)  # why it was withdrawn; can be erased


class Course(Base):
    """A date when a qualification can be had, with so many seats."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("seats > 0", name="seats"),
        Index("ix_course_qualification", "qualification_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    place: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    seats: Mapped[int]
    cancelled_at: Mapped[Instant | None]


class CourseSeat(Base):
    """That a member has signed up for a course."""

    __tablename__ = "course_seat"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    taken_at: Mapped[Instant]


class QualificationWarning(Base):
    """That the holder was told so many days ahead that a grant runs out, so that nobody is told twice."""

    __tablename__ = "qualification_warning"

    grant_id: Mapped[int] = mapped_column(ForeignKey("qualification_grant.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told_at: Mapped[Instant]


__all__ = ["Course", "CourseSeat", "Qualification", "QualificationGrant", "QualificationWarning"]
