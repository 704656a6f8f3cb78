"""The same values for several resources at once: choose them, fill in what is to change, and see the difference."""

from types import SimpleNamespace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from booking import clock
from booking.admin import rule_views, rules_form
from booking.admin.frame import Typed, error_of, sent, typed
from booking.admin.rule_drafts import draft_page
from booking.admin.rule_views import section_of
from booking.admin.rules_table import SECTIONS, Section, words
from booking.core.errors import InvalidInput
from booking.db import db
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.services.drafts import Draft, read_draft
from booking.services.rule_changes import WEIGHTS, Asked
from booking.services.rule_settings import sheet
from booking.services.scopes import District, Level, district, may_manage

pages = Blueprint("admin_rule_bulk", __name__, url_prefix="/admin/rules/many")


@pages.get("")
@allowed("resource.manage")
def choose() -> ResponseReturnValue:
    """Which resources, and which values."""
    all_ = district(db.session())
    chosen, section = request.args.getlist("resource", type=int), request.args.get("section", "")
    if chosen and section in SECTIONS:
        return redirect(url_for(".edit", section=section, resource=chosen), 303)
    return render_template(
        "admin/rules/many.html",
        resources=[(each.id, each.name(language())) for each in _mine(all_)],
        chosen=chosen,
        sections=SECTIONS.values(),
        missing=_("Choose at least one resource.") if section and not chosen else "",
    )


@pages.get("/<section>")
@allowed("resource.manage")
def edit(section: str) -> ResponseReturnValue:
    """The form; every value begins as "leave as it is"."""
    chosen, ids = section_of(section), request.args.getlist("resource", type=int)
    if not ids:
        return redirect(url_for(".choose"), 303)
    return _form(chosen, ids, typed("admin_rule_bulk.rehearse", MultiDict()), {})


@pages.post("/<section>")
@allowed("resource.manage")
def rehearse(section: str) -> ResponseReturnValue:
    """Shows what would differ, resource by resource, and rehearses it."""
    chosen, form, all_ = section_of(section), sent(), district(db.session())
    ids = form.getlist("resource", type=int)
    asked, versions = {}, {}
    errors: dict[str, str] = {}
    for id_ in ids:
        where = all_.where("resource", id_)
        seen = sheet(db.session(), clock.now(), where)
        wanted, errors = rules_form.read(chosen, form, seen, keeping=True)
        weights = rules_form.read_weights(rule_views.weighable(chosen), form)
        asked[where.key], versions[where.key] = Asked(wanted, weights), seen.version
    if form.get("again") or errors or not ids:
        return _form(chosen, ids, form, {} if form.get("again") else errors), 422 if errors else 200
    try:
        draft = read_draft(db.session(), the_actor(), all_, Draft(asked, versions))
    except InvalidInput as wrong:
        return _form(chosen, ids, form, error_of(wrong)), 422
    return draft_page(draft, url_for(".choose", resource=ids), again=(request.path, form))


rehearse.form_page = "admin_rule_bulk.choose"  # type: ignore[attr-defined]


def _mine(all_: District) -> list[Level]:
    return [
        level
        for level in all_.of_kind("resource", language())
        if may_manage(the_actor(), all_.where("resource", level.id))
    ]


def _form(chosen: Section, ids: list[int], values: Typed, errors: dict[str, str]) -> str:
    named, all_ = rule_views.names(), district(db.session())
    plain = SimpleNamespace(inherited="", inherited_from="")
    return render_template(
        "admin/rules/many_edit.html",
        section_=chosen,
        resources=[all_.where("resource", id_).level for id_ in ids],
        rows={kind.id: plain for kind in chosen.fields},
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        options={kind.id: rule_views.options(kind, named) for kind in chosen.fields},
        day_name=words.day_name,
        window_id=rules_form.window_id,
        many=rules_form.NEEDS,
        limit_rows=rules_form.limit_rows(chosen, values),
        weighable=rule_views.weighable(chosen),
        rule_names=rule_views.rule_names(chosen),
        weights=[(weight.value, rule_views.weight_words(weight.value)) for weight in WEIGHTS],
    )
