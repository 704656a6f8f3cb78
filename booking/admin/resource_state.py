"""Putting a resource in use or aside, and retiring it with a decision about its future bookings."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from booking import clock, wording
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput, WrongState
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import Actor, require
from booking.services import resources, retiring
from booking.services.catalogue import ResourceCard, resource_by_slug
from booking.services.saving import Change

pages = Blueprint("admin_resource_state", __name__, url_prefix="/admin/resources")
KEEP, SOME, ALL = "keep", "some", "all"
Move = Callable[[Session, datetime, Actor, int], Change]


@pages.post("/<slug>/use")
@allowed("resource.manage")
def use(slug: str) -> ResponseReturnValue:
    """Opens it for booking."""
    return _move(slug, resources.put_in_use, _("It is in use and can be booked."))


@pages.post("/<slug>/draft")
@allowed("resource.manage")
def draft(slug: str) -> ResponseReturnValue:
    """Shows it, but lets nobody book it; bookings stay."""
    return _move(slug, resources.put_aside, _("It is a draft and cannot be booked."))


@pages.get("/<slug>/retirement")
@allowed("resource.manage")
def retirement(slug: str) -> ResponseReturnValue:
    """The future bookings, and the question what becomes of them."""
    card = _managed(slug)
    return _page(card, typed("admin_resource_state.retire"), {})


@pages.post("/<slug>/retirement")
@allowed("resource.manage")
def retire(slug: str) -> ResponseReturnValue:
    """Retires it, and cancels the bookings that were chosen."""
    card = _managed(slug)
    form = sent()
    try:
        chosen = _chosen(card, form)
        with writing() as session:
            change = retiring.retire(
                session, clock.now(), the_actor(), card.id, cancel=chosen, reason=form.get("reason", "")
            )
    except InvalidInput as wrong:
        return _page(card, form, error_of(wrong)), 422
    except WrongState as moved:
        return _page(card, form, {"": wording.error_sentence(moved, language())}), 409
    flash(_("Retired. Its history is kept."), "ok")
    return redirect(url_for("admin_resources.edit", slug=slug, saved=change.entry_id), 303)


retire.form_page = "admin_resource_state.retirement"  # type: ignore[attr-defined]


def _move(slug: str, move: Move, words: str) -> ResponseReturnValue:
    card = _managed(slug)
    with writing() as session:
        change = move(session, clock.now(), the_actor(), card.id)
    flash(words, "ok")
    return redirect(url_for("admin_resources.edit", slug=slug, saved=change.entry_id), 303)


def _managed(slug: str) -> ResourceCard:
    """Raises NotFound, NotAllowed."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.manage", card.place)
    return card


def _chosen(card: ResourceCard, form: Typed) -> set[str]:
    """The bookings to cancel. Raises InvalidInput when the question was not answered."""
    now = clock.now()
    coming = retiring.future_bookings(db.session(), now, the_actor(), card.id)
    may_go = {each.public_id for each in coming if each.span.starts_at > now}
    decision = form.get("decision", "")
    if not coming or decision == KEEP:
        return set()
    if decision == ALL:
        return may_go & set(form.getlist("shown"))  # one made while the page was open was not decided about
    chosen = set(form.getlist("cancel")) & may_go
    if decision != SOME:
        raise InvalidInput("decision", "retiring.undecided")
    if not chosen:
        raise InvalidInput("decision", "retiring.none_chosen")
    return chosen


def _page(card: ResourceCard, values: Typed, errors: Mapping[str, str]) -> str:
    now = clock.now()
    coming = retiring.future_bookings(db.session(), now, the_actor(), card.id)
    return render_template(
        "admin/resources/retirement.html",
        card=card,
        bookings=[
            (
                each,
                wording.when(each.span, language(), card.zone),
                url_for("bookings.page", public_id=each.public_id) if each.may_open else "",
                each.span.starts_at <= now,
            )
            for each in coming
        ],
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
    )
