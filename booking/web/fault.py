"""Reporting a fault of a resource, and what its page and one's bookings say of maintenance and faults."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import InvalidInput, WrongState
from booking.core.outages import Effect, OutOfService
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.catalogue import ResourceCard
from booking.services.faults import MOST_WHAT, report_fault
from booking.services.mine import Mine
from booking.services.troubles import troubles, troubles_at
from booking.web.shown import shown_resource

pages = Blueprint("faults", __name__)
AHEAD = timedelta(days=14)
Notice = tuple[str, str, str]  # kind, sentence, code


@pages.get("/resources/<slug>/fault")
@signed_in
def form(slug: str) -> str:
    """What is wrong, and whether it is dangerous."""
    draft = take_draft("faults.form") or {}
    return _page(shown_resource(slug), {name: values[0] for name, values in draft.items()}, {})


@pages.post("/resources/<slug>/fault")
@signed_in
def report(slug: str) -> Response | tuple[str, int]:
    """Takes the report; the resource may be out of service from now."""
    card, actor = shown_resource(slug), the_actor()
    typed = request.form.to_dict()
    try:
        with writing() as session:
            reported = report_fault(
                session, clock.now(), actor, card, typed.get("what", ""), is_dangerous=bool(typed.get("is_dangerous"))
            )
    except InvalidInput as wrong:
        return _page(card, typed, {wrong.field: wording.error_sentence(wrong, language())}), 422
    thanks = _("Thank you. Those who look after it see your report now.")
    if reported.out_of_service:
        thanks = f"{thanks} {_('Nobody can book it until they have looked at it.')}"
    flash(thanks, "ok")
    return redirect(url_for("resources.page", slug=slug), 303)  # type: ignore[return-value]


report.form_page = "faults.form"  # type: ignore[attr-defined]


def _page(card: ResourceCard, typed: dict[str, str], errors: dict[str, str]) -> str:
    if not card.is_bookable:
        raise WrongState(state=card.state)
    return render_template(
        "resources/fault.html", card=card, typed=typed, errors=errors, shown=shown_errors(errors), most=MOST_WHAT
    )


def resource_notices(card: ResourceCard, now: datetime) -> list[Notice]:
    """What the page of a resource says first: that it is out of service, and maintenance of the next two weeks."""
    outages, faults = troubles_at(db.session(), card, TimeSpan(now, now + AHEAD))
    told = [_fault_notice(fault, card, now) for fault in sorted(faults, key=lambda each: not each.is_safety)[:1]]
    for outage in outages:
        about = {"place": outage.place, "name": outage.reason}
        when = wording.when(outage.span, language(), card.zone)
        blocks = outage.effect is Effect.BLOCK
        words = (
            _("%(place)s has maintenance %(when)s: %(name)s.", when=when, **about)
            if blocks
            else _("Work goes on at %(place)s %(when)s: %(name)s. It can be booked all the same.", when=when, **about)
        )
        told.append(("waiting" if blocks else "quiet", words, "R12.outage" if blocks else "R12.notice"))
    return told


def _fault_notice(fault: OutOfService, card: ResourceCard, now: datetime) -> Notice:
    if fault.is_safety:
        words = _("%(place)s is closed for safety until somebody has put it right.", place=fault.place)
        return "refused", words, "R13.safety"
    back = fault.known_back(now)
    if back is None:
        words = _("%(place)s is out of service, and nobody knows yet for how long.", place=fault.place)
    else:
        when = wording.moment(back, language(), card.zone)
        words = _("%(place)s is out of service, expected back %(when)s.", place=fault.place, when=when)
    return "refused", words, "R13.out_of_service"


def booking_notices(bookings: Iterable[Mine], now: datetime) -> dict[str, list[Notice]]:
    """What stands in the way of one's own bookings now, by the booking's public id."""
    listed = list(bookings)
    zones = {each.public_id: each.zone for each in listed}
    return {
        public_id: [_finding_notice(finding, zones[public_id]) for finding in findings]
        for public_id, findings in troubles(db.session(), now, listed).items()
    }


def _finding_notice(finding: Finding, zone: ZoneInfo) -> Notice:
    return "refused" if finding.refuses else "waiting", wording.sentence(finding, language(), zone), finding.code
