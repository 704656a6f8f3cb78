"""The form that changes a series from one of its bookings on: as it stands, and read into what is wished for."""

from dataclasses import dataclass, replace

from flask import request

from booking import clock, wording
from booking.core.errors import InvalidInput, WrongState
from booking.core.request import Item
from booking.db import db
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor, require
from booking.services import telling
from booking.services.catalogue import ResourceCard, resources
from booking.services.mine import listed_booking, own_organisations
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.standing import Standing
from booking.web.form_page import about, error_words, organisation_of, organisation_options
from booking.web.forms import BookingForm, Read, read_form
from booking.web.series_form import read_choices
from booking.web.shown import shown_booking

LONGEST_MARK = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says: how it was filled in, how far it reaches, and the change unless something is unreadable."""

    standing: Standing
    card: ResourceCard
    form: BookingForm
    reach: Reach
    errors: dict[str, str]
    change: SeriesChange | None

    must_write: bool = False

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The errors for the top of the page."""
        return list(self.errors.items())


def changeable(actor: Actor, public_id: str) -> Standing:
    """A booking of a series that lies ahead. Raises NotFound, NotAllowed, WrongState."""
    standing = shown_booking(actor, public_id)
    require(actor, "booking.change", standing.subject)
    row = standing.row
    if row.series_id is None or not row.live or row.starts_at <= clock.now():
        raise WrongState(state="no_series" if row.series_id is None else row.state)
    return standing


def as_it_stands(actor: Actor, standing: Standing, reach: Reach) -> Asked:
    """The form before anything was changed."""
    mine = listed_booking(db.session(), standing.row.id)
    form = BookingForm(
        title=mine.title,
        people=str(mine.people or ""),
        organisation=mine.organisation_key,
        visibility=mine.visibility,
        resource=mine.cards[0].slug,
    )
    must_write = telling.as_manager(actor, standing.subject)
    return Asked(standing, mine.cards[0], form.on_wall(standing.wish.wall), reach, {}, None, must_write)


def asked_for(actor: Actor, standing: Standing) -> Asked:
    """The form as it was sent."""
    form = BookingForm.of(request.form)
    reach = reach_of(request.form.get("reach", ""))
    card = next((each for each in choosable(standing) if each.slug == form.resource), None)
    read = read_form(form)
    errors = dict(read.errors) if card else {**read.errors, "resource": "resource"}
    organisation_id = standing.row.organisation_id
    try:
        if form.organisation and form.organisation != listed_booking(db.session(), standing.row.id).organisation_key:
            organisation_id = organisation_of(form, own_organisations(db.session(), actor))
    except LookupError:
        errors["organisation"] = "organisation"
    first = card or next(iter(standing.cards.values()))
    must_write = telling.as_manager(actor, standing.subject)
    told = _unsaid(actor, standing, form.message)
    if errors or told:
        return Asked(standing, first, form, reach, {**error_words(errors), **told}, None, must_write)
    change = _change(standing, first, read, organisation_id, reach)
    if change.wish.content == standing.wish.content:
        nothing = {"date": _("Nothing differs yet. Change what you want, then look.")}
        return Asked(standing, first, form, reach, nothing, None, must_write)
    return Asked(standing, first, form, reach, {}, change, must_write)


def _change(
    standing: Standing, card: ResourceCard, read: Read, organisation_id: int | None, reach: Reach
) -> SeriesChange:
    wish = read.wish((Item(card.id),), organisation_id, standing.wish.details)
    if standing.items[0].resource_id == card.id:
        wish = replace(wish, items=standing.items)
    else:
        other = tuple(item for item in standing.items[1:] if item.resource_id != card.id)
        wish = replace(wish, items=(replace(standing.items[0], resource_id=card.id), *other))
    shown = request.form.get("shown", "")[:LONGEST_MARK]
    return SeriesChange(wish, reach, read_choices(request.form), shown, request.form.get("message", ""))


def _unsaid(actor: Actor, standing: Standing, message: str) -> dict[str, str]:
    """What is wrong with the message to the holder."""
    try:
        telling.checked_message(actor, standing.subject, message, telling.BY_HAND)
    except InvalidInput as wrong:
        return {wrong.field: wording.error_sentence(wrong, language())}
    return {}


def reach_of(text: str) -> Reach:
    """From this one on, unless all are asked for."""
    return Reach.ALL if text == Reach.ALL.value else Reach.FOLLOWING


def choosable(standing: Standing) -> list[ResourceCard]:
    """What the bookings may move to: everything active at the site, and what they hold."""
    held = next(iter(standing.cards.values()))
    around = resources(db.session(), site_id=held.site_id)
    return [card for card in around if card.state == "active" or card.id in standing.cards]


def resource_options(standing: Standing) -> list[tuple[str, str]]:
    """The same as choices."""
    return [(each.slug, f"{each.name} · {about(each)}") for each in choosable(standing)]


def organisation_choices(actor: Actor, standing: Standing) -> list[tuple[str, str]]:
    """One's own, and the one it is booked for."""
    mine = listed_booking(db.session(), standing.row.id)
    options = organisation_options(own_organisations(db.session(), actor))
    if mine.organisation_key and mine.organisation_key not in dict(options):
        options.append((mine.organisation_key, mine.organisation))
    return options
