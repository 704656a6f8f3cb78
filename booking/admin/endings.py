"""Pages that end an account, a membership or an organisation, and ask what becomes of each booking left behind."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from booking import clock, wording
from booking.admin.people_forms import EndingForm, a_day
from booking.core.errors import DomainError, InvalidInput
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.csrf import take_draft
from booking.http.forms import errors_of, sent, shown_errors
from booking.http.language import language
from booking.services import endings, organisations, people
from booking.services.endings import Choice, Decision, Ending, HandOverRefused, LeftBooking, Undecided
from booking.services.handing_over import told_to_the_giver

pages = Blueprint("admin_endings", __name__, url_prefix="/admin")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of this kind is about: who or what ends, and where one comes from and goes back to."""

    ending: Ending
    title: str
    back: str
    action: str


@pages.get("/people/<public_id>/ending")
@allowed("site.administer")
def member(public_id: str) -> ResponseReturnValue:
    """Ends a member's account."""
    return _ask(_member(public_id), "admin_endings.end_member")


@pages.post("/people/<public_id>/ending")
@allowed("site.administer")
def end_member(public_id: str) -> ResponseReturnValue:
    """Carries it out."""
    return _carry_out(_member(public_id))


end_member.form_page = "admin_endings.member"  # type: ignore[attr-defined]


@pages.get("/people/<public_id>/memberships/<slug>/ending")
@allowed("organisation.administer")
def membership(public_id: str, slug: str) -> ResponseReturnValue:
    """Ends a membership of one organisation."""
    return _ask(_membership(public_id, slug), "admin_endings.end_membership")


@pages.post("/people/<public_id>/memberships/<slug>/ending")
@allowed("organisation.administer")
def end_membership(public_id: str, slug: str) -> ResponseReturnValue:
    """Carries it out."""
    return _carry_out(_membership(public_id, slug))


end_membership.form_page = "admin_endings.membership"  # type: ignore[attr-defined]


@pages.get("/organisations/<slug>/ending")
@allowed("site.administer")
def organisation(slug: str) -> ResponseReturnValue:
    """Ends an organisation."""
    return _ask(_organisation(slug), "admin_endings.end_organisation")


@pages.post("/organisations/<slug>/ending")
@allowed("site.administer")
def end_organisation(slug: str) -> ResponseReturnValue:
    """Carries it out."""
    return _carry_out(_organisation(slug))


end_organisation.form_page = "admin_endings.organisation"  # type: ignore[attr-defined]


def _member(public_id: str) -> Page:
    person = people.find(db.session(), clock.now(), the_actor(), public_id)
    back = url_for("admin_people.show", public_id=public_id)
    return Page(Ending(person.id, None), _("End the account of %(name)s", name=person.name), back, f"{back}/ending")


def _membership(public_id: str, slug: str) -> Page:
    actor, now = the_actor(), clock.now()
    person = people.find(db.session(), now, actor, public_id)
    card = organisations.find(db.session(), now, actor, slug)
    back = url_for("admin_people.show", public_id=public_id)
    title = _("End %(name)s’s membership of %(organisation)s", name=person.name, organisation=card.name)
    return Page(Ending(person.id, card.id), title, back, f"{back}/memberships/{slug}/ending")


def _organisation(slug: str) -> Page:
    card = organisations.find(db.session(), clock.now(), the_actor(), slug)
    back = url_for("admin_organisations.show", slug=slug)
    return Page(Ending(None, card.id), _("End %(name)s", name=card.name), back, f"{back}/ending")


def _ask(page: Page, endpoint: str) -> ResponseReturnValue:
    draft = take_draft(endpoint)
    fields = MultiDict(draft if draft is not None else {"last_day": request.args.get("last_day", "")})
    form = EndingForm(fields)
    errors = {} if form.validate() else errors_of(form)
    page = replace(page, ending=replace(page.ending, last_day=a_day(form.last_day.data or "")))
    try:
        endings.check(db.session(), clock.now(), the_actor(), page.ending)
    except InvalidInput as refused:
        errors[refused.field] = wording.error_sentence(refused, language())
    return _page(page, form, _own_choices(fields), errors), 422 if errors else 200


def _carry_out(page: Page) -> ResponseReturnValue:
    form = sent(EndingForm)
    if not form.validate():
        return _page(page, form, _own_choices(request.form), errors_of(form)), 422
    page = replace(page, ending=replace(page.ending, last_day=a_day(form.last_day.data or "")))
    now, actor = clock.now(), the_actor()
    decisions = _decisions(form, endings.left_bookings(db.session(), now, page.ending))
    try:
        with writing() as changes:
            endings.end(changes, now, actor, page.ending, decisions)
    except (Undecided, HandOverRefused, InvalidInput) as refused:
        return _page(page, form, _own_choices(request.form), _errors(form, refused)), refused.status
    flash(_("It is done, and each booking is as you decided."), "ok")
    return redirect(page.back, 303)


def _own_choices(fields: MultiDict[str, str]) -> dict[str, Decision]:
    """The choices that were made for single bookings, by the booking's id."""
    named = {name.removeprefix("choice-"): value for name, value in fields.items() if name.startswith("choice-")}
    return {
        public_id: Decision(Choice(value), fields.get(f"to-{public_id}", ""))
        for public_id, value in named.items()
        if value in set(Choice)
    }


def _decisions(form: EndingForm, left: list[LeftBooking]) -> dict[str, Decision]:
    """A booking's own choice, or else the one for all."""
    own = _own_choices(request.form)
    if not form.all.data:
        return own
    for_all = Decision(Choice(form.all.data), form.all_to.data or "")
    return {booking.public_id: own.get(booking.public_id, for_all) for booking in left}


def _errors(form: EndingForm, refused: DomainError) -> dict[str, str]:
    sentence = wording.error_sentence(refused, language())
    if isinstance(refused, Undecided):
        bookings = refused.facts["bookings"]
        return {f"choice-{public_id}": sentence for public_id in bookings}  # type: ignore[attr-defined]
    if isinstance(refused, HandOverRefused):
        zone = ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])
        reasons = wording.sentences(told_to_the_giver(refused.verdict), language(), zone)
        return {f"to-{refused.public_id}": " ".join([sentence, *reasons])}
    field = refused.field if isinstance(refused, InvalidInput) else "all"
    is_for_all = field.startswith("to-") and field.removeprefix("to-") not in _own_choices(request.form)
    return {"all_to" if is_for_all and form.all.data else field: sentence}


def _page(page: Page, form: EndingForm, own: dict[str, Decision], errors: dict[str, str]) -> str:
    left = endings.left_bookings(db.session(), clock.now(), page.ending)
    organisation_ids = sorted({booking.organisation_id for booking in left if booking.organisation_id})
    takers = people.colleagues(db.session(), clock.now(), organisation_ids, but=page.ending.member_id)
    return render_template(
        "admin/people/ending.html",
        page=page,
        form=form,
        left=[(booking, _when(booking)) for booking in left],
        takers=takers,
        own=own,
        errors=errors,
        shown=shown_errors(_first_of_each(errors)),
    )


def _first_of_each(errors: dict[str, str]) -> dict[str, str]:
    """One entry for each sentence, so that thirty undecided bookings do not make a list of thirty."""
    first = {sentence: name for name, sentence in reversed(errors.items())}
    return {name: sentence for sentence, name in first.items()}


def _when(booking: LeftBooking) -> str:
    return wording.when(TimeSpan(booking.starts_at, booking.ends_at), language(), booking.zone)
