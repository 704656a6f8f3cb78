"""What keeps people safe in laboratories: activities, documents to accept, buddies, and dispensations."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.timespan import TimeSpan
from booking.db import Base, Instant
from booking.models.ids import PublicId


class Activity(Base):
    """Something done in laboratories: the containment level it needs, its approval and its risk assessment."""

    __tablename__ = "activity"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    level: Mapped[int]
    approval: Mapped[str] = mapped_column(String(120))  # the reference of the approval; empty for none
    approved_until: Mapped[date | None]
    risk_assessment: Mapped[str] = mapped_column(String(120))  # its reference; empty for none
    assessed_on: Mapped[date | None]
    retired_at: Mapped[Instant | None]


class Document(Base):
    """A document that members must accept; what it says is in its versions."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    created_at: Mapped[Instant]


class DocumentVersion(Base):
    """One version of a document, in every language. Append-only: a change of words is a new version."""

    __tablename__ = "document_version"
    __table_args__ = (CheckConstraint("frequency IN ('once', 'each', 'yearly')", name="frequency"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    frequency: Mapped[str] = mapped_column(String(8))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    questions: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # what is confirmed, each by language
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    written_at: Mapped[Instant]


class Declaration(Base):
    """That a member accepted a version of a document, and for which booking where that matters."""

    __tablename__ = "declaration"
    __table_args__ = (
        ForeignKeyConstraint(["document_id", "version"], ["document_version.document_id", "document_version.version"]),
        Index("ix_declaration_member", "member_id", "document_id"),
        Index("ix_declaration_booking", "booking_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int]
    version: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    declared_at: Mapped[Instant]


class Buddy(Base):
    """A member who is asked to be there while another works alone, and what they answered for which time."""

    __tablename__ = "buddy"
    __table_args__ = (
        UniqueConstraint("booking_id", "member_id"),
        CheckConstraint("state IN ('asked', 'accepted', 'declined', 'withdrawn', 'released')", name="state"),
        Index("ix_buddy_member", "member_id", "state", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    state: Mapped[str] = mapped_column(String(10))  # released: no longer needed, through no doing of theirs
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    asked_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]

    @property
    def span(self) -> TimeSpan:
        """The time that was asked about."""
        return TimeSpan(self.starts_at, self.ends_at)


class Dispensation(Base):
    """That a member may be alone at a resource until the end of a day, by a decision with a reference."""

    __tablename__ = "dispensation"
    __table_args__ = (Index("ix_dispensation_member", "member_id", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reference: Mapped[str] = mapped_column(String(120))
    ends_on: Mapped[date]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    granted_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]


__all__ = ["Activity", "Buddy", "Declaration", "Dispensation", "Document", "DocumentVersion"]
