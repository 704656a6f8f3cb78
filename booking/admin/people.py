"""Pages of members: search, one member with roles, memberships and duties, and links for a new password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin.people_forms import DutyForm, MemberForm, MembershipForm
from booking.core.errors import DomainError, InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import errors_of, new_key, sent, shown_errors, waiting_or
from booking.http.language import language
from booking.http.sealing import link_seal, sends_mail
from booking.permissions import OrganisationSubject, can
from booking.services import duties, members, organisations, people

pages = Blueprint("admin_people", __name__, url_prefix="/admin/people")


@pages.get("")
@allowed("organisation.inspect")
def listing() -> ResponseReturnValue:
    """Members by name, or those that a search of three letters or more finds."""
    actor, now = the_actor(), clock.now()
    words, slug = request.args.get("words", "").strip()[:100], request.args.get("organisation", "")
    known = organisations.visible(db.session(), now, actor)
    organisation_id = next((card.id for card in known if card.slug == slug), None)
    errors: dict[str, str] = {}
    try:
        found = people.search(db.session(), now, actor, words, organisation_id)
    except InvalidInput as refused:
        errors = {"words": wording.error_sentence(refused, language())}
        found = people.Found((), is_cut=False)
    return render_template(
        "admin/people/listing.html",
        found=found,
        words=words,
        organisation=slug,
        organisations=known,
        errors=errors,
        shown=shown_errors(errors),
        may_invite=can(actor, "organisation.administer"),
    ), 422 if errors else 200


@pages.get("/<public_id>")
@allowed("organisation.inspect")
def show(public_id: str) -> ResponseReturnValue:
    """One member: name, roles, memberships, duties, and the way to end them."""
    person = people.find(db.session(), clock.now(), the_actor(), public_id)
    form = waiting_or(MemberForm, "admin_people.change", name=person.name, site_role=person.site_role)
    return _show(person, form, {})


@pages.post("/<public_id>")
@allowed("site.administer")
def change(public_id: str) -> ResponseReturnValue:
    """Saves name and role."""
    person = people.find(db.session(), clock.now(), the_actor(), public_id)
    form = sent(MemberForm)
    if not form.validate():
        return _show(person, form, errors_of(form)), 422
    name, role = form.name.data or "", form.site_role.data or ""
    try:
        with writing() as changes:
            members.change_member(changes, clock.now(), the_actor(), public_id, name=name, site_role=role)
    except DomainError as refused:
        field = refused.field if isinstance(refused, InvalidInput) else "site_role"
        return _show(person, form, {field: wording.error_sentence(refused, language())}), refused.status
    return _done(public_id, _("Saved."))


change.form_page = "admin_people.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/memberships")
@allowed("organisation.administer")
def set_membership(public_id: str) -> ResponseReturnValue:
    """Adds a membership or changes its role."""
    actor, now = the_actor(), clock.now()
    people.find(db.session(), now, actor, public_id)
    form = sent(MembershipForm)
    if not form.validate():
        return redirect(url_for("admin_people.show", public_id=public_id), 303)
    organisation = organisations.find(db.session(), now, actor, form.organisation.data or "")
    with writing() as changes:
        members.set_membership(changes, now, actor, public_id, organisation.id, form.role.data or "")
    return _done(public_id, _("Saved."))


set_membership.form_page = "admin_people.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/memberships/<slug>/return")
@allowed("organisation.administer")
def prolong_membership(public_id: str, slug: str) -> ResponseReturnValue:
    """Takes the end of a membership away."""
    actor, now = the_actor(), clock.now()
    people.find(db.session(), now, actor, public_id)
    organisation = organisations.find(db.session(), now, actor, slug)
    with writing() as changes:
        members.prolong_membership(changes, now, actor, public_id, organisation.id)
    return _done(public_id, _("The membership goes on, without an end date."))


@pages.post("/<public_id>/return")
@allowed("site.administer")
def reactivate(public_id: str) -> ResponseReturnValue:
    """Lets a member in again."""
    with writing() as changes:
        members.reactivate(changes, clock.now(), the_actor(), public_id)
    return _done(public_id, _("The account works again, without an end date."))


@pages.post("/<public_id>/password-link")
@allowed("site.administer")
def password_link(public_id: str) -> ResponseReturnValue:
    """Makes a link for a new password, and mails it to the member; or shows it once."""
    actor, now = the_actor(), clock.now()
    person = people.find(db.session(), now, actor, public_id)
    if sends_mail() and not request.form.get("show_link"):
        with writing() as changes:
            key = request.form.get("key", "")[:64] or new_key()
            members.mail_password_link(changes, now, actor, public_id, link_seal(), key)
        return _done(public_id, _("A link for a new password is on its way to %(email)s.", email=person.email))
    with writing() as changes:
        link = members.password_link(changes, now, actor, public_id)
    address = url_for("signin.new_password", token=link.token, _external=True)
    return render_template("admin/people/link.html", person=person, address=address)


@pages.post("/<public_id>/duties")
@allowed("site.administer")
def give_duty(public_id: str) -> ResponseReturnValue:
    """Makes the member a manager or an approver of a scope."""
    person = people.find(db.session(), clock.now(), the_actor(), public_id)
    form = sent(DutyForm)
    errors = {} if form.validate() else errors_of(form)
    if not errors:
        try:
            with writing() as changes:
                kind = form.kind.data or ""
                duties.give(changes, clock.now(), the_actor(), person.id, kind, form.scope_key())
        except InvalidInput as refused:
            errors = {refused.field: wording.error_sentence(refused, language())}
        else:
            return _done(public_id, _("Saved."))
    return _show(person, MemberForm(data={"name": person.name, "site_role": person.site_role}), errors), 422


give_duty.form_page = "admin_people.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/duties/<int:duty_id>/ending")
@allowed("site.administer")
def take_duty_back(public_id: str, duty_id: int) -> ResponseReturnValue:
    """Ends a duty."""
    with writing() as changes:
        duties.take_back(changes, clock.now(), the_actor(), public_id, duty_id)
    return _done(public_id, _("The duty has ended."))


def _done(public_id: str, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for("admin_people.show", public_id=public_id), 303)


def _show(person: people.Person, form: MemberForm, errors: dict[str, str]) -> str:
    actor, now = the_actor(), clock.now()
    may_change = can(actor, "site.administer")
    joined = {membership.organisation_id for membership in person.memberships}
    return render_template(
        "admin/people/member.html",
        person=person,
        form=form,
        errors=errors,
        shown=shown_errors(errors),
        duties=duties.duties_of(db.session(), person.id, language()) if can(actor, "site.inspect") else [],
        scopes=duties.choices(db.session(), language()) if may_change else [],
        organisations=[
            card
            for card in (organisations.manageable(db.session(), now, actor) if may_change else [])
            if card.id not in joined
        ],
        may_change=may_change,
        administered={
            membership.slug
            for membership in person.memberships
            if can(actor, "organisation.administer", OrganisationSubject(membership.organisation_id))
        },
        is_self=person.id == actor.member_id,
        sends_mail=sends_mail(),
        key=new_key(),
    )
