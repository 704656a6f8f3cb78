"""What calendar feeds rest on: keys, counters, each booking's rendered text, and what has left a feed."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant
from booking.models.ids import PublicId


class FeedKey(Base):
    """The secret in a feed's address, stored hashed; opens one feed, as its member may see it, and nothing else."""

    __tablename__ = "feed_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    scope_kind: Mapped[str] = mapped_column(String(12))  # member, resource, organisation, site, approvals
    scope_id: Mapped[int]  # 0 for approvals
    name: Mapped[str] = mapped_column(String(60))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    detail: Mapped[str] = mapped_column(String(5))  # busy, title, full
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    last_fetched_at: Mapped[Instant | None]
    with_buffers: Mapped[bool] = mapped_column(default=False, server_default=false())  # set-up and clean-up as well
    alarm_minutes: Mapped[int | None]  # before each booking; None: no alarm
    rev_seen: Mapped[int | None]  # the counter at the last fetch
    program: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))  # which fetched it last


class FeedCounter(Base):
    """Rises in the same transaction as any change that a feed of this scope shows."""

    __tablename__ = "feed_counter"

    scope_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rev: Mapped[int]
    changed_at: Mapped[Instant]


class BookingFragment(Base):
    """A booking's lines of a calendar file, rendered once when it changes; no word in them belongs to a language.

    It counts while `template`, `modified_at` and `sequence` are those of the booking. `scopes` are the feeds it was
    shown in then, so that whatever it leaves can be told.
    """

    __tablename__ = "booking_fragment"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    template: Mapped[int]
    modified_at: Mapped[Instant]
    sequence: Mapped[int]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    scopes: Mapped[list[Any]] = mapped_column(JSON)  # [["member", 7], ["resource", 3]]
    categories: Mapped[list[int]] = mapped_column(JSON)
    core: Mapped[bytes] = mapped_column(LargeBinary)  # all that even a busy calendar may know
    summary: Mapped[bytes] = mapped_column(LargeBinary)
    short_place: Mapped[bytes] = mapped_column(LargeBinary)
    full_place: Mapped[bytes] = mapped_column(LargeBinary)


class FeedDeparture(Base):
    """A booking that a feed showed and shows no more, so that calendars are told it is gone from there.

    `summary` is kept for a member's own feed alone: elsewhere who may read it can have changed.
    """

    __tablename__ = "feed_departure"
    __table_args__ = (Index("ix_feed_departure_booking", "booking_id"),)

    scope_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    departed_at: Mapped[Instant]
    core: Mapped[bytes] = mapped_column(LargeBinary)
    summary: Mapped[bytes | None] = mapped_column(LargeBinary)
