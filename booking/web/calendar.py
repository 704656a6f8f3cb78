"""The Subscribe page: makes private feed addresses, shows each once, lists and ends them, and says how to use them."""

import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from booking import clock
from booking.core.errors import InvalidInput
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.language import language
from booking.models.ids import new_public_id
from booking.services import feed_keys
from booking.services.feed_keys import LONGEST_NAME, MOST_KEYS, Detail, KeyLine, Wanted
from booking.web.calendar_help import detail_words, programs

pages = Blueprint("calendar", __name__)

Answer = tuple[str, int] | str | Response


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
        return Markup(out.getvalue().decode())  # nosec B704 - drawn from our own address, no text in it


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, to show it again."""

    name: str
    detail: str
    key: str


@pages.get("/calendar")
@signed_in
def page() -> Answer:
    """The member's addresses, and a form for a new one."""
    shown = session.pop("new_feed", None)
    draft = take_draft("calendar.make")
    form = Form(*(draft.get(field, [""])[0] for field in ("name", "detail", "idempotency_key"))) if draft else None
    return _page(form, Shown(**shown) if shown else None)


@pages.post("/calendar/keys")
@signed_in
def make() -> Answer:
    """Makes a key and shows its address on the next page."""
    form = Form(
        name=" ".join(request.form.get("name", "").split()),
        detail=request.form.get("detail", ""),
        key=request.form.get("idempotency_key", ""),
    )
    try:
        secret = _made(form)
    except InvalidInput as refused:
        return _page(form, error=(refused.field, _sentence(refused))), 422
    if secret is None:
        flash(_("This form was sent before, and its address has been shown. Make another one if you have lost it."))
    else:
        address = f"{_base_url()}{url_for('feeds.feed', name=f'{secret}.ics')}"
        session["new_feed"] = {"name": form.name, "address": address}
    return redirect(url_for("calendar.page"), 303)  # type: ignore[return-value]


@pages.post("/calendar/keys/<public_id>/revocation")
@signed_in
def revoke(public_id: str) -> Answer:
    """Ends an address."""
    with writing() as change:
        name = feed_keys.revoke(change, clock.now(), the_actor(), public_id)
    flash(_("“%(name)s” has ended. Its address no longer shows anything.", name=name), "ok")
    return redirect(url_for("calendar.page"), 303)  # type: ignore[return-value]


make.form_page = "calendar.page"  # type: ignore[attr-defined]


def _made(form: Form) -> str | None:
    if form.detail not in set(Detail):
        raise InvalidInput("detail", "feed_key.detail")
    if not 0 < len(form.key) <= 64:
        raise InvalidInput("name", "feed_key.no_form")
    wanted = Wanted(form.name, Detail(form.detail), language())
    with writing() as change:
        return feed_keys.make_key(change, clock.now(), the_actor(), wanted, form.key)


def _sentence(refused: InvalidInput) -> str:
    sentences = {
        "feed_key.name": _("Give it a name of at most %(most)s letters, such as “My phone”.", most=LONGEST_NAME),
        "feed_key.detail": _("Choose how much the calendar may show."),
        "feed_key.too_many": _(
            "You have %(most)s addresses, which is as many as we keep. End one first.", most=MOST_KEYS
        ),
        "feed_key.no_form": _("The form did not reach us whole. Send it once more."),
    }
    return sentences[refused.code]


def _page(form: Form | None, shown: Shown | None = None, error: tuple[str, str] | None = None) -> str:
    actor = the_actor()
    keys = feed_keys.keys_of(db.session(), actor.member_id)
    levels = detail_words()
    return render_template(
        "calendar/page.html",
        shown=shown,
        keys=[_line(key, levels) for key in keys],
        levels=[(level.value, words, hint) for level, (words, hint) in levels.items()],
        form=form or Form("", feed_keys.usual_detail(db.session(), actor.member_id), new_public_id()),
        error=error,
        programs=programs(),
        longest_name=LONGEST_NAME,
        zone=_zone(),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An address as the page lists it, without the secret."""

    public_id: str
    name: str
    detail: str
    created_at: datetime
    last_fetched_at: datetime | None


def _line(key: KeyLine, levels: dict[Detail, tuple[str, str]]) -> Line:
    return Line(key.public_id, key.name, levels[key.detail][0], key.created_at, key.last_fetched_at)


def _base_url() -> str:
    return str(current_app.extensions["samrom"].base_url)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.extensions["samrom"].default_timezone)
