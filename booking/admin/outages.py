"""Maintenance of a resource: what is coming, planning more, and deciding for every booking that lies under it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin.consequences import consequences_view
from booking.admin.fault_view import fault_view
from booking.admin.frame import Typed, error_of, sent, typed
from booking.admin.outage_form import PLAN_FIELDS, read_decisions, read_plan
from booking.admin.triage_view import bookings_view
from booking.core.errors import DomainError, InvalidInput, WrongState
from booking.core.outages import Effect
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can, require
from booking.services import outages
from booking.services.catalogue import ResourceCard, resource_by_slug, resources, resources_by_id
from booking.services.faults import open_faults
from booking.services.outages import OutageLine, Plan
from booking.services.outages_known import reached_by
from booking.services.suggesting import suggestions
from booking.services.triage import MadeMeanwhile, MoveRefused, Undecided

pages = Blueprint("admin_outages", __name__, url_prefix="/admin/outages")


@dataclass(frozen=True, slots=True)
class Line:
    """One date of maintenance in words."""

    public_id: str
    reason: str
    when: str
    iso: str
    only_told: bool
    place: str
    href: str
    dates: int


@pages.get("")
@allowed("resource.inspect")
def choose() -> ResponseReturnValue:
    """What is coming and what is broken anywhere the reader may look, and every resource to plan for."""
    session, now, actor = db.session(), clock.now(), the_actor()
    cards = {card.id: card for card in resources(session) if can(actor, "resource.inspect", card.place)}
    return render_template(
        "admin/outages/choose.html",
        lines=[line_view(line, cards[line.resource_id]) for line in outages.upcoming_outages(session, now, cards)],
        faults=[fault_view(fault, cards[fault.resource_id], now) for fault in open_faults(session, cards)],
        cards=[(url_for(".show", slug=card.slug), card.name) for card in cards.values()],
    )


@pages.get("/<slug>")
@allowed("resource.inspect")
def show(slug: str) -> ResponseReturnValue:
    """What is coming here, what is broken, and the form to plan more."""
    return _page(_inspected(slug), typed("admin_outages.show", {"effect": Effect.BLOCK.value}), {})


@pages.get("/<slug>/plan")
@allowed("resource.manage")
def plan(slug: str) -> ResponseReturnValue:
    """Every date, and every booking that lies under it, before anything is saved."""
    card = _managed(slug)
    values = typed("admin_outages.plan", request.args.to_dict())
    try:
        planned = _checked(values, card)
    except InvalidInput as wrong:
        return _page(card, values, error_of(wrong)), 422
    return _triage(card, planned, values, {})


@pages.post("/<slug>/plan")
@allowed("resource.manage")
def lay(slug: str) -> ResponseReturnValue:
    """Lays it, and does what was decided for each booking: all or nothing."""
    card, values, actor = _managed(slug), sent(), the_actor()
    try:
        planned = _checked(values, card)
    except InvalidInput as wrong:
        return _page(card, values, error_of(wrong)), 422
    try:
        decisions = read_decisions(values, outages.lies_over(db.session(), clock.now(), actor, card, planned))
        with writing() as session:
            change = outages.lay_outage(
                session, clock.now(), actor, card, planned, decisions, values.get("message", "")
            )
    except (InvalidInput, MadeMeanwhile, Undecided, WrongState, MoveRefused) as refused:
        fresh = refused.facts["bookings"] if isinstance(refused, MadeMeanwhile) else ()
        return _triage(card, planned, values, _errors(refused, card), fresh), refused.status  # type: ignore[arg-type]
    flash(_("Planned. Each booking under it is as you decided."), "ok")
    return redirect(url_for(".show", slug=slug, saved=change.entry_id), 303)


lay.form_page = "admin_outages.plan"  # type: ignore[attr-defined]


@pages.post("/dates/<public_id>/removal")
@allowed("resource.manage")
def remove(public_id: str) -> ResponseReturnValue:
    """Takes one date away, or all of a repeat that are not over."""
    resource_id = outages.resource_of_outage(db.session(), public_id)
    slug = resources_by_id(db.session(), [resource_id])[resource_id].slug
    with writing() as session:
        change = outages.remove_outage(
            session, clock.now(), the_actor(), public_id, all_dates=bool(request.form.get("all"))
        )
    flash(_("Removed. The time can be booked again."), "ok")
    return redirect(url_for(".show", slug=slug, saved=change.entry_id), 303)


def line_view(line: OutageLine, card: ResourceCard) -> Line:
    """A date of maintenance in words."""
    return Line(
        line.public_id,
        line.reason,
        wording.when(line.span, language(), card.zone),
        line.span.starts_at.astimezone(card.zone).isoformat(),
        line.effect is Effect.NOTICE,
        card.name,
        url_for("admin_outages.show", slug=card.slug),
        line.dates,
    )


def _inspected(slug: str) -> ResourceCard:
    """Raises NotFound, NotAllowed."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.inspect", card.place)
    return card


def _managed(slug: str) -> ResourceCard:
    """Raises NotFound, NotAllowed."""
    card = resource_by_slug(db.session(), slug)
    require(the_actor(), "resource.manage", card.place)
    return card


def _checked(values: Typed, card: ResourceCard) -> Plan:
    """Raises InvalidInput."""
    planned = read_plan(values, card.zone)
    outages.check_plan(clock.now(), planned)
    return planned


def _errors(refused: DomainError, card: ResourceCard) -> dict[str, str]:
    sentence = wording.error_sentence(refused, language())
    if isinstance(refused, MadeMeanwhile | Undecided):
        return {f"choice-{id_}": sentence for id_ in refused.facts["bookings"]}  # type: ignore[attr-defined]
    if isinstance(refused, MoveRefused):
        reasons = wording.sentences(refused.verdict.refusals, language(), card.zone)
        return {f"choice-{refused.public_id}": " ".join([sentence, *reasons])}
    return {refused.field if isinstance(refused, InvalidInput) else "all": sentence}


def _triage(
    card: ResourceCard, planned: Plan, values: Typed, errors: Mapping[str, str], fresh: Collection[str] = ()
) -> str:
    session, now, actor = db.session(), clock.now(), the_actor()
    found = outages.lies_over(session, now, actor, card, planned)
    ways = suggestions(session, now, actor, found, outages.planned(session, card, planned))
    first_of_each = {sentence: name for name, sentence in reversed(list(errors.items()))}
    return render_template(
        "admin/outages/plan.html",
        card=card,
        plan=planned,
        dates=[wording.when(span, language(), card.zone) for span in planned.spans],
        kept={name: values.get(name, "") for name in PLAN_FIELDS},
        bookings=bookings_view(found, ways, values, fresh),
        typed=values,
        errors=errors,
        shown=shown_errors({name: sentence for sentence, name in first_of_each.items()}),
    )


def _page(card: ResourceCard, values: Typed, errors: Mapping[str, str]) -> str:
    session, now, actor = db.session(), clock.now(), the_actor()
    reached = reached_by(session, card.id)
    return render_template(
        "admin/outages/show.html",
        card=card,
        lines=[line_view(line, card) for line in outages.upcoming_outages(session, now, [card.id])],
        faults=[fault_view(fault, card, now) for fault in open_faults(session, [card.id])],
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        may_change=can(actor, "resource.manage", card.place),
        consequences=consequences_view(now, actor, ("resource", card.id), reached),
    )
