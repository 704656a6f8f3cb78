"""Which future bookings no longer fit the rules as they are now; nothing is cancelled, a human decides (E7).

Facts are gathered once for each site and set of groups, for the whole future at a time, never booking by booking.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.facts import Facts, MemberFacts
from booking.core.judge import judge_span
from booking.core.timespan import TimeSpan
from booking.core.usage import Usage
from booking.core.verdict import Finding
from booking.models import BookingItem
from booking.permissions import Actor
from booking.services.beneficiaries import members_facts
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.competence import with_competence
from booking.services.facts import facts_of
from booking.services.glimpses import Glimpse, glimpses
from booking.services.neighbours import NEARBY, Neighbours
from booking.services.quota_facts import with_usage_of_all
from booking.services.standing_bookings import StandingBooking, of_resources, standing_bookings

# How early or late one asks, and what is answered when asking: not how a booking stands.
ABOUT_ASKING = frozenset({"R01", "R03", "R17", "R18", "R36"})
TOO_SMALL = "R07.too_many"  # only a note to somebody who books, but what a new number of seats is about

Group = list[StandingBooking]  # those for whom the same values count


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


def stranded(session: Session, now: datetime, actor: Actor, resource_ids: Iterable[int]) -> dict[int, Stranded]:
    """The future bookings of these resources that do not fit, in order of time, by their inner id."""
    return as_seen(session, now, actor, unfit(session, now, resource_ids))


def as_seen(
    session: Session, now: datetime, actor: Actor, found: Mapping[int, tuple[Finding, ...]]
) -> dict[int, Stranded]:
    """The bookings with what was found about each, in order of time, no more than the actor may see."""
    seen = glimpses(session, now, actor, found)
    zones = _zones(session, found)
    order = sorted(found, key=lambda id_: (seen[id_].span, id_))
    return {id_: Stranded(seen[id_], found[id_], zones[id_]) for id_ in order}


def unfit(session: Session, now: datetime, resource_ids: Iterable[int]) -> dict[int, tuple[Finding, ...]]:
    """What stands in the way of each future booking that does not fit, by the booking's inner id."""
    standing = standing_bookings(session, now, of_resources(resource_ids, now))
    members = members_facts(session, now, {each.member_id for each in standing})
    cards = resources_by_id(session, {id_ for each in standing for id_ in each.resource_ids})
    own: dict[int, list[StandingBooking]] = {}
    for each in standing:
        own.setdefault(each.member_id, []).append(each)
    found = {}
    for group in _judged_alike(standing, members):
        facts = _facts_for(session, now, group, cards)
        neighbours = {id_: Neighbours(resource.taken) for id_, resource in facts.resources.items()}
        for each in group:
            known = _known_of(each, facts, neighbours, members[each.member_id], own[each.member_id])
            findings = tuple(_in_the_way(each, known))
            if findings:
                found[each.id] = findings
    return found


def _judged_alike(standing: list[StandingBooking], members: Mapping[int, MemberFacts]) -> Iterable[Group]:
    """Bookings of one site whose members are in the same groups, so that the same values count for them."""
    alike: dict[tuple[int, frozenset[int]], list[StandingBooking]] = {}
    for each in standing:
        alike.setdefault((each.site_id, members[each.member_id].groups), []).append(each)
    return alike.values()


def _facts_for(session: Session, now: datetime, group: Group, cards: Mapping[int, ResourceCard]) -> Facts:
    wanted = {id_: cards[id_] for each in group for id_ in each.resource_ids}
    window = TimeSpan(min(each.span.starts_at for each in group), max(each.span.ends_at for each in group))
    facts = facts_of(session, now, wanted, member_id=group[0].member_id, window=window.padded(NEARBY, NEARBY))
    organisations = {each.organisation_id for each in group if each.organisation_id is not None}
    members = {each.member_id for each in group}
    return with_competence(session, with_usage_of_all(session, facts, members, organisations), members)


def _known_of(
    booking: StandingBooking,
    facts: Facts,
    neighbours: Mapping[int, Neighbours],
    member: MemberFacts,
    own: list[StandingBooking],
) -> Facts:
    """The group's facts narrowed to one booking: its member, and what else is taken near it."""
    resources = {
        id_: replace(
            facts.resources[id_],
            taken=neighbours[id_].around(booking.span, booking.id),
            same_party=tuple(each.span for each in own if each.id != booking.id and id_ in each.resource_ids),
            usage=_apart_from(facts.resources[id_].usage, booking.id),
        )
        for id_ in booking.resource_ids
    }
    return replace(facts, resources=resources, member=member, own=())


def _apart_from(usage: Usage | None, booking_id: int) -> Usage | None:
    """What counts against quotas besides the booking itself."""
    return replace(usage, but=booking_id) if usage else None


def _in_the_way(booking: StandingBooking, facts: Facts) -> Iterator[Finding]:
    for finding in judge_span(booking.request(facts.zone), booking.span, facts).findings:
        if finding.rule not in ABOUT_ASKING and (finding.refuses or finding.code == TOO_SMALL):
            yield finding


def _zones(session: Session, booking_ids: Iterable[int]) -> dict[int, ZoneInfo]:
    rows = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id).where(BookingItem.booking_id.in_(sorted(booking_ids)))
    ).all()
    cards = resources_by_id(session, {resource_id for _, resource_id in rows})
    return {booking_id: cards[resource_id].zone for booking_id, resource_id in rows}


__all__ = ["Stranded", "as_seen", "stranded", "unfit"]
