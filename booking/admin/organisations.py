"""Pages of organisations: list, create, change; site admins change, organisation admins and auditors look."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin.people_forms import OrganisationForm
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import errors_of, new_key, sent, shown_errors, waiting_or
from booking.http.language import language
from booking.http.quota_words import quota_views
from booking.permissions import OrganisationSubject, can
from booking.services import organisations, people, quotas

pages = Blueprint("admin_organisations", __name__, url_prefix="/admin/organisations")


@pages.get("")
@allowed("organisation.inspect")
def listing() -> ResponseReturnValue:
    """The organisations the reader may see."""
    cards = organisations.visible(db.session(), clock.now(), the_actor())
    may_create = can(the_actor(), "site.administer")
    return render_template("admin/people/organisations.html", organisations=cards, may_create=may_create)


@pages.get("/new")
@allowed("site.administer")
def new() -> ResponseReturnValue:
    """The form for one more organisation."""
    form = waiting_or(OrganisationForm, "admin_organisations.create", key=new_key())
    return _new(form, {})


@pages.post("")
@allowed("site.administer")
def create() -> ResponseReturnValue:
    """Creates it; sent twice, it is created once."""
    form = sent(OrganisationForm)
    if not form.validate():
        return _new(form, errors_of(form)), 422
    name, kind, key = form.name.data or "", form.kind.data or "", form.key.data or new_key()
    try:
        with writing() as changes:
            slug = organisations.create_once(changes, clock.now(), the_actor(), name=name, kind=kind, key=key)
    except InvalidInput as refused:
        return _new(form, {refused.field: wording.error_sentence(refused, language())}), 422
    flash(_("%(name)s is here. Invite its people next.", name=name), "ok")
    return redirect(url_for("admin_organisations.show", slug=slug), 303)


create.form_page = "admin_organisations.new"  # type: ignore[attr-defined]


@pages.get("/<slug>")
@allowed("organisation.inspect")
def show(slug: str) -> ResponseReturnValue:
    """One organisation: its people, and for site admins its name and kind."""
    card = organisations.find(db.session(), clock.now(), the_actor(), slug)
    return _show(card, waiting_or(OrganisationForm, "admin_organisations.change", name=card.name, kind=card.kind), {})


@pages.post("/<slug>")
@allowed("site.administer")
def change(slug: str) -> ResponseReturnValue:
    """Saves another name or kind."""
    card = organisations.find(db.session(), clock.now(), the_actor(), slug)
    form = sent(OrganisationForm)
    errors = {} if form.validate() else errors_of(form)
    if not errors:
        name, kind = form.name.data or "", form.kind.data or ""
        try:
            with writing() as changes:
                organisations.change(changes, clock.now(), the_actor(), slug, name=name, kind=kind)
        except InvalidInput as refused:
            errors = {refused.field: wording.error_sentence(refused, language())}
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("admin_organisations.show", slug=slug), 303)
    return _show(card, form, errors), 422


change.form_page = "admin_organisations.show"  # type: ignore[attr-defined]


@pages.post("/<slug>/members-may-change")
@allowed("organisation.administer")
def let_members_change(slug: str) -> ResponseReturnValue:
    """Lets all members change and cancel each other's bookings, or the admins alone."""
    organisations.find(db.session(), clock.now(), the_actor(), slug)
    wanted = request.form.get("members_may_change") == "1"
    with writing() as changes:
        organisations.let_members_change(changes, clock.now(), the_actor(), slug, allowed=wanted)
    flash(_("Saved."), "ok")
    return redirect(url_for("admin_organisations.show", slug=slug), 303)


let_members_change.form_page = "admin_organisations.show"  # type: ignore[attr-defined]


@pages.post("/<slug>/return")
@allowed("site.administer")
def welcome_back(slug: str) -> ResponseReturnValue:
    """Takes the end away."""
    with writing() as changes:
        organisations.welcome_back(changes, clock.now(), the_actor(), slug)
    flash(_("The organisation is here again, without an end date."), "ok")
    return redirect(url_for("admin_organisations.show", slug=slug), 303)


def _new(form: OrganisationForm, errors: dict[str, str]) -> str:
    return render_template(
        "admin/people/organisation_new.html",
        form=form,
        errors=errors,
        shown=shown_errors(errors),
    )


def _show(card: organisations.OrganisationCard, form: OrganisationForm, errors: dict[str, str]) -> str:
    actor = the_actor()
    found = people.search(db.session(), clock.now(), actor, organisation_id=card.id)
    return render_template(
        "admin/people/organisation.html",
        organisation=card,
        found=found,
        form=form,
        errors=errors,
        shown=shown_errors(errors),
        quotas=quota_views(quotas.of_organisation(db.session(), clock.now(), card.id)),
        may_change=can(actor, "site.administer"),
        may_invite=card.is_here and can(actor, "organisation.administer", OrganisationSubject(card.id)),
    )
