"""The rules of a scope: every value with where it comes from, who set what, and the way to what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from booking import clock
from booking.admin import rule_views
from booking.admin.consequences import consequences_view
from booking.admin.frame import scope_view
from booking.admin.rule_templates import TEMPLATES
from booking.admin.rule_views import Changed, looked_at
from booking.admin.rules_table import SECTIONS, words
from booking.admin.rules_table.words import Names
from booking.db import db
from booking.http.access import allowed, the_actor
from booking.http.language import language
from booking.permissions import can
from booking.services import rule_settings
from booking.services.rule_history import Version, history
from booking.services.scopes import KINDS, district, may_manage

pages = Blueprint("admin_rules", __name__, url_prefix="/admin/rules")


@dataclass(frozen=True, slots=True)
class Past:
    """A line of the history, in words; `standing` is now, planned, or past."""

    title: str
    values: list[Changed]
    version: Version
    standing: str


@pages.get("")
@allowed("resource.inspect")
def choose() -> ResponseReturnValue:
    """Where to look: every scope the reader may look at."""
    all_ = district(db.session())
    chosen = {
        kind: [
            scope_view(level, all_.where(level.kind, level.id))
            for level in all_.of_kind(kind, language())
            if can(the_actor(), "resource.inspect", all_.where(level.kind, level.id).place)
        ]
        for kind in KINDS
    }
    return render_template("admin/rules/choose.html", chosen=chosen, may_change=can(the_actor(), "resource.manage"))


@pages.get("/<kind>/<int:id_>")
@allowed("resource.inspect")
def show(kind: str, id_: int) -> ResponseReturnValue:
    """Every value that counts here; after a change, what it left behind."""
    all_, where = looked_at(kind, id_)
    now, session = clock.now(), db.session()
    sheet = rule_settings.sheet(session, now, where)
    names = rule_views.names()
    return render_template(
        "admin/rules/show.html",
        scope=scope_view(where.level, where),
        around=rule_views.around(all_, where),
        sections=[(each, rule_views.rows(each, sheet, all_, where, names)) for each in SECTIONS.values()],
        grants=rule_views.grants(sheet, all_, names),
        groups=_groups(names),
        history=[_past(version, names, now) for version in history(session, where)],
        may_change=may_manage(the_actor(), where),
        consequences=consequences_view(now, the_actor(), where.key, where.resource_ids),
        reached=len(where.resource_ids),
        zone=where.zone,
        resource_slug=where.level.slug if kind == "resource" else "",
        templates=TEMPLATES,
    )


def _groups(names: Names) -> Mapping[int, str]:
    return names.get("group", {})


def _past(version: Version, names: Names, now: datetime) -> Past:
    standing = "planned" if version.is_planned(now) else "now" if version.counts(now) else "past"
    values = rule_views.changed(
        version.rule, version.before, version.params, names, (version.weight_before, version.weight)
    )
    return Past(words.rule_title(version.rule), values, version, standing)
