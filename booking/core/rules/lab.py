"""R14 and R31: instruments whose calibration counts, and what people must have learnt to use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from booking.core.competence import Grant, Qualification
from booking.core.lab_params import Calibration, Required, each_level
from booking.core.localtime import last_day, local_day
from booking.core.rules.rule import Case
from booking.core.scope import DEFAULT_SCOPE
from booking.core.verdict import Finding, Weight

Need = tuple[int, ...]  # qualifications of which one will do


def calibrated(case: Case, params: Calibration) -> Iterator[Finding]:
    """R14: the booking ends on the last day of the calibration at the latest; the use decides how much that matters."""
    due = case.resource.calibration_due
    if due is None:
        return
    beyond = (last_day(case.span, case.zone) - due - timedelta(days=params.grace_days)).days
    if beyond <= 0:
        return
    facts = {"due_on": due.isoformat(), **_contact(case.resource.contact)}
    if case.request.details.purpose in params.purposes:
        kind = {"kind": "purpose"} if params.mode == "warn" else {}
        weight, field = Weight.LOCKED, "purposes"
        yield case.finding("R14.calibration", facts | kind, field=field, weight=weight, extent=float(beyond))
    elif params.mode == "refuse":
        yield case.finding("R14.calibration", facts, field="mode", extent=float(beyond))
    else:
        yield case.finding("R14.note", facts, field="mode", weight=Weight.NOTES, extent=float(beyond))


def competent(case: Case, params: Required) -> Iterator[Finding]:
    """R31: who uses it has what every level asks for on the booking's last day, and has used it lately enough."""
    for scope, required in each_level(case.effective) or [(DEFAULT_SCOPE, params)]:
        for finding in _unmet(case, required):
            yield replace(finding, where_set=scope)


def has_learnt(case: Case, params: Required) -> Iterator[Finding]:
    """R31 of somebody who only keeps company: how lately they used it does not matter."""
    for _, required in each_level(case.effective) or [(DEFAULT_SCOPE, params)]:
        yield from (_lack(case, need) for need in _needs(required) if not _has(case, case.facts.member.id, need))


def _unmet(case: Case, required: Required) -> Iterator[Finding]:
    member_id = case.facts.member.id
    needs = _needs(required)
    lacking = [need for need in needs if not _has(case, member_id, need)]
    stale = None if lacking else _stale(case, required, needs)
    helped = required.supervised_ok and (lacking or stale) and _supervised(case, needs)
    for need in lacking:
        if not helped or _is_safety(case, need):
            yield _lack(case, need)
    if stale and not helped:
        yield stale
    supervisor_id = case.request.details.supervisor_id
    if helped:
        name = case.resource.competence.names[supervisor_id or 0]
        yield case.finding("R31.supervised", {"supervisor": name}, weight=Weight.NOTES)
    elif required.supervised_ok and supervisor_id and (lacking or stale):
        yield case.finding("R31.supervisor", extent=frozenset({str(supervisor_id)}))


def _needs(required: Required) -> list[Need]:
    return [*((id_,) for id_ in required.all_of), *([required.any_of] if required.any_of else [])]


def _has(case: Case, member_id: int, need: Need) -> bool:
    """On the booking's last day; without a time, any grant that has not run out today gives hope."""
    held = case.resource.competence.held(member_id, need)
    if case.found_span is None:
        return any(each.lasts(_today(case)) for each in held)
    return any(each.covers(last_day(case.span, case.zone)) for each in held)


def _supervised(case: Case, needs: Iterable[Need]) -> bool:
    """Somebody else, who has everything that is asked for, stands beside."""
    supervisor_id = case.request.details.supervisor_id
    if supervisor_id is None or supervisor_id == case.facts.member.id:
        return False
    known = supervisor_id in case.resource.competence.names
    return known and all(_has(case, supervisor_id, need) for need in needs)


def _lack(case: Case, need: Need) -> Finding:
    """Never had, or run out by then; with the next course, and whom to ask."""
    known = [found for id_ in need if (found := case.resource.competence.qualifications.get(id_))]
    facts = {"qualifications": [each.name for each in known], **_way_there(case, known)}
    weight = Weight.LOCKED if _is_safety(case, need) else None
    until = _ran_out(case, need)
    if until is None:
        return case.finding("R31.missing", facts, weight=weight, extent=frozenset(map(str, need)))
    last = last_day(case.span, case.zone) if case.found_span else _today(case)
    facts |= {"expires_on": until.isoformat()}
    return case.finding("R31.expires", facts, weight=weight, extent=float((last - until).days))


def _ran_out(case: Case, need: Need) -> date | None:
    """The last day of what the member had, among grants that began before the booking ends."""
    held: Iterable[Grant] = case.resource.competence.held(case.facts.member.id, need)
    if case.found_span is not None:
        held = [each for each in held if each.granted_on <= last_day(case.span, case.zone)]
    return max((each.expires_on for each in held if each.expires_on), default=None)


def _stale(case: Case, required: Required, needs: list[Need]) -> Finding | None:
    """Too long between the booking and what came before: using it, or learning it."""
    if required.recency_days is None or case.found_span is None:
        return None
    on, member_id = local_day(case.span.starts_at, case.zone), case.facts.member.id
    competence = case.resource.competence
    used = [*competence.used_on.get(member_id, ()), *(last_day(each, case.zone) for each in case.resource.same_party)]
    learnt = [each.granted_on for need in needs for each in competence.held(member_id, need)]
    before = [day for day in used if day < on] + [day for day in learnt if day <= on]
    practised = max(before, default=None)
    if practised is not None and (on - practised).days <= required.recency_days:
        return None
    facts = {"recency_hours": 24 * required.recency_days, **_contact(case.resource.contact)}
    beyond = float((on - practised).days - required.recency_days) if practised else float("inf")
    return case.finding("R31.stale", facts, extent=beyond)


def _way_there(case: Case, known: Iterable[Qualification]) -> dict[str, object]:
    course_on = min((each.course_on for each in known if each.course_on), default=None)
    contact = next((each.contact for each in known if each.contact), case.resource.contact)
    return ({"course_on": course_on.isoformat()} if course_on else {}) | _contact(contact)


def _is_safety(case: Case, need: Need) -> bool:
    """Where something else would do as well, it is not safety that asks."""
    known = [found for id_ in need if (found := case.resource.competence.qualifications.get(id_))]
    return bool(known) and all(each.is_safety for each in known)


def _today(case: Case) -> date:
    return local_day(case.now, case.zone)


def _contact(contact: str | None) -> dict[str, object]:
    return {"contact": contact} if contact else {}
