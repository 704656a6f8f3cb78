"""Faults: a member reports what is wrong; it may put the resource out of service; a manager settles or clears it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound, WrongState
from booking.core.outages import FaultReports
from booking.core.params import Service
from booking.models import Fault, Member, Resource
from booking.models.ids import new_public_id
from booking.permissions import Actor, require
from booking.services import fault_news, journal, settings, tidings
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.outages_known import reached_by
from booking.services.saving import Change, saving

MOST_WHAT = 1000


class Settling(StrEnum):
    """What a manager says of a fault: it stays out of service, it can be used all the same, or it is fixed."""

    OUT = "out"
    USABLE = "usable"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class FaultLine:
    """An open fault as managers see it; `out_since` is None while the resource can be used all the same."""

    public_id: str
    resource_id: int
    place: str
    what: str
    is_dangerous: bool
    reported_by: str
    reported_at: datetime
    out_since: datetime | None
    is_safety: bool
    expected_back: datetime | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report led to; the entry's id when it put the resource out of service."""

    public_id: str
    out_of_service: bool
    entry_id: int | None = None


def open_faults(session: Session, resource_ids: Iterable[int]) -> list[FaultLine]:
    """Those that nobody has cleared: what is out of service first, then the oldest."""
    rows = session.execute(
        select(Fault, Resource.name, Member.name)
        .join(Resource, Resource.id == Fault.resource_id)
        .outerjoin(Member, Member.id == Fault.reported_by_id)
        .where(Fault.resource_id.in_(sorted(set(resource_ids))), Fault.cleared_at.is_(None))
        .order_by(Fault.is_safety.desc(), Fault.out_since.is_(None), Fault.reported_at, Fault.id)
    )
    return [_line(row, place, reporter or "") for row, place, reporter in rows]


def _line(row: Fault, place: str, reporter: str) -> FaultLine:
    return FaultLine(
        row.public_id, row.resource_id, place, row.what, row.is_dangerous, reporter, row.reported_at,
        row.out_since, row.is_safety, row.expected_back,
    )  # fmt: skip


def report_fault(
    session: Session, now: datetime, actor: Actor, card: ResourceCard, what: str, *, is_dangerous: bool
) -> Reported:
    """Writes it down, and puts the resource out of service when its rule says so. Raises InvalidInput, WrongState.

    A pool goes on: one broken unit of many does not stop the others, and a manager decides.
    """
    if not card.is_bookable:
        raise WrongState(state=card.state)
    if not what.strip() or len(what) > MOST_WHAT:
        code = "input.too_long" if what.strip() else "fault.what_is_wrong"
        raise InvalidInput("what", code, {"most": MOST_WHAT})
    goes_out = not card.is_pool and _goes_out(session, now, card, is_dangerous)
    row = Fault(
        public_id=new_public_id(),
        resource_id=card.id,
        what=what.strip(),
        is_dangerous=is_dangerous,
        reported_by_id=actor.member_id,
        reported_at=now,
        out_since=now if goes_out else None,
        is_safety=goes_out and is_dangerous,
    )
    subject = ("resource", card.id)
    if not goes_out:
        session.add(row)
        session.flush()
        journal.record(session, now, actor.member_id, "fault.reported", subject, after=_plain(row))
        fault_news.tell_of_report(session, now, actor, card, row)
        return Reported(row.public_id, False)
    reached = reached_by(session, card.id)
    with saving(session, now, actor, "fault.reported", subject, reached) as change:
        session.add(row)
        session.flush()
        change.after = _plain(row)
    tidings.tell_of_fault(session, now, actor, row.public_id, reached, change.no_longer_fit)
    fault_news.tell_of_report(session, now, actor, card, row)
    return Reported(row.public_id, True, change.entry_id)


def _goes_out(session: Session, now: datetime, card: ResourceCard, is_dangerous: bool) -> bool:
    rows = settings.rows_at(session, card.scopes, now)
    params = settings.counting(card, settings.by_scope(rows))["R13"].params
    reports = params.fault_reports if isinstance(params, Service) else FaultReports.SAFETY
    return reports == FaultReports.ALWAYS or (reports == FaultReports.SAFETY and is_dangerous)


def settle_fault(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    settling: Settling,
    *,
    expected_back: datetime | None = None,
    is_safety: bool = False,
) -> Change:
    """Out of service until told otherwise, usable all the same, or fixed.

    Raises NotFound, NotAllowed, InvalidInput (back in the past), WrongState (cleared already).
    """
    row = _row(session, public_id)
    card = resources_by_id(session, [row.resource_id])[row.resource_id]
    require(actor, "resource.manage", card.place)
    if settling is Settling.OUT and expected_back is not None and expected_back <= now:
        raise InvalidInput("back_date", "fault.back_in_the_past")
    action = "fault.cleared" if settling is Settling.FIXED else "fault.settled"
    reached = reached_by(session, card.id)
    with saving(session, now, actor, action, ("resource", card.id), reached) as change:
        session.refresh(row)
        if not row.is_open:
            raise WrongState(state="cleared")
        change.before = _plain(row)
        if settling is Settling.FIXED:
            row.cleared_at, row.cleared_by_id = now, actor.member_id
        else:
            stays_out = settling is Settling.OUT
            row.out_since = (row.out_since or now) if stays_out else None
            row.is_safety = stays_out and is_safety
            row.expected_back = expected_back if stays_out else None
        change.after = _plain(row)
    tidings.tell_of_fault(session, now, actor, public_id, reached, change.no_longer_fit)
    if change.before != change.after:
        fault_news.tell_of_settling(session, now, actor, card, row)
    return change


def found_fault(session: Session, actor: Actor, public_id: str) -> tuple[FaultLine, ResourceCard, bool]:
    """The fault, its resource, and whether it is open still. Raises NotFound, NotAllowed."""
    row = _row(session, public_id)
    card = resources_by_id(session, [row.resource_id])[row.resource_id]
    require(actor, "resource.inspect", card.place)
    reporter = session.scalar(select(Member.name).where(Member.id == row.reported_by_id))
    return _line(row, card.name, reporter or ""), card, row.is_open


def _row(session: Session, public_id: str) -> Fault:
    row = session.scalar(select(Fault).where(Fault.public_id == public_id))
    if row is None:
        raise NotFound(kind="fault")
    return row


def _plain(row: Fault) -> dict[str, object]:
    """What the journal holds: never what the reporter wrote."""
    times = {"out_since": row.out_since, "expected_back": row.expected_back, "cleared_at": row.cleared_at}
    told = {name: at.isoformat() if at else None for name, at in times.items()}
    return {"fault": row.public_id, "is_dangerous": row.is_dangerous, "is_safety": row.is_safety, **told}
