"""Booking something: the form, what happens when it is sent, and the verdict while it is filled in."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from booking import clock
from booking.core.details import NOT_YET_ASKED
from booking.core.errors import BookingRefused, InvalidInput, KeyReused
from booking.core.grid import up_to_grid
from booking.core.lifecycle import State
from booking.core.request import Item
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.words import gettext as _
from booking.permissions import Actor
from booking.services.alternatives import nearest
from booking.services.bookings import may_book_for_others, preview, request_booking
from booking.services.catalogue import ResourceCard
from booking.services.mine import OwnOrganisation, own_organisations
from booking.services.wishes import Wish
from booking.web.detail_fields import detail_form
from booking.web.form_page import (
    FormPage,
    about,
    kept_notice,
    made_wish,
    organisation_of,
    organisation_options,
    shown_verdict,
    ways_out,
    with_errors,
)
from booking.web.forms import BookingForm, Read, chosen, read_form
from booking.web.kit_form import kit_form, read_items, with_companions
from booking.web.reading import read_day, read_number, read_wall
from booking.web.safety_view import waits_for_buddy
from booking.web.series_form import RepeatForm
from booking.web.shown import shown_resource
from booking.web.verdicts import Choice, refusal_view

Answer = str | tuple[str, int] | Response
HOUR = timedelta(hours=1)


@signed_in
def new(slug: str) -> str:
    """The form, filled in with what the address says, with a draft that was kept, or with the first free hour."""
    card, actor = shown_resource(slug), the_actor()
    draft = take_draft("bookings.create") or take_draft("bookings.series_preview") or take_draft("bookings.series_save")
    if draft is not None:
        form = pressed(card, BookingForm.of(MultiDict(draft)))
    else:
        form = _asked_for(card, actor, with_companions(card, BookingForm.of(request.args)))
    own = own_organisations(db.session(), actor)
    page = _judged(card, form, own, actor)
    repeat = RepeatForm.of(request.args if draft is None else MultiDict(draft))
    return replace(page, notice=kept_notice(draft=draft is not None), repeat=repeat).render()


@signed_in
def create(slug: str) -> Answer:
    """Books, and shows the booking; or shows the form again with every reason and ways out.

    One that is to repeat goes on to the page with every date.
    """
    card, actor = shown_resource(slug), the_actor()
    if RepeatForm.of(request.form).is_used and not request.form.get("choice"):
        return redirect(url_for("bookings.series_preview", slug=slug), 307)  # type: ignore[return-value]
    form = pressed(card, BookingForm.of(request.form))
    own = own_organisations(db.session(), actor)
    read, wish = read_wish(card, form, own)
    if wish is None:
        return with_errors(page_of(card, read, own, None), read.errors).render(), 422
    try:
        with writing() as session:
            booked = request_booking(session, clock.now(), actor, wish)
    except BookingRefused as refusal:
        choices = _choices(clock.now(), actor, wish)
        page = page_of(card, read, own, refusal.verdict, choices)
        return replace(page, focus="verdict").render(), refusal.status
    except InvalidInput as invalid:
        return with_errors(page_of(card, read, own, None), {invalid.field: invalid.code}).render(), invalid.status
    except KeyReused as reused:
        fresh = replace(read, form=replace(form, key=""))
        text = _("If you want one more booking, send the form again.")
        page = replace(page_of(card, fresh, own, None), verdict=refusal_view(reused, text), focus="verdict")
        return page.render(), reused.status
    if wish.details.buddy_id is not None and waits_for_buddy(booked.public_id):
        flash(_("Booked, and on hold: we have asked your buddy, and tell you what they answer."), "waiting")
    else:
        flash(_booked_words(booked.state), "waiting" if booked.state is State.REQUESTED else "ok")
    return redirect(url_for("bookings.page", public_id=booked.public_id), 303)  # type: ignore[return-value]


create.form_page = "bookings.new"  # type: ignore[attr-defined]


@signed_in
def verdict(slug: str) -> str:
    """The verdict alone, for a form that is being filled in."""
    card, actor = shown_resource(slug), the_actor()
    form = BookingForm.of(request.form)
    page = _judged(card, form, own_organisations(db.session(), actor), actor)
    return render_template("bookings/verdict.html", page=page)


def pressed(card: ResourceCard, form: BookingForm) -> BookingForm:
    """The form with the time of the alternative that was pressed, if one was, and all that the resource needs."""
    choice = chosen(form.choice)
    if choice is None:
        return form
    return with_companions(card, replace(form.at(choice[1], card), choice=""))


def read_wish(card: ResourceCard, form: BookingForm, own: list[OwnOrganisation]) -> tuple[Read, Wish | None]:
    """What the form says, and the wish it makes when all of it can be read."""
    read = read_form(form)
    try:
        organisation_id = organisation_of(form, own)
    except LookupError:
        return replace(read, errors={**read.errors, "organisation": "organisation"}), None
    return made_wish(read, card, organisation_id)


def _judged(card: ResourceCard, form: BookingForm, own: list[OwnOrganisation], actor: Actor) -> FormPage:
    now = clock.now()
    read, wish = read_wish(card, form, own)
    if wish is None:
        return page_of(card, read, own, None)
    found, _facts = preview(db.session(), now, wish, actor.member_id)
    choices = _choices(now, actor, wish) if found.refused else []
    return page_of(card, read, own, found, choices)


def _choices(now: datetime, actor: Actor, wish: Wish) -> list[Choice]:
    return ways_out(now, actor.member_id, wish, action_of=lambda slug: url_for("bookings.create", slug=slug))


def page_of(
    card: ResourceCard,
    read: Read,
    own: list[OwnOrganisation],
    verdict_: Verdict | None,
    choices: list[Choice] | None = None,
    repeat: RepeatForm | None = None,
) -> FormPage:
    """The form's page for a new booking."""
    return FormPage(
        title=_("Book %(room)s", room=card.name),
        lead=about(card),
        card=card,
        form=read.form.ready(clock.now()),
        action=url_for("bookings.create", slug=card.slug),
        verdict_url=url_for("bookings.verdict", slug=card.slug),
        back=url_for("resources.page", slug=card.slug),
        submit=_("Ask for it") if verdict_ and verdict_.needs_approval else _("Book"),
        verdict=shown_verdict(verdict_, read, card, choices or []),
        organisations=organisation_options(own),
        repeat=repeat or RepeatForm(),
        repeat_action=url_for("bookings.series_preview", slug=card.slug),
        may_have_guest=may_book_for_others(the_actor(), [card]),
        kit=kit_form(card, read.form),
        details=detail_form(card, read.form, the_actor().member_id),
    )


def _asked_for(card: ResourceCard, actor: Actor, form: BookingForm) -> BookingForm:
    """What the address asks for; a missing end is an hour later, a missing start the first free hour of that day."""
    day = read_day(form.date)
    if day and form.start:
        return form if form.end else _with_end(form, day)
    return form.at(_first_free(card, actor, form, day), card)


def _with_end(form: BookingForm, day: date) -> BookingForm:
    starts = read_wall(day, form.start)
    minutes = read_number(request.args.get("length", ""), 24 * 60) or 60
    if starts is None:
        return form
    ends = starts + timedelta(minutes=minutes)
    later = ends.date().isoformat() if ends.date() != day else ""
    return replace(form, end=f"{ends:%H:%M}", end_date=later)


def _first_free(card: ResourceCard, actor: Actor, form: BookingForm, day: date | None) -> TimeSpan:
    now = clock.now()
    starts_at = up_to_grid(now, 30, card.zone)
    if day and day > starts_at.astimezone(card.zone).date():
        starts_at = datetime.combine(day, time(9), card.zone)
    wanted = TimeSpan(starts_at, starts_at + HOUR)
    read = read_form(form.at(wanted, card))
    wish = read.wish(_items_asked_for(card, form), None, NOT_YET_ASKED)
    found, _facts = preview(db.session(), now, wish, actor.member_id)
    if not found.refused:
        return wanted
    near = nearest(db.session(), now, actor.member_id, [card], wish.wall, read.people)
    return near[0].span if near else wanted


def _items_asked_for(card: ResourceCard, form: BookingForm) -> tuple[Item, ...]:
    """What an address asks for; just the resource where it asks for what there is not."""
    try:
        return read_items(card, form)
    except InvalidInput:
        return (Item(card.id),)


def _booked_words(state: State) -> str:
    if state is State.REQUESTED:
        return _("Asked for. The time is held for you while a manager decides.")
    return _("Booked. It is yours.")
