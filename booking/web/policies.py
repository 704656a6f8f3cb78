"""A resource's whole policy in plain language, and "may X book Y at Z?" with every rule that was asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.core.errors import NotAllowed, NotFound
from booking.core.localtime import local_day
from booking.core.request import WallSpan
from booking.core.scope import Scope, ScopeKind
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.db import db
from booking.http.access import public, signed_in, the_actor
from booking.http.words import gettext as _
from booking.permissions import Actor, can
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.facts import facts_of
from booking.services.rule_sources import SOURCES, names_of
from booking.services.trace import Step, Trace, member_by_email, trace
from booking.web.display import sentence_case, when
from booking.web.reading import read_day, read_number, read_wall
from booking.web.rule_words import RuleLine, paragraph, paragraphs
from booking.web.shown import shown_resource
from booking.web.verdicts import FindingView, finding_view

pages = Blueprint("policies", __name__)


@dataclass(frozen=True, slots=True)
class StepView:
    """One rule that was asked; `hrefs` lead a manager to where each line was set."""

    code: str
    title: str
    lines: list[tuple[RuleLine, str]]
    findings: list[FindingView]


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the form, and what could be read of it."""

    who: str
    date: str
    start: str
    end: str
    people: str
    wall: WallSpan | None


@pages.get("/resources/<slug>/rules")
@public
def page(slug: str) -> str:
    """Every rule as a paragraph with an address of its own: #R21."""
    card, now = shown_resource(slug), clock.now()
    window = TimeSpan(now, now + timedelta(hours=1))
    facts = facts_of(db.session(), now, {card.id: card}, member_id=None, window=window)
    told = paragraphs(facts.resources[card.id].settings, names_of(db.session(), SOURCES))
    return render_template("resources/policy.html", card=card, paragraphs=told)


@pages.get("/resources/by-id/<int:id_>/rules")
@public
def by_id(id_: int) -> ResponseReturnValue:
    """Where a refusal leads, which knows the resource by its id; browsers keep the #R21 on the way."""
    card = resources_by_id(db.session(), [id_]).get(id_)
    if card is None:
        raise NotFound(kind="resource")
    return redirect(url_for(".page", slug=card.slug), 303)


@pages.get("/resources/<slug>/may")
@signed_in
def may(slug: str) -> str:
    """May X book Y at Z? Members ask for themselves, those who look after the resource for anybody."""
    card, actor, now = shown_resource(slug), the_actor(), clock.now()
    for_others = can(actor, "resource.inspect", card.place)
    asked = _asked(card, now)
    member = _member(actor, asked, may_ask=for_others)
    found = None
    if asked.wall is not None and member is not None:
        found = trace(db.session(), now, card, member[0], asked.wall, read_number(asked.people))
    return render_template(
        "resources/may.html",
        card=card,
        asked=asked,
        for_others=for_others,
        name=member[1] if member else "",
        errors=_errors(asked, member),
        answer=_answer(found.verdict) if found else None,
        when=sentence_case(when(found.span, card.zone)) if found and found.span else "",
        steps=_steps(found, card, may_look=for_others) if found else [],
    )


def _asked(card: ResourceCard, now: datetime) -> Asked:
    tomorrow = (local_day(now, card.zone) + timedelta(days=1)).isoformat()
    sent = {name: request.args.get(name, "").strip() for name in ("who", "date", "start", "end", "people")}
    if not any(sent.values()):
        return Asked("", tomorrow, "", "", "", None)
    return Asked(**sent, wall=_wall(sent["date"], sent["start"], sent["end"]))


def _wall(day_text: str, start: str, end: str) -> WallSpan | None:
    day = read_day(day_text)
    starts, ends = (read_wall(day, text) if day else None for text in (start, end))
    if starts is None or ends is None:
        return None
    return WallSpan(starts, ends if ends > starts else ends + timedelta(days=1))


def _member(actor: Actor, asked: Asked, *, may_ask: bool) -> tuple[int, str] | None:
    """Raises NotAllowed for somebody else's answer."""
    if not asked.who or asked.who.casefold() == actor.email.casefold():
        return actor.member_id, actor.name
    if not may_ask:
        raise NotAllowed(permission="resource.inspect")
    return member_by_email(db.session(), asked.who)


def _errors(asked: Asked, member: tuple[int, str] | None) -> list[tuple[str, str]]:
    found = []
    if member is None:
        found.append(("who", _("Nobody here has that address.")))
    if (asked.start or asked.end) and asked.wall is None:
        found.append(("start", _("Enter a day, and times such as 9 or 13:30.")))
    return found


def _answer(verdict: Verdict) -> tuple[str, str]:
    """The kind of badge, and its word."""
    if verdict.refused:
        return "refused", _("No")
    return ("waiting", _("With approval")) if verdict.needs_approval else ("ok", _("Yes"))


def _steps(found: Trace, card: ResourceCard, *, may_look: bool) -> list[StepView]:
    names = names_of(db.session(), SOURCES)
    return [_step(step, card.zone, names, may_look=may_look) for step in found.steps]


def _step(step: Step, zone: ZoneInfo, names: dict[str, dict[int, str]], *, may_look: bool) -> StepView:
    told = paragraph(step.rule.code, step.effective, names)
    lines = [(line, _set_at(line.scope) if may_look else "") for line in told.lines]
    return StepView(told.code, told.title, lines, [finding_view(each, zone) for each in step.findings])


def _set_at(scope: Scope) -> str:
    if scope.kind is ScopeKind.DEFAULT or scope.id is None:
        return ""
    return url_for("admin_rules.show", kind=str(scope.kind), id_=scope.id)
