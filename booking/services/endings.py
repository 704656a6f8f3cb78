"""Ends a member's account, a membership or an organisation, at once or after a last day.

Nothing is cancelled silently: whoever ends something decides for each booking that lies beyond it. The bookings are
read again under lock, so that one made meanwhile is asked about too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, DomainError, InvalidInput, NotFound
from booking.core.verdict import Verdict
from booking.models import Booking, BookingItem, Member, Membership, Organisation, Resource, Site
from booking.permissions import Actor, OrganisationSubject, require
from booking.services import changes, handing_over, journal, members, people
from booking.services.actors import local_today
from booking.services.locks import lock


class Choice(StrEnum):
    """What becomes of a booking that lies beyond the end."""

    KEEP = "keep"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice for one booking; `to` is the e-mail of the member who takes it over."""

    choice: Choice
    to: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends: a member's account, their membership of an organisation, or an organisation; None: at once."""

    member_id: int | None
    organisation_id: int | None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class LeftBooking:
    """A booking that lies beyond the end."""

    public_id: str
    title: str
    resources: tuple[str, ...]
    holder_id: int
    holder: str
    organisation_id: int | None
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo


class Undecided(DomainError):
    """Some bookings have no decision yet; `bookings` holds their ids."""

    code = "ending.undecided"


class HandOverRefused(DomainError):
    """The one who should take a booking over may not have it; the verdict says why."""

    code = "ending.hand_over_refused"

    def __init__(self, public_id: str, verdict: Verdict) -> None:
        super().__init__(booking=public_id, codes=list(verdict.codes))
        self.public_id = public_id
        self.verdict = verdict


def check(session: Session, now: datetime, actor: Actor, ending: Ending) -> None:
    """Raises NotAllowed, NotFound, LastSiteAdmin, or InvalidInput for a last day that has passed."""
    if ending.member_id is None or ending.organisation_id is None:
        require(actor, "site.administer")
    else:
        require(actor, "organisation.administer", OrganisationSubject(ending.organisation_id))
        if session.get(Membership, (ending.member_id, ending.organisation_id)) is None:
            raise NotFound(kind="member")
    if ending.last_day is not None and ending.last_day < local_today(now):
        raise InvalidInput("last_day", "ending.in_the_past")
    if ending.member_id is not None and ending.organisation_id is None:
        members.keep_a_site_admin(session, now, session.get_one(Member, ending.member_id), ending.last_day)


def left_bookings(session: Session, now: datetime, ending: Ending) -> list[LeftBooking]:
    """The bookings that begin after the end, the first first."""
    rows = session.execute(
        select(Booking, Member.name, Site.timezone)
        .join(Member, Member.id == Booking.member_id)
        .join(Site, Site.id == Booking.site_id)
        .where(*_touched(ending), Booking.live, Booking.starts_at > now)
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    names = _resource_names(session, [row.id for row, _, _ in rows])
    return [
        LeftBooking(
            row.public_id,
            row.title,
            tuple(names.get(row.id, ())),
            row.member_id,
            holder,
            row.organisation_id,
            row.starts_at,
            row.ends_at,
            ZoneInfo(timezone),
        )
        for row, holder, timezone in rows
        if ending.last_day is None or row.starts_at.astimezone(ZoneInfo(timezone)).date() > ending.last_day
    ]


def end(session: Session, now: datetime, actor: Actor, ending: Ending, decisions: Mapping[str, Decision]) -> None:
    """Carries out the decisions and then the end. Raises Undecided, HandOverRefused and what `check` raises."""
    _lock(session, now, ending, decisions)
    check(session, now, actor, ending)
    left = left_bookings(session, now, ending)
    undecided = [booking.public_id for booking in left if booking.public_id not in decisions]
    if undecided:
        raise Undecided(bookings=undecided)
    for booking in left:
        _carry_out(session, now, actor, booking, decisions[booking.public_id])
    _end(session, now, actor, ending)


def _lock(session: Session, now: datetime, ending: Ending, decisions: Mapping[str, Decision]) -> None:
    """Everything that the decisions will touch, at once and in the one order."""
    left = left_bookings(session, now, ending)
    takers = [decision.to for decision in decisions.values() if decision.to]
    ids = select(Booking.id).where(Booking.public_id.in_([booking.public_id for booking in left]))
    lock(
        session,
        organisation_ids=[ending.organisation_id] if ending.organisation_id else [],
        member_ids=[
            *([ending.member_id] if ending.member_id else []),
            *(booking.holder_id for booking in left),
            *session.scalars(select(Member.id).where(Member.email.in_(takers))),
        ],
        resource_ids=session.scalars(select(BookingItem.resource_id).where(BookingItem.booking_id.in_(ids))),
    )


def _carry_out(session: Session, now: datetime, actor: Actor, booking: LeftBooking, decision: Decision) -> None:
    if decision.choice == Choice.CANCEL:
        changes.cancel_booking(session, now, actor, booking.public_id, door="ending")
    elif decision.choice == Choice.HAND_OVER:
        taker = _taker(session, now, booking, decision.to)
        try:
            handing_over.hand_over_booking(session, now, actor, booking.public_id, taker)
        except BookingRefused as refused:
            raise HandOverRefused(booking.public_id, refused.verdict) from refused


def _taker(session: Session, now: datetime, booking: LeftBooking, email: str) -> int:
    """A member of the booking's organisation, other than its holder. Raises InvalidInput."""
    fitting = people.colleagues(session, now, [booking.organisation_id or 0], but=booking.holder_id)
    taker = next((person.id for person in fitting if person.email == email.strip().lower()), None)
    if taker is None:
        raise InvalidInput(f"to-{booking.public_id}", "ending.nobody_by_that_address")
    return taker


def _end(session: Session, now: datetime, actor: Actor, ending: Ending) -> None:
    last_day = ending.last_day
    after = {"ends_on": last_day.isoformat() if last_day else None, "organisation_id": ending.organisation_id}
    if ending.member_id is None:
        organisation = session.get_one(Organisation, ending.organisation_id)
        organisation.ends_on = last_day
        organisation.state = "active" if last_day else "left"
        subject = ("organisation", organisation.id)
    elif ending.organisation_id is None:
        member = session.get_one(Member, ending.member_id)
        member.ends_on = last_day
        subject = ("member", member.id)
        if last_day is None:
            members.put_out(session, now, actor.member_id, member)
    else:
        membership = session.get_one(Membership, (ending.member_id, ending.organisation_id))
        membership.ends_on = last_day or local_today(now) - timedelta(days=1)
        subject = ("member", ending.member_id)
    action = {(True, False): "member.ended", (False, True): "organisation.ended"}
    what = action.get((ending.member_id is not None, ending.organisation_id is not None), "membership.ended")
    journal.record(session, now, actor.member_id, what, subject, after=after)


def _touched(ending: Ending) -> list[ColumnElement[bool]]:
    wanted = []
    if ending.member_id is not None:
        wanted.append(Booking.member_id == ending.member_id)
    if ending.organisation_id is not None:
        wanted.append(Booking.organisation_id == ending.organisation_id)
    return wanted


def _resource_names(session: Session, booking_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for booking_id, name in session.execute(
        select(BookingItem.booking_id, Resource.name)
        .join(Resource, Resource.id == BookingItem.resource_id)
        .where(BookingItem.booking_id.in_(booking_ids))
        .order_by(BookingItem.id)
    ):
        names.setdefault(booking_id, []).append(name)
    return names
