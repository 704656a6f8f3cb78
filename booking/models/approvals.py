"""Who is asked to say yes to a booking, what they have said, and for whom they stand in. Rows are only ever added."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class ApprovalStep(Base):
    """Those on duty at one level are asked about one resource of a booking, until an instant.

    A new `round` begins when the booking is asked about anew; within a round the last step of a resource counts.
    `findings` are what made it necessary, without names.
    """

    __tablename__ = "approval_step"
    __table_args__ = (Index("ix_approval_step_booking", "booking_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    round: Mapped[int]
    level: Mapped[str] = mapped_column(String(10))  # resource, category, building, site, everywhere
    mode: Mapped[str] = mapped_column(String(7))  # any, all, ordered
    working_days: Mapped[int]
    on_timeout: Mapped[str] = mapped_column(String(8))  # escalate, expire
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    asked_at: Mapped[Instant]
    until_at: Mapped[Instant]


class ApprovalDecision(Base):
    """What somebody said in a step; nobody is the clock. `for_id` is whom they stood in for, or themselves."""

    __tablename__ = "approval_decision"
    __table_args__ = (
        CheckConstraint("what IN ('approved', 'declined', 'expired', 'asked', 'answered')", name="what"),
        Index("ix_approval_decision_booking", "booking_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    step_id: Mapped[int] = mapped_column(ForeignKey("approval_step.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    what: Mapped[str] = mapped_column(String(8))
    text: Mapped[str | None] = mapped_column(Text)  # what somebody wrote; can be erased
    at: Mapped[Instant]


class ApprovalDelegation(Base):
    """Somebody answers for somebody else: for one booking, or for everything in a period."""

    __tablename__ = "approval_delegation"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_approval_delegation_to", "to_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    made_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class Application(Base):
    """A booking that competes with others for its time: it holds nothing until it is chosen.

    Its booking stands as `expired`, which holds nothing, so the guards stay as they are; while its application is
    open it is still being asked for.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'chosen', 'lost', 'declined', 'withdrawn', 'expired')", name="state"),
        Index("ix_application_state", "state"),
    )

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(9), default="open")
    made_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
