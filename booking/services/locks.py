"""The one place that takes locks, always in the same order, so that nobody waits for each other in a ring.

Order: organisation, member, pool, unit, course, each by rising id; feed counters last, when the transaction commits.
On SQLite the write transaction is alone already, and nothing is taken.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Course, Member, Organisation, Resource, ResourceUnit, Unit


def lock(
    session: Session,
    *,
    organisation_ids: Iterable[int] = (),
    member_ids: Iterable[int] = (),
    resource_ids: Iterable[int] = (),
    course_ids: Iterable[int] = (),
) -> None:
    """Locks the rows, the pools among the resources, and every unit the resources consist of."""
    if session.get_bind().dialect.name == "sqlite":
        return
    resources = sorted(set(resource_ids))
    _take(session, Organisation, organisation_ids)
    _take(session, Member, member_ids)
    pools = session.scalars(select(Resource.id).where(Resource.id.in_(resources), Resource.is_pool))
    _take(session, Resource, pools)
    units = session.scalars(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id.in_(resources)))
    _take(session, Unit, units)
    _take(session, Course, course_ids)


def _take(session: Session, model: type[Any], ids: Iterable[int]) -> None:
    wanted = sorted(set(ids))
    if wanted:
        statement = select(model.id).where(model.id.in_(wanted)).order_by(model.id).with_for_update(key_share=True)
        session.execute(statement).all()
