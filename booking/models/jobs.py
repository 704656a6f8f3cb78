"""What the nightly job keeps: which bookings it found on hold and told of, and when each job last ran."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant


class BookingHold(Base):
    """That people were told a booking is on hold. Whether it is, is judged anew by whoever looks."""

    __tablename__ = "booking_hold"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    codes: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[Instant]


class JobRun(Base):
    """The last run of a job: when it began and ended, and what it did."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    did: Mapped[dict[str, Any]] = mapped_column(JSON)


__all__ = ["BookingHold", "JobRun"]
