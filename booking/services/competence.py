"""Reads what the rules about competence and calibration need, in bulk and only where a resource asks for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from booking.core.competence import Competence, Grant
from booking.core.competence import Qualification as Known
from booking.core.facts import Facts
from booking.core.lab_params import Required, each_level
from booking.core.localtime import last_day, local_day
from booking.core.safety_params import LoneWork
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Booking, BookingItem, Course, CourseSeat, Member, Qualification, QualificationGrant

if TYPE_CHECKING:
    from booking.services.fact_families import Gathering

RULE = "R31"
Ids = frozenset[int]

# Built once: building a statement costs more than running it, and these run for every request of a lab.
_SEATS_TAKEN = select(func.count()).where(CourseSeat.course_id == Course.id).correlate(Course).scalar_subquery()
QUALIFICATIONS = (
    select(
        Qualification.id,
        Qualification.name,
        Qualification.is_safety,
        Qualification.contact,
        select(func.min(Course.starts_at, type_=UTCDateTime))
        .where(
            Course.qualification_id == Qualification.id,
            Course.cancelled_at.is_(None),
            Course.starts_at > bindparam("now", type_=UTCDateTime),
            Course.seats > _SEATS_TAKEN,
        )
        .scalar_subquery()
        .label("course_at"),
    )
    .where(Qualification.id.in_(bindparam("ids", expanding=True)))
    .order_by(Qualification.id)
)
EVERY_GRANT = (
    select(
        QualificationGrant.member_id, QualificationGrant.qualification_id, QualificationGrant.granted_on,
        QualificationGrant.expires_on, Member.name, Member.ends_on, Member.deactivated_at,
    )
    .join(Member, Member.id == QualificationGrant.member_id)
    .where(QualificationGrant.withdrawn_at.is_(None))
    .where(QualificationGrant.qualification_id.in_(bindparam("ids", expanding=True)))
    .order_by(QualificationGrant.id)
)  # fmt: skip
GRANTS = EVERY_GRANT.where(QualificationGrant.member_id.in_(bindparam("members", expanding=True)))
USES = (
    select(BookingItem.resource_id, Booking.member_id, Booking.starts_at, Booking.ends_at)
    .join(Booking, Booking.id == BookingItem.booking_id)
    .where(
        Booking.live,
        BookingItem.resource_id.in_(bindparam("resources", expanding=True)),
        Booking.member_id.in_(bindparam("members", expanding=True)),
        Booking.ends_at > bindparam("window_from", type_=UTCDateTime),
        Booking.starts_at < bindparam("window_to", type_=UTCDateTime),
        Booking.id != bindparam("without"),
    )
)


def calibration_family(gathering: "Gathering", facts: Facts) -> Facts:
    """Until when each resource's calibration counts, which its card tells without asking again."""
    due = {id_: card.calibration_due for id_, card in gathering.cards.items() if card.calibration_due is not None}
    if not due:
        return facts
    known = {id_: replace(facts.resources[id_], calibration_due=day) for id_, day in due.items()}
    return replace(facts, resources={**facts.resources, **known})


def competence_family(gathering: "Gathering", facts: Facts) -> Facts:
    """What the beneficiary has learnt, and where it may be supervised also who can."""
    if not gathering.asks(RULE):
        return facts
    members = {facts.member.id}
    return with_competence(gathering.session, facts, members, without_booking_id=gathering.without_booking_id)


def with_competence(
    session: Session, facts: Facts, member_ids: Collection[int], *, without_booking_id: int | None = None
) -> Facts:
    """The facts with what all these members have learnt, for every resource that asks for something."""
    asked = {id_: parts for id_, each in facts.resources.items() if (parts := required(each.settings))}
    ids = frozenset(id_ for parts in asked.values() for part in parts for id_ in (*part.all_of, *part.any_of))
    if not asked:
        return facts
    qualifications = _qualifications(session, facts, ids)
    supervised = any(part.supervised_ok for parts in asked.values() for part in parts)
    beside = supervised or any(_asks_for_company(each.settings) for each in facts.resources.values())
    rows = _grants(session, ids, None if beside else member_ids)
    uses = _uses(session, facts, asked, member_ids, without_booking_id)
    names = {row.member_id: row.name for row in rows if row.deactivated_at is None} if supervised else {}
    known = {
        id_: replace(
            facts.resources[id_], competence=Competence(qualifications, _by_member(rows), uses.get(id_, {}), names)
        )
        for id_ in asked
    }
    return replace(facts, resources={**facts.resources, **known})


def required(settings: Mapping[str, Effective]) -> tuple[Required, ...]:
    """What each level asks for."""
    found = settings.get(RULE)
    return tuple(each for _, each in each_level(found)) if found else ()


def _asks_for_company(settings: Mapping[str, Effective]) -> bool:
    """Whether a buddy may be named, who has to be known as well."""
    found = settings.get("R33")
    return found is not None and isinstance(found.params, LoneWork) and found.params.least_people is not None


def _qualifications(session: Session, facts: Facts, ids: Ids) -> dict[int, Known]:
    rows = session.execute(QUALIFICATIONS, {"ids": sorted(ids), "now": facts.now})
    return {
        row.id: Known(row.id, row.name, row.is_safety, _day(row.course_at, facts.zone), row.contact) for row in rows
    }


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return local_day(at, zone) if at else None


def _grants(session: Session, ids: Ids, member_ids: Collection[int] | None) -> list[Row[Any]]:
    if member_ids is None:
        return list(session.execute(EVERY_GRANT, {"ids": sorted(ids)}))
    return list(session.execute(GRANTS, {"ids": sorted(ids), "members": sorted(member_ids)}))


def grants_of(session: Session, ids: Ids, member_ids: Collection[int]) -> dict[int, tuple[Grant, ...]]:
    """What these members have of these qualifications."""
    return _by_member(_grants(session, ids, member_ids))


def _by_member(rows: Iterable[Row[Any]]) -> dict[int, tuple[Grant, ...]]:
    """Nobody has learnt anything beyond the end of their time here."""
    found: dict[int, list[Grant]] = {}
    for row in rows:
        until = min((day for day in (row.expires_on, row.ends_on) if day is not None), default=None)
        found.setdefault(row.member_id, []).append(Grant(row.qualification_id, row.granted_on, until))
    return {member_id: tuple(grants) for member_id, grants in found.items()}


def _uses(
    session: Session,
    facts: Facts,
    asked: Mapping[int, tuple[Required, ...]],
    member_ids: Collection[int],
    without: int | None,
) -> dict[int, dict[int, tuple[date, ...]]]:
    """The last days of the members' bookings as far back as any rule looks, by resource and member."""
    days = {id_: max((part.recency_days or 0 for part in parts), default=0) for id_, parts in asked.items()}
    wanted = sorted(id_ for id_, back in days.items() if back)
    if not wanted:
        return {}
    back = timedelta(days=max(days.values()) + 1)
    rows = session.execute(
        USES,
        {
            "resources": wanted, "members": sorted(member_ids), "without": without or 0,
            "window_from": facts.window.starts_at - back, "window_to": facts.window.ends_at,
        },
    )  # fmt: skip
    found: dict[int, dict[int, tuple[date, ...]]] = {}
    for resource_id, member_id, starts_at, ends_at in rows:
        by_member = found.setdefault(resource_id, {})
        day = last_day(TimeSpan(starts_at, ends_at), facts.zone)
        by_member[member_id] = (*by_member.get(member_id, ()), day)
    return found


__all__ = ["calibration_family", "competence_family", "grants_of", "required", "with_competence"]
