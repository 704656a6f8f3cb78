"""Pages for inviting people, one or many, and for the invitations that wait."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.admin.people_forms import InvitationForm
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import errors_of, new_key, sent, shown_errors, waiting_or
from booking.http.language import language
from booking.http.sealing import link_seal, sends_mail
from booking.services import addresses, invitations, organisations, people
from booking.services.invitations import ByMail

pages = Blueprint("admin_invitations", __name__, url_prefix="/admin/people/invitations")


@pages.get("")
@allowed("organisation.administer")
def form() -> ResponseReturnValue:
    """The form for inviting, and who has not answered yet."""
    chosen = {"organisation": request.args.get("organisation", ""), "key": new_key()}
    return _form(waiting_or(InvitationForm, "admin_invitations.invite", **chosen), {})


@pages.post("")
@allowed("organisation.administer")
def invite() -> ResponseReturnValue:
    """Invites everybody on the list by mail, or shows the links this once; and what became of each line."""
    actor, now = the_actor(), clock.now()
    answers = sent(InvitationForm)
    errors = {} if answers.validate() else errors_of(answers)
    lines = addresses.read_list(_text(answers))
    if not lines:
        errors["people"] = _("Enter an e-mail address, or choose a file with one person on each line.")
    if errors:
        return _form(answers, errors), 422
    slug = answers.organisation.data or ""
    organisation = organisations.find(db.session(), now, actor, slug) if slug else None
    id_, role = organisation.id if organisation else None, answers.role.data or ""
    with writing() as changes:
        results = invitations.invite(
            changes, now, actor, lines, organisation_id=id_, role=role, by_mail=_by_mail(answers)
        )
    return render_template(
        "admin/people/invited.html",
        results=[_shown(result) for result in results],
        organisation=organisation,
    )


invite.form_page = "admin_invitations.form"  # type: ignore[attr-defined]


@pages.post("/<int:link_id>/withdrawal")
@allowed("organisation.administer")
def withdraw(link_id: int) -> ResponseReturnValue:
    """Ends an invitation that waits."""
    with writing() as changes:
        invitations.withdraw(changes, clock.now(), the_actor(), link_id)
    flash(_("The invitation is withdrawn; its link no longer works."), "ok")
    return redirect(url_for("admin_invitations.form"), 303)


def _form(answers: InvitationForm, errors: dict[str, str]) -> str:
    actor, now = the_actor(), clock.now()
    mine = None if actor.is_site_admin else people.administered(actor)
    return render_template(
        "admin/people/invite.html",
        form=answers,
        errors=errors,
        shown=shown_errors(errors),
        organisations=organisations.manageable(db.session(), now, actor),
        may_invite_without=actor.is_site_admin,
        sends_mail=sends_mail(),
        waiting=invitations.open_invitations(db.session(), now, mine),
        zone=ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"]),
    )


def _by_mail(answers: InvitationForm) -> ByMail | None:
    """None when links are to be shown; without a key, each sending is one of its own."""
    return None if answers.show_links.data else ByMail(link_seal(), answers.key.data or new_key(), language())


def _text(answers: InvitationForm) -> str:
    """What was pasted and what was uploaded, one after the other."""
    file = request.files.get("file")
    uploaded = addresses.decoded(file.read()) if file and file.filename else ""
    return f"{answers.people.data or ''}\n{uploaded}"


def _shown(result: invitations.Result) -> dict[str, object]:
    link = url_for("signin.invitation", token=result.token, _external=True) if result.token else ""
    return {"line": result.line, "outcome": result.outcome, "link": link, "reason": _reason(result.code)}


def _reason(code: str) -> str:
    """What is wrong with a line, and what would work."""
    reasons = {
        "": "",
        "list.bad_address": _("The e-mail address is not complete. It should look like name@example.org."),
        "list.no_address": _("There is no e-mail address on this line. Write name; name@example.org."),
        "list.too_long": _("The list is longer than 500 lines. Send the rest as a list of its own."),
        "list.twice": _("This address is further up in the list too."),
    }
    return str(reasons[code])
