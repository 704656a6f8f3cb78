"""How mail is doing: whether it is on, what waits, and what could not be sent; never what it said."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from booking import clock
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.sealing import sends_mail
from booking.http.words import gettext as _
from booking.permissions import Actor, can
from booking.services import mail_overview
from booking.services.mail_choices import FAMILY_OF, Family

pages = Blueprint("admin_mail", __name__, url_prefix="/admin/mail")


@pages.get("")
@allowed("site.inspect")
def show() -> ResponseReturnValue:
    """The overview, with the dead letters."""
    actor = the_actor()
    found = mail_overview.overview(db.session(), clock.now(), actor)
    return render_template(
        "admin/mail.html",
        mail=found,
        dead=[(line, _kind_words(line.letter.kind)) for line in found.dead],
        sends_mail=sends_mail(),
        may_change=can(actor, "site.administer"),
        zone=ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"]),
    )


@pages.post("/<public_id>/retry")
@allowed("site.administer")
def try_again(public_id: str) -> ResponseReturnValue:
    """Sends a dead letter once more."""
    return _act(mail_overview.try_again, public_id, _("It is on its way once more."))


@pages.post("/<public_id>/removal")
@allowed("site.administer")
def drop(public_id: str) -> ResponseReturnValue:
    """Gives a dead letter up."""
    return _act(mail_overview.drop, public_id, _("It will not be sent any more."))


def _act(act: Callable[[Session, datetime, Actor, str], None], public_id: str, done: str) -> ResponseReturnValue:
    with writing() as session:
        act(session, clock.now(), the_actor(), public_id)
    flash(done, "ok")
    return redirect(url_for(".show"), 303)


def _kind_words(kind: str) -> str:
    """What sort of mail it is, in a word or two."""
    accounts = {
        "invitation": _("Invitation to join"),
        "password_link": _("Link for a new password"),
        "password_forgotten": _("Link for a new password"),
        "password_changed": _("Password changed"),
    }
    families = {
        Family.REMINDERS: _("Reminder"),
        Family.APPROVALS: _("Request"),
        Family.SERIES: _("Series"),
        Family.FAULTS_AND_MAINTENANCE: _("Faults and maintenance"),
        Family.NEWS: _("Message from a manager"),
    }
    family = FAMILY_OF.get(kind)
    return accounts.get(kind) or (families.get(family) if family else None) or _("Booking")
