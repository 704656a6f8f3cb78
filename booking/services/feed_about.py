"""What a feed is of: its name, its page, and the zones its times are told in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from booking.models import Booking, Organisation, Resource, Site
from booking.services.feed_keys import Kind
from booking.services.feeds import Feed


@dataclass(frozen=True, slots=True)
class About:
    """Empty where the feed is of no place; `zones` are all it may speak of, `site_id` where closures are looked for."""

    name: str = ""
    slug: str = ""
    page: str = "/bookings"
    zone: str = ""
    zones: tuple[str, ...] = ()
    site_id: int | None = None
    resource_id: int | None = None


def about_of(session: Session, feed: Feed) -> About:
    """Asks as little as the kind of feed needs."""
    if feed.kind is Kind.RESOURCE:
        row = session.execute(
            select(Resource.name, Resource.slug, Site.timezone, Site.id)
            .join(Site, Site.id == Resource.site_id)
            .where(Resource.id == feed.scope_id)
        ).one()
        return About(row.name, row.slug, f"/resources/{row.slug}", row.timezone, (), row.id, feed.scope_id)
    if feed.kind in (Kind.SITE, Kind.EVENTS):
        site = session.get_one(Site, feed.scope_id)
        page = f"/day?site={site.slug}" if feed.kind is Kind.SITE else "/"
        return About(site.name, site.slug, page, site.timezone, (), site.id)
    if feed.kind is Kind.ORGANISATION:
        name = session.scalars(select(Organisation.name).where(Organisation.id == feed.scope_id)).one()
        held = Booking.organisation_id == feed.scope_id
        return About(name, zones=_zones(session, select(Booking.site_id).where(held)))
    if feed.kind is Kind.APPROVALS:
        return About(page="/approvals", zones=_zones(session, select(Site.id)))
    return About(zones=_zones(session, select(Booking.site_id).where(Booking.member_id == feed.scope_id)))


def _zones(session: Session, site_ids: Select[Any]) -> tuple[str, ...]:
    return tuple(session.scalars(select(Site.timezone).where(Site.id.in_(site_ids)).distinct().order_by(Site.timezone)))
