"""Groups that rules speak of: the list, a new one, and who is in one."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from booking import clock
from booking.admin.consequences import consequences_view
from booking.admin.frame import Typed, error_of, scope_view, sent, typed
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.permissions import can
from booking.services import groups
from booking.services.groups import Group, GroupValues
from booking.services.scopes import district

pages = Blueprint("admin_groups", __name__, url_prefix="/admin/groups")


@pages.get("")
@allowed("site.inspect")
def listing() -> ResponseReturnValue:
    """Every group, and where rules speak of it."""
    all_ = district(db.session())
    found = [
        (group, [scope_view(all_.levels[key], all_.where(*key)) for key in group.scopes if key in all_.levels])
        for group in groups.groups(db.session())
    ]
    return render_template("admin/groups/listing.html", groups=found, may_change=can(the_actor(), "site.administer"))


@pages.get("/new")
@allowed("site.administer")
def new() -> ResponseReturnValue:
    """The form for a new group."""
    return _form(None, typed("admin_groups.create"), {})


@pages.post("")
@allowed("site.administer")
def create() -> ResponseReturnValue:
    """Makes a group."""
    form = sent()
    try:
        with writing() as session:
            groups.create_group(session, clock.now(), the_actor(), _read(form))
    except InvalidInput as wrong:
        return _form(None, form, error_of(wrong)), 422
    flash(_("The group is made. Rules can speak of it now."), "ok")
    return redirect(url_for(".listing"), 303)


create.form_page = "admin_groups.new"  # type: ignore[attr-defined]


@pages.get("/<public_id>")
@allowed("site.inspect")
def edit(public_id: str) -> ResponseReturnValue:
    """Who is in a group, and which bookings do not fit where rules speak of it."""
    group = groups.group(db.session(), public_id)
    return _form(group, typed("admin_groups.save", _as_shown(group)), {})


@pages.post("/<public_id>")
@allowed("site.administer")
def save(public_id: str) -> ResponseReturnValue:
    """Saves who is in it, and says which future bookings no longer fit."""
    group = groups.group(db.session(), public_id)
    form = sent()
    try:
        with writing() as session:
            change = groups.edit_group(session, clock.now(), the_actor(), public_id, _read(form))
    except InvalidInput as wrong:
        return _form(group, form, error_of(wrong)), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".edit", public_id=public_id, saved=change.entry_id), 303)


save.form_page = "admin_groups.edit"  # type: ignore[attr-defined]


def _read(form: Typed) -> GroupValues:
    """Raises InvalidInput."""
    organisations = form.getlist("organisations")
    if not all(text.isdecimal() and len(text) < 10 for text in organisations):
        raise InvalidInput("organisations", "setting.not_a_choice")
    return GroupValues(
        name=form.get("name", ""),
        organisation_ids=frozenset(int(text) for text in organisations),
        roles=frozenset(form.getlist("roles")),
        emails=tuple(filter(None, (line.strip() for line in form.get("emails", "").replace(",", "\n").splitlines()))),
    )


def _as_shown(group: Group) -> Typed:
    values: MultiDict[str, object] = MultiDict({"name": group.values.name, "emails": "\n".join(group.values.emails)})
    values.setlist("organisations", [str(id_) for id_ in sorted(group.values.organisation_ids)])
    values.setlist("roles", sorted(group.values.roles))
    return values


def _form(group: Group | None, values: Typed, errors: Mapping[str, str]) -> str:
    roles = {
        "member": _("Every member of an organisation"),
        "student": _("Students"),
        "admin": _("Organisation admins"),
    }
    reached = tuple(sorted(groups.reached_by(db.session(), group))) if group else ()
    return render_template(
        "admin/groups/edit.html",
        group=group,
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        organisations=[(str(each.id), each.name) for each in groups.organisations(db.session())],
        roles=[(role, roles[role]) for role in groups.ROLES],
        may_change=can(the_actor(), "site.administer"),
        consequences=consequences_view(clock.now(), the_actor(), ("group", group.id), reached) if group else None,
    )
