"""Who answers requests while one is away: periods, given and taken back."""

from datetime import datetime, time, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import InvalidInput
from booking.core.localtime import day_span, on_the_clock
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.display import day_short
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.actors import HOME_ZONE
from booking.services.delegating import delegate_period, delegations, end_delegation, stand_ins
from booking.web.reading import read_day

Answer = str | tuple[str, int] | Response
pages = Blueprint("delegations", __name__)


@pages.get("/approvals/delegations")
@allowed("request.decide")
def listing() -> str:
    """Who stands in for whom, and the form."""
    return _page({})


@pages.post("/approvals/delegations")
@allowed("request.decide")
def give() -> Answer:
    """Lets somebody answer from a day to a day."""
    try:
        starts_at, ends_at = _period()
        with writing() as session:
            to = request.form.get("to", "")
            name = delegate_period(session, clock.now(), the_actor(), to, starts_at, ends_at)
    except InvalidInput as wrong:
        return _page({wrong.field: wording.error_sentence(wrong, language())}), wrong.status
    flash(_("%(name)s answers your requests then.", name=name), "ok")
    return redirect(url_for("delegations.listing"), 303)  # type: ignore[return-value]


give.form_page = "delegations.listing"  # type: ignore[attr-defined]


@pages.post("/approvals/delegations/<public_id>/end")
@allowed("request.decide")
def end(public_id: str) -> Answer:
    """Takes it back."""
    with writing() as session:
        end_delegation(session, clock.now(), the_actor(), public_id)
    flash(_("Taken back. Requests come to you again."), "ok")
    return redirect(url_for("delegations.listing"), 303)  # type: ignore[return-value]


end.form_page = "delegations.listing"  # type: ignore[attr-defined]


def _period() -> tuple[datetime, datetime]:
    """Whole days by the clock at home. Raises InvalidInput."""
    days = {}
    for name in ("from", "until"):
        day = read_day(request.form.get(name, ""))
        if day is None:
            raise InvalidInput(name, "input.not_a_day")
        days[name] = day
    starts_at = on_the_clock(datetime.combine(days["from"], time()), HOME_ZONE)
    return starts_at, day_span(days["until"], HOME_ZONE).ends_at


def _page(errors: dict[str, str]) -> str:
    actor, now = the_actor(), clock.now()
    found = delegations(db.session(), now, actor)
    return render_template(
        "approvals/delegations.html",
        given=[(each, *_days(each.starts_at, each.ends_at)) for each in found if each.is_mine],
        taken=[(each, *_days(each.starts_at, each.ends_at)) for each in found if not each.is_mine],
        stand_ins=[(each.key, each.name) for each in stand_ins(db.session(), now, actor)],
        typed=request.form,
        errors=errors,
        today=now.astimezone(HOME_ZONE).date().isoformat(),
    )


def _days(starts_at: datetime, ends_at: datetime) -> tuple[str, str]:
    last = ends_at - timedelta(minutes=1)
    return day_short(starts_at.astimezone(HOME_ZONE).date()), day_short(last.astimezone(HOME_ZONE).date())
