"""Mail and calendar: which mails a member wants, which reminders, and whether invitations come with a calendar part."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock, wording
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.http.sealing import sends_mail
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.models import Member
from booking.services import mail_choices, members
from booking.services.mail_choices import MINUTE, OFFERED_REMINDERS, Choices, Family, Invitations

pages = Blueprint("mail_choices", __name__, url_prefix="/account/mail")
Typed = Mapping[str, Sequence[str]]
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@pages.get("")
@signed_in
def show() -> ResponseReturnValue:
    """What the member has chosen, or the usual choices."""
    return _page(take_draft("mail_choices.choose") or _stored(), {})


@pages.post("")
@signed_in
def choose() -> ResponseReturnValue:
    """Saves every choice of the page."""
    typed = {name: request.form.getlist(name) for name in request.form}
    try:
        wanted = _read(typed)
        with writing() as session:
            mail_choices.choose(session, clock.now(), the_actor(), wanted)
            members.choose_detail_level(session, clock.now(), the_actor(), _one(typed, "detail_level"))
    except InvalidInput as refused:
        return _page(typed, {refused.field: wording.error_sentence(refused, language())}), 422
    flash(_("Saved."), "ok")
    return redirect(url_for(".show"), 303)


choose.form_page = "mail_choices.show"  # type: ignore[attr-defined]


@pages.post("/invitations")
@signed_in
def choose_invitations() -> ResponseReturnValue:
    """Changes only the invitations, as the calendar page offers it, and goes back there."""
    try:
        wanted = Invitations(request.form.get("invitations", ""))
    except ValueError:
        return redirect(url_for(".show"), 303)
    with writing() as session:
        mail_choices.choose_invitations(session, clock.now(), the_actor(), wanted)
    flash(_("Saved. You can change it under My account, Mail and calendar."), "ok")
    return redirect("/calendar", 303)


choose_invitations.form_page = "mail_choices.show"  # type: ignore[attr-defined]


def _stored() -> Typed:
    session, member_id = db.session(), the_actor().member_id
    chosen = mail_choices.choices_of(session, [member_id])[member_id]
    return {
        "mails": [family for family in Family if family not in chosen.muted],
        "reminders": [str(reminder // MINUTE) for reminder in chosen.reminders],
        "invitations": [chosen.invitations],
        "detail_level": [session.get_one(Member, member_id).detail_level],
    }


def _read(typed: Typed) -> Choices:
    """Raises InvalidInput for what is not on the page."""
    mails = set(typed.get("mails", ()))
    if not mails <= set(Family):
        raise InvalidInput("mails")
    minutes = typed.get("reminders", ())
    if not all(each.isdecimal() and len(each) < 6 for each in minutes):
        raise InvalidInput("reminders")
    try:
        invitations = Invitations(_one(typed, "invitations"))
    except ValueError:
        raise InvalidInput("invitations") from None
    reminders = tuple(sorted({int(each) * MINUTE for each in minutes}))
    return Choices(invitations, frozenset(set(_shown_families()) - mails), reminders)


def _one(typed: Typed, name: str) -> str:
    return (typed.get(name) or [""])[0]


def _shown_families() -> list[Family]:
    """Reminders are chosen by their times, and none is chosen by choosing no time."""
    return [family for family in Family if family is not Family.REMINDERS]


def _page(typed: Typed, errors: dict[str, str]) -> str:
    session, member_id = db.session(), the_actor().member_id
    return render_template(
        "account/mail.html",
        families=[(family.value, *_family_words(family)) for family in _shown_families()],
        reminders=[(str(each // MINUTE), before_words(each)) for each in OFFERED_REMINDERS],
        mails=typed.get("mails", ()),
        reminded=typed.get("reminders", ()),
        invitations=_one(typed, "invitations"),
        detail_level=_one(typed, "detail_level"),
        subscribes=bool(mail_choices.subscribers(session, [member_id])),
        sends_mail=sends_mail(),
        errors=errors,
        shown=shown_errors(errors),
    )


def before_words(before: timedelta) -> str:
    """How long before a booking, in words."""
    if not before % WEEK:
        return ngettext("%(num)s week before", "%(num)s weeks before", before // WEEK)
    if not before % DAY:
        return ngettext("%(num)s day before", "%(num)s days before", before // DAY)
    if not before % HOUR:
        return ngettext("%(num)s hour before", "%(num)s hours before", before // HOUR)
    return ngettext("%(num)s minute before", "%(num)s minutes before", before // MINUTE)


def _family_words(family: Family) -> tuple[str, str]:
    """What the mails are about, and when they come."""
    words = {
        Family.BOOKING: (
            _("My own bookings"),
            _("When you book, change or cancel something yourself; invitations to your calendar are among them."),
        ),
        Family.OTHERS: (
            _("What others do with my bookings"),
            _("When somebody books for you, hands a booking over, or asks you to be their buddy."),
        ),
        Family.APPROVALS: (_("Requests"), _("When you are asked to answer one, and when yours is answered.")),
        Family.SERIES: (_("Series"), _("One mail for a whole series, not one for each date.")),
        Family.FAULTS_AND_MAINTENANCE: (
            _("Faults and maintenance"),
            _("When something stands in the way of a booking, and when it no longer does."),
        ),
        Family.NEWS: (
            _("Messages from managers"),
            _("When whoever looks after a place writes to everybody with a booking there."),
        ),
    }
    return words[family]
