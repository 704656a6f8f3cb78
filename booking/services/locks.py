"""The one place that takes locks, always in the same order, so that nobody waits for each other in a ring.

Order: organisation, member, pool, unit, course, each by rising id; feed counters last, when the transaction commits.
On SQLite the write transaction is alone already, and nothing is taken.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, Select, bindparam, select
from sqlalchemy.orm import Session

from booking.models import Course, Member, Organisation, Resource, ResourceUnit, Unit

if TYPE_CHECKING:
    from booking.services.wishes import Wish

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
resource, resource_unit, unit = Resource.__table__, ResourceUnit.__table__, Unit.__table__


def _rows(table: FromClause, where: ColumnElement[bool]) -> Select[Any]:
    return select(table.c.id).where(where).order_by(table.c.id).with_for_update(key_share=True)


# Built once: building a statement costs more than running it.
ORGANISATIONS = _rows(Organisation.__table__, Organisation.__table__.c.id.in_(IDS))
MEMBERS = _rows(Member.__table__, Member.__table__.c.id.in_(IDS))
POOLS = _rows(resource, resource.c.id.in_(IDS) & resource.c.is_pool)
COURSES = _rows(Course.__table__, Course.__table__.c.id.in_(IDS))
UNITS = _rows(unit, unit.c.id.in_(select(resource_unit.c.unit_id).where(resource_unit.c.resource_id.in_(IDS))))


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
    session.flush()
    resources = set(resource_ids)
    for statement, wanted in (
        (ORGANISATIONS, set(organisation_ids)),
        (MEMBERS, set(member_ids)),
        (POOLS, resources),
        (UNITS, resources),
        (COURSES, set(course_ids)),
    ):
        if wanted:
            session.execute(statement, {"ids": sorted(wanted)}).all()


def lock_for(session: Session, wish: "Wish", member_ids: tuple[int, ...], also: tuple[int, ...] = ()) -> None:
    """Takes the locks that judging this wish under quotas and overlaps needs."""
    lock(
        session,
        organisation_ids=[wish.organisation_id] if wish.organisation_id else [],
        member_ids=member_ids,
        resource_ids=(*wish.resource_ids, *also),
    )
