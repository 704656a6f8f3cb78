"""The form of one section of rules at a scope, for everyone or for a group; what is sent is rehearsed first."""

from collections.abc import Mapping
from datetime import datetime, time

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock, wording
from booking.admin import reading, rule_views, rules_form
from booking.admin.frame import Typed, error_of, scope_view, sent, typed
from booking.admin.rule_drafts import draft_page
from booking.admin.rule_views import for_group, looked_at, section_of
from booking.admin.rules_table import Section, words
from booking.core.errors import InvalidInput, NotFound, Stale
from booking.core.localtime import on_the_clock
from booking.db import db
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.services.drafts import Draft, read_draft
from booking.services.rule_changes import WEIGHTS, Asked
from booking.services.rule_settings import Sheet, sheet
from booking.services.scopes import District, Where

pages = Blueprint("admin_rule_edit", __name__, url_prefix="/admin/rules")


@pages.get("/<kind>/<int:id_>/<section>")
@allowed("resource.manage")
def edit(kind: str, id_: int, section: str) -> ResponseReturnValue:
    """The form of one section."""
    all_, where = looked_at(kind, id_, "resource.manage")
    group_id = request.args.get("group", type=int)
    chosen = for_group(section_of(section), group_id)
    seen = sheet(db.session(), clock.now(), where, group_id)
    return _form(chosen, all_, where, seen, typed("admin_rule_edit.rehearse", rules_form.as_shown(chosen, seen)), {})


@pages.post("/<kind>/<int:id_>/<section>")
@allowed("resource.manage")
def rehearse(kind: str, id_: int, section: str) -> ResponseReturnValue:
    """Rehearses what was sent and asks whether to save it; nothing is changed yet."""
    all_, where = looked_at(kind, id_, "resource.manage")
    form = sent()
    group_id = request.form.get("group", type=int)
    chosen = for_group(section_of(section), group_id)
    seen = sheet(db.session(), clock.now(), where, group_id)
    wanted, errors = rules_form.read(chosen, form, seen)
    if form.get("again"):
        return _form(chosen, all_, where, seen, form, {})
    if errors:
        return _form(chosen, all_, where, seen, form, errors), 422
    version = request.form.get("version", default=seen.version, type=int)
    if version != seen.version:
        form["version"] = str(seen.version)
        late = Stale(version=seen.version)
        return _form(chosen, all_, where, seen, form, {"": wording.error_sentence(late, language())}), 409
    try:
        weights = rules_form.read_weights(rule_views.weighable(chosen), form)
        asked = Asked(wanted, weights, group_id, _from(form, where))
        draft = read_draft(db.session(), the_actor(), all_, Draft({where.key: asked}, {where.key: version}))
    except InvalidInput as wrong:
        return _form(chosen, all_, where, seen, form, error_of(wrong)), 422
    return draft_page(draft, url_for("admin_rules.show", kind=kind, id_=id_), again=(request.path, form))


rehearse.form_page = "admin_rule_edit.edit"  # type: ignore[attr-defined]


def _from(form: Mapping[str, str], where: Where) -> datetime | None:
    """The start of the day from which it is to count; None for at once."""
    text = form.get("from", "").strip()
    if not text:
        return None
    starts_at = on_the_clock(datetime.combine(reading.day(text, "from"), time()), where.zone)
    if starts_at <= clock.now():
        raise InvalidInput("from", "rules.not_ahead")
    return starts_at


def _form(chosen: Section, all_: District, where: Where, seen: Sheet, values: Typed, errors: Mapping[str, str]) -> str:
    named = rule_views.names()
    if seen.group_id is not None and seen.group_id not in named["group"]:
        raise NotFound(kind="group")
    return render_template(
        "admin/rules/edit.html",
        section_=chosen,
        scope=scope_view(where.level, where),
        rows={row.field.id: row for row in rule_views.rows(chosen, seen, all_, where, named)},
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
        inherited_weights={code: rule_views.weight_words(seen.rules[code].inherited.weight) for code in chosen.rules},
        group=named["group"].get(seen.group_id, "") if seen.group_id is not None else "",
        group_id=seen.group_id,
        reached=len(where.resource_ids),
    )
