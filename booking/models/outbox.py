"""Mail that waits to be sent, is sent, or could not be: written in the same transaction as what it tells of."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class OutboxMessage(Base):
    """One message to one person; `public_id` is the left half of its Message-ID.

    `facts` hold ids and plain values as of then; what somebody wrote sits only in `text`, which can be erased.
    `rendered` is what was first handed to the mail server, so that a second delivery is the same byte for byte.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'dead', 'dropped')", name="state"),
        CheckConstraint("member_id IS NOT NULL OR email <> ''", name="receiver"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        Index("ix_outbox_message_due", "state", "due_at"),
        Index("ix_outbox_message_member", "member_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), default="")  # of those without an account
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    text: Mapped[str | None] = mapped_column(Text)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)  # what is said only once
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[Instant | None]
    rendered: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    ended_at: Mapped[Instant | None]
    error: Mapped[str] = mapped_column(String(200), default="")  # never an address or a secret


__all__ = ["OutboxMessage"]
