"""Ways on from a change that cannot be made, and from a change that somebody else has made, as buttons."""

from dataclasses import asdict, replace
from datetime import datetime

from flask import url_for

from booking import wording
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor
from booking.services.alternatives import Alternative, alternatives
from booking.services.asking import Asked, ways_to_shift, whom_to_ask
from booking.services.changes import may_take
from booking.services.notices import Told
from booking.services.standing import Standing
from booking.services.stretching import as_long_as_it_can_be
from booking.services.wishes import Wish
from booking.web.display import when
from booking.web.form_page import FORM_ID
from booking.web.forms import BookingForm
from booking.web.reading import span_token
from booking.web.verdicts import Choice, as_link, in_form


def ways_to_change(now: datetime, actor: Actor, standing: Standing, wish: Wish) -> list[Choice]:
    """As long as it can be, other times and rooms, and asking the next to shift.

    A booking that has begun keeps its start, so only its end can be chosen.
    """
    row, address = standing.row, url_for("bookings.change", public_id=standing.row.public_id)
    first = wish.resource_ids[0]
    longest = as_long_as_it_can_be(db.session(), now, standing, wish)
    found = [longest] if longest else []
    if row.starts_at > now:
        others = alternatives(db.session(), now, row.member_id, wish, without_booking_id=row.id)
        found += [each for each in others if may_take(db.session(), actor, standing, each)]
    choices = [in_form(each, first, FORM_ID, address) for each in found]
    if whom_to_ask(db.session(), now, standing, wish) is not None:
        choices.append(_asking(standing))
    return choices


def _asking(standing: Standing) -> Choice:
    """Sends the form to those who come next."""
    main, sub = _("Ask the next to shift"), _("without names; you hear what they answer")
    address = url_for("bookings.ask", public_id=standing.row.public_id)
    return Choice(main, sub, main, action=address, method="in_form", form=FORM_ID)


def shifts(now: datetime, standing: Standing, asked: Asked) -> list[Choice]:
    """Where the booking could be instead, each a button that moves it and makes room."""
    address = url_for("bookings.accept", public_id=asked.key)
    found = ways_to_shift(db.session(), now, standing, asked.wanted)
    return [_posted(each, standing, address, []) for each in found]


def after_notice(now: datetime, standing: Standing, told: Told, form: BookingForm) -> list[Choice]:
    """What the holder may rather have than what somebody else made of the booking."""
    row = standing.row
    if told.kind == "cancelled" and not row.live and row.starts_at > now:
        found = alternatives(db.session(), now, row.member_id, standing.wish)
        return [as_link(each, row.people) for each in found]
    moved = told.kind == "changed" and (told.before != told.after or told.places_before != told.places_after)
    if not moved or not row.live or row.starts_at <= now or told.before is None:
        return []
    old = replace(standing.wish, wall=WallSpan.of(told.before, standing.zone))
    found = alternatives(db.session(), now, row.member_id, old, without_booking_id=row.id)
    there = [each for each in found if (each.span, each.card.id) != (row.span, standing.resource_ids[0])]
    fields = [(name, str(value)) for name, value in asdict(form).items() if name not in ("choice", "key", "seen")]
    address = url_for("bookings.change", public_id=row.public_id)
    return [_posted(each, standing, address, fields) for each in there]


def _posted(each: Alternative, standing: Standing, address: str, fields: list[tuple[str, str]]) -> Choice:
    """A form of its own that sends one resource and time."""
    token = f"{each.card.slug}@{span_token(each.span)}"
    time = wording.when_compact(each.span, language(), each.card.zone)
    same = each.card.id == standing.resource_ids[0]
    main, sub = (time, each.card.name) if same else (each.card.name, time)
    if each.needs_approval:
        sub = _("%(what)s, needs approval", what=sub)
    said = _("Move to %(choice)s", choice=f"{main}, {sub}")
    return Choice(main, sub, said, action=address, method="post", fields=[*fields, ("choice", token)])


def wanted_words(span: TimeSpan, standing: Standing) -> str:
    """The time that somebody would like to have."""
    return when(span, standing.zone)
