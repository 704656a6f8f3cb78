"""Reads outages and faults as the rules know them: of a resource itself, of its whole, and of its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Boolean, FromClause, Select, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from booking.core.facts import Facts, ResourceFacts
from booking.core.outages import Effect, Outage, OutOfService
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Fault, Resource, ResourceUnit
from booking.models import Outage as OutageRow

Known = tuple[tuple[Outage, ...], tuple[OutOfService, ...]]

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
FROM, TO = bindparam("window_from", type_=UTCDateTime), bindparam("window_to", type_=UTCDateTime)


def _reaching(row: FromClause) -> Select[Any]:
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


def _statement() -> Select[Any]:
    """Both at once: asking costs more than the answer, which mostly is empty."""
    outage, fault = OutageRow.__table__, Fault.__table__
    planned = _reaching(outage).add_columns(
        literal(False, Boolean).label("is_fault"), outage.c.starts_at, outage.c.ends_at, outage.c.effect,
        outage.c.reason, literal(False, Boolean).label("is_safety"),
    ).where(outage.c.starts_at < TO, outage.c.ends_at > FROM)  # fmt: skip
    standing = _reaching(fault).add_columns(
        literal(True, Boolean), fault.c.out_since, fault.c.expected_back, null(), null(), fault.c.is_safety
    ).where(fault.c.cleared_at.is_(None), fault.c.out_since.is_not(None))  # fmt: skip
    both = union_all(planned, standing).subquery("known")
    return select(both).order_by(both.c.reached, both.c.starts_at, both.c.id)


STATEMENT = _statement()  # built once: building it costs more than running it


def known_outages(session: Session, resource_ids: Iterable[int], window: TimeSpan) -> dict[int, Known]:
    """The outages inside the window and the faults that stand, by the resource they reach; only those with any."""
    values = {"ids": sorted(set(resource_ids)), "window_from": window.starts_at, "window_to": window.ends_at}
    found: dict[int, Known] = {}
    for row in session.execute(STATEMENT, values):
        outages, faults = found.get(row.reached, ((), ()))
        if row.is_fault:
            faults = (*faults, OutOfService(row.starts_at, row.ends_at, row.is_safety, row.place))
        else:
            span = TimeSpan(row.starts_at, row.ends_at)
            outages = (*outages, Outage(span, Effect(row.effect), row.reason, row.place))
        found[row.reached] = (outages, faults)
    return found


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
    outages, faults = known[resource.id]
    return replace(resource, outages=(*resource.outages, *outages), faults=(*resource.faults, *faults))


def with_planned(facts: Facts, planned: Mapping[int, Known]) -> Facts:
    """The facts as if these outages were laid already."""
    resources = {id_: with_outages(resource, planned) for id_, resource in facts.resources.items()}
    return replace(facts, resources=resources) if planned else facts
