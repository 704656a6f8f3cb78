"""Reads outages, faults and busy times elsewhere as the rules know them: of a resource, its whole, and its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    FromClause,
    Select,
    String,
    bindparam,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from booking.core.facts import Facts, ResourceFacts
from booking.core.free_starts import Stretch
from booking.core.outages import BusyElsewhere, Effect, Outage, OutOfService
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import ExternalBusy, ExternalCalendar, Fault, Resource, ResourceUnit
from booking.models import Outage as OutageRow


@dataclass(frozen=True, slots=True)
class Known:
    """What keeps a resource from being had, without anybody having booked it."""

    outages: tuple[Outage, ...] = ()
    faults: tuple[OutOfService, ...] = ()
    busy_elsewhere: tuple[BusyElsewhere, ...] = ()


IDS: BindParameter[Any] = bindparam("ids", expanding=True)
FAULT, SAFETY, ELSEWHERE = "fault", "safety", "elsewhere"
FROM, TO = bindparam("window_from", type_=UTCDateTime), bindparam("window_to", type_=UTCDateTime)


def reaching(row: FromClause) -> Select[Any]:
    """A row reaches every resource that shares a unit with its own; what happens to a pool stays with the pool."""
    here, there = ResourceUnit.__table__.alias("here"), ResourceUnit.__table__.alias("there")
    mine, its = Resource.__table__.alias("mine"), Resource.__table__.alias("its")
    joined = (
        row.join(its, its.c.id == row.c.resource_id)
        .join(there, (there.c.resource_id == row.c.resource_id) & there.c.withdrawn_at.is_(None))
        .join(here, (here.c.unit_id == there.c.unit_id) & here.c.withdrawn_at.is_(None))
        .join(mine, mine.c.id == here.c.resource_id)
    )
    columns = [here.c.resource_id.label("reached"), row.c.id, its.c.name.label("place")]
    alike = or_(mine.c.id == its.c.id, ~mine.c.is_pool & ~its.c.is_pool)
    return select(*columns).select_from(joined).where(here.c.resource_id.in_(IDS), alike).distinct()


def _busy_elsewhere() -> Select[Any]:
    """What calendars elsewhere take inside the window; tentative events where the calendar's managers say so."""
    busy, calendar = ExternalBusy.__table__, ExternalCalendar.__table__
    known = (
        select(busy.c.id, busy.c.resource_id, busy.c.starts_at, busy.c.ends_at, calendar.c.name)
        .join_from(busy, calendar, calendar.c.id == busy.c.calendar_id)
        .where(busy.c.starts_at < TO, busy.c.ends_at > FROM)
        .where(calendar.c.tentative_blocks | ~busy.c.is_tentative)
        .subquery("busy")
    )
    return reaching(known).add_columns(known.c.starts_at, known.c.ends_at, known.c.name)


def _statement() -> Select[Any]:
    """All at once: asking costs more than the answer, which mostly is empty."""
    outage, fault = OutageRow.__table__, Fault.__table__
    planned = reaching(outage).add_columns(
        outage.c.starts_at, outage.c.ends_at, outage.c.reason.label("words"), outage.c.effect.label("kind")
    ).where(outage.c.starts_at < TO, outage.c.ends_at > FROM)  # fmt: skip
    safety = case((fault.c.is_safety, SAFETY), else_=FAULT)
    standing = reaching(fault).add_columns(
        fault.c.out_since, fault.c.expected_back, cast(null(), String), safety
    ).where(fault.c.cleared_at.is_(None), fault.c.out_since.is_not(None))  # fmt: skip
    elsewhere = _busy_elsewhere().add_columns(literal(ELSEWHERE))
    everything = union_all(planned, standing, elsewhere).subquery("known")
    return select(everything).order_by(everything.c.reached, everything.c.starts_at, everything.c.id)


STATEMENT = _statement()  # built once: building it costs more than running it
BUSY_ELSEWHERE = _busy_elsewhere()


def known_outages(session: Session, resource_ids: Iterable[int], window: TimeSpan) -> dict[int, Known]:
    """What lies inside the window and the faults that stand, by the resource they reach; only those with any."""
    values = {"ids": sorted(set(resource_ids)), "window_from": window.starts_at, "window_to": window.ends_at}
    found: dict[int, tuple[list[Outage], list[OutOfService], list[BusyElsewhere]]] = {}
    for row in session.execute(STATEMENT, values):
        outages, faults, busy = found.setdefault(row.reached, ([], [], []))
        if row.kind in (FAULT, SAFETY):
            faults.append(OutOfService(row.starts_at, row.ends_at, row.kind == SAFETY, row.place))
        elif row.kind == ELSEWHERE:
            busy.append(BusyElsewhere(TimeSpan(row.starts_at, row.ends_at), row.words, row.place))
        else:
            outages.append(Outage(TimeSpan(row.starts_at, row.ends_at), Effect(row.kind), row.words, row.place))
    return {id_: Known(*map(tuple, each)) for id_, each in found.items()}  # type: ignore[arg-type]


def stretches_elsewhere(session: Session, resource_ids: Iterable[int], window: TimeSpan) -> dict[int, list[Stretch]]:
    """When calendars elsewhere have each resource taken, as plain seconds in order of time, for sweeps over many."""
    values = {"ids": sorted(set(resource_ids)), "window_from": window.starts_at, "window_to": window.ends_at}
    found: dict[int, list[Stretch]] = {}
    for row in session.execute(BUSY_ELSEWHERE, values):
        stretch = int(row.starts_at.timestamp()), int(row.ends_at.timestamp())
        found.setdefault(row.reached, []).append(stretch)
    return {id_: sorted(each) for id_, each in found.items()}


def reached_by(session: Session, resource_id: int) -> tuple[int, ...]:
    """The resource, and those that share a unit with it unless one of the two is a pool."""
    units = select(ResourceUnit.unit_id).where(
        ResourceUnit.resource_id == resource_id, ResourceUnit.withdrawn_at.is_(None)
    )
    is_pool = session.scalar(select(Resource.is_pool).where(Resource.id == resource_id))
    if is_pool:
        return (resource_id,)
    sharing = session.scalars(
        select(ResourceUnit.resource_id)
        .join(Resource, Resource.id == ResourceUnit.resource_id)
        .where(ResourceUnit.unit_id.in_(units), ResourceUnit.withdrawn_at.is_(None), ~Resource.is_pool)
    )
    return tuple(sorted({resource_id, *sharing}))


def with_outages(resource: ResourceFacts, known: Mapping[int, Known]) -> ResourceFacts:
    """The facts of a resource, with what reaches it besides what it had."""
    if resource.id not in known:
        return resource
    about = known[resource.id]
    return replace(
        resource,
        outages=(*resource.outages, *about.outages),
        faults=(*resource.faults, *about.faults),
        busy_elsewhere=(*resource.busy_elsewhere, *about.busy_elsewhere),
    )


def with_planned(facts: Facts, planned: Mapping[int, Known]) -> Facts:
    """The facts as if these outages were laid already."""
    resources = {id_: with_outages(resource, planned) for id_, resource in facts.resources.items()}
    return replace(facts, resources=resources) if planned else facts
