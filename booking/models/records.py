"""What is remembered beside the bookings: the journal, imports, and what was not found."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant


class JournalEntry(Base):
    """Who did what to which thing, when, through which door. Personal text sits only in `text`, which can be erased."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    door: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    text: Mapped[str | None] = mapped_column(Text)


class ImportedBooking(Base):
    """Which event of a calendar elsewhere a booking is, so that importing it again finds it.

    `recurrence` is the date of a repeated event, as in 20261124T090000Z; several resources may know the same event.
    """

    __tablename__ = "imported_booking"

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True, autoincrement=False)
    uid: Mapped[str] = mapped_column(String(255), primary_key=True)
    recurrence: Mapped[str] = mapped_column(String(20), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), unique=True)


class UnmetDemand(Base):
    """How often something was looked for and not found on a day; nobody's name and nobody's words.

    `site` is a slug and empty for everywhere; a `weekday` or `hour` of -1 means any.
    """

    __tablename__ = "unmet_demand"
    __table_args__ = (CheckConstraint("times > 0", name="times"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    people: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the least of its bucket
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the most of its bucket
    features: Mapped[str] = mapped_column(String(200), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int]
