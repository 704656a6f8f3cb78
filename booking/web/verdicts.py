"""A verdict as a page shows it: one title, every reason in words, and buttons that solve it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flask import url_for

from booking import wording
from booking.core.errors import DomainError
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, ScopeKind, Verdict, Weight
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.alternatives import Alternative
from booking.services.catalogue import ResourceCard
from booking.web.display import when
from booking.web.features import seats_text
from booking.web.reading import span_token

CLASHES = {"R05.overlap", "R05.elsewhere", "R06.buffer"}
SHUT = {"R10.closed_then", "R11.closure", "R06.staffed_turnover"}


@dataclass(frozen=True, slots=True)
class FindingView:
    """One reason; `where_set` says who decided it, and is empty where nobody did. `href` is the rule's paragraph."""

    code: str
    weight: str
    sentence: str
    where_set: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way out as a button. One `in_form` sends the form it belongs to, with this resource and time instead."""

    main: str
    sub: str
    accessible_name: str
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    form: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The answer to “may I?”: `state` is ok, needs_approval, refused or quiet."""

    state: str
    title: str
    text: str = ""
    findings: list[FindingView] = field(default_factory=list)
    alternatives: list[Choice] = field(default_factory=list)


def verdict_view(
    verdict: Verdict, card: ResourceCard, span: TimeSpan | None, choices: Sequence[Choice] = ()
) -> VerdictView:
    """The verdict about one resource."""
    heaviest_first = sorted(verdict.findings, key=lambda each: list(Weight).index(each.weight))
    findings = [finding_view(finding, card.zone, card.id) for finding in heaviest_first]
    time = when(span, card.zone) if span else ""
    if verdict.refused:
        text = "" if choices else _no_way_out(card)
        return VerdictView("refused", _refused_title(verdict, card), text, findings, list(choices))
    if verdict.needs_approval:
        text = _("%(room)s is held for you while a manager decides.", room=card.name)
        return VerdictView("needs_approval", _("Free, and needs approval"), text, findings)
    return VerdictView("ok", _("%(room)s is free for you", room=card.name), time, findings)


def asked_nothing(card: ResourceCard) -> VerdictView:
    """Before there is a time to judge."""
    text = _("Fill in a day and times to see whether %(room)s is free.", room=card.name)
    return VerdictView("quiet", _("When do you need it?"), text)


def refusal_view(error: DomainError, text: str = "") -> VerdictView:
    """A refusal that is no verdict about the booking itself, such as a form that was used before."""
    finding = FindingView(error.code, "refuses", wording.error_sentence(error, language()), "")
    return VerdictView("refused", _("That did not work yet"), text, [finding])


def finding_view(finding: Finding, zone: ZoneInfo, about: int | None = None) -> FindingView:
    """One finding in the reader's language; of a member alone, with the rule as the resource they asked for has it."""
    scope = finding.where_set
    known = scope is not None and scope.kind is not ScopeKind.DEFAULT
    where_set = _("The rule is %(origin)s.", origin=wording.origin(scope, language())) if known and scope else ""
    resource_id = finding.resource_id if finding.resource_id is not None else about
    href = url_for("policies.by_id", id_=resource_id, _anchor=finding.rule) if resource_id is not None else ""
    return FindingView(finding.code, finding.weight.value, wording.sentence(finding, language(), zone), where_set, href)


def in_form(alternative: Alternative, wanted: int, form: str, action: str) -> Choice:
    """A way out that sends the form it stands beside, so that nothing is typed twice."""
    return Choice(
        *_words(alternative, wanted),
        action=action,
        method="in_form",
        form=form,
        value=f"{alternative.card.slug}@{span_token(alternative.span)}",
    )


def as_link(alternative: Alternative, people: int | None) -> Choice:
    """A way out that opens the booking form, filled in."""
    zone = alternative.card.zone
    starts, ends = (at.astimezone(zone) for at in (alternative.span.starts_at, alternative.span.ends_at))
    fields = [("date", starts.date().isoformat()), ("start", f"{starts:%H:%M}"), ("end", f"{ends:%H:%M}")]
    if ends.date() != starts.date():
        fields.append(("end_date", ends.date().isoformat()))
    if people:
        fields.append(("people", str(people)))
    main, sub, name = _words(alternative)
    action = url_for("bookings.new", slug=alternative.card.slug)
    return Choice(main, sub, name, action=action, method="get", fields=fields)


def _words(alternative: Alternative, wanted: int | None = None) -> tuple[str, str, str]:
    """What differs from what was wanted stands first: the time of the same resource, or another resource."""
    card = alternative.card
    time = wording.when_compact(alternative.span, language(), card.zone)
    main, *others = (time, card.name) if card.id == wanted else (card.name, time, seats_text(card))
    if alternative.along:
        others.append(_("with %(things)s", things=", ".join(alternative.along.values())))
    if alternative.needs_approval:
        others.append(_("needs approval"))
    said = ", ".join(filter(None, (main, *others)))
    spoken = _("Ask for %(choice)s", choice=said) if alternative.needs_approval else _("Book %(choice)s", choice=said)
    return main, ", ".join(filter(None, others)), spoken


def _refused_title(verdict: Verdict, card: ResourceCard) -> str:
    codes = {finding.code for finding in verdict.refusals}
    if codes <= CLASHES:
        return _taken_title(verdict, card)
    if codes <= SHUT:
        return _("%(room)s is closed then", room=card.name)
    if codes <= {"R30.not_open_to_you", "R30.inactive"}:
        return _("%(room)s is not open to you yet", room=card.name)
    return _("Not quite yet")


def _taken_title(verdict: Verdict, card: ResourceCard) -> str:
    """What is taken, which in a kit may be something else than the resource itself; or that too few are left."""
    first = next((each for each in verdict.refusals if each.resource_id == card.id), verdict.refusals[0])
    room = str(first.facts.get("resource", card.name))
    if first.facts.get("kind") in ("pool", "small_pool"):
        return _("%(room)s has too few free then", room=room)
    return _("%(room)s is taken then", room=room)


def _no_way_out(card: ResourceCard) -> str:
    """Whom to ask when nothing else will do."""
    if card.contact:
        return _("We found nothing near. Ask %(contact)s.", contact=card.contact)
    return _("We found nothing near. Try another day or another room.")
