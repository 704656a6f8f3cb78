"""The part of the booking form that only some rules ask for: purpose, activity, supervisor, buddy and declarations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from booking import clock
from booking.core.details import NO_DETAILS, Details
from booking.core.errors import InvalidInput
from booking.core.safety import Frequency, is_answered
from booking.core.settings import Effective
from booking.db import db
from booking.http.language import language
from booking.http.words import gettext as _
from booking.models import Member
from booking.services import settings
from booking.services.activities import activities
from booking.services.actors import local_today
from booking.services.catalogue import ResourceCard, resources
from booking.services.declaring import DocumentText, answers_of, documents
from booking.web.forms import BookingForm, plain
from booking.web.reading import read_day

LONGEST_PURPOSE = 40
Wanted = Callable[[object], bool]
Sent = MultiDict[str, str]


def _given(name: str) -> Wanted:
    """Whether a value of the rule is set, for rules that may have no such value."""
    return lambda params: bool(getattr(params, name, None))


def _lone(name: str) -> Wanted:
    return lambda params: bool(getattr(params, "least_people", None) and getattr(params, name, False))


# Each field, the rule that asks for it, and what in its values does.
ASKED: tuple[tuple[str, str, Wanted], ...] = (
    ("purpose", "R14", _given("purposes")),
    ("activity", "R32", _given("level")),
    ("supervisor", "R31", _given("supervised_ok")),
    ("buddy", "R33", _lone("by_buddy")),
    ("unattended", "R33", _lone("unattended_exempt")),
    ("documents", "R36", _given("documents")),
)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document in the form: what it says, and what is ticked; `ticks` are value, words and whether it is ticked."""

    id: int
    version: int
    name: str
    frequency: str
    text: list[str]
    ticks: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class DetailForm:
    """Which fields are shown, their choices, and what stands in them."""

    shown: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    purposes: list[tuple[str, str]] = field(default_factory=list)
    activities: list[tuple[str, str]] = field(default_factory=list)
    documents: list[DocumentView] = field(default_factory=list)


def detail_form(card: ResourceCard, form: BookingForm, holder_id: int, held: Details = NO_DETAILS) -> DetailForm:
    """The fields for a resource and what goes along with it; also those that the booking has filled in already."""
    effective = _effective(card, form)
    sent = form.details_sent
    shown = {
        name for name, rule, wanted in ASKED if any(wanted(each[rule].params) for each in effective if rule in each)
    }
    shown |= {name for name in ("purpose", "activity", "supervisor", "buddy", "unattended") if sent.get(name)}
    ids = {id_ for each in effective if "R36" in each for id_ in getattr(each["R36"].params, "documents", ())}
    return DetailForm(
        shown=frozenset(shown),
        values=dict(sent.items()),
        purposes=_purposes(effective, sent.get("purpose", "")) if "purpose" in shown else [],
        activities=_activities(held) if "activity" in shown else [],
        documents=_documents(ids, form, holder_id, held) if ids else [],
    )


def read_details(form: BookingForm, held: Details = NO_DETAILS) -> Details:
    """What the form says; what it did not show stays as the booking has it. Raises InvalidInput."""
    sent = form.details_sent
    shown = set(sent.getlist("shown"))
    read: dict[str, object] = {}
    if "purpose" in shown:
        read["purpose"] = plain(sent.get("purpose", ""))[:LONGEST_PURPOSE]
    if "activity" in shown:
        read["activity_id"] = _read_activity(sent.get("activity", ""), held)
    for name in ("supervisor", "buddy"):
        if name in shown:
            read[f"{name}_id"] = _read_member(sent.get(name, ""), f"details-{name}")
    if "unattended" in shown:
        read["unattended"] = bool(sent.get("unattended"))
    if sent.getlist("document"):
        read["declarations"] = _read_declarations(sent, held)
    return replace(held, **read)  # type: ignore[arg-type]


def as_sent(session: Session, details: Details) -> tuple[tuple[str, str], ...]:
    """The fields as they would have been sent for these details."""
    ids = {details.supervisor_id, details.buddy_id} - {None}
    rows = session.execute(select(Member.id, Member.email).where(Member.id.in_(ids))) if ids else ()
    emails = {row.id: row.email for row in rows}
    texts = {
        "purpose": details.purpose,
        "activity": str(details.activity_id or ""),
        "supervisor": emails.get(details.supervisor_id or 0, ""),
        "buddy": emails.get(details.buddy_id or 0, ""),
        "unattended": "1" if details.unattended else "",
    }
    return tuple((name, text) for name, text in texts.items() if text)


def _effective(card: ResourceCard, form: BookingForm) -> list[Mapping[str, Effective]]:
    session, now = db.session(), clock.now()
    cards = [card]
    if form.extras:
        cards += [each for each in resources(session, site_id=card.site_id) if each.slug in form.extras]
    rows = settings.rows_at(session, {scope for each in cards for scope in each.scopes}, now)
    by_scope = settings.by_scope(rows)
    return [settings.counting(each, by_scope) for each in cards]


def _purposes(effective: Iterable[Mapping[str, Effective]], chosen: str) -> list[tuple[str, str]]:
    """The uses that a rule tells apart, and ordinary use first."""
    named = {each: None for one in effective if "R14" in one for each in getattr(one["R14"].params, "purposes", ())}
    words = {"regulated": _("Regulated use, with a valid calibration")}
    listed = [*named, *([chosen] if chosen and chosen not in named else [])]
    return [("", _("Ordinary use")), *((each, words.get(each, each)) for each in listed)]


def _activities(held: Details) -> list[tuple[str, str]]:
    """Those in use, and the one the booking has."""
    listed = [
        each for each in activities(db.session(), retired=True) if not each.is_retired or each.id == held.activity_id
    ]
    named = [(str(each.id), _("%(activity)s, level %(level)s", activity=each.values.name, level=each.values.level))
             for each in listed]  # fmt: skip
    return [("", _("Nothing that needs containment")), *named]


def _documents(ids: Iterable[int], form: BookingForm, holder_id: int, held: Details) -> list[DocumentView]:
    """Those that are still to be accepted for this booking."""
    last = read_day(form.end_date) or read_day(form.date) or local_today(clock.now())
    answers = answers_of(db.session(), holder_id, set(ids))
    ticked = set(form.details_sent.getlist("accept"))
    return [
        _document(each, ticked, accepted=(each.id, each.version) in held.declarations)
        for each in documents(db.session(), set(ids))
        if not is_answered(each.as_judged, (), answers, last)
    ]


def _document(each: DocumentText, ticked: set[str], *, accepted: bool) -> DocumentView:
    said = [_said(question) for question in each.values.questions] or [_("I have read this and will follow it")]
    marks = [f"{each.id}.{each.version}.{number}" for number in range(len(said))]
    how_often = {
        Frequency.ONCE.value: _("You are asked once, and again when it changes."),
        Frequency.EACH.value: _("You are asked for every booking."),
        Frequency.YEARLY.value: _("You are asked once a year, and when it changes."),
    }
    return DocumentView(
        each.id,
        each.version,
        _said(each.values.names),
        how_often[each.values.frequency],
        [line for line in _said(each.values.texts).splitlines() if line.strip()],
        [(mark, words, accepted or mark in ticked) for mark, words in zip(marks, said, strict=True)],
    )


def _said(words: Mapping[str, str]) -> str:
    return words.get(language()) or words.get("nb", "")


def _read_activity(text: str, held: Details) -> int | None:
    if not text:
        return None
    if text == str(held.activity_id):
        return held.activity_id
    found = next((each.id for each in activities(db.session()) if str(each.id) == text), None)
    if found is None:
        raise InvalidInput("details-activity", "setting.not_a_choice")
    return found


def _read_member(text: str, field_id: str) -> int | None:
    email = plain(text).lower()
    if not email:
        return None
    found = db.session().scalar(select(Member.id).where(Member.email == email, Member.deactivated_at.is_(None)))
    if found is None:
        raise InvalidInput(field_id, "group.no_such_member")
    return found


def _read_declarations(sent: Sent, held: Details) -> tuple[tuple[int, int], ...]:
    """What was ticked in full; documents that were not shown stay as they are."""
    shown = {int(text) for text in sent.getlist("document") if text.isascii() and text.isdigit() and len(text) < 10}
    ticked = set(sent.getlist("accept"))
    accepted = [
        (each.id, each.version)
        for each in documents(db.session(), shown)
        if ticked >= {f"{each.id}.{each.version}.{number}" for number in range(each.confirmations)}
    ]
    return tuple(sorted([*(pair for pair in held.declarations if pair[0] not in shown), *accepted]))


__all__ = ["DetailForm", "DocumentView", "as_sent", "detail_form", "read_details"]
