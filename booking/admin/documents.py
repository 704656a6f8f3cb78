"""Documents that members must accept: the list, a new one, and the next version of one."""

from collections.abc import Mapping
from itertools import zip_longest

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput, Stale
from booking.core.safety import Frequency
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can
from booking.services import declaring
from booking.services.actors import HOME_ZONE
from booking.services.declaring import LANGUAGES, DocumentText, DocumentValues

pages = Blueprint("admin_documents", __name__, url_prefix="/admin/documents")


@pages.get("")
@allowed("resource.inspect")
def listing() -> ResponseReturnValue:
    """Every document with its newest version."""
    found = [(each, _moment(each)) for each in declaring.documents(db.session())]
    return render_template(
        "admin/safety/documents.html",
        documents=found,
        frequencies=dict(_frequencies()),
        may_change=can(the_actor(), "site.administer"),
    )


@pages.get("/new")
@allowed("site.administer")
def new() -> ResponseReturnValue:
    """The form for a new document."""
    return _form(None, typed("admin_documents.create", {"frequency": Frequency.ONCE.value, "version": "0"}), {})


@pages.post("")
@allowed("site.administer")
def create() -> ResponseReturnValue:
    """Writes the first version."""
    form = sent()
    try:
        with writing() as session:
            public_id = declaring.write_document(session, clock.now(), the_actor(), None, _read(form))
    except InvalidInput as wrong:
        return _form(None, form, error_of(wrong)), 422
    flash(_("Written. Rules can ask for it now."), "ok")
    return redirect(url_for(".edit", public_id=public_id), 303)


create.form_page = "admin_documents.new"  # type: ignore[attr-defined]


@pages.get("/<public_id>")
@allowed("resource.inspect")
def edit(public_id: str) -> ResponseReturnValue:
    """The newest version as a draft of the next, and those before it."""
    found = declaring.document(db.session(), public_id)
    return _form(found, typed("admin_documents.save", _as_shown(found)), {})


@pages.post("/<public_id>")
@allowed("site.administer")
def save(public_id: str) -> ResponseReturnValue:
    """Writes the next version; everybody is asked anew."""
    found, form = declaring.document(db.session(), public_id), sent()
    try:
        values = _read(form)
        if values == found.values:
            flash(_("Nothing was changed."), "mine")
            return redirect(url_for(".edit", public_id=public_id), 303)
        version = int(form["version"]) if form.get("version", "").isdecimal() else 0
        with writing() as session:
            declaring.write_document(session, clock.now(), the_actor(), public_id, values, version=version)
    except InvalidInput as wrong:
        return _form(found, form, error_of(wrong)), 422
    except Stale as stale:
        form["version"] = str(found.version)
        return _form(found, form, {"": wording.error_sentence(stale, language())}), 409
    flash(_("Written as a new version. Everybody is asked anew when they book."), "ok")
    return redirect(url_for(".edit", public_id=public_id), 303)


save.form_page = "admin_documents.edit"  # type: ignore[attr-defined]


def _read(form: Typed) -> DocumentValues:
    """Raises InvalidInput."""
    lines = {
        each: [line.strip() for line in form.get(f"questions_{each}", "").splitlines() if line.strip()]
        for each in LANGUAGES
    }
    together = zip_longest(*(lines[each] for each in LANGUAGES), fillvalue="")
    return DocumentValues(
        names={each: form.get(f"name_{each}", "").strip() for each in LANGUAGES},
        texts={each: "\n".join(form.get(f"text_{each}", "").strip().splitlines()) for each in LANGUAGES},
        questions=tuple(dict(zip(LANGUAGES, said, strict=True)) for said in together),
        frequency=form.get("frequency", ""),
    )


def _as_shown(found: DocumentText) -> dict[str, str]:
    values = found.values
    shown = {"frequency": values.frequency, "version": str(found.version)}
    for each in LANGUAGES:
        shown[f"name_{each}"], shown[f"text_{each}"] = values.names[each], values.texts[each]
        shown[f"questions_{each}"] = "\n".join(question[each] for question in values.questions)
    return shown


def _frequencies() -> list[tuple[str, str]]:
    return [
        (Frequency.ONCE.value, _("Once, and again when it changes")),
        (Frequency.EACH.value, _("For every booking")),
        (Frequency.YEARLY.value, _("Once a year, and when it changes")),
    ]


def _moment(each: DocumentText) -> str:
    return wording.moment(each.written_at, language(), HOME_ZONE)


def _form(found: DocumentText | None, values: Typed, errors: Mapping[str, str]) -> str:
    return render_template(
        "admin/safety/document.html",
        document=found,
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
        frequencies=_frequencies(),
        spoken=[("nb", _("In bokmål")), ("nn", _("In nynorsk")), ("en", _("In English"))],
        history=[(each, _moment(each)) for each in (found, *found.history)] if found else [],
        may_change=can(the_actor(), "site.administer"),
    )
