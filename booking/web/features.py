"""What resources offer, where they are and how many they seat, in words and pictures for members' pages."""

from booking.http.features import FEATURES, feature_words
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.catalogue import ResourceCard

CHOICES = ("video", "hybrid", "screen", "whiteboard", "step_free", "hearing_loop", "adjustable_table", "av")
PICTURES = {"space": "room", "instrument": "instrument"}


def feature_items(card: ResourceCard) -> list[tuple[str, str]]:
    """A resource's features as pictures and words."""
    return [(FEATURES[key][0] if key in FEATURES else "feature", feature_words(key)) for key in card.features]


def category_name(names: dict[str, str], slug: str) -> str:
    """The category in the reader's language, or the nearest we have."""
    return names.get(language()) or names.get("nb") or slug


def seats_text(card: ResourceCard) -> str:
    """10 seats; for a pool, how it is counted."""
    if card.seats is None:
        return ""
    return ngettext("%(num)s seat", "%(num)s seats", card.seats)


def place_text(card: ResourceCard) -> str:
    """Building and floor; the site where there is no building."""
    floor = _("floor %(floor)s", floor=card.floor) if card.floor else ""
    return ", ".join(filter(None, (card.building_name or card.site_name, floor)))


def whole_place(card: ResourceCard) -> str:
    """The same with the site, said once."""
    place = place_text(card)
    return place if not card.building_name else f"{place}, {card.site_name}"
