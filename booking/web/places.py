"""The sites that have something to book, the one with most first, and the clock that a page without a site goes by."""

from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from flask import current_app

from booking.db import db
from booking.services import catalogue
from booking.services.catalogue import ResourceCard, SiteChoice, norwegian

__all__ = ["SiteChoice", "common_zone", "site_choices", "sites_in_use"]


def site_choices(cards: Iterable[ResourceCard]) -> list[SiteChoice]:
    """Each site of these resources, the one with most rooms to book first."""
    listed = list(cards)
    bookable = Counter(card.site_id for card in listed if card.state == "active" and card.kind == "space")
    found = {card.site_id: SiteChoice(card.site_id, card.site_slug, card.site_name, card.zone) for card in listed}
    return sorted(found.values(), key=lambda site: (-bookable[site.id], norwegian(site.name)))


def sites_in_use() -> list[SiteChoice]:
    """The same for a page that reads the resources of one site alone."""
    found = catalogue.sites_in_use(db.session())
    return [site for site, _ in sorted(found, key=lambda each: (-each[1], norwegian(each[0].name)))]


def common_zone(sites: list[SiteChoice]) -> ZoneInfo:
    """The first site's zone, or the configured one."""
    return sites[0].zone if sites else ZoneInfo(current_app.extensions["samrom"].default_timezone)
