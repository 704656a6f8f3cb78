"""Closures and special days of a scope: what is coming, adding one, and taking one away."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin import reading
from booking.admin.consequences import consequences_view
from booking.admin.frame import Typed, error_of, scope_view, sent, typed
from booking.core import localtime
from booking.core.errors import InvalidInput
from booking.core.localtime import NonexistentTime
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can, require
from booking.services import closures, special_days
from booking.services.scopes import KINDS, District, Where, district, may_manage

pages = Blueprint("admin_closures", __name__, url_prefix="/admin/closures")
CLOSURE_FIELDS = ("start_date", "start", "end_date", "end", "name")
DAY_FIELDS = ("day", "day_name", "opens", "closes", "opens2", "closes2", "closed")
RENAMED = {"name": "day_name", "windows": "opens"}  # what the service calls a special day's fields


@dataclass(frozen=True, slots=True)
class Line:
    """A closure or special day in words; `public_id` is empty when it is set elsewhere and only shown."""

    public_id: str
    name: str
    when: str
    hours: str
    place: str


@pages.get("")
@allowed("resource.inspect")
def choose() -> ResponseReturnValue:
    """Where to close: every scope the reader may look at, and what is coming anywhere."""
    all_ = district(db.session())
    now = clock.now()
    seen = {
        key
        for key in all_.levels
        if can(the_actor(), "resource.inspect", all_.where(*key).place)
    }  # fmt: skip
    chosen = {
        kind: [scope_view(level) for level in all_.of_kind(kind, language()) if level.key in seen] for kind in KINDS
    }
    coming = [
        (line.key, _closure_line(line, all_.where(*line.key)))
        for line in closures.upcoming_closures(db.session(), now)
        if line.key in seen
    ]
    return render_template("admin/closures/choose.html", chosen=chosen, coming=coming)


@pages.get("/<kind>/<int:id_>")
@allowed("resource.inspect")
def show(kind: str, id_: int) -> ResponseReturnValue:
    """What is coming here, and the forms to add more."""
    all_, where = _looked_at(kind, id_)
    values = typed("admin_closures.add")
    values.update(typed("admin_closures.add_day"))
    return _page(all_, where, values, {})


@pages.post("/<kind>/<int:id_>/closures")
@allowed("resource.manage")
def add(kind: str, id_: int) -> ResponseReturnValue:
    """Closes for a while, and says which future bookings no longer fit."""
    all_, where = _looked_at(kind, id_)
    require(the_actor(), "resource.manage", where.place)
    try:
        span = _read_span(where)
        with writing() as session:
            change = closures.add_closure(session, clock.now(), the_actor(), where, span, request.form.get("name", ""))
    except InvalidInput as wrong:
        return _page(all_, where, sent(), error_of(wrong)), 422
    except NonexistentTime as missing:
        errors = {"start": wording.error_sentence(missing, language(), where.zone)}
        return _page(all_, where, sent(), errors), 422
    flash(_("Closed. Nobody can book then any more."), "ok")
    return redirect(url_for(".show", kind=kind, id_=id_, saved=change.entry_id), 303)


add.form_page = "admin_closures.show"  # type: ignore[attr-defined]


@pages.post("/<kind>/<int:id_>/special-days")
@allowed("resource.manage")
def add_day(kind: str, id_: int) -> ResponseReturnValue:
    """Gives a date hours of its own, and says which future bookings no longer fit."""
    all_, where = _looked_at(kind, id_)
    require(the_actor(), "resource.manage", where.place)
    try:
        day = reading.day(request.form.get("day", ""), "day")
        windows = _read_windows()
        with writing() as session:
            change = special_days.add_special_day(
                session, clock.now(), the_actor(), where, day, windows, request.form.get("day_name", "")
            )
    except InvalidInput as wrong:
        errors = {RENAMED.get(name, name): text for name, text in error_of(wrong).items()}
        return _page(all_, where, sent(), errors), 422
    flash(_("Saved. That day has hours of its own now."), "ok")
    return redirect(url_for(".show", kind=kind, id_=id_, saved=change.entry_id), 303)


add_day.form_page = "admin_closures.show"  # type: ignore[attr-defined]


@pages.post("/<public_id>/removal")
@allowed("resource.manage")
def remove(public_id: str) -> ResponseReturnValue:
    """Opens the time again."""
    all_ = district(db.session())
    key = closures.scope_of_closure(db.session(), public_id)
    with writing() as session:
        change = closures.remove_closure(session, clock.now(), the_actor(), public_id, all_)
    flash(_("Removed. The usual hours count again."), "ok")
    return redirect(url_for(".show", kind=key[0], id_=key[1], saved=change.entry_id), 303)


@pages.post("/special-days/<public_id>/removal")
@allowed("resource.manage")
def remove_day(public_id: str) -> ResponseReturnValue:
    """Lets the week's hours count again."""
    all_ = district(db.session())
    key = special_days.scope_of_day(db.session(), public_id)
    with writing() as session:
        change = special_days.remove_special_day(session, clock.now(), the_actor(), public_id, all_)
    flash(_("Removed. The usual hours count again."), "ok")
    return redirect(url_for(".show", kind=key[0], id_=key[1], saved=change.entry_id), 303)


def _looked_at(kind: str, id_: int) -> tuple[District, Where]:
    """Raises NotFound, NotAllowed."""
    all_ = district(db.session())
    where = all_.where(kind, id_)
    require(the_actor(), "resource.inspect", where.place)
    return all_, where


def _page(all_: District, where: Where, values: Typed, errors: Mapping[str, str]) -> str:
    now, session = clock.now(), db.session()
    keys = [level.key for level in where.chain]
    closed = closures.upcoming_closures(session, now, keys)
    days = special_days.upcoming_days(session, now, keys)
    return render_template(
        "admin/closures/show.html",
        scope=scope_view(where.level, where),
        closures=[_closure_line(line, all_.where(*line.key), where) for line in closed],
        days=[_day_line(line, all_.where(*line.key), where) for line in days],
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        may_change=may_manage(the_actor(), where),
        reached=len(where.resource_ids),
        consequences=consequences_view(now, the_actor(), where.key, where.resource_ids),
    )


def _closure_line(line: closures.ClosureLine, set_at: Where, here: Where | None = None) -> Line:
    own = here is None or line.key == here.key
    when = wording.when(line.span, language(), set_at.zone)
    return Line(line.public_id if own else "", line.name, when, "", set_at.level.name(language()))


def _day_line(line: special_days.SpecialDayLine, set_at: Where, here: Where) -> Line:
    hours = wording.hours_text(line.windows, language()) if line.windows else str(_("Closed"))
    public_id = line.public_id if line.key == here.key else ""
    return Line(public_id, line.name, wording.day_text(line.day, language()), hours, set_at.level.name(language()))


def _read_span(where: Where) -> TimeSpan:
    """Raises InvalidInput, NonexistentTime."""
    starts, ends = reading.wall_span(request.form)
    starts_at, ends_at = (localtime.to_utc(wall.date(), wall.time(), where.zone) for wall in (starts, ends))
    if ends_at <= starts_at:
        raise InvalidInput("end", "closure.order")
    return TimeSpan(starts_at, ends_at)


def _read_windows() -> list[dict[str, str]]:
    """Raises InvalidInput. Closed that day, or one or two stretches of opening hours."""
    form = request.form
    if form.get("closed"):
        return []
    windows = []
    for number in ("", "2"):
        opens, closes = form.get(f"opens{number}", "").strip(), form.get(f"closes{number}", "").strip()
        if opens and closes:
            windows.append({"opens": reading.clock_text(opens), "closes": reading.clock_text(closes)})
        elif opens or closes:
            raise InvalidInput(f"closes{number}" if opens else f"opens{number}", "rules.half_a_window")
    if not windows:
        raise InvalidInput("opens", "special_day.hours_or_closed")
    return windows
