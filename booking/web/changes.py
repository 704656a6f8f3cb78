"""Changing a booking: the form as it stands, and what to say when somebody else has changed it meanwhile."""

from dataclasses import replace

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from booking import clock
from booking.core.errors import BookingRefused, InvalidInput, Stale, WrongState
from booking.core.verdict import Verdict
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.words import gettext as _
from booking.permissions import Actor, require
from booking.services.catalogue import ResourceCard, resources
from booking.services.changes import change_booking, may_bring_in, preview_change
from booking.services.history import Happening, since
from booking.services.mine import Mine, OwnOrganisation, listed_booking, member_name, own_organisations
from booking.services.standing import Standing
from booking.services.telling import as_manager
from booking.services.wishes import Wish
from booking.web.detail_fields import as_sent, detail_form
from booking.web.display import when
from booking.web.form_page import (
    FormPage,
    about,
    kept_notice,
    made_wish,
    organisation_of,
    organisation_options,
    shown_verdict,
    with_errors,
)
from booking.web.forms import BookingForm, Read, chosen, read_form
from booking.web.happenings import difference_words
from booking.web.kit_form import kit_form, with_companions
from booking.web.shown import shown_booking
from booking.web.verdicts import Choice, FindingView, VerdictView, refusal_view
from booking.web.ways import ways_to_change

Answer = str | tuple[str, int] | Response


@signed_in
def change_form(public_id: str) -> str:
    """The form as the booking stands, or as it was when the sign-in ended."""
    actor, standing = _changeable(public_id)
    draft = take_draft("bookings.change")
    form = as_it_stands(standing)
    if draft is not None:
        form = BookingForm.of(MultiDict(draft))
    page = _judged(actor, standing, form)
    return replace(page, notice=kept_notice(draft=draft is not None)).render()


@signed_in
def change(public_id: str) -> Answer:
    """Changes it, and shows the booking; or shows the form again with what stands in the way."""
    actor, standing = _changeable(public_id)
    card, read, wish = _wish(actor, standing, BookingForm.of(request.form))
    if wish is None:
        return with_errors(_page(actor, standing, card, read, None), read.errors).render(), 422
    try:
        with writing() as session:
            version, message = _version(read.form), read.form.message
            change_booking(session, clock.now(), actor, public_id, wish, version=version, message=message)
    except InvalidInput as invalid:
        page = _page(actor, standing, card, read, None)
        return with_errors(page, {invalid.field: invalid.code}).render(), invalid.status
    except WrongState as begun:
        standing = _changeable(public_id)[1]
        page = replace(_page(actor, standing, card, read, None), verdict=refusal_view(begun), focus="verdict")
        return page.render(), begun.status
    except BookingRefused as refusal:
        standing = _changeable(public_id)[1]
        choices = _choices(standing, wish, refusal.verdict)
        page = _page(actor, standing, card, read, refusal.verdict, choices)
        return replace(page, focus="verdict").render(), refusal.status
    except Stale as stale:
        return _changed_meanwhile(actor, public_id, read, stale), stale.status
    flash(_("Changed. This is how it stands now."), "ok")
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


change.form_page = "bookings.change_form"  # type: ignore[attr-defined]


@signed_in
def verdict(public_id: str) -> str:
    """The verdict alone, for a change that is being filled in."""
    actor, standing = _changeable(public_id)
    return render_template("bookings/verdict.html", page=_judged(actor, standing, BookingForm.of(request.form)))


def asked_change(actor: Actor, public_id: str) -> Wish | None:
    """What the change form asks for, when it can be read. Raises NotFound, NotAllowed, WrongState."""
    standing = _changeable(public_id)[1]
    return _wish(actor, standing, BookingForm.of(request.form))[2]


def _changeable(public_id: str) -> tuple[Actor, Standing]:
    """Raises NotFound, NotAllowed, WrongState."""
    actor = the_actor()
    standing = shown_booking(actor, public_id)
    require(actor, "booking.change", standing.subject)
    if not standing.row.live or standing.row.ends_at <= clock.now():
        raise WrongState(state=standing.row.state)
    return actor, standing


def _mine(standing: Standing) -> Mine:
    return listed_booking(db.session(), standing.row.id)


def as_it_stands(standing: Standing) -> BookingForm:
    """The form with the booking in it."""
    mine = _mine(standing)
    form = BookingForm(
        title=mine.title,
        people=str(mine.people or ""),
        organisation=mine.organisation_key,
        visibility=mine.visibility,
        resource=mine.cards[0].slug,
        version=str(standing.row.version),
        quantity=str(standing.items[0].quantity),
        extras=tuple(card.slug for card in mine.cards[1:]),
        many=tuple(
            (card.slug, str(item.quantity)) for card, item in zip(mine.cards[1:], standing.items[1:], strict=True)
        ),
        details=as_sent(db.session(), standing.wish.details),
    )
    return form.on_wall(standing.wish.wall)


def _wish(actor: Actor, standing: Standing, form: BookingForm) -> tuple[ResourceCard, Read, Wish | None]:
    """The wish for a change; an alternative that was pressed counts for the resource and the times."""
    pressed = chosen(form.choice)
    slug = pressed[0] if pressed else form.resource
    card = next((each for each in _choosable(actor, standing) if each.slug == slug), None)
    errors = {} if card or not slug else {"resource": "resource"}
    card = card or standing.cards[standing.resource_ids[0]]
    if pressed and not errors:
        form = with_companions(card, replace(form.at(pressed[1], card), resource=card.slug, choice=""))
    read = read_form(form)
    errors |= read.errors
    organisation_id = standing.row.organisation_id
    if form.organisation and form.organisation != _mine(standing).organisation_key:
        try:
            organisation_id = organisation_of(form, own_organisations(db.session(), actor))
        except LookupError:
            errors["organisation"] = "organisation"
    had = standing.wish.details
    read, wish = made_wish(replace(read, errors=errors), card, organisation_id, _held(standing), had)
    return card, read, wish


def _held(standing: Standing) -> frozenset[int]:
    """What is in the kit already, and can stay there whatever it is."""
    return frozenset(standing.resource_ids)


def _choosable(actor: Actor, standing: Standing) -> list[ResourceCard]:
    """What the actor may move the booking to: what is active at its site, and what it holds."""
    held = next(iter(standing.cards.values()))
    around = resources(db.session(), site_id=held.site_id)
    active = [card for card in around if card.state == "active" or card.id in standing.cards]
    return [card for card in active if may_bring_in(actor, standing, card)]


def _judged(actor: Actor, standing: Standing, form: BookingForm) -> FormPage:
    card, read, wish = _wish(actor, standing, form)
    if wish is None:
        return _page(actor, standing, card, read, None)
    found = preview_change(db.session(), clock.now(), actor, standing.row.public_id, wish)
    choices = _choices(standing, wish, found) if found.refused else []
    return _page(actor, standing, card, read, found, choices)


def _choices(standing: Standing, wish: Wish, verdict_: Verdict) -> list[Choice]:
    """Ways out that would be accepted; past the deadline there are none, and the page says whom to ask."""
    return [] if "R19.too_late" in verdict_.codes else ways_to_change(clock.now(), the_actor(), standing, wish)


def _page(
    actor: Actor,
    standing: Standing,
    card: ResourceCard,
    read: Read,
    verdict_: Verdict | None,
    choices: list[Choice] | None = None,
) -> FormPage:
    public_id, mine = standing.row.public_id, _mine(standing)
    own = own_organisations(db.session(), actor)
    return FormPage(
        title=_("Change your booking") if standing.row.member_id == actor.member_id else _("Change the booking"),
        lead=_("It is %(room)s, %(when)s.", room=mine.cards[0].name, when=when(mine.span, mine.zone)),
        card=card,
        form=read.form.ready(clock.now()),
        action=url_for("bookings.change", public_id=public_id),
        verdict_url=url_for("bookings.change_verdict", public_id=public_id),
        back=url_for("bookings.page", public_id=public_id),
        submit=_("Save the change"),
        verdict=shown_verdict(verdict_, read, card, choices or []),
        organisations=_organisations(mine, own),
        kit=kit_form(card, read.form, _held(standing)),
        details=detail_form(card, read.form, standing.row.member_id, standing.wish.details),
        resources=[(each.slug, f"{each.name} · {about(each)}") for each in _choosable(actor, standing)],
        holder=member_name(db.session(), standing.row.member_id) if as_manager(actor, standing.subject) else "",
    )


def _organisations(mine: Mine, own: list[OwnOrganisation]) -> list[tuple[str, str]]:
    """One's own, and the one it is booked for."""
    options = organisation_options(own)
    if mine.organisation_key and mine.organisation_key not in dict(options):
        options.append((mine.organisation_key, mine.organisation))
    return options


def _version(form: BookingForm) -> int:
    """The version that the form was made from; one that cannot be read is no version."""
    return int(form.version) if form.version.isascii() and form.version.isdigit() and len(form.version) < 10 else 0


def _changed_meanwhile(actor: Actor, public_id: str, read: Read, stale: Stale) -> str:
    """The form with its input kept, on the newest version, and what others changed since this form was shown."""
    standing = _changeable(public_id)[1]
    done = since(db.session(), standing.row.id, _version(read.form))
    form = replace(read.form, version=str(standing.row.version))
    card, fresh, _wished = _wish(actor, standing, form)
    page = _page(actor, standing, card, fresh, None)
    told = FindingView(stale.code, "refuses", _what_changed(done, standing), "")
    text = _("What you wrote is kept below. Send it again to make it so.")
    shown = VerdictView("refused", _("Somebody changed this while you were looking"), text, [told])
    return replace(page, verdict=shown, focus="verdict").render()


def _what_changed(done: list[Happening], standing: Standing) -> str:
    """Field by field, from what to what; who it was stands in the booking's history."""
    words = [difference_words(one, standing.zone) for each in done for one in each.differences]
    now = listed_booking(db.session(), standing.row.id)
    return " ".join(words) or _("It is now %(when)s.", when=when(now.span, now.zone))
