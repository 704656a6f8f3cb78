"""The Subscribe page: makes private feed addresses, shows each once, lists and ends them, and says how to use them."""

import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Form, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from booking import clock, wording
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.forms import errors_of, new_key, sent, shown_errors, waiting_or
from booking.http.language import language
from booking.services import feed_keys
from booking.services.feed_keys import LONGEST_NAME, Detail, KeyLine, Wanted
from booking.web.calendar_help import detail_words, programs

pages = Blueprint("calendar", __name__)


class KeyForm(Form):
    """A name to know the address by, and how much it shows."""

    name = StringField(filters=[lambda typed: " ".join((typed or "").split())])
    detail = StringField(validators=[AnyOf([each.value for each in Detail], _l("Choose what the calendar shows."))])
    key = StringField(validators=[InputRequired(), Length(max=64)])


@dataclass(frozen=True, slots=True)
class Shown:
    """A new address, on the one page that ever shows it."""

    name: str
    address: str

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


@dataclass(frozen=True, slots=True)
class Line:
    """An address as the page lists it, without the secret."""

    public_id: str
    name: str
    detail: str
    created_at: datetime
    last_fetched_at: datetime | None


@pages.get("/calendar")
@signed_in
def page() -> ResponseReturnValue:
    """The member's addresses, and a form for a new one."""
    shown = session.pop("new_feed", None)
    usual = feed_keys.usual_detail(db.session(), the_actor().member_id)
    form = waiting_or(KeyForm, "calendar.make", detail=usual.value, key=new_key())
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
        session["new_feed"] = {"name": form.name.data, "address": _address(secret)}
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
    wanted = Wanted(form.name.data or "", Detail(form.detail.data or ""), language())
    with writing() as change:
        return feed_keys.make_key(change, clock.now(), the_actor(), wanted, form.key.data or "")


def _address(secret: str) -> str:
    return f"{current_app.extensions['samrom'].base_url}{url_for('feeds.feed', key=secret)}"


def _page(form: KeyForm, errors: dict[str, str], shown: Shown | None = None) -> str:
    levels = detail_words()
    return render_template(
        "calendar/page.html",
        shown=shown,
        keys=[_line(key, levels) for key in feed_keys.keys_of(db.session(), the_actor().member_id)],
        levels=[(level.value, words, hint) for level, (words, hint) in levels.items()],
        form=form,
        errors=errors,
        shown_errors=shown_errors(errors),
        programs=programs(),
        longest_name=LONGEST_NAME,
        zone=ZoneInfo(current_app.extensions["samrom"].default_timezone),
    )


def _line(key: KeyLine, levels: dict[Detail, tuple[str, str]]) -> Line:
    return Line(key.public_id, key.name, levels[key.detail][0], key.created_at, key.last_fetched_at)
