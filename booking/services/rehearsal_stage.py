"""The world as the bookings of one site meet it, by the rules as they are and as a draft would have them.

Everything is read in bulk; only rules of families (labs, quotas) have their facts read booking by booking.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking.core.facts import ClosedKind, Facts, MemberFacts, OwnBooking, ResourceFacts
from booking.core.opening import open_spans
from booking.core.params import Closures, Hours
from booking.core.timespan import TimeSpan
from booking.services import holidays, settings
from booking.services.catalogue import resources_by_id
from booking.services.drafts import Draft
from booking.services.fact_families import Gathering, with_families
from booking.services.facts import BESIDE, REACH, facts_of, reach_of
from booking.services.neighbours import Neighbours, Spans
from booking.services.past_bookings import Stood, all_of
from booking.services.settings import Stored
from booking.services.taken import taken_by_unit

WITH_NEIGHBOURS = frozenset({"R05", "R06", "R08"})


class Stage:
    """Facts for each booking of a site: `facts_for(booking, member, at, drafted=True)` is the draft's world."""

    def __init__(
        self, session: Session, now: datetime, draft: Draft, bookings: list[Stood], *, with_families: bool
    ) -> None:
        self._session, self._draft, self._rules = session, draft, frozenset(draft.rules)
        self._reads_families = with_families
        ids = {id_ for each in bookings for id_ in (item.resource_id for item in each.items)} | _needed(draft)
        self._cards = resources_by_id(session, ids)
        first = min(each.span.starts_at for each in bookings)
        last = max([now, *(each.span.ends_at for each in bookings)])
        self._window = TimeSpan(first - REACH, last + REACH)
        glance = TimeSpan(now, now + timedelta(minutes=1))
        self._base = facts_of(session, now, self._cards, member_id=None, window=self._window, only=(glance,))
        scopes = {scope for card in self._cards.values() for scope in card.scopes}
        rows = settings.rows_at(session, scopes, now)
        self._rows = {False: settings.by_scope(rows), True: settings.by_scope(_with_draft(rows, draft))}
        self._variants: dict[tuple[int, frozenset[int], bool], ResourceFacts] = {}
        self._neighbours = self._read_neighbours() if self._rules & WITH_NEIGHBOURS else {}
        self._own = _own_spans(bookings) if "R21" in self._rules else {}
        self._all = all_of(session, {each.member_id for each in bookings}, self._window) if "R09" in self._rules else {}
        self._all_spans = {
            member: Spans((own.span, own.booking_id) for own in each) for member, each in self._all.items()
        }
        self._along = _needed(draft)

    def facts_for(self, booking: Stood, member: MemberFacts, at: datetime, *, drafted: bool) -> Facts:
        """What was known of the booking at `at`, which mostly is when it was made."""
        ids = {item.resource_id for item in booking.items} | self._along
        resources = {id_: self._resource(id_, booking, member, drafted) for id_ in sorted(ids)}
        facts = replace(self._base, now=at, member=member, resources=resources, own=self._own_bookings(booking))
        if not self._reads_families:
            return facts
        cards = {id_: self._cards[id_] for id_ in resources}
        effective = {id_: resource.settings for id_, resource in resources.items()}
        return with_families(Gathering(self._session, at, cards, effective, booking.span, booking.id), facts)

    def _resource(self, id_: int, booking: Stood, member: MemberFacts, drafted: bool) -> ResourceFacts:
        key = (id_, member.groups, drafted)
        if key not in self._variants:
            self._variants[key] = self._variant(*key)
        found = self._variants[key]
        if self._neighbours:
            found = replace(found, taken=self._neighbours[id_].around(booking.span, booking.id))
        if self._own:
            found = replace(found, same_party=self._same_party(id_, booking, found))
        return found

    def _same_party(self, id_: int, booking: Stood, resource: ResourceFacts) -> tuple[TimeSpan, ...]:
        own = self._own.get((id_, booking.member_id))
        reach = max(BESIDE, reach_of(resource.settings))
        pairs = own.around(booking.span, booking.id, reach) if own else []
        return tuple(span for span, _ in pairs)

    def _own_bookings(self, booking: Stood) -> tuple[OwnBooking, ...]:
        spans = self._all_spans.get(booking.member_id)
        near = {id_ for _, id_ in spans.around(booking.span, booking.id, timedelta())} if spans else set()
        return tuple(own for own in self._all.get(booking.member_id, ()) if own.booking_id in near) if near else ()

    def _variant(self, id_: int, groups: frozenset[int], drafted: bool) -> ResourceFacts:
        card, base = self._cards[id_], self._base.resources[id_]
        effective = settings.counting(card, self._rows[drafted], groups)
        changes: dict[str, Any] = {"settings": effective}
        hours, law = effective["R10"].params, effective["R11"].params
        if "R10" in self._rules and isinstance(hours, Hours):
            changes["open"] = open_spans(hours.weekly, base.special_days, self._window, card.zone)
        if "R11" in self._rules and isinstance(law, Closures):
            scope = effective["R11"].scope_of("public_holidays")
            kept = [each for each in base.closed if each.kind is not ClosedKind.PUBLIC_HOLIDAY]
            if law.public_holidays:
                kept += holidays.closed_days(law.public_holidays, self._window, card.zone, scope)
            changes["closed"] = tuple(sorted(kept, key=lambda each: each.span))
        return replace(base, **changes)

    def _read_neighbours(self) -> dict[int, Neighbours]:
        units = {id_: resource.units for id_, resource in self._base.resources.items()}
        taken = taken_by_unit(self._session, {unit for each in units.values() for unit in each}, self._window)
        names = {card.id: card.name for card in self._cards.values()}
        return {
            id_: Neighbours(
                each if through == id_ else replace(each, through=names.get(through, "?"))
                for unit in units[id_]
                for through, each in taken.get(unit, ())
            )
            for id_ in units
        }


def _with_draft(rows: Iterable[Stored], draft: Draft) -> list[Stored]:
    """The rows that count, with the draft's in place of those it would end.

    A rule whose weight the draft does not speak of weighs there what it did.
    """
    kept, weights = [], {}
    for row in rows:
        asked = draft.asked.get(row.key)
        if asked is not None and row.rule in asked.values and row.group_id == draft.group_id:
            weights[row.key, row.rule] = row.weight
        else:
            kept.append(row)
    for (kind, id_), asked in draft.asked.items():
        for code, params in asked.values.items():
            weight = asked.weights[code] if code in asked.weights else weights.get(((kind, id_), code))
            kept.append(Stored(kind, id_, draft.group_id, code, params, weight))
    return kept


def _needed(draft: Draft) -> set[int]:
    """The resources a draft asks to be booked along."""
    needs = [each.values.get("R08", {}).get("needs") or () for each in draft.asked.values()]
    return {need["resource"] for each in needs for need in each}


def _own_spans(bookings: Iterable[Stood]) -> Mapping[tuple[int, int], Spans]:
    found: dict[tuple[int, int], list[tuple[TimeSpan, int]]] = {}
    for each in bookings:
        for item in each.items:
            found.setdefault((item.resource_id, each.member_id), []).append((each.span, each.id))
    return {key: Spans(spans) for key, spans in found.items()}


__all__ = ["Stage"]
