"""What people are told about their bookings, and what they ask of each other through the service."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class Notice(Base):
    """One thing a member is told about a booking or a reported fault.

    `facts` hold ids and plain values; what somebody wrote sits only in `text`, which can be erased. `actor_id` is
    empty where names stay hidden.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("booking_id IS NOT NULL OR fault_id IS NOT NULL", name="about"),
        Index("ix_notice_member", "member_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    fault_id: Mapped[int | None] = mapped_column(ForeignKey("fault.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    text: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Instant]
    read_at: Mapped[Instant | None]


class ShiftRequest(Base):
    """Somebody asks whoever has a resource next to shift, so that their own booking can be longer."""

    __tablename__ = "shift_request"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'declined')", name="state"),
        CheckConstraint("wanted_from < wanted_to", name="wanted"),
        Index("ix_shift_request_asked", "asked_booking_id", "state"),
        Index("ix_shift_request_asking", "asking_booking_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    asking_booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    asked_booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    wanted_from: Mapped[Instant]
    wanted_to: Mapped[Instant]
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
