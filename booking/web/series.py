"""Booking a series: one page with every date and its fate, choices for those in the way, and one atomic save."""

from dataclasses import dataclass, replace
from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import BookingConflict, DomainError, InvalidInput, KeyReused
from booking.core.recurrence import Recurrence
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.permissions import Actor
from booking.services import series
from booking.services.catalogue import ResourceCard
from booking.services.mine import own_organisations
from booking.services.series_wishes import SKIP, STAY, Choice, SeriesWish, Weighed
from booking.services.wishes import Wish
from booking.web.form_page import error_words
from booking.web.forms import BookingForm, Read
from booking.web.new_booking import page_of, read_wish
from booking.web.series_form import RepeatForm, read_choices, read_days, read_repeat
from booking.web.series_view import Table, rule_words, table_of, wall_text
from booking.web.shown import shown_resource

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """Everything templates/series/preview.html needs; `trouble` is what the last sending ran into."""

    card: ResourceCard
    form: BookingForm
    repeat: RepeatForm
    rule: str
    time: str
    table: Table
    only_problems: bool
    trouble: str = ""
    code: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The wish itself, carried along."""
        names = ("date", "start", "end", "end_date", "title", "people", "organisation", "visibility")
        return [(name, getattr(self.form, name)) for name in names] + self.form.details_hidden + self.repeat.hidden

    @property
    def back(self) -> str:
        """The booking form, filled in with the same wish."""
        args: dict[str, list[str]] = {}
        for name, value in self.hidden:
            if value:
                args.setdefault(name, []).append(value)
        return url_for("bookings.new", slug=self.card.slug, **args)  # type: ignore[arg-type]

    def render(self) -> str:
        """The page."""
        return render_template("series/preview.html", page=self)


@signed_in
def again(slug: str) -> Response:
    """The page is an answer to a form; whoever comes by its address gets the form."""
    return redirect(url_for("bookings.new", slug=slug), 303)  # type: ignore[return-value]


@signed_in
def preview(slug: str) -> Answer:
    """Every date with its fate, after what was chosen and what one press decided for many."""
    card, actor = shown_resource(slug), the_actor()
    form, repeat, read, wish = _read(card, actor)
    if wish is None:
        return _form_again(card, actor, form, read, repeat)
    try:
        weighed = series.preview(db.session(), clock.now(), actor.member_id, wish)
        pressed = request.form.get("do", "")
        if pressed:
            wish = decided(wish, weighed, pressed)
            weighed = series.preview(db.session(), clock.now(), actor.member_id, wish)
    except InvalidInput as wrong:
        return _form_again(card, actor, form, with_error(read, wrong), repeat)
    return _page(card, form, repeat, wish, weighed).render()


preview.form_page = "bookings.new"  # type: ignore[attr-defined]


@signed_in
def save(slug: str) -> Answer:
    """Books every date that is not left out, or shows the page again with what now stands in the way."""
    card, actor = shown_resource(slug), the_actor()
    form, repeat, read, wish = _read(card, actor)
    if wish is None:
        return _form_again(card, actor, form, read, repeat)
    try:
        with writing() as session:
            saved = series.save(session, clock.now(), actor, wish)
    except InvalidInput as wrong:
        return _form_again(card, actor, form, with_error(read, wrong), repeat)
    except (series.SeriesUnsettled, BookingConflict, KeyReused) as refusal:
        weighed = series.preview(db.session(), clock.now(), actor.member_id, wish)
        shown = replace(form, key="") if isinstance(refusal, KeyReused) else form
        page = _page(card, shown, repeat, wish, weighed)
        return replace(page, trouble=trouble_words(refusal), code=refusal.code).render(), refusal.status
    words = ngettext("Booked %(num)s date. It is yours.", "Booked %(num)s dates. They are yours.", saved.made)
    if saved.waiting:
        words = _("Saved. %(waiting)s of %(made)s await approval.", waiting=saved.waiting, made=saved.made)
    flash(words, "waiting" if saved.waiting else "ok")
    return redirect(url_for("bookings.series", public_id=saved.public_id), 303)  # type: ignore[return-value]


save.form_page = "bookings.new"  # type: ignore[attr-defined]


def decided(wish: SeriesWish, weighed: Weighed, pressed: str) -> SeriesWish:
    """The wish after one press that decides for many dates."""
    if pressed == "plan":
        return replace(wish, choices={}, skip_holidays=False)
    return replace(wish, choices={**wish.choices, **many_choices(weighed, pressed)})


def many_choices(weighed: Weighed, pressed: str) -> dict[date, Choice]:
    """What one press decides, for each date that it decides for."""
    if pressed == "skip-problems":
        return dict.fromkeys((line.day for line in weighed.problems), SKIP)
    if pressed == "stay-problems":
        return dict.fromkeys((line.day for line in weighed.problems), STAY)
    if pressed == "skip-holidays":
        return {line.day: SKIP for line in weighed.lines if line.holiday}
    slug = pressed.removeprefix("room:")
    return {
        line.day: Choice(slug=slug, span=offer.span)
        for line in weighed.problems
        for offer in line.offers
        if offer.card.slug == slug and offer.card.id != line.card.id
    }


def trouble_words(refusal: DomainError) -> str:
    """What to read first after a save that did not go through."""
    if isinstance(refusal, series.SeriesUnsettled) and refusal.status == 409:
        return _("Somebody was faster on some dates. Your choices are kept; choose again where it says so.")
    return wording.error_sentence(refusal, language())


def with_error(read: Read, wrong: InvalidInput) -> Read:
    """What was read, with one more field that could not be."""
    return replace(read, errors={**read.errors, wrong.field: wrong.code})


def _read(card: ResourceCard, actor: Actor) -> tuple[BookingForm, RepeatForm, Read, SeriesWish | None]:
    form, repeat = BookingForm.of(request.form), RepeatForm.of(request.form)
    read, wish = read_wish(card, form, own_organisations(db.session(), actor))
    found = read_repeat(repeat)
    read = replace(read, errors={**read.errors, **found.errors})
    if wish is None or found.rule is None:
        return form, repeat, read, None
    return form, repeat, read, _series_wish(wish, repeat, found.rule)


def _series_wish(wish: Wish, repeat: RepeatForm, rule: Recurrence) -> SeriesWish:
    shown = read_days(request.form.get("problems", ""))
    return SeriesWish(wish, rule, read_choices(request.form), bool(repeat.skip_holidays), shown)


def _form_again(card: ResourceCard, actor: Actor, form: BookingForm, read: Read, repeat: RepeatForm) -> Answer:
    """The booking form with what could not be read."""
    own = own_organisations(db.session(), actor)
    page = page_of(card, replace(read, form=form), own, None, repeat=repeat)
    return replace(page, errors=error_words(read.errors), focus="errors").render(), 422


def _page(card: ResourceCard, form: BookingForm, repeat: RepeatForm, wish: SeriesWish, weighed: Weighed) -> SeriesPage:
    keep_tick = repeat if wish.skip_holidays or not repeat.skip_holidays else replace(repeat, skip_holidays="")
    return SeriesPage(
        card=card,
        form=form.ready(clock.now()),
        repeat=keep_tick,
        rule=rule_words(wish.rule, wish.wish.wall.starts.date()),
        time=wall_text(wish.wish.wall),
        table=table_of(weighed, card),
        only_problems=bool(request.form.get("only_problems")),
    )
