"""The units of a pool: more of them, or fewer when nobody has booked those that go."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, WrongState
from booking.models import Allocation, ResourceUnit, Unit
from booking.permissions import Actor, require
from booking.services import journal
from booking.services.catalogue import ResourceCard
from booking.services.locks import lock

MOST_UNITS = 500


def resize_pool(session: Session, now: datetime, actor: Actor, card: ResourceCard, size: int) -> None:
    """Adds units, or withdraws units that no booking holds from now on; the newest go first.

    Raises NotAllowed, InvalidInput ("pool.in_use" names the units that are held), WrongState when it is not a pool.
    """
    require(actor, "resource.manage", card.place)
    if not card.is_pool:
        raise WrongState(state="not_a_pool")
    if not 1 <= size <= MOST_UNITS:
        raise InvalidInput("units", "setting.out_of_range", {"least": 1, "most": MOST_UNITS})
    lock(session, resource_ids=[card.id])
    offered = _links(session, card.id, withdrawn=False)
    if size > len(offered):
        _enlarge(session, card, size - len(offered))
    else:
        _shrink(session, now, offered, len(offered) - size)
    if size != len(offered):
        before, after = {"units": len(offered)}, {"units": size}
        subject = ("resource", card.id)
        journal.record(session, now, actor.member_id, "resource.units", subject, before=before, after=after)


def add_units(session: Session, resource_id: int, name: str, count: int, *, first: int = 1) -> None:
    """New units; one alone is called what the resource is called."""
    lone = first == 1 and count == 1
    units = [Unit(name=name if lone else f"{name[:110]} {first + number}") for number in range(count)]
    session.add_all(units)
    session.flush()
    session.add_all(ResourceUnit(resource_id=resource_id, unit_id=unit.id) for unit in units)
    session.flush()


def _links(session: Session, resource_id: int, *, withdrawn: bool) -> list[ResourceUnit]:
    away = ResourceUnit.withdrawn_at.is_not(None) if withdrawn else ResourceUnit.withdrawn_at.is_(None)
    query = select(ResourceUnit).where(ResourceUnit.resource_id == resource_id, away)
    return list(session.scalars(query.order_by(ResourceUnit.unit_id).execution_options(populate_existing=True)))


def _enlarge(session: Session, card: ResourceCard, count: int) -> None:
    """Units that were withdrawn come back before new ones are made."""
    away = _links(session, card.id, withdrawn=True)
    for link in away[:count]:
        link.withdrawn_at = None
    session.flush()
    if count > len(away):
        offered = len(_links(session, card.id, withdrawn=False))
        add_units(session, card.id, card.name, count - len(away), first=offered + 1)


def _shrink(session: Session, now: datetime, offered: list[ResourceUnit], count: int) -> None:
    ids = [link.unit_id for link in offered]
    held = set(session.scalars(select(Allocation.unit_id).where(Allocation.unit_id.in_(ids), Allocation.busy_to > now)))
    free = [link for link in reversed(offered) if link.unit_id not in held]
    if len(free) < count:
        names = session.scalars(select(Unit.name).where(Unit.id.in_(held)).order_by(Unit.id))
        least = len(offered) - len(free)
        raise InvalidInput("units", "pool.in_use", {"least": least, "units": ", ".join(names)})
    for link in free[:count]:
        link.withdrawn_at = now
