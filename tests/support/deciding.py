"""A small district for tests of what admins decide: a site with two rooms, Kari, her manager Siri, and Nils."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from booking.core.request import Item, WallSpan
from booking.models import Building, Member, Resource, RuleSetting, Site
from booking.permissions import Actor
from booking.services.scopes import Where, where
from booking.services.wishes import Wish
from tests.factories import OSLO, a_category, a_member, a_room, a_site, an_organisation, span_at

NOW = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)  # a Monday, 10:00 in Oslo
WEEKDAYS = [{"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(5)]
SHORT_DAYS = [{"weekday": day, "opens": "09:00", "closes": "15:00"} for day in range(5)]
NILS = Actor(member_id=0, name="Nils", email="nils@example.invalid", site_role="site_admin")


@dataclass(slots=True)
class District:
    """The rows a test speaks of."""

    site: Site
    building: Building
    sluppen: Resource
    oya: Resource
    kari: Member
    nils: Actor

    def where(self, session: Session, kind: str) -> Where:
        """The scope of a kind around Sluppen."""
        ids = {
            "site": self.site.id,
            "building": self.building.id,
            "category": self.sluppen.category_id,
            "resource": self.sluppen.id,
        }
        return where(session, kind, ids[kind])


def a_district(session: Session) -> District:
    """Sluppen lies in a building, Øya in another category; Kari belongs to an organisation."""
    site = a_site(session, name="Elgeseter")
    building = Building(slug="byggetrinn", name="Byggetrinn", site_id=site.id)
    session.add(building)
    session.flush()
    sluppen = a_room(session, site, slug="sluppen", name="Sluppen", building_id=building.id, contact="Siri")
    oya = a_room(session, site, slug="oya", name="Øya", category_id=a_category(session).id)
    kari = a_member(session, an_organisation(session), name="Kari")
    nils = a_member(session, name="Nils", site_role="site_admin")
    return District(site, building, sluppen, oya, kari, an_actor(nils))


def an_actor(member: Member, **changes: object) -> Actor:
    """The member as permissions see them."""
    return Actor(member.id, member.name, member.email, site_role=member.site_role, **changes)


def a_wish(room: Resource, at: str, **changes: object) -> Wish:
    """A wish for a room, `2027-05-18 10:00-11:30` in Oslo."""
    return Wish((Item(room.id),), WallSpan.of(span_at(at), OSLO), **changes)


def set_rule(session: Session, kind: str, id_: int, rule: str, params: dict[str, object], **changes: object) -> None:
    """A rule setting that has counted for long."""
    long_ago = datetime(2026, 1, 5, tzinfo=UTC)
    row = RuleSetting(
        scope_kind=kind, scope_id=id_, rule=rule, params=params, valid_from=long_ago, set_at=long_ago, **changes
    )
    session.add(row)
    session.flush()
