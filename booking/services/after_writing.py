"""What follows from a booking's details once it is written: answers are kept, and buddies are asked or released."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.details import NO_DETAILS, Details
from booking.services import declaring, lone_work
from booking.services.wishes import Wish


def follow_up(session: Session, now: datetime, booking_ids: Collection[int], actor_id: int) -> None:
    """For bookings that were just made, changed, cancelled or restored; asks little of those without details."""
    declaring.remember(session, now, booking_ids)
    lone_work.keep_company(session, now, booking_ids, actor_id)


def in_own_name(wish: Wish, holder_id: int, actor_id: int, before: Details = NO_DETAILS) -> Wish:
    """The wish without what only its holder can accept: nobody declares anything for somebody else."""
    if holder_id == actor_id or wish.details.declarations == before.declarations:
        return wish
    return replace(wish, details=replace(wish.details, declarations=before.declarations))
