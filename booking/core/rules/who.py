"""R30: who may book, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from booking.core.facts import MembershipFacts
from booking.core.localtime import last_day
from booking.core.params import Access
from booking.core.rules.rule import Case
from booking.core.scope import DEFAULT_SCOPE, Scope
from booking.core.verdict import Finding, Weight


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
    lists: list[tuple[Scope, object]] = [(part.scope, part.params.get("groups")) for part in case.effective.parts] or [
        (DEFAULT_SCOPE, params.groups)
    ]
    for scope, groups in lists:
        if isinstance(groups, tuple) and groups and not case.facts.member.groups.intersection(groups):
            names = [case.facts.group_names[group] for group in groups if group in case.facts.group_names]
            facts: dict[str, object] = {"groups": names, **_contact(case)}
            extent = frozenset({f"{scope.kind} {scope.id}"})
            yield replace(case.finding("R30.not_open_to_you", facts, extent=extent), where_set=scope)


def _last_of(own: date | None, memberships: list[MembershipFacts]) -> date | None:
    """The last day of the account, or of the membership that lasts longest, whichever comes first."""
    ends = [each.ends_on for each in memberships if each.ends_on is not None]
    lasting = max(ends) if ends and len(ends) == len(memberships) else None
    return min((day for day in (own, lasting) if day is not None), default=None)


def _contact(case: Case) -> dict[str, object]:
    """Whom to ask: the contact of the first resource asked for, so that a kit says it once."""
    first = case.facts.resources[case.request.items[0].resource_id]
    return {"contact": first.contact} if first.contact else {}
