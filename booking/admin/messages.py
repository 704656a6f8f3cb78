"""Writing once to everybody with bookings of a resource: the form, how many it reaches, and sending it."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking import clock, wording
from booking.admin import reading
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput, KeyReused
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import new_key, shown_errors
from booking.http.language import language
from booking.http.sealing import sends_mail
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.permissions import require
from booking.services import messages
from booking.services.catalogue import ResourceCard, resource_by_slug
from booking.services.messages import LONGEST_SUBJECT, Message

pages = Blueprint("admin_messages", __name__, url_prefix="/admin/resources/<slug>/message")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people it reaches, and how many of them by mail too."""

    people: int
    by_mail: int


@pages.get("")
@allowed("resource.manage")
def form(slug: str) -> ResponseReturnValue:
    """The form, for today and a week on until something else is chosen."""
    return _page(_managed(slug), typed("admin_messages.send", {"key": new_key()}), {})


@pages.post("")
@allowed("resource.manage")
def send(slug: str) -> ResponseReturnValue:
    """Shows how many it reaches; or sends it, once that has been seen."""
    card, form, actor, now = _managed(slug), sent(), the_actor(), clock.now()
    try:
        message = messages.checked(_read(form))
        if form.get("step") != "send":
            found = messages.receivers(db.session(), now, actor, card, message)
            if not found:
                raise InvalidInput("last_day", "message.nobody")
            return _page(card, form, {}, Reach(len(found), sum(each.by_mail for each in found)))
        with writing() as session:
            people = messages.send(session, now, actor, card, message, form.get("key", "")[:64])
    except InvalidInput as wrong:
        return _page(card, form, error_of(wrong)), 422
    except KeyReused as reused:
        form["key"] = new_key()
        return _page(card, form, {"message": wording.error_sentence(reused, language())}), 422
    flash(ngettext("Sent to %(num)s person.", "Sent to %(num)s people.", people), "ok")
    return redirect(url_for("admin_resources.edit", slug=slug), 303)


send.form_page = "admin_messages.form"  # type: ignore[attr-defined]


def _managed(slug: str) -> ResourceCard:
    """Raises NotFound, NotAllowed."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.manage", card.place)
    return card


def _read(form: Typed) -> Message:
    """Raises InvalidInput."""
    return Message(
        reading.day(form.get("first_day", ""), "first_day"),
        reading.day(form.get("last_day", "") or form.get("first_day", ""), "last_day"),
        form.get("subject", ""),
        form.get("message", ""),
    )


def _page(card: ResourceCard, form: Typed, errors: dict[str, str], reach: Reach | None = None) -> str:
    return render_template(
        "admin/resources/message.html",
        card=card,
        typed=form,
        errors=errors,
        shown=shown_errors(errors),
        reach=reach,
        reach_words=_reach_words(reach) if reach else "",
        sends_mail=sends_mail(),
        longest_subject=LONGEST_SUBJECT,
    )


def _reach_words(reach: Reach) -> str:
    words = ngettext("It reaches %(num)s person.", "It reaches %(num)s people.", reach.people)
    if not sends_mail():
        return words + " " + _("They read it among their notices, as no mail is sent here.")
    if reach.by_mail == reach.people:
        return words + " " + _("All get it by mail and among their notices.")
    return (
        words
        + " "
        + ngettext(
            "%(num)s gets it by mail too, the others only among their notices.",
            "%(num)s get it by mail too, the others only among their notices.",
            reach.by_mail,
        )
    )
