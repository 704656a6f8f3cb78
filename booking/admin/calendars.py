"""The calendars elsewhere that a resource minds: subscribing, uploading, how they stand, and what they clash with."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.admin.calendar_view import calendar_view, clash_view
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput
from booking.core.web_address import WebAddress
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.permissions import can, require
from booking.services import external_calendars, external_clashes
from booking.services.catalogue import ResourceCard, resource_by_slug
from booking.services.external_calendars import CalendarLine, CalendarValues

pages = Blueprint("admin_calendars", __name__, url_prefix="/admin/resources/<slug>/calendars")
UPLOADED, SUBSCRIBED = "upload", "subscribe"


@pages.get("")
@allowed("resource.inspect")
def listing(slug: str) -> ResponseReturnValue:
    """How each stands, the bookings that lie under them, and the forms for one more."""
    card = _card(slug, "resource.inspect")
    kept = {SUBSCRIBED: typed("admin_calendars.subscribe"), UPLOADED: typed("admin_calendars.upload")}
    return _listing(card, kept, {})


@pages.post("")
@allowed("resource.manage")
def subscribe(slug: str) -> ResponseReturnValue:
    """Minds the calendar at an address from now on."""
    return _add(_card(slug, "resource.manage"), SUBSCRIBED)


subscribe.form_page = "admin_calendars.listing"  # type: ignore[attr-defined]


@pages.post("/files")
@allowed("resource.manage")
def upload(slug: str) -> ResponseReturnValue:
    """Minds what a file says; the worker reads it, not this request."""
    return _add(_card(slug, "resource.manage"), UPLOADED)


upload.form_page = "admin_calendars.listing"  # type: ignore[attr-defined]


def _add(card: ResourceCard, form: str) -> ResponseReturnValue:
    values = sent()
    try:
        wanted = _values(values, WebAddress.read(values.get("ics_address", "")) if form == SUBSCRIBED else None)
        with writing() as session:
            public_id = external_calendars.add_calendar(session, clock.now(), the_actor(), card, wanted)
    except InvalidInput as wrong:
        kept = {SUBSCRIBED: Typed(), UPLOADED: Typed(), form: values}
        return _listing(card, kept, {f"{form}-{field}": words for field, words in error_of(wrong).items()}), 422
    flash(_("Added. It is read as soon as may be, and what it has taken cannot be booked from then on."), "ok")
    return redirect(url_for(".show", slug=card.slug, public_id=public_id), 303)


@pages.get("/<public_id>")
@allowed("resource.inspect")
def show(slug: str, public_id: str) -> ResponseReturnValue:
    """One calendar: how it stands, and its form."""
    card = _card(slug, "resource.inspect")
    line = _line(card, public_id)
    return _show(card, line, typed("admin_calendars.save", _as_it_is(line)), {})


@pages.post("/<public_id>")
@allowed("resource.manage")
def save(slug: str, public_id: str) -> ResponseReturnValue:
    """Another name or source; an empty address and no file leave the source as it is."""
    card = _card(slug, "resource.manage")
    line, values = _line(card, public_id), sent()
    try:
        new = values.get("ics_address", "").strip() if line.source else ""
        wanted = _values(values, WebAddress.read(new) if new else None)
        with writing() as session:
            external_calendars.change_calendar(session, clock.now(), the_actor(), card, public_id, wanted)
    except InvalidInput as wrong:
        return _show(card, line, values, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".show", slug=slug, public_id=public_id), 303)


save.form_page = "admin_calendars.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/reading")
@allowed("resource.manage")
def read_now(slug: str, public_id: str) -> ResponseReturnValue:
    """Asks for it to be read before its turn."""
    card = _card(slug, "resource.manage")
    with writing() as session:
        external_calendars.read_now(session, clock.now(), the_actor(), card, public_id)
    flash(_("It is read as soon as may be. Load the page again in a minute."), "ok")
    return redirect(url_for(".show", slug=slug, public_id=public_id), 303)


@pages.post("/<public_id>/removal")
@allowed("resource.manage")
def remove(slug: str, public_id: str) -> ResponseReturnValue:
    """Minds it no longer."""
    card = _card(slug, "resource.manage")
    with writing() as session:
        external_calendars.remove_calendar(session, clock.now(), the_actor(), card, public_id)
    flash(_("Removed. What it had taken can be booked again."), "ok")
    return redirect(url_for(".listing", slug=slug), 303)


def _card(slug: str, permission: str) -> ResourceCard:
    """Raises NotFound, NotAllowed."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), permission, card.place)
    return card


def _line(card: ResourceCard, public_id: str) -> CalendarLine:
    """Raises NotFound."""
    return external_calendars.calendar_of(db.session(), clock.now(), card, public_id)


def _values(form: Typed, address: WebAddress | None) -> CalendarValues:
    file = request.files.get("file")
    content = file.read() if file is not None and file.filename else None
    return CalendarValues(form.get("name", ""), bool(form.get("tentative_blocks")), address, content)


def _as_it_is(line: CalendarLine) -> dict[str, str]:
    return {"name": line.name, "tentative_blocks": "1" if line.tentative_blocks else ""}


def _listing(card: ResourceCard, kept: Mapping[str, Typed], errors: Mapping[str, str]) -> str:
    session, now, actor = db.session(), clock.now(), the_actor()
    lines = external_calendars.calendars_of(session, now, card)
    return render_template(
        "admin/calendars/listing.html",
        card=card,
        calendars=[calendar_view(line, card, now) for line in lines],
        clashes=[clash_view(each, card) for each in external_clashes.clashes(session, now, actor, card)],
        subscribe=kept[SUBSCRIBED],
        upload=kept[UPLOADED],
        errors=errors,
        shown=shown_errors(errors),
        may_change=can(actor, "resource.manage", card.place),
    )


def _show(card: ResourceCard, line: CalendarLine, values: Typed, errors: Mapping[str, str]) -> str:
    return render_template(
        "admin/calendars/show.html",
        card=card,
        calendar=calendar_view(line, card, clock.now()),
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        may_change=can(the_actor(), "resource.manage", card.place),
    )
