"""R30 and R39: who may book, for how long, and who may book for somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from booking.core.facts import MembershipFacts
from booking.core.localtime import last_day
from booking.core.params import Access, OnBehalf
from booking.core.rules.rule import Case
from booking.core.scope import DEFAULT_SCOPE, Scope
from booking.core.verdict import Finding, Weight


class WayIn(StrEnum):
    """How somebody may book; the most generous first."""

    DIRECTLY = "directly"
    APPROVAL = "approval"
    REFUSED = "refused"


_LISTS = {WayIn.DIRECTLY: "groups", WayIn.APPROVAL: "approval_groups", WayIn.REFUSED: "refused_groups"}


def open_to_the_member(case: Case, params: Access) -> Iterator[Finding]:
    """R30: an active member, a membership that lasts to the end, and a place in a group at every level that asks."""
    if not case.facts.member.active:
        yield case.finding("R30.inactive", _contact(case), weight=Weight.LOCKED, of_member=True)
    yield from _membership(case)
    yield from _groups(case, params)


def _membership(case: Case) -> Iterator[Finding]:
    asked = case.request.organisation_id
    memberships = case.facts.member.memberships
    held = [each for each in memberships if asked is None or each.organisation_id == asked]
    if asked is not None and not held:
        yield case.finding("R30.membership_ends", _contact(case), of_member=True, extent=float("inf"))
        return
    ends_on = _last_of(case.facts.member.ends_on, held)
    if ends_on is None or case.found_span is None:
        return
    last = last_day(case.found_span, case.zone)
    if last <= ends_on:
        return
    facts = {"ends_on": ends_on.isoformat(), **_contact(case)}
    extent = float((last - ends_on).days)
    yield case.finding("R30.membership_ends", facts, of_member=True, extent=extent)


def _groups(case: Case, params: Access) -> Iterator[Finding]:
    """Each level that names groups asks for one of them, so that a lower level can only tighten."""
    levels: list[tuple[Scope, Mapping[str, object]]] = [(part.scope, part.params) for part in case.effective.parts]
    for scope, values in levels or [(DEFAULT_SCOPE, _values(params))]:
        way = _way_in(values, case.facts.member.groups)
        if way is WayIn.DIRECTLY:
            continue
        extent = frozenset({f"{scope.kind} {scope.id}"})
        if way is WayIn.APPROVAL:
            found = case.finding("R30.needs_approval", {}, weight=Weight.NEEDS_APPROVAL, extent=extent)
        else:
            found = case.finding("R30.not_open_to_you", {**_open_to(case, values), **_contact(case)}, extent=extent)
        yield replace(found, where_set=scope)


def _values(params: Access) -> dict[str, object]:
    return {name: getattr(params, name) for name in params.shape()}


def _way_in(values: Mapping[str, object], mine: frozenset[int]) -> WayIn:
    """How somebody of these groups may book; of several ways the most generous."""
    for way, name in _LISTS.items():
        if mine.intersection(_ids(values, name)):
            return way
    if values.get("others"):
        return WayIn(str(values["others"]))
    closed = _ids(values, "groups") or _ids(values, "approval_groups")
    return WayIn.REFUSED if closed else WayIn.DIRECTLY


def _open_to(case: Case, values: Mapping[str, object]) -> dict[str, object]:
    """The groups that may book, where they can be named."""
    groups = (*_ids(values, "groups"), *_ids(values, "approval_groups"))
    names = [case.facts.group_names[group] for group in groups if group in case.facts.group_names]
    return {"groups": names}


def _ids(values: Mapping[str, object], name: str) -> tuple[int, ...]:
    ids = values.get(name)
    return ids if isinstance(ids, tuple) else ()


def booked_by_one_who_may(case: Case, params: OnBehalf) -> Iterator[Finding]:
    """R39: whoever books for somebody else has been given leave by them, and the resource allows it."""
    proxy = case.request.proxy
    if proxy is None:
        return
    if not proxy.has_leave:
        facts = {"name": proxy.name} if proxy.name else {}
        yield case.finding("R39.not_a_delegate", facts, weight=Weight.LOCKED, of_member=True)
    elif not params.allowed:
        yield case.finding("R39.in_person", _contact(case), field="allowed")


def _last_of(own: date | None, memberships: list[MembershipFacts]) -> date | None:
    """The last day of the account, or of the membership that lasts longest, whichever comes first."""
    ends = [each.ends_on for each in memberships if each.ends_on is not None]
    lasting = max(ends) if ends and len(ends) == len(memberships) else None
    return min((day for day in (own, lasting) if day is not None), default=None)


def _contact(case: Case) -> dict[str, object]:
    """Whom to ask: the contact of the first resource asked for, so that a kit says it once."""
    first = case.facts.resources[case.request.items[0].resource_id]
    return {"contact": first.contact} if first.contact else {}
