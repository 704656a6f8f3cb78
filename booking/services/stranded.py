"""Which future bookings no longer fit the rules as they are now; nothing is cancelled, a human decides (E7).

Facts are gathered once for each site and set of groups, for the whole future at a time, never booking by booking.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.details import Details
from booking.core.facts import Facts, MemberFacts, ResourceFacts, Taken
from booking.core.judge import judge_span
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding
from booking.models import Booking, BookingItem
from booking.permissions import Actor
from booking.services.beneficiaries import members_facts
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.facts import facts_of
from booking.services.glimpses import Glimpse, glimpses

# How early or late one asks, and what is answered when asking: not how a booking stands.
ABOUT_ASKING = frozenset({"R01", "R03", "R17", "R18", "R36"})
TOO_SMALL = "R07.too_many"  # only a note to somebody who books, but what a new number of seats is about
NEARBY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stranded:
    """A booking that does not fit, as the actor may see it, with every reason and its site's zone."""

    glimpse: Glimpse
    findings: tuple[Finding, ...]
    zone: ZoneInfo

    @property
    def refused(self) -> bool:
        """Whether it could not be booked like this now; otherwise there is only a note."""
        return any(finding.refuses for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A live booking as the judge needs it."""

    id: int
    span: TimeSpan
    site_id: int
    items: tuple[Item, ...]
    people: int | None
    member_id: int
    organisation_id: int | None
    details: Details

    @property
    def resource_ids(self) -> tuple[int, ...]:
        return tuple(item.resource_id for item in self.items)

    def request(self, zone: ZoneInfo) -> Request:
        wall, organisation_id = WallSpan.of(self.span, zone), self.organisation_id
        return Request(wall, self.items, self.people, self.member_id, organisation_id, details=self.details)


def stranded(session: Session, now: datetime, actor: Actor, resource_ids: Iterable[int]) -> dict[int, Stranded]:
    """The future bookings of these resources that do not fit, in order of time, by their inner id."""
    found = unfit(session, now, resource_ids)
    seen = glimpses(session, actor, found)
    zones = _zones(session, found)
    order = sorted(found, key=lambda id_: (seen[id_].span, id_))
    return {id_: Stranded(seen[id_], found[id_], zones[id_]) for id_ in order}


def unfit(session: Session, now: datetime, resource_ids: Iterable[int]) -> dict[int, tuple[Finding, ...]]:
    """What stands in the way of each future booking that does not fit, by the booking's inner id."""
    standing = _standing(session, now, resource_ids)
    members = members_facts(session, now, {each.member_id for each in standing})
    cards = resources_by_id(session, {id_ for each in standing for id_ in each.resource_ids})
    own: dict[int, list[_Standing]] = {}
    for each in standing:
        own.setdefault(each.member_id, []).append(each)
    found = {}
    for group in _judged_alike(standing, members):
        facts = _facts_for(session, now, group, cards)
        neighbours = {id_: _Neighbours(resource) for id_, resource in facts.resources.items()}
        for each in group:
            known = _known_of(each, facts, neighbours, members[each.member_id], own[each.member_id])
            findings = tuple(_in_the_way(each, known))
            if findings:
                found[each.id] = findings
    return found


def _standing(session: Session, now: datetime, resource_ids: Iterable[int]) -> list[_Standing]:
    """Live bookings that have not ended, of which at least one item is of these resources."""
    concerned = select(BookingItem.booking_id).where(
        BookingItem.resource_id.in_(sorted(set(resource_ids))), BookingItem.live, BookingItem.ends_at > now
    )
    rows = session.execute(
        select(
            Booking.id, Booking.starts_at, Booking.ends_at, Booking.site_id, Booking.people, Booking.member_id,
            Booking.organisation_id, Booking.details, BookingItem.resource_id, BookingItem.quantity,
        )
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(Booking.id.in_(concerned))
        .order_by(Booking.starts_at, Booking.id, BookingItem.id)
    )  # fmt: skip
    found: dict[int, _Standing] = {}
    for id_, starts_at, ends_at, site_id, people, member_id, organisation_id, details, resource_id, quantity in rows:
        items = (*found[id_].items, Item(resource_id, quantity)) if id_ in found else (Item(resource_id, quantity),)
        span, asked = TimeSpan(starts_at, ends_at), Details.from_json(details or {})
        found[id_] = _Standing(id_, span, site_id, items, people, member_id, organisation_id, asked)
    return list(found.values())


def _judged_alike(standing: list[_Standing], members: Mapping[int, MemberFacts]) -> Iterable[list[_Standing]]:
    """Bookings of one site whose members are in the same groups, so that the same values count for them."""
    alike: dict[tuple[int, frozenset[int]], list[_Standing]] = {}
    for each in standing:
        alike.setdefault((each.site_id, members[each.member_id].groups), []).append(each)
    return alike.values()


def _facts_for(session: Session, now: datetime, group: list[_Standing], cards: Mapping[int, ResourceCard]) -> Facts:
    wanted = {id_: cards[id_] for each in group for id_ in each.resource_ids}
    window = TimeSpan(min(each.span.starts_at for each in group), max(each.span.ends_at for each in group))
    return facts_of(session, now, wanted, member_id=group[0].member_id, window=window.padded(NEARBY, NEARBY))


def _known_of(
    booking: _Standing,
    facts: Facts,
    neighbours: Mapping[int, "_Neighbours"],
    member: MemberFacts,
    own: list[_Standing],
) -> Facts:
    """The group's facts narrowed to one booking: its member, and what else is taken near it."""
    resources = {
        id_: replace(
            facts.resources[id_],
            taken=neighbours[id_].around(booking),
            same_party=tuple(each.span for each in own if each.id != booking.id and id_ in each.resource_ids),
        )
        for id_ in booking.resource_ids
    }
    return replace(facts, resources=resources, member=member, own=())


def _in_the_way(booking: _Standing, facts: Facts) -> Iterator[Finding]:
    for finding in judge_span(booking.request(facts.zone), booking.span, facts).findings:
        if finding.rule not in ABOUT_ASKING and (finding.refuses or finding.code == TOO_SMALL):
            yield finding


class _Neighbours:
    """What takes a resource, in order of time, so that the few bookings near another are found at once."""

    def __init__(self, resource: ResourceFacts) -> None:
        self.taken = sorted(resource.taken, key=lambda each: each.busy)
        self.starts = [each.busy.starts_at for each in self.taken]
        self.longest = max((each.busy.duration for each in self.taken), default=timedelta())

    def around(self, booking: _Standing) -> tuple[Taken, ...]:
        """Others' taking within a day of the booking."""
        first = bisect_left(self.starts, booking.span.starts_at - NEARBY - self.longest)
        last = bisect_right(self.starts, booking.span.ends_at + NEARBY)
        return tuple(each for each in self.taken[first:last] if each.booking_id != booking.id)


def _zones(session: Session, booking_ids: Iterable[int]) -> dict[int, ZoneInfo]:
    rows = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id).where(BookingItem.booking_id.in_(sorted(booking_ids)))
    ).all()
    cards = resources_by_id(session, {resource_id for _, resource_id in rows})
    return {booking_id: cards[resource_id].zone for booking_id, resource_id in rows}


__all__ = ["Stranded", "stranded", "unfit"]
