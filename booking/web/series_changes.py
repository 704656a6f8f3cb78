"""The page of a series, and changing it: first shown as a difference, date by date, then saved as a whole."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from booking import clock, wording
from booking.core.errors import BookingConflict, BookingRefused, InvalidInput, KeyReused
from booking.core.request import WallSpan
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.display import day_short
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor, can
from booking.services import visibility
from booking.services.overriding import FIELD
from booking.services.series import SeriesUnsettled
from booking.services.series_changes import change_series
from booking.services.series_difference import Difference, SeriesChange, difference
from booking.services.series_reading import Occurrence, Reach, Why, series_by_public_id
from booking.web.forms import BookingForm
from booking.web.override import asked_anyway
from booking.web.series import many_choices, trouble_words
from booking.web.series_change_form import (
    Asked,
    as_it_stands,
    asked_for,
    changeable,
    organisation_choices,
    reach_of,
    resource_options,
)
from booking.web.series_view import Table, recipe_of, rule_words, table_of, wall_text
from booking.web.shown import NUL

Answer = str | tuple[str, int] | Response
CARRIED = ("date", "start", "end", "end_date", "title", "people", "organisation", "visibility", "resource", "message")


@dataclass(frozen=True, slots=True)
class Line:
    """One booking of the series in a list."""

    iso: str
    when: str
    href: str
    kind: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """Everything templates/series/difference.html needs."""

    asked: Asked
    form: BookingForm
    public_id: str
    table: Table
    staying: list[Line]
    shown: str
    only_problems: bool
    trouble: str = ""
    code: str = ""
    may_pass: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The change itself, carried along."""
        return [*((name, getattr(self.form, name)) for name in CARRIED), ("reach", self.asked.reach.value)]

    def render(self) -> str:
        """The page."""
        return render_template("series/difference.html", page=self, typed=request.form)


@signed_in
def show(public_id: str) -> str:
    """Every booking of a series as it stands, those that were moved or removed among them."""
    actor, now = the_actor(), clock.now()
    series = series_by_public_id(db.session(), now, actor, public_id.replace(NUL, ""))
    rule, wall = recipe_of(series.recipe)
    card = series.cards[series.occurrences[0].items[0].resource_id]
    ahead = [each for each in series.occurrences if each.live and each.span.starts_at > now]
    first = next((each for each in ahead if can(actor, "booking.change", series.subject(each))), None)
    return render_template(
        "series/show.html",
        title=next((each.title for each in series.occurrences if each.title), "") or card.name,
        card=card,
        rule=rule_words(rule, wall.starts.date()),
        time=wall_text(wall),
        lines=[_line(each, card.zone) for each in series.occurrences],
        ahead=len(ahead),
        first=first,
    )


@signed_in
def change_form(public_id: str) -> str:
    """The form as the booking stands, or as it was when the sign-in ended."""
    actor = the_actor()
    standing = changeable(actor, public_id)
    draft = take_draft("bookings.series_difference") or take_draft("bookings.series_change_save")
    asked = as_it_stands(actor, standing, reach_of(request.args.get("reach", "")))
    if draft is not None:
        asked = replace(asked, form=BookingForm.of(MultiDict(draft)))
    return _form(actor, asked)


@signed_in
def difference_page(public_id: str) -> Answer:
    """What would change, date by date, before anything does."""
    actor = the_actor()
    asked = asked_for(actor, changeable(actor, public_id))
    if asked.change is None:
        return _form(actor, asked), 422
    pressed = request.form.get("do", "")
    try:
        found = difference(db.session(), clock.now(), actor, public_id, asked.change)
        if pressed:
            found = difference(db.session(), clock.now(), actor, public_id, _decided(asked.change, found, pressed))
    except BookingRefused as late:
        return _too_late(actor, asked, late)
    return _page(asked, public_id, found).render()


difference_page.form_page = "bookings.series_change"  # type: ignore[attr-defined]


@signed_in
def save(public_id: str) -> Answer:
    """Changes what was shown, or shows again what now stands in the way."""
    actor = the_actor()
    asked = asked_for(actor, changeable(actor, public_id))
    if asked.change is None:
        return _form(actor, asked), 422
    try:
        with writing() as session:
            wanted = replace(asked.change, override=asked_anyway())
            series_id = change_series(session, clock.now(), actor, public_id, wanted)
    except BookingRefused as late:
        return _too_late(actor, asked, late)
    except InvalidInput as wrong:
        if wrong.field != FIELD:
            raise
        page = _page(asked, public_id, difference(db.session(), clock.now(), actor, public_id, asked.change))
        errors = {wrong.field: wording.error_sentence(wrong, language())}
        return replace(page, errors=errors).render(), wrong.status
    except (SeriesUnsettled, BookingConflict, KeyReused) as refusal:
        found = difference(db.session(), clock.now(), actor, public_id, asked.change)
        page = _page(asked, public_id, found)
        if isinstance(refusal, KeyReused):
            page = replace(page, form=replace(page.form, key="").ready(clock.now()))
        return replace(page, trouble=trouble_words(refusal), code=refusal.code).render(), refusal.status
    flash(_("The series is changed. This is how it stands now."), "ok")
    return redirect(url_for("bookings.series", public_id=series_id), 303)  # type: ignore[return-value]


save.form_page = "bookings.series_change"  # type: ignore[attr-defined]


def _too_late(actor: Actor, asked: Asked, late: BookingRefused) -> Answer:
    """The form again, with what the deadline says."""
    zone = asked.standing.zone
    said = " ".join(wording.sentence(finding, language(), zone) for finding in late.verdict.refusals)
    return _form(actor, replace(asked, errors={"date": said})), 422


def _decided(change: SeriesChange, found: Difference, pressed: str) -> SeriesChange:
    if pressed == "plan":
        return replace(change, choices={})
    return replace(change, choices={**change.choices, **many_choices(found.weighed, pressed)})


def _form(actor: Actor, asked: Asked) -> str:
    return render_template(
        "series/change.html",
        asked=asked,
        form=asked.form.ready(clock.now()),
        public_id=asked.standing.row.public_id,
        resources=resource_options(asked.standing),
        organisations=organisation_choices(actor, asked.standing),
        reaches=[
            (Reach.FOLLOWING.value, _("This and following")),
            (Reach.ALL.value, _("All that lie ahead")),
        ],
        visibilities=[
            ("private", _("Only me")),
            ("organisation", _("My organisation")),
            ("members", _("Every member")),
            *([("public", _("Everybody"))] if asked.form.visibility == "public" or _may_announce(asked) else []),
        ],
    )


def _may_announce(asked: Asked) -> bool:
    return visibility.may_announce(db.session(), clock.now(), frozenset(asked.card.scopes))


def _page(asked: Asked, public_id: str, found: Difference) -> DifferencePage:
    card = found.draft.card
    table = table_of(found.weighed, card, changing=True)
    was = {each.id: each for each in found.changing}
    rows = [
        replace(row, was=_was(was[line.booking_id], line.planned, card.zone)) if line.booking_id else row
        for row, line in zip(table.rows, found.weighed.lines, strict=True)
    ]
    return DifferencePage(
        asked=asked,
        form=asked.form.ready(clock.now()),
        public_id=public_id,
        table=replace(table, rows=rows),
        staying=[replace(_line(each, card.zone), note=_why(why)) for each, why in found.staying],
        shown=found.fingerprint,
        only_problems=bool(request.form.get("only_problems")),
        may_pass=found.weighed.may_pass,
    )


def _was(each: Occurrence, planned: WallSpan, zone: ZoneInfo) -> str:
    """When it is now, where that differs."""
    now_at = WallSpan.of(each.span, zone)
    if (now_at.starts, now_at.ends) == (planned.starts, planned.ends):
        return ""
    return _("now %(day)s %(time)s", day=day_short(now_at.starts.date()), time=wall_text(now_at))


def _why(why: Why) -> str:
    return {
        Why.BY_HAND: _("you moved it by itself"),
        Why.CANCELLED: _("cancelled, and stays so"),
        Why.BEGUN: _("has begun or been"),
        Why.ANOTHERS: _("belongs to somebody else"),
        Why.TOO_LATE: _("too near to be changed"),
    }[why]


def _line(each: Occurrence, zone: ZoneInfo) -> Line:
    kind, words = {
        "requested": ("waiting", _("Awaiting approval")),
        "confirmed": ("ok", _("Confirmed")),
        "cancelled": ("cancelled", _("Cancelled")),
        "declined": ("cancelled", _("Declined")),
        "expired": ("cancelled", _("Expired")),
    }[each.state]
    return Line(
        iso=each.span.starts_at.isoformat(),
        when=wording.when_compact(each.span, language(), zone),
        href=url_for("bookings.page", public_id=each.public_id),
        kind=kind,
        words=words,
        note=_("moved by itself") if each.by_hand and each.live else "",
    )
