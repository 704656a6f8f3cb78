"""The sites that have something to book, the one with most first, and the clock that a page without a site goes by."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app

from booking.services.catalogue import ResourceCard, norwegian


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site as pages let one choose it."""

    id: int
    slug: str
    name: str
    zone: ZoneInfo


def site_choices(cards: Iterable[ResourceCard]) -> list[SiteChoice]:
    """Each site of these resources, the one with most rooms to book first."""
    listed = list(cards)
    bookable = Counter(card.site_id for card in listed if card.state == "active" and card.kind == "space")
    found = {card.site_id: SiteChoice(card.site_id, card.site_slug, card.site_name, card.zone) for card in listed}
    return sorted(found.values(), key=lambda site: (-bookable[site.id], norwegian(site.name)))


def common_zone(sites: list[SiteChoice]) -> ZoneInfo:
    """The first site's zone, or the configured one."""
    return sites[0].zone if sites else ZoneInfo(current_app.extensions["samrom"].default_timezone)
