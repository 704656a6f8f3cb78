"""Resources: the list, a new one, and what is known of one."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.admin import reading, resource_form
from booking.admin.consequences import consequences_view
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import Place, can, require
from booking.services import resources
from booking.services.catalogue import ResourceCard, resource_by_slug
from booking.services.catalogue import resources as all_resources
from booking.services.units import resize_pool

pages = Blueprint("admin_resources", __name__, url_prefix="/admin/resources")
STATES = ("active", "draft", "retired")


@pages.get("")
@allowed("resource.inspect")
def listing() -> ResponseReturnValue:
    """Every resource the reader looks after, by site and category."""
    wanted = request.args.get("state") if request.args.get("state") in STATES else ""
    cards = [
        card for card in all_resources(db.session(), retired=True) if can(the_actor(), "resource.inspect", card.place)
    ]
    counts = [(state, sum(card.state == state for card in cards)) for state in STATES]
    shown = [card for card in cards if card.state == wanted or (not wanted and card.state != "retired")]
    sections = _by_site_and_category(shown)
    return render_template(
        "admin/resources/listing.html", sections=sections, counts=counts, wanted=wanted, may_create=bool(_own_sites())
    )


@pages.get("/new")
@allowed("resource.manage")
def new() -> ResponseReturnValue:
    """The form for a new resource."""
    return _new(typed("admin_resources.create", {"kind": "space", "units": "1"}), {})


@pages.post("")
@allowed("resource.manage")
def create() -> ResponseReturnValue:
    """Makes a draft with its units."""
    form = sent()
    try:
        site_id = reading.chosen_id(form.get("site", ""), "site")
        values = resource_form.read(form)
        units = reading.optional_number(form.get("units", "") or "1", "units") or 0
        with writing() as session:
            resources.create_resource(
                session,
                clock.now(),
                the_actor(),
                site_id,
                form.get("slug", "").strip(),
                values,
                units=units,
                is_pool=bool(form.get("is_pool")),
            )
    except InvalidInput as wrong:
        return _new(form, error_of(wrong)), 422
    flash(_("Made as a draft. Put it in use when its rules are as you want them."), "ok")
    return redirect(url_for(".edit", slug=form.get("slug", "").strip()), 303)


create.form_page = "admin_resources.new"  # type: ignore[attr-defined]


@pages.get("/<slug>")
@allowed("resource.inspect")
def edit(slug: str) -> ResponseReturnValue:
    """What is known of a resource, its state, its units, and the ways to its rules and closures."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.inspect", card.place)
    made_of = resources.makeup(db.session(), card.id)
    return _edit(card, typed("admin_resources.save", resource_form.as_shown(card, made_of)), {})


@pages.post("/<slug>")
@allowed("resource.manage")
def save(slug: str) -> ResponseReturnValue:
    """Saves what is known of it, and says which future bookings no longer fit."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.manage", card.place)
    form = sent()
    try:
        values = resource_form.read(form, card)
        with writing() as session:
            change = resources.edit_resource(session, clock.now(), the_actor(), card.id, values)
    except InvalidInput as wrong:
        return _edit(card, form, error_of(wrong)), 422
    flash(_("Saved.") if change.entry_id else _("Nothing was changed."), "ok")
    return redirect(url_for(".edit", slug=slug, saved=change.entry_id), 303)


save.form_page = "admin_resources.edit"  # type: ignore[attr-defined]


@pages.post("/<slug>/units")
@allowed("resource.manage")
def resize(slug: str) -> ResponseReturnValue:
    """Makes a pool larger or smaller."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.manage", card.place)
    try:
        size = reading.optional_number(request.form.get("units", ""), "units")
        if size is None:
            raise InvalidInput("units", "setting.required")
        with writing() as session:
            resize_pool(session, clock.now(), the_actor(), card, size)
    except InvalidInput as wrong:
        made_of = resources.makeup(db.session(), card.id)
        values = resource_form.as_shown(card, made_of)
        values["units"] = request.form.get("units", "")
        return _edit(card, values, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".edit", slug=slug), 303)


resize.form_page = "admin_resources.edit"  # type: ignore[attr-defined]


def _by_site_and_category(cards: list[ResourceCard]) -> list[tuple[str, list[tuple[str, list[ResourceCard]]]]]:
    sites: dict[str, dict[str, list[ResourceCard]]] = {}
    for card in cards:
        category = card.category_names.get(language()) or card.category_slug
        sites.setdefault(card.site_name, {}).setdefault(category, []).append(card)
    return [(site, list(categories.items())) for site, categories in sites.items()]


def _own_sites() -> list[tuple[str, str]]:
    """The sites the reader may make resources in."""
    every = resource_form.choices(None)["sites"]
    return [each for each in every if can(the_actor(), "resource.manage", Place(frozenset({("site", int(each[0]))})))]


def _new(values: Typed, errors: Mapping[str, str]) -> str:
    return render_template(
        "admin/resources/new.html",
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        choices={**resource_form.choices(None), "sites": _own_sites()},
        may_move=True,
        may_change=True,
    )


def _edit(card: ResourceCard, values: Typed, errors: Mapping[str, str]) -> str:
    may_change = can(the_actor(), "resource.manage", card.place)
    made_of = resources.makeup(db.session(), card.id)
    values.setdefault("units", str(len(made_of.units)))
    return render_template(
        "admin/resources/edit.html",
        card=card,
        made_of=made_of,
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        choices=resource_form.choices(card.site_id),
        category_name=card.category_names.get(language()) or card.category_slug,
        may_change=may_change,
        may_move=can(the_actor(), "resource.manage", Place(frozenset({("site", card.site_id)}))),
        consequences=consequences_view(clock.now(), the_actor(), ("resource", card.id), (card.id,)),
    )
