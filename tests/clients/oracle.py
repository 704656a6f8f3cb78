"""What a calendar program must show, worked out from the rows in the slow and obvious way; no feed code is asked."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking, BookingItem, Member, Resource
from tests.support.parsers import Occurrence

YEAR, WEEK, MONTH = (timedelta(days=days) for days in (365, 7, 30))
MOST = 1000  # what Google takes; the bookings farthest ahead are left out
STATUSES = {"requested": "TENTATIVE", "confirmed": "CONFIRMED"}
CANCELLED = {"en": "Cancelled:", "nb": "Avlyst:", "nn": "Avlyst:"}
BUSY = {"en": "Busy", "nb": "Opptatt", "nn": "Oppteken"}
LINE_BREAKS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # bidi embeddings, overrides and isolates
NO_TEXT = TURNING + "\ufeff\ufffe\uffff"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose language it is, and whether titles are told."""

    language: str = "nb"
    busy_only: bool = False

    def summary(self, title: str, *, cancelled: bool) -> str:
        """The title as this reader is to see it."""
        said = BUSY[self.language] if self.busy_only else plain(title)
        return f"{CANCELLED[self.language]} {said}" if cancelled else said


def bookings_of(session: Session, now: datetime, email: str, reader: Reader) -> set[Occurrence]:
    """A member's own bookings as their feed must show them at `now`."""
    rows = session.scalars(
        select(Booking).join(Member, Member.id == Booking.member_id).where(Member.email == email)
    ).all()
    return occurrences(session, now, rows, reader)


def occurrences(session: Session, now: datetime, rows: Iterable[Booking], reader: Reader) -> set[Occurrence]:
    """Those that are within the window and, where they are over, were not over long ago."""
    shown = sorted((row for row in rows if is_shown(row, now)), key=lambda row: (row.starts_at, row.id))
    return {
        Occurrence(
            row.uid,
            row.starts_at,
            row.ends_at,
            STATUSES.get(row.state, "CANCELLED"),
            reader.summary(row.title or rooms_of(session, row), cancelled=row.state not in STATUSES),
        )
        for row in shown[:MOST]
    }


def is_shown(row: Booking, now: datetime) -> bool:
    """A year to both sides of this week; what is over, for a month."""
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    within = row.ends_at > monday - YEAR and row.starts_at < monday + WEEK + YEAR
    ended_at = row.cancelled_at or row.modified_at
    return within and (row.state in STATUSES or ended_at >= monday - MONTH)


def rooms_of(session: Session, row: Booking) -> str:
    """The names of what is booked."""
    names = session.scalars(
        select(Resource.name)
        .join(BookingItem, BookingItem.resource_id == Resource.id)
        .where(BookingItem.booking_id == row.id)
        .order_by(BookingItem.id)
    )
    return ", ".join(names)


def plain(text: str) -> str:
    """Line breaks of all kinds as one kind; without what no calendar can carry, or what turns other words around."""
    for each in LINE_BREAKS:
        text = text.replace(each, "\n")
    return "".join(letter for letter in text if letter in "\n\t" or is_text(letter))


def is_text(letter: str) -> bool:
    """Neither a control character nor half a letter."""
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in NO_TEXT

