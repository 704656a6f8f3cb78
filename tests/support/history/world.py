"""The crowded little place where the history happens, and how everybody in it reads the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.db import writing
from booking.models import Member, Membership, Resource, ResourceUnit
from tests.factories import a_category, a_member, a_room, a_site, an_organisation
from tests.support.deciding import set_rule

BEGINS = datetime(2027, 3, 26, 6, 0, tzinfo=UTC)  # the Friday before the clocks go forward in Oslo
A_DEED = timedelta(minutes=1)  # passes with each, so that bookings begin, run and end while others are made
DESKS, BENCHES = 6, 3
WHOLE, PARTS = "hall", ("vest", "ost")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of the history, the same in all processes: it goes on with what they do, however fast that is."""

    deeds: Synchronized[int]

    def now(self) -> datetime:
        return BEGINS + self.deeds.value * A_DEED

    def tick(self) -> None:
        with self.deeds.get_lock():
            self.deeds.value += 1


@dataclass(frozen=True, slots=True)
class World:
    """What can be booked, by slug, how many units each pool has, and who is there."""

    things: dict[str, int]
    pools: dict[str, int]
    organisations: dict[int, tuple[int, ...]]
    admin: int

    @property
    def members(self) -> list[int]:
        return sorted(member for members in self.organisations.values() for member in members)

    def organisation_of(self, member: int) -> int:
        return next(id_ for id_, members in self.organisations.items() if member in members)


def with_history(app: Flask) -> None:
    """Fills an empty database: a hall in two parts, a room that is made ready, pools, instruments, three companies."""
    with app.app_context(), writing() as session:
        site, category = a_site(session, slug="arena"), a_category(session).id
        common = {"site": site, "category_id": category, "seats": None}
        vest, ost = (a_room(session, slug=slug, name=slug, **common) for slug in PARTS)
        hall = a_room(session, units=0, slug=WHOLE, name=WHOLE, **common)
        for unit in session.scalars(
            select(ResourceUnit.unit_id).where(ResourceUnit.resource_id.in_((vest.id, ost.id)))
        ):
            session.add(ResourceUnit(resource_id=hall.id, unit_id=unit))
        studio = a_room(session, slug="studio", name="studio", **common)
        camera = a_room(session, slug="camera", name="camera", kind="instrument", **common)
        microscope = a_room(session, slug="microscope", name="microscope", kind="instrument", **common)
        benches = a_room(session, units=BENCHES, slug="benches", name="benches", is_pool=True, **common)
        a_room(session, units=DESKS, slug="desks", name="desks", is_pool=True, **common)
        set_rule(session, "resource", studio.id, "R06", {"before_minutes": 30, "after_minutes": 15})
        set_rule(session, "resource", camera.id, "R06", {"after_minutes": 15})
        set_rule(session, "resource", microscope.id, "R06", {"before_minutes": 30})
        set_rule(session, "resource", microscope.id, "R08", {"needs": [{"resource": benches.id, "quantity": 1}]})
        for number in range(3):
            organisation = an_organisation(session, members_may_change=number == 0)
            for role in ("admin", "member", "member", "member"):
                a_member(session, organisation, role)
        a_member(session, email="nils@example.invalid", name="Nils", site_role="site_admin")


def the_world(session: Session) -> World:
    """The world as it stands in the database."""
    organisations: dict[int, tuple[int, ...]] = {}
    for organisation, member in session.execute(
        select(Membership.organisation_id, Membership.member_id).order_by(Membership.member_id)
    ):
        organisations[organisation] = (*organisations.get(organisation, ()), member)
    return World(
        things=dict(session.execute(select(Resource.slug, Resource.id).order_by(Resource.id)).tuples().all()),
        pools={"desks": DESKS, "benches": BENCHES},
        organisations=organisations,
        admin=session.scalars(select(Member.id).where(Member.site_role == "site_admin")).one(),
    )
