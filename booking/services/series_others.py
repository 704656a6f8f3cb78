"""What could stand in for a resource on single dates of a series."""

from dataclasses import replace

from sqlalchemy.orm import Session

from booking.core.request import Request
from booking.services.catalogue import ResourceCard, norwegian, resources

MOST_ROOMS = 12


def others_like(session: Session, card: ResourceCard) -> list[ResourceCard]:
    """What could stand in for it: of the same kind and site, with all its features, and at least as large."""
    wanted = set(card.features)
    found = [
        other
        for other in resources(session, site_id=card.site_id)
        if other.id != card.id
        and other.is_bookable
        and (other.kind, other.is_pool) == (card.kind, card.is_pool)
        and wanted <= set(other.features)
        and (other.seats or 0) >= (card.seats or 0)
    ]
    return sorted(
        found, key=lambda each: (each.category_id != card.category_id, each.seats or 0, norwegian(each.name))
    )[:MOST_ROOMS]


def elsewhere(request: Request, card: ResourceCard, other: ResourceCard) -> Request:
    """The same with another resource in place of the first."""
    items = tuple(
        replace(item, resource_id=other.id) if item.resource_id == card.id else item for item in request.items
    )
    return replace(request, items=items)
