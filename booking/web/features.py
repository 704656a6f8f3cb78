"""What resources offer, in words and pictures: one table from a feature's key, and the words of kinds and sites."""

from flask_babel import lazy_gettext as _l

from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.catalogue import ResourceCard

FEATURES = {
    "video": ("video", _l("Video")),
    "hybrid": ("video", _l("Hybrid meetings")),
    "screen": ("equipment", _l("Screen")),
    "av": ("event", _l("Sound and picture")),
    "whiteboard": ("whiteboard", _l("Whiteboard")),
    "step_free": ("step-free", _l("Step-free access")),
    "hearing_loop": ("hearing-loop", _l("Hearing loop")),
    "accessible_toilet": ("step-free", _l("Accessible toilet")),
    "adjustable_table": ("desk", _l("Adjustable table")),
    "movable_furniture": ("desk", _l("Movable furniture")),
    "sound_recording": ("event", _l("Sound recording")),
    "catering": ("feature", _l("Catering")),
}
CHOICES = ("video", "hybrid", "screen", "whiteboard", "step_free", "hearing_loop", "adjustable_table", "av")
PICTURES = {"space": "room", "instrument": "instrument"}


def feature_words(key: str) -> str:
    """The feature in the reader's language; one that is not in the table says itself."""
    known = FEATURES.get(key)
    return str(known[1]) if known else key.replace("_", " ").replace("-", " ").capitalize()


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
