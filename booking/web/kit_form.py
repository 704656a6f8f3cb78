"""The part of the booking form that says how many, and what else goes along: read, and shown."""

from dataclasses import dataclass, replace

from booking import clock
from booking.core.errors import InvalidInput
from booking.core.request import Item
from booking.db import db
from booking.http.words import gettext as _
from booking.services.catalogue import ResourceCard
from booking.services.kits import Addable, addables, units_in
from booking.web.features import category_name
from booking.web.forms import BookingForm
from booking.web.reading import read_number

MOST_UNITS = 500


@dataclass(frozen=True, slots=True)
class ExtraView:
    """One line of what can be added. `many` is shown for pools."""

    slug: str
    name: str
    hint: str
    is_chosen: bool
    is_needed: bool
    is_pool: bool
    many: str


@dataclass(frozen=True, slots=True)
class KitForm:
    """How many there are of a pool (0 for what is no pool), and what can be added."""

    units: int
    extras: list[ExtraView]

    @property
    def is_open(self) -> bool:
        """Whether something has been added already, or must be."""
        return any(extra.is_chosen or extra.is_needed for extra in self.extras)


def kit_form(card: ResourceCard, form: BookingForm, held: frozenset[int] = frozenset()) -> KitForm:
    """What the form shows for a resource."""
    units = units_in(db.session(), card) if card.is_pool else 0
    return KitForm(
        units, [_view(each, card, form) for each in addables(db.session(), clock.now(), card, held, form.extras)]
    )


def read_items(card: ResourceCard, form: BookingForm, held: frozenset[int] = frozenset()) -> tuple[Item, ...]:
    """The resource and all that goes along. Raises InvalidInput for numbers that are none, and for strangers."""
    items = [Item(card.id, _number(form.quantity, "quantity") if card.is_pool else 1)]
    if not form.extras:
        return tuple(items)
    known = {each.card.slug: each for each in addables(db.session(), clock.now(), card, held, form.extras)}
    for slug in dict.fromkeys(form.extras):
        extra = known.get(slug)
        if extra is None:
            raise InvalidInput("with", "with")
        many = _number(form.many_of(slug), "with") if extra.card.is_pool else 1
        items.append(Item(extra.card.id, many))
    return tuple(items)


def with_companions(card: ResourceCard, form: BookingForm) -> BookingForm:
    """The form with everything ticked that the resource cannot do without."""
    needed = [each for each in addables(db.session(), clock.now(), card, frozenset()) if each.needed]
    missing = [each for each in needed if each.card.slug not in form.extras]
    if not missing:
        return form
    many = tuple((each.card.slug, str(each.needed)) for each in missing if each.card.is_pool)
    return replace(form, extras=(*form.extras, *(each.card.slug for each in missing)), many=(*form.many, *many))


def _view(extra: Addable, card: ResourceCard, form: BookingForm) -> ExtraView:
    chosen = extra.card.slug in form.extras
    hint = category_name(extra.card.category_names, extra.card.category_slug)
    if extra.needed:
        hint = _("%(resource)s needs it for the whole time.", resource=card.name)
    elif extra.card.is_pool:
        hint = _("%(category)s, %(number)s in all", category=hint, number=extra.units)
    many = form.many_of(extra.card.slug) or str(extra.needed or 1)
    return ExtraView(extra.card.slug, extra.card.name, hint, chosen, bool(extra.needed), extra.card.is_pool, many)


def _number(text: str, field: str) -> int:
    """A whole number; one where nothing was written."""
    number = read_number(text, MOST_UNITS) if text.strip() else 1
    if number is None:
        raise InvalidInput(field, "quantity")
    return number
