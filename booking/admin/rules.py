"""The rules of a scope: every value with where it comes from, a form for each section, and the history."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin import rules_form
from booking.admin.consequences import consequences_view
from booking.admin.frame import ScopeView, Typed, error_of, origin_words, scope_view, sent, typed
from booking.admin.rules_table import SECTIONS, FieldKind, Section, words
from booking.admin.rules_table.words import Names
from booking.core.errors import InvalidInput, NotFound, Stale
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can, require
from booking.services import rule_settings
from booking.services.rule_settings import Sheet, Version
from booking.services.rule_sources import names_of
from booking.services.scopes import KINDS, District, Where, district, may_manage

pages = Blueprint("admin_rules", __name__, url_prefix="/admin/rules")


@dataclass(frozen=True, slots=True)
class Row:
    """One value that counts, and where it was set; `inherited` is what would count if it were not set here."""

    field: FieldKind
    value: str
    origin_kind: str
    origin: str
    href: str
    inherited: str
    inherited_from: str
    weight: str


@dataclass(frozen=True, slots=True)
class Past:
    """A line of the history, in words."""

    title: str
    values: list[tuple[str, str]]
    version: Version


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
    return render_template("admin/rules/choose.html", chosen=chosen)


@pages.get("/<kind>/<int:id_>")
@allowed("resource.inspect")
def show(kind: str, id_: int) -> ResponseReturnValue:
    """Every value that counts here; after a change, what it left behind."""
    all_, where = _looked_at(kind, id_)
    now, session = clock.now(), db.session()
    sheet = rule_settings.sheet(session, now, where)
    names = _names()
    return render_template(
        "admin/rules/show.html",
        scope=scope_view(where.level, where),
        around=_around(all_, where),
        sections=[(section, _rows(section, sheet, all_, where, names)) for section in SECTIONS.values()],
        grants=_grants(sheet, all_, names),
        history=[_past(version, names) for version in rule_settings.history(session, where)],
        may_change=may_manage(the_actor(), where),
        consequences=consequences_view(now, the_actor(), where.key, where.resource_ids),
        reached=len(where.resource_ids),
        zone=where.zone,
        resource_slug=where.level.slug if kind == "resource" else "",
    )


@pages.get("/<kind>/<int:id_>/<section>")
@allowed("resource.manage")
def edit(kind: str, id_: int, section: str) -> ResponseReturnValue:
    """The form of one section."""
    all_, where = _looked_at(kind, id_)
    require(the_actor(), "resource.manage", where.place)
    chosen = _section(section)
    sheet = rule_settings.sheet(db.session(), clock.now(), where)
    return _form(chosen, all_, where, sheet, typed("admin_rules.save", rules_form.as_shown(chosen, sheet)), {})


@pages.post("/<kind>/<int:id_>/<section>")
@allowed("resource.manage")
def save(kind: str, id_: int, section: str) -> ResponseReturnValue:
    """Saves a section, and says which future bookings no longer fit."""
    all_, where = _looked_at(kind, id_)
    require(the_actor(), "resource.manage", where.place)
    chosen = _section(section)
    sheet = rule_settings.sheet(db.session(), clock.now(), where)
    form = sent()
    wanted, errors = rules_form.read(chosen, form, sheet)
    if errors:
        return _form(chosen, all_, where, sheet, form, errors), 422
    version = request.form.get("version", type=int)
    try:
        with writing() as session:
            change = rule_settings.change_rules(session, clock.now(), the_actor(), where, wanted, version=version)
    except InvalidInput as wrong:
        return _form(chosen, all_, where, sheet, form, error_of(wrong)), 422
    except Stale as stale:
        return _late(chosen, all_, where, form, stale), 409
    if change is None or change.entry_id is None:
        flash(_("Nothing was changed."), "mine")
        return redirect(url_for(".show", kind=kind, id_=id_), 303)
    flash(_("Saved. The new rules count from now on."), "ok")
    return redirect(url_for(".show", kind=kind, id_=id_, saved=change.entry_id), 303)


save.form_page = "admin_rules.edit"  # type: ignore[attr-defined]


def _late(chosen: Section, all_: District, where: Where, form: Typed, stale: Stale) -> str:
    """The same form with what was typed; sending it once more saves it over what somebody else has set."""
    sheet = rule_settings.sheet(db.session(), clock.now(), where)
    form["version"] = str(sheet.version)
    return _form(chosen, all_, where, sheet, form, {"": wording.error_sentence(stale, language())})


def _looked_at(kind: str, id_: int) -> tuple[District, Where]:
    """Raises NotFound, NotAllowed."""
    all_ = district(db.session())
    where = all_.where(kind, id_)
    require(the_actor(), "resource.inspect", where.place)
    return all_, where


def _section(key: str) -> Section:
    if key not in SECTIONS:
        raise NotFound(kind="section")
    return SECTIONS[key]


def _form(
    chosen: Section,
    all_: District,
    where: Where,
    sheet: Sheet,
    values: Typed,
    errors: Mapping[str, str],
) -> str:
    names = _names()
    return render_template(
        "admin/rules/edit.html",
        section_=chosen,
        scope=scope_view(where.level, where),
        rows={row.field.id: row for row in _rows(chosen, sheet, all_, where, names)},
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        options={kind.id: _options(kind, names) for kind in chosen.fields},
        day_name=words.day_name,
        window_id=rules_form.window_id,
        many=rules_form.NEEDS,
        reached=len(where.resource_ids),
    )


def _options(kind: FieldKind, names: Names) -> list[tuple[object, str]]:
    """What can be chosen, in words."""
    if kind.shape.source:
        return list(names[kind.shape.source].items())
    if kind.kind == "flag":
        return [("true", _("Yes")), ("false", _("No"))]
    return [(value, words.one_value(kind, value)) for value in kind.shape.choices]


def _rows(section: Section, sheet: Sheet, all_: District, where: Where, names: Names) -> list[Row]:
    return [_row(kind, sheet, all_, where, names) for kind in section.fields]


def _row(kind: FieldKind, sheet: Sheet, all_: District, where: Where, names: Names) -> Row:
    view = sheet.rules[kind.rule]
    scope, above = view.effective.scope_of(kind.name), view.inherited.scope_of(kind.name)
    level = all_.levels.get((str(scope.kind), scope.id or 0))
    shown = scope_view(level, all_.where(level.kind, level.id)) if level and level.key != where.key else None
    return Row(
        field=kind,
        value=words.shown_effective(kind, view.effective, names),
        origin_kind=str(scope.kind),
        origin=origin_words(level, where.level),
        href=shown.href if shown else "",
        inherited=words.shown_effective(kind, view.inherited, names),
        inherited_from=origin_words(all_.levels.get((str(above.kind), above.id or 0)), where.level),
        weight=str(view.effective.weight) if level and view.effective.weight != view.rule.weight else "",
    )


def _around(all_: District, where: Where) -> list[ScopeView]:
    return [scope_view(level, all_.where(level.kind, level.id)) for level in where.around]


def _grants(sheet: Sheet, all_: District, names: Names) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Looser values for single groups: the group, where it is set, and the values."""
    return [
        (grant.group, all_.levels[grant.scope].name(language()), words.said(view.rule.code, grant.params, names))
        for view in sheet.rules.values()
        for grant in view.grants
        if grant.scope in all_.levels
    ]


def _past(version: Version, names: Names) -> Past:
    return Past(words.rule_title(version.rule), words.said(version.rule, version.params, names), version)


def _names() -> Names:
    sources = {kind.shape.source for section in SECTIONS.values() for kind in section.fields if kind.shape.source}
    return names_of(db.session(), sources)
