"""The form about a resource: its fields as they stand, and the values it was sent with."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from booking.admin import reading
from booking.admin.frame import Typed
from booking.core.errors import InvalidInput
from booking.db import db
from booking.http.features import FEATURES, feature_words
from booking.http.language import language
from booking.models import Building, Organisation
from booking.services.catalogue import ResourceCard, categories, norwegian, sites
from booking.services.resources import Makeup, ResourceValues

TEXTS = ("name", "code", "floor", "description", "wayfinding", "contact")
ERROR_FIELDS = {"area_m2": "area_m2", "host": "host", "category": "category", "building": "building"}


def as_shown(card: ResourceCard, made_of: Makeup) -> Typed:
    """The fields as they stand when the page is opened."""
    typed: Typed = MultiDict({name: getattr(card, name) for name in TEXTS})
    typed.update(
        {
            "kind": card.kind,
            "seats": "" if card.seats is None else str(card.seats),
            "area_m2": "" if card.area_m2 is None else str(card.area_m2),
            "category": str(card.category_id),
            "building": "" if card.building_id is None else str(card.building_id),
            "host": "" if made_of.host_organisation_id is None else str(made_of.host_organisation_id),
            "more_features": ", ".join(key for key in card.features if key not in FEATURES),
        }
    )
    typed.setlist("features", list(card.features))
    return typed


def read(typed: Typed, card: ResourceCard | None = None) -> ResourceValues:
    """Raises InvalidInput. Where a resource belongs stays as it is when the form has no field for it."""
    texts = {name: str(typed.get(name, "")).strip() for name in TEXTS}
    return ResourceValues(
        **texts,
        kind=str(typed.get("kind", "")),
        category_id=_category(typed, card),
        building_id=_building(typed, card),
        seats=reading.optional_number(str(typed.get("seats", "")), "seats"),
        area_m2=reading.optional_number(str(typed.get("area_m2", "")), "area_m2"),
        features=tuple(_features(typed)),
        host_organisation_id=_optional_id(typed, "host"),
    )


def _category(typed: Typed, card: ResourceCard | None) -> int:
    if card is not None and "category" not in typed:
        return card.category_id
    return reading.chosen_id(str(typed.get("category", "")), "category")


def _building(typed: Typed, card: ResourceCard | None) -> int | None:
    if card is not None and "building" not in typed:
        return card.building_id
    return _optional_id(typed, "building")


def _optional_id(typed: Typed, name: str) -> int | None:
    text = str(typed.get(name, ""))
    return reading.chosen_id(text, name) if text else None


def _features(typed: Typed) -> Iterable[str]:
    """The ticked ones, and others by their keys, each once."""
    more = [text.strip().lower().replace(" ", "_") for text in str(typed.get("more_features", "")).split(",")]
    chosen = [key for key in typed.getlist("features") if key in FEATURES]
    for key in dict.fromkeys([*chosen, *filter(None, more)]):
        if len(key) > 40:
            raise InvalidInput("more_features", "input.too_long", {"most": 40})
        yield key


def choices(site_id: int | None) -> dict[str, list[tuple[str, str]]]:
    """What the lists of the form offer; the buildings of one site, or of all."""
    session = db.session()
    named = {site.id: site.name for site in sites(session)}
    buildings = sorted(session.scalars(select(Building)), key=lambda each: norwegian(each.name))
    organisations = sorted(
        session.execute(select(Organisation.id, Organisation.name).where(Organisation.state != "left")).all(),
        key=lambda each: norwegian(each[1]),
    )
    return {
        "sites": [(str(id_), name) for id_, name in named.items()],
        "kinds": [("space", _("A space people go into")), ("instrument", _("An instrument people use"))],
        "categories": [(str(each.id), each.names.get(language()) or each.slug) for each in categories(session)],
        "buildings": [("", _("No building"))]
        + [
            (str(each.id), each.name if site_id else f"{each.name} ({named[each.site_id]})")
            for each in buildings
            if site_id in (None, each.site_id)
        ],
        "hosts": [("", _("Nobody in particular")), *((str(id_), name) for id_, name in organisations)],
        "features": [(key, feature_words(key)) for key in FEATURES],
    }
