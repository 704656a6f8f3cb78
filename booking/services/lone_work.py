"""Buddies: who is asked to be there while another works alone, what they answer, and which bookings wait for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import NotFound, WrongState
from booking.models import Booking, Buddy, Member
from booking.permissions import Actor
from booking.services import holds, journal, telling
from booking.services.company import details_of, lacking
from booking.services.locks import lock
from booking.services.mine import Mine, listed_bookings

OPEN = ("asked", "accepted")
MAY_FOLLOW = {
    "accepted": frozenset({"asked", "declined", "withdrawn"}),
    "declined": frozenset({"asked"}),
    "withdrawn": frozenset({"accepted"}),
}


@dataclass(frozen=True, slots=True)
class Watch:
    """One time when the member is asked to be somebody's buddy; `others` are how many more dates of the series."""

    booking: Mine
    holder: str
    state: str
    others: int = 0


def keep_company(session: Session, now: datetime, booking_ids: Collection[int], actor_id: int) -> None:
    """After bookings were written: asks the buddies that are named and needed, and releases those who no longer are."""
    rows = [row for id_ in sorted(booking_ids) if (row := session.get(Booking, id_, populate_existing=True))]
    known = {
        (each.booking_id, each.member_id): each
        for each in session.scalars(select(Buddy).where(Buddy.booking_id.in_(sorted(booking_ids))))
    }
    named = {row.id: buddy for row in rows if row.live and (buddy := details_of(row).buddy_id) is not None}
    if not known and not named:
        return
    needed = lacking(session, now, [row for row in rows if row.id in named], set())
    told: set[tuple[int, str]] = set()
    for row in rows:
        buddy_id = named.get(row.id) if row.id in needed else None
        for (booking_id, member_id), each in known.items():
            if booking_id == row.id and member_id != buddy_id and each.state in OPEN:
                each.state = "released"
                _tell_once(session, now, told, member_id, row, "buddy_released", actor_id)
        if buddy_id is not None and _ask(session, now, row, buddy_id, known.get((row.id, buddy_id))):
            _tell_once(session, now, told, buddy_id, row, "buddy_asked", row.member_id)
    holds.refresh(session, now, Booking.id.in_(sorted(booking_ids)), quiet=True)
    session.flush()


def watch(session: Session, actor: Actor, public_id: str) -> Watch:
    """What the actor is asked about a booking. Raises NotFound when they are not asked."""
    booking, buddy = _asked(session, actor, public_id)
    listed = listed_bookings(session, [booking.id])[booking.id]
    holder = session.scalar(select(Member.name).where(Member.id == booking.member_id)) or ""
    alike = _alike(session, booking, actor.member_id, buddy.state)
    return Watch(listed, holder, _state(booking, buddy), len(alike) - 1)


def watches(session: Session, now: datetime, actor: Actor) -> list[Watch]:
    """Everything ahead that the actor is asked about or has accepted, soonest first."""
    rows = session.execute(
        select(Buddy, Booking, Member.name)
        .join(Booking, Booking.id == Buddy.booking_id)
        .join(Member, Member.id == Booking.member_id)
        .where(Buddy.member_id == actor.member_id, Buddy.state.in_(OPEN), Booking.live, Booking.ends_at > now)
        .order_by(Booking.starts_at)
    ).all()
    listed = listed_bookings(session, [booking.id for _, booking, _ in rows])
    return [Watch(listed[booking.id], name, buddy.state) for buddy, booking, name in rows]


def answer(
    session: Session, now: datetime, actor: Actor, public_id: str, state: str, *, whole_series: bool = False
) -> None:
    """Accepts, declines or withdraws, for one date or for all of a series that were asked alike; the holder is told.

    Raises NotFound, WrongState.
    """
    booking, _ = _asked(session, actor, public_id)
    lock(session, member_ids=[booking.member_id])
    booking, buddy = _asked(session, actor, public_id)
    if not booking.live or booking.ends_at <= now or buddy.state not in MAY_FOLLOW.get(state, ()):
        raise WrongState(state="answered")
    answered = _alike(session, booking, actor.member_id, buddy.state) if whole_series else [buddy]
    for each in answered:
        each.state, each.answered_at = state, now
        subject = ("booking", each.booking_id)
        journal.record(session, now, actor.member_id, f"buddy.{state}", subject, after={"member_id": actor.member_id})
    telling.tell(session, now, booking.member_id, booking.id, f"buddy_{state}", actor.member_id)
    if state == "withdrawn":
        telling.tell(session, now, actor.member_id, booking.id, "buddy_stepped_back", None)
    holds.refresh(session, now, Booking.id.in_([each.booking_id for each in answered]), quiet=True)
    session.flush()


def _ask(session: Session, now: datetime, row: Booking, buddy_id: int, known: Buddy | None) -> bool:
    """Whether the buddy was asked now: at first, once more after being released, and for a time they did not accept."""
    if known is None:
        known = Buddy(booking_id=row.id, member_id=buddy_id)
        session.add(known)
    elif known.state in ("asked", "accepted", "declined") and known.span.covers(row.span):
        return False
    known.state, known.asked_at, known.answered_at = "asked", now, None
    known.starts_at, known.ends_at = row.starts_at, row.ends_at
    return True


def _tell_once(
    session: Session, now: datetime, told: set[tuple[int, str]], member_id: int, row: Booking, kind: str, by: int
) -> None:
    """One notice for all dates of a series."""
    if (member_id, kind) not in told:
        told.add((member_id, kind))
        telling.tell(session, now, member_id, row.id, kind, by)


def _asked(session: Session, actor: Actor, public_id: str) -> tuple[Booking, Buddy]:
    row = session.execute(
        select(Booking, Buddy)
        .join(Buddy, Buddy.booking_id == Booking.id)
        .where(Booking.public_id == public_id, Buddy.member_id == actor.member_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="booking")
    return row[0], row[1]


def _state(booking: Booking, buddy: Buddy) -> str:
    return buddy.state if booking.live else "released"


def _alike(session: Session, booking: Booking, member_id: int, state: str) -> list[Buddy]:
    """What the member was asked about all dates of the series in the same way; the booking alone without one."""
    query = select(Buddy).join(Booking, Booking.id == Buddy.booking_id)
    query = query.where(Buddy.member_id == member_id, Buddy.state == state, Booking.live)
    whole = Booking.series_id == booking.series_id if booking.series_id else Booking.id == booking.id
    return list(session.scalars(query.where(whole)))


__all__ = ["Watch", "answer", "keep_company", "watch", "watches"]
