"""Drafts of rules: what they would change, whom a rehearsal says they would meet, and saving them."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, stream_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock, wording
from booking.admin import rule_views
from booking.admin.frame import Typed
from booking.admin.rehearsal_view import RehearsalView, told
from booking.admin.rule_templates import TEMPLATES
from booking.admin.rule_views import looked_at
from booking.core.errors import InvalidInput, NotFound, Stale
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.language import language
from booking.services.drafts import Draft, differences, read_draft, save
from booking.services.rehearsal import rehearse
from booking.services.rule_changes import Asked
from booking.services.rule_history import Version, history
from booking.services.rule_settings import sheet
from booking.services.scopes import District, Where, district

pages = Blueprint("admin_rule_drafts", __name__, url_prefix="/admin/rules")


@pages.post("/drafts")
@allowed("resource.manage")
def confirm() -> ResponseReturnValue:
    """Saves a draft that was looked at; when somebody else was faster, shows it anew against what there is now."""
    now, all_ = clock.now(), district(db.session())
    draft = read_draft(db.session(), the_actor(), all_, _sent_draft())
    try:
        with writing() as session:
            changes = save(session, now, the_actor(), all_, draft)
    except Stale as stale:
        fresh = {key: sheet(db.session(), now, all_.where(*key)).version for key in draft.asked}
        late = wording.error_sentence(stale, language())
        return draft_page(Draft(draft.asked, fresh), _back(draft), late=late, status=409)
    except InvalidInput as wrong:
        return draft_page(draft, _back(draft), late=wording.error_sentence(wrong, language()), status=422)
    if not changes:
        flash(_("Nothing was changed."), "mine")
        return redirect(_back(draft), 303)
    flash(_("Saved. It counts from the day you chose.") if draft.valid_from else _saved_words(), "ok")
    if len(draft.asked) > 1:
        flash(ngettext("%(num)s place was changed.", "%(num)s places were changed.", len(changes)), "ok")
        return redirect(url_for("admin_rules.choose"), 303)
    kind, id_ = next(iter(draft.asked))
    return redirect(url_for("admin_rules.show", kind=kind, id_=id_, saved=changes[0].entry_id), 303)


@pages.get("/<kind>/<int:id_>/versions/<int:version_id>")
@allowed("resource.manage")
def bring_back(kind: str, id_: int, version_id: int) -> ResponseReturnValue:
    """An earlier version as a draft; of one that is planned, what counts until then instead of it."""
    _all, where = looked_at(kind, id_, "resource.manage")
    found = next((each for each in history(db.session(), where, most=1000) if each.id == version_id), None)
    if found is None:
        raise NotFound(kind="version")
    return draft_page(_brought_back(where, found), url_for("admin_rules.show", kind=kind, id_=id_))


@pages.get("/<kind>/<int:id_>/templates/<name>")
@allowed("resource.manage")
def from_template(kind: str, id_: int, name: str) -> ResponseReturnValue:
    """The values of a template as a draft."""
    _all, where = looked_at(kind, id_, "resource.manage")
    if name not in TEMPLATES:
        raise NotFound(kind="template")
    seen = sheet(db.session(), clock.now(), where)
    values = {code: {**_kept(code, where), **params} for code, params in TEMPLATES[name].values.items()}
    draft = Draft({where.key: Asked(values, TEMPLATES[name].weights)}, {where.key: seen.version})
    return draft_page(draft, url_for("admin_rules.show", kind=kind, id_=id_), title=str(TEMPLATES[name].title))


def _kept(code: str, where: Where) -> dict[str, Any]:
    """What is set here of a rule whose values are set one by one."""
    view = sheet(db.session(), clock.now(), where).rules[code]
    return {} if view.rule.params.whole else dict(view.here)


def _brought_back(where: Where, version: Version) -> Draft:
    now = clock.now()
    seen = sheet(db.session(), now, where, version.group_id)
    view = seen.rules[version.rule]
    planned = version.is_planned(now)
    params, weight = (view.here, view.weight_here) if planned else (version.params, version.weight)
    starts = version.valid_from if planned else None
    asked = Asked({version.rule: params}, {version.rule: weight}, version.group_id, starts)
    return Draft({where.key: asked}, {where.key: seen.version})


def draft_page(
    draft: Draft,
    back: str,
    *,
    title: str = "",
    again: tuple[str, Typed] | None = None,
    late: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """What would change, then the rehearsal as it goes on, then the button that saves.

    The page is sent while it is being made. `again` leads back to the form with what was typed.
    """
    all_ = district(db.session())
    lines = differences(db.session(), clock.now(), all_, draft)
    if not lines:
        flash(_("Nothing was changed."), "mine")
        return redirect(back, 303)
    starts_at = draft.valid_from
    page = stream_template(
        "admin/rules/draft.html",
        title=title,
        lines=rule_views.difference_views(lines, rule_views.names()),
        states=_states(draft, all_),
        draft=json.dumps(draft.to_json()),
        starts=wording.day_text(starts_at.astimezone(lines[0].where.zone).date(), language()) if starts_at else "",
        group=rule_views.names()["group"].get(draft.group_id, "") if draft.group_id is not None else "",
        back=back,
        again_path=again[0] if again else "",
        again_fields=list(again[1].items(multi=True)) if again else [],
        late=late,
    )
    return Response(page, status=status, headers={"X-Accel-Buffering": "no"}, mimetype="text/html")


def _states(draft: Draft, all_: District) -> Iterator[RehearsalView]:
    session, now = db.session(), clock.now()
    return told(session, now, the_actor(), rehearse(session, now, all_, draft))


def _sent_draft() -> Draft:
    try:
        return Draft.from_json(json.loads(request.form.get("draft", "")))
    except json.JSONDecodeError:
        raise InvalidInput("draft", "rules.no_draft") from None


def _back(draft: Draft) -> str:
    if len(draft.asked) != 1:
        return url_for("admin_rules.choose")
    kind, id_ = next(iter(draft.asked))
    return url_for("admin_rules.show", kind=kind, id_=id_)


def _saved_words() -> str:
    return str(_("Saved. The new rules count from now on."))
