"""Calendars that are kept elsewhere, and when they say that a resource is taken; never what for."""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class ExternalCalendar(Base):
    """A calendar elsewhere that a resource minds: an address that is fetched again and again, or a file, read once.

    `due_at` is empty when nothing is to be read. The address is a secret: whoever has it reads the calendar.
    """

    __tablename__ = "external_calendar"
    __table_args__ = (
        UniqueConstraint("id", "resource_id", name="uq_external_calendar_resource"),
        UniqueConstraint("resource_id", "name", name="uq_external_calendar_name"),
        CheckConstraint("address IS NULL OR upload IS NULL", name="one_source"),
        Index("ix_external_calendar_due", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str | None] = mapped_column(Text)  # None: its files are uploaded
    upload: Mapped[bytes | None] = mapped_column(LargeBinary)  # a file until it has been read
    tentative_blocks: Mapped[bool]
    etag: Mapped[str | None] = mapped_column(String(255))
    last_modified: Mapped[str | None] = mapped_column(String(64))
    tried_at: Mapped[Instant | None]
    succeeded_at: Mapped[Instant | None]  # the last time that it was read, or known to be unchanged
    read_at: Mapped[Instant | None]  # the last time that it was read as a whole
    covers_until: Mapped[Instant | None]  # how far ahead repeated events are known
    failing_since: Mapped[Instant | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # {"code": "fetch.status", "status": 404}
    skipped: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # how many events, by the code of why
    due_at: Mapped[Instant | None]
    claimed_until: Mapped[Instant | None]  # by whom it is being read; after that by anybody
    claim: Mapped[str | None] = mapped_column(String(22))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[Instant]


class ExternalBusy(Base):
    """One use of the time elsewhere; `recurrence` names the date of a repeated event, as in 20261124T090000Z."""

    __tablename__ = "external_busy"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        ForeignKeyConstraint(
            ["calendar_id", "resource_id"],
            ["external_calendar.id", "external_calendar.resource_id"],
            name="fk_external_busy_calendar",
            ondelete="CASCADE",
        ),
        Index("ix_external_busy_resource", "resource_id", "ends_at"),
        Index("ix_external_busy_calendar", "calendar_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int]
    resource_id: Mapped[int]
    uid: Mapped[str] = mapped_column(String(255))
    recurrence: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    is_tentative: Mapped[bool]


__all__ = ["ExternalBusy", "ExternalCalendar"]
