"""Gathers what the rules about safety ask: activities, documents and answers, and who else is in the area."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from booking.core import safety
from booking.core.facts import Facts, MemberFacts
from booking.core.safety import Answer, Frequency, Presence, SafetyFacts
from booking.core.safety_params import Declarations, LoneWork
from booking.core.scope import ScopeKind
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import (
    Activity,
    Booking,
    BookingItem,
    Declaration,
    Dispensation,
    DocumentVersion,
    Resource,
)
from booking.services.actors import local_today
from booking.services.beneficiaries import members_facts
from booking.services.catalogue import ResourceCard

if TYPE_CHECKING:
    from booking.services.fact_families import Gathering

LONGEST = timedelta(days=366)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)

# Built once: building a statement costs more than running it.
ACTIVITY = select(Activity.id, Activity.name, Activity.level, Activity.approval, Activity.approved_until).where(
    Activity.id == bindparam("wanted")
)
NEWEST = (
    select(DocumentVersion.document_id, func.max(DocumentVersion.version).label("version"))
    .where(DocumentVersion.document_id.in_(IDS))
    .group_by(DocumentVersion.document_id)
    .subquery()
)
DOCUMENTS = select(
    DocumentVersion.document_id, DocumentVersion.version, DocumentVersion.frequency, DocumentVersion.names
).join(NEWEST, (NEWEST.c.document_id == DocumentVersion.document_id) & (NEWEST.c.version == DocumentVersion.version))
ANSWERS = select(Declaration.document_id, Declaration.version, Declaration.declared_at).where(
    Declaration.member_id == bindparam("member"), Declaration.document_id.in_(IDS)
)
SITE = select(Resource.id, Resource.category_id, Resource.building_id, Resource.site_id).where(
    Resource.site_id.in_(bindparam("sites", expanding=True))
)
PRESENT = (
    select(BookingItem.resource_id, Booking.member_id, Booking.starts_at, Booking.ends_at, Booking.details)
    .join(Booking, Booking.id == BookingItem.booking_id)
    .where(
        BookingItem.resource_id.in_(IDS),
        Booking.state == "confirmed",
        Booking.id != bindparam("without"),
        Booking.starts_at < bindparam("window_to", type_=UTCDateTime),
        Booking.starts_at > bindparam("earliest", type_=UTCDateTime),
        Booking.ends_at > bindparam("window_from", type_=UTCDateTime),
    )
)
DISPENSED = (
    select(Dispensation.member_id, Dispensation.resource_id, func.max(Dispensation.ends_on).label("until"))
    .where(Dispensation.resource_id.in_(IDS), Dispensation.withdrawn_at.is_(None))
    .group_by(Dispensation.member_id, Dispensation.resource_id)
)


class Activities(Mapping[int, safety.Activity]):
    """Activities by id, each read when it is asked for: only bookings that name one look any up."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __getitem__(self, id_: int) -> safety.Activity:
        row = self.session.execute(ACTIVITY, {"wanted": id_}).one_or_none()
        if row is None:
            raise KeyError(id_)
        return safety.Activity(*row)

    def __iter__(self) -> Iterator[int]:
        return iter(self.session.scalars(select(Activity.id)))

    def __len__(self) -> int:
        return self.session.scalar(select(func.count()).select_from(Activity)) or 0


class Members(Mapping[int, MemberFacts]):
    """Members as the rules see them, each read when it is asked for: only bookings that name a buddy do."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now

    def __getitem__(self, id_: int) -> MemberFacts:
        return members_facts(self.session, self.now, [id_])[id_]

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def with_safety(gathering: "Gathering", facts: Facts) -> Facts:
    """The facts with what R32, R33 and R36 ask; where none of them is set, nothing is read."""
    session = gathering.session
    known = SafetyFacts(activities=Activities(session), members=Members(session, gathering.now))
    if gathering.asks("R36"):
        known = _with_documents(gathering, facts, known)
    if gathering.asks("R33"):
        known = _with_company(gathering, known)
    return replace(facts, safety=known)


def _with_documents(gathering: "Gathering", facts: Facts, known: SafetyFacts) -> SafetyFacts:
    asked = {
        id_
        for each in gathering.effective.values()
        if isinstance(params := each["R36"].params, Declarations)
        for id_ in params.documents
    }
    answers = gathering.session.execute(ANSWERS, {"member": facts.member.id, "ids": sorted(asked)})
    return replace(
        known,
        documents=newest_documents(gathering.session, asked),
        answers=tuple(Answer(id_, version, local_today(at)) for id_, version, at in answers),
    )


def newest_documents(session: Session, ids: set[int]) -> dict[int, safety.Document]:
    """The newest version of each of these documents."""
    rows = session.execute(DOCUMENTS, {"ids": sorted(ids)}) if ids else ()
    return {row.document_id: safety.Document(row[0], row[1], Frequency(row[2]), row[3]) for row in rows}


def _with_company(gathering: "Gathering", known: SafetyFacts) -> SafetyFacts:
    asking = {
        id_: each["R33"]
        for id_, each in gathering.effective.items()
        if isinstance(params := each["R33"].params, LoneWork) and params.least_people is not None
    }
    areas = _areas(gathering, asking)
    ids = sorted({id_ for area in areas.values() for id_ in area})
    if not ids:
        return known
    window = gathering.window
    values = {
        "ids": ids,
        "without": gathering.without_booking_id or 0,
        "window_from": window.starts_at,
        "window_to": window.ends_at,
        "earliest": window.starts_at - LONGEST,
    }
    rows = [row for row in gathering.session.execute(PRESENT, values) if not (row.details or {}).get("unattended")]
    present = {
        id_: tuple(
            Presence(row.member_id, TimeSpan(row.starts_at, row.ends_at)) for row in rows if row.resource_id in area
        )
        for id_, area in areas.items()
    }
    return replace(known, present=present, dispensed=_dispensed(gathering))


def _areas(gathering: "Gathering", asking: Mapping[int, Effective]) -> dict[int, set[int]]:
    """What lies in one area with each resource: all that the rule is set for, in the same building."""
    sites = sorted({gathering.cards[id_].site_id for id_ in asking})
    rows = gathering.session.execute(SITE, {"sites": sites}).all() if sites else []
    return {
        id_: {row.id for row in rows if _shares_area(gathering.cards[id_], row, effective)} | {id_}
        for id_, effective in asking.items()
    }


def _shares_area(card: ResourceCard, row: Any, effective: Effective) -> bool:
    kind = effective.scope_of("least_people").kind
    if (row.site_id, row.building_id) != (card.site_id, card.building_id):
        return False
    if kind is ScopeKind.RESOURCE:
        return bool(row.id == card.id)
    return kind is not ScopeKind.CATEGORY or bool(row.category_id == card.category_id)


def _dispensed(gathering: "Gathering") -> dict[tuple[int, int], date]:
    rows = gathering.session.execute(DISPENSED, {"ids": sorted(gathering.cards)})
    return {(row.member_id, row.resource_id): row.until for row in rows}


__all__ = ["newest_documents", "with_safety"]
