"""Bookings that do not fit, as admin pages show them: when, what, why, and the way to each."""

from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask_babel import gettext as _

from booking import wording
from booking.core.scope import ScopeKind
from booking.db import db
from booking.http.language import language
from booking.permissions import Actor, ScopeKey
from booking.services.saving import Consequences, consequences
from booking.services.stranded import Stranded

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding in the reader's language."""

    code: str
    weight: str
    sentence: str
    where_set: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A booking that does not fit."""

    title: str
    href: str
    iso: str
    when: str
    about: str
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class ConsequencesView:
    """What a change left behind, and what did not fit already; `saved` when a change is being answered."""

    saved: bool
    new: list[Misfit]
    old: list[Misfit]
    more: int


def asked_entry() -> int | None:
    """The journal entry that `?saved=` asks about."""
    return request.args.get("saved", type=int)


def consequences_view(
    now: datetime, actor: Actor, subject: ScopeKey, resource_ids: tuple[int, ...]
) -> ConsequencesView:
    """How the future bookings of these resources fit now, and what the change asked about has to do with it."""
    found: Consequences = consequences(db.session(), now, actor, subject, resource_ids, asked_entry())
    shown_old = found.old[:MOST_SHOWN]
    return ConsequencesView(
        found.asked,
        [misfit(each) for each in found.new],
        [misfit(each) for each in shown_old],
        len(found.old) - len(shown_old),
    )


def misfit(stranded: Stranded) -> Misfit:
    """A booking that does not fit, in words."""
    glimpse, zone = stranded.glimpse, stranded.zone
    names = ", ".join(glimpse.resource_names)
    return Misfit(
        title=glimpse.title or names,
        href=url_for("bookings.page", public_id=glimpse.public_id) if glimpse.may_open else "",
        iso=glimpse.span.starts_at.astimezone(zone).isoformat(),
        when=wording.when(glimpse.span, language(), zone),
        about=" · ".join(filter(None, (names if glimpse.title else "", glimpse.organisation))),
        reasons=[_reason(stranded, index) for index in range(len(stranded.findings))],
    )


def _reason(stranded: Stranded, index: int) -> Reason:
    finding = stranded.findings[index]
    scope = finding.where_set
    known = scope is not None and scope.kind is not ScopeKind.DEFAULT
    where_set = _("The rule is %(origin)s.", origin=wording.origin(scope, language())) if known and scope else ""
    sentence = wording.sentence(finding, language(), stranded.zone)
    return Reason(finding.code, finding.weight.value, sentence, where_set)
