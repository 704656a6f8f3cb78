"""What every admin page stands in: the way between the pages, scopes with links, and forms that were put aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from booking import wording
from booking.core.errors import InvalidInput
from booking.core.scope import Scope, ScopeKind
from booking.http.access import current_actor, the_actor
from booking.http.csrf import take_draft
from booking.http.language import language
from booking.permissions import Actor, can
from booking.services.scopes import Level, Where

Typed = MultiDict[str, Any]

KIND_WORDS = {
    "site": lambda: _("Site"),
    "building": lambda: _("Building"),
    "category": lambda: _("Category"),
    "resource": lambda: _("Resource"),
}


@dataclass(frozen=True, slots=True)
class ScopeView:
    """A scope as pages name it; `href` is empty when the reader may not look at its rules."""

    kind: str
    id: int
    name: str
    kind_words: str
    href: str


def navigation() -> list[tuple[str, str, bool]]:
    """The ways between the admin pages that this reader may go: address, words, and whether we are there."""
    actor = current_actor()
    parts = [
        ("admin.landing", _("Overview"), can(actor, "admin.enter")),
        ("approvals.listing", _("Requests"), can(actor, "request.decide")),
        ("admin_resources.listing", _("Resources"), can(actor, "resource.inspect")),
        ("admin_rules.choose", _("Rules"), can(actor, "resource.inspect")),
        ("admin_closures.choose", _("Closures"), can(actor, "resource.inspect")),
        ("admin_outages.choose", _("Maintenance"), can(actor, "resource.inspect")),
        ("admin_qualifications.listing", _("Qualifications"), can(actor, "resource.inspect")),
        ("admin_activities.listing", _("Activities"), can(actor, "resource.inspect")),
        ("admin_documents.listing", _("Declarations"), can(actor, "resource.inspect")),
        ("admin_dispensations.listing", _("Dispensations"), can(actor, "site.inspect")),
        ("admin_groups.listing", _("Groups"), can(actor, "site.inspect")),
        ("admin_places.listing", _("Places"), can(actor, "site.inspect")),
        ("admin_demand.listing", _("Demand"), can(actor, "site.inspect")),
        ("admin_organisations.listing", _("Organisations"), can(actor, "organisation.inspect")),
        ("admin_people.listing", _("People"), can(actor, "organisation.inspect")),
        ("admin_mail.show", _("Mail"), can(actor, "site.inspect")),
    ]
    ways = [(url_for(name), words) for name, words, may in parts if may and name in current_app.view_functions]
    return [(href, words, _is_here(href)) for href, words in ways]


def _is_here(href: str) -> bool:
    return request.path == href if href.endswith("/admin") else (request.path + "/").startswith(href + "/")


def sees_rules(actor: Actor, where: Where) -> bool:
    """Whether the actor may look at what is set here."""
    return can(actor, "resource.inspect", where.place)


def scope_view(level: Level, where: Where | None = None) -> ScopeView:
    """The scope; with a link when `where` is given and its rules are for the reader to see."""
    may = where is not None and sees_rules(the_actor(), where)
    href = url_for("admin_rules.show", kind=level.kind, id_=level.id) if may else ""
    return ScopeView(level.kind, level.id, level.name(language()), KIND_WORDS[level.kind](), href)


def origin_words(level: Level | None, here: Level) -> str:
    """Where a value is set, as one short phrase."""
    if level is None:
        return str(_("default"))
    if level.key == here.key:
        return str(_("set here"))
    return wording.origin(Scope(ScopeKind(level.kind), level.id, level.name(language())), language())


def sent() -> Typed:
    """The form as it was sent."""
    return MultiDict(request.form)


def typed(endpoint: str, values: Mapping[str, Any] | None = None) -> Typed:
    """What stands in the form's fields: what was put aside for `endpoint`, or else these values."""
    draft = take_draft(endpoint)
    return MultiDict(draft) if draft is not None else MultiDict(values or {})


def error_of(wrong: InvalidInput) -> dict[str, str]:
    """The sentence about a value, by its field's id."""
    return {wrong.field.replace(".", "-"): wording.error_sentence(wrong, language())}
