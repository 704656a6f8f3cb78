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
MOST = 1000  # what Google takes
STATUSES = {"requested": "TENTATIVE", "confirmed": "CONFIRMED"}
WORDS = {
    "en": {"cancelled": "Cancelled:", "busy": "Busy", "set-up": "Set-up", "clean-up": "Clean-up"},
    "nb": {"cancelled": "Avlyst:", "busy": "Opptatt", "set-up": "Klargjøring", "clean-up": "Rydding"},
    "nn": {"cancelled": "Avlyst:", "busy": "Oppteken", "set-up": "Klargjering", "clean-up": "Rydding"},
}
LINE_BREAKS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # bidi embeddings, overrides and isolates
NO_TEXT = TURNING + "\ufeff\ufffe\uffff"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which language, whether titles are told, which are theirs to read, and how far back they see."""

    language: str = "nb"
    busy_only: bool = False
    reads: frozenset[str] = frozenset({"private", "organisation", "members", "public"})  # these visibilities
    back: timedelta = YEAR
    over: str = "cancelled"  # the word before what is over

    def word(self, which: str) -> str:
        """One of the few words that are not the members' own."""
        return WORDS[self.language].get(which, which)

    def summary(self, session: Session, row: Booking) -> str:
        """The title as this reader is to see it."""
        told = row.visibility in self.reads and not self.busy_only
        said = (plain(row.title) or plain(rooms_of(session, row))) if told else self.word("busy")
        return said if row.state in STATUSES else f"{self.word(self.over)} {said}"


def of_member(session: Session, email: str) -> list[Booking]:
    """A member's own bookings."""
    return list(
        session.scalars(select(Booking).join(Member, Member.id == Booking.member_id).where(Member.email == email))
    )


def occurrences(session: Session, now: datetime, rows: Iterable[Booking], reader: Reader) -> set[Occurrence]:
    """These bookings as they must be seen: what is to come first, then what is past, latest first; at most 1,000."""
    monday = this_week(now)
    shown = sorted((row for row in rows if is_shown(row, now, reader.back)), key=lambda row: (row.starts_at, row.id))
    ahead = [row for row in shown if row.ends_at > monday]
    past = [row for row in reversed(shown) if row.ends_at <= monday]
    return {
        Occurrence(
            row.uid, row.starts_at, row.ends_at, STATUSES.get(row.state, "CANCELLED"), reader.summary(session, row)
        )
        for row in (ahead + past)[:MOST]
    }


def is_shown(row: Booking, now: datetime, back: timedelta) -> bool:
    """From so long before this week to a year after it; what is over, for a month."""
    monday = this_week(now)
    within = row.ends_at > monday - back and row.starts_at < monday + WEEK + YEAR
    ended_at = row.cancelled_at or row.modified_at
    return within and (row.state in STATUSES or ended_at >= monday - MONTH)


def this_week(now: datetime) -> datetime:
    """Its Monday, in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())


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
    return "".join(letter for letter in text if letter in "\n\t" or is_text(letter)).strip()


def is_text(letter: str) -> bool:
    """Neither a control character nor half a letter."""
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in NO_TEXT
