"""Which events of calendars elsewhere are our own bookings coming back, and how events are known again."""

import hashlib
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.models import Booking, BookingItem, ExternalBusy, ImportedBooking, Series

LONGEST_UID = 255
AT_ONCE = 5_000


def key_of(uid: str) -> str:
    """The UID, or a digest of one that is longer than any program makes them."""
    return uid if len(uid) <= LONGEST_UID else f"sha256:{hashlib.sha256(uid.encode()).hexdigest()}"


class Own:
    """The events that are bookings of these resources here: whatever they say is known better by us."""

    def __init__(self, session: Session, resource_ids: Collection[int], uids: Iterable[str]) -> None:
        self._every: set[str] = set()
        self._dates: set[tuple[str, str]] = set()
        asked = sorted(set(uids))
        for some in (asked[n : n + AT_ONCE] for n in range(0, len(asked), AT_ONCE)):
            self._every |= set(_booked(session, resource_ids, some))
            taken_over = select(ImportedBooking.uid, ImportedBooking.recurrence).where(
                ImportedBooking.resource_id.in_(resource_ids), ImportedBooking.uid.in_(some)
            )
            self._dates |= {(row.uid, row.recurrence) for row in session.execute(taken_over)}

    def has(self, uid: str, recurrence: str) -> bool:
        """Whether the event, or this date of it, is a booking of ours."""
        return uid in self._every or (uid, recurrence) in self._dates


def _booked(session: Session, resource_ids: Collection[int], uids: Collection[str]) -> Iterator[str]:
    """The UIDs that are a booking's or a series', whatever has become of it."""
    held = select(BookingItem.booking_id).where(BookingItem.resource_id.in_(resource_ids))
    yield from session.scalars(select(Booking.uid).where(Booking.uid.in_(uids), Booking.id.in_(held)))
    of_series = select(Series.uid).join(Booking, Booking.series_id == Series.id)
    yield from session.scalars(of_series.where(Series.uid.in_(uids), Booking.id.in_(held)).distinct())


def make_way(session: Session, resource_id: int, uid: str, recurrence: str) -> None:
    """The event is about to become a booking here, so it no longer stands in its own way.

    Call it under the locks of the booking, and in a savepoint: a refusal puts the event back.
    """
    session.execute(
        delete(ExternalBusy).where(
            ExternalBusy.resource_id == resource_id,
            ExternalBusy.uid == key_of(uid),
            ExternalBusy.recurrence == recurrence,
        )
    )
