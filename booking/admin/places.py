"""Sites, buildings and categories: the list, a new one, and what one is called."""

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.admin.frame import KIND_WORDS, Typed, error_of, sent, typed
from booking.core.errors import InvalidInput, NotFound
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.permissions import can
from booking.services import places
from booking.services.places import LANGUAGES, MODELS, PlaceLine, PlaceValues

pages = Blueprint("admin_places", __name__, url_prefix="/admin/places")


@pages.get("")
@allowed("site.inspect")
def listing() -> ResponseReturnValue:
    """Every site, building and category."""
    found = {kind: places.places(db.session(), kind) for kind in MODELS}
    sites = {line.id: line.names["nb"] for line in found["site"]}
    may = can(the_actor(), "site.administer")
    return render_template("admin/places/listing.html", places=found, sites=sites, may_change=may)


@pages.get("/<kind>/new")
@allowed("site.administer")
def new(kind: str) -> ResponseReturnValue:
    """The form for a new place."""
    timezone = current_app.config["BABEL_DEFAULT_TIMEZONE"]
    return _form(kind, None, typed("admin_places.create", {"timezone": timezone}), {})


@pages.post("/<kind>")
@allowed("site.administer")
def create(kind: str) -> ResponseReturnValue:
    """Makes a place."""
    form = sent()
    try:
        with writing() as session:
            places.create_place(session, clock.now(), the_actor(), kind, _read(form))
    except InvalidInput as wrong:
        return _form(kind, None, form, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".listing"), 303)


create.form_page = "admin_places.new"  # type: ignore[attr-defined]


@pages.get("/<kind>/<int:id_>")
@allowed("site.inspect")
def edit(kind: str, id_: int) -> ResponseReturnValue:
    """What a place is called."""
    place = places.place(db.session(), kind, id_)
    names = {f"name_{language}": place.names.get(language, "") for language in LANGUAGES}
    shown = {"name": place.names["nb"], "area": place.area, "address": place.address, **names}
    return _form(kind, place, typed("admin_places.save", shown), {})


@pages.post("/<kind>/<int:id_>")
@allowed("site.administer")
def save(kind: str, id_: int) -> ResponseReturnValue:
    """Saves what it is called."""
    place = places.place(db.session(), kind, id_)
    form = sent()
    try:
        with writing() as session:
            places.edit_place(session, clock.now(), the_actor(), kind, id_, _read(form))
    except InvalidInput as wrong:
        return _form(kind, place, form, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".listing"), 303)


save.form_page = "admin_places.edit"  # type: ignore[attr-defined]


def _read(form: Typed) -> PlaceValues:
    site = form.get("site", "")
    return PlaceValues(
        slug=form.get("slug", "").strip(),
        name=form.get("name", ""),
        names={language: form.get(f"name_{language}", "") for language in LANGUAGES},
        area=form.get("area", ""),
        address=form.get("address", ""),
        timezone=form.get("timezone", "").strip(),
        site_id=int(site) if site.isdecimal() and len(site) < 10 else None,
    )


def _form(kind: str, place: PlaceLine | None, values: Typed, errors: Mapping[str, str]) -> str:
    if kind not in MODELS:
        raise NotFound(kind="place")
    renamed = {f"name_{name}" if name in LANGUAGES else name: text for name, text in errors.items()}
    return render_template(
        "admin/places/edit.html",
        kind=kind,
        kind_words=KIND_WORDS[kind](),
        place=place,
        typed=values,
        errors=renamed,
        shown=shown_errors(renamed),
        sites=[(str(line.id), line.names["nb"]) for line in places.places(db.session(), "site")],
        may_change=can(the_actor(), "site.administer"),
    )
