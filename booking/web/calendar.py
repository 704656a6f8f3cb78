"""The Subscribe page: makes private feed addresses, shows each once, lists and ends them, and says how to use them."""

import io
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from booking import clock, wording
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.forms import errors_of, new_key, sent, shown_errors, waiting_or
from booking.http.language import language
from booking.http.sealing import sends_mail
from booking.services import feed_following, feed_keys, mail_choices
from booking.services.feed_keys import LONGEST_NAME, Kind
from booking.web.calendar_form import KeyForm, offer
from booking.web.calendar_help import programs
from booking.web.calendar_keys import key_lines

pages = Blueprint("calendar", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A new address, on the one page that ever shows it."""

    name: str
    address: str
    is_own: bool = False  # shows one's own bookings, as invitations by mail do

    @property
    def webcal(self) -> str:
        """The address as calendar programs claim it for themselves."""
        return f"webcal://{self.address.partition('://')[2]}"

    @property
    def picture(self) -> Markup:
        """The webcal address as a QR code, drawn in SVG."""
        out = io.BytesIO()
        code = segno.make(self.webcal, error="m", micro=False)
        code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None)
        return Markup(out.getvalue().decode())  # nosec B704


@pages.get("/calendar")
@signed_in
def page() -> ResponseReturnValue:
    """The member's addresses, and a form for a new one."""
    shown = session.pop("new_feed", None)
    usual = feed_keys.usual_detail(db.session(), the_actor().member_id)
    what = request.args.get("follow", Kind.MEMBER.value)[:80]
    form = waiting_or(KeyForm, "calendar.make", detail=usual.value, what=what, key=new_key())
    return _page(form, {}, Shown(**shown) if shown else None)


@pages.post("/calendar/keys")
@signed_in
def make() -> ResponseReturnValue:
    """Makes a key and shows its address on the next page."""
    form = sent(KeyForm)
    if not form.validate():
        return _page(form, errors_of(form)), 422
    try:
        secret = _made(form)
    except InvalidInput as refused:
        return _page(form, {refused.field: wording.error_sentence(refused, language())}), 422
    if secret is None:
        flash(_("This form was sent before, and its address has been shown. Make another one if you have lost it."))
    else:
        is_own = form.what.data == Kind.MEMBER.value
        session["new_feed"] = {"name": form.name.data, "address": _address(secret), "is_own": is_own}
    return redirect(url_for("calendar.page"), 303)


@pages.post("/calendar/keys/<public_id>/revocation")
@signed_in
def revoke(public_id: str) -> ResponseReturnValue:
    """Ends an address."""
    with writing() as change:
        name = feed_keys.revoke(change, clock.now(), the_actor(), public_id)
    flash(_("“%(name)s” has ended. Its address no longer shows anything.", name=name), "ok")
    return redirect(url_for("calendar.page"), 303)


make.form_page = "calendar.page"  # type: ignore[attr-defined]


def _made(form: KeyForm) -> str | None:
    wanted = form.wanted()
    with writing() as change:
        return feed_keys.make_key(change, clock.now(), the_actor(), wanted, form.key.data or "")


def _invitations() -> str:
    """Whether invitations by mail would show the same bookings a second time."""
    member_id = the_actor().member_id
    return mail_choices.choices_of(db.session(), [member_id])[member_id].invitations.value


def _address(secret: str) -> str:
    return f"{_base_url()}{url_for('feeds.feed', key=secret)}"


def _base_url() -> str:
    return str(current_app.extensions["samrom"].base_url)


def _page(form: KeyForm, errors: dict[str, str], shown: Shown | None = None) -> str:
    programmes = [
        Shown(each.name, f"{_base_url()}{url_for('feeds.events', slug=each.slug)}")
        for each in feed_following.programmes(db.session())
    ]
    return render_template(
        "calendar/page.html",
        shown=shown,
        invitations=_invitations() if shown and shown.is_own and sends_mail() else "",
        keys=key_lines(),
        offer=offer(form),
        form=form,
        errors=errors,
        shown_errors=shown_errors(errors),
        programs=programs(),
        programmes=programmes,
        longest_name=LONGEST_NAME,
        zone=ZoneInfo(current_app.extensions["samrom"].default_timezone),
    )
