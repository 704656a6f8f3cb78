"""Bookings on hold, which may not start: what lapsed after they were made. Judged anew whenever somebody looks.

So a scheduler that stands still never means a wrong answer. The marks that are stored only remember who was told:
whatever writes what these rules judge by (a qualification, a calibration, a rule, a buddy's answer) brings them in line
at once with `refresh`, and the nightly job does so for all, also where company is gone because others gave theirs back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.facts import Facts, MemberFacts, ResourceFacts
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.rules.rule import Case
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding
from booking.models import Booking, BookingHold
from booking.permissions import ScopeKey
from booking.services import company, feed_fragments, journal, settings, telling
from booking.services.beneficiaries import members_facts
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.fact_families import Gathering, with_families
from booking.services.passed import without_passed
from booking.services.standing_bookings import StandingBooking, standing_bookings

Rows = Mapping[ScopeKey, tuple[settings.Stored, ...]]

LEARNT: tuple[str, ...] = ("R14", "R31")
# Rules that a booking can stop to fit while nobody touches it; about company, `company.uncovered` knows the answers.
CAN_LAPSE: tuple[str, ...] = (*LEARNT, "R33")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many bookings were put on hold, and how many no longer are."""

    held: int = 0
    released: int = 0

    def __add__(self, other: "Refreshed") -> "Refreshed":
        return Refreshed(self.held + other.held, self.released + other.released)


def on_hold(session: Session, now: datetime, *wanted: ColumnElement[bool]) -> dict[int, tuple[Finding, ...]]:
    """What keeps bookings that have not ended from starting, by their inner id; only those with anything.

    `wanted` are conditions on Booking. Facts are gathered once for each member at a site.
    """
    standing = standing_bookings(session, now, *wanted)
    cards = resources_by_id(session, {id_ for each in standing for id_ in each.resource_ids})
    rows = settings.by_scope(settings.rows_at(session, {key for card in cards.values() for key in card.scopes}, now))
    asking = {id_ for id_, card in cards.items() if _asks(card, rows)}
    standing = [each for each in standing if asking.intersection(each.resource_ids)]
    members = members_facts(session, now, {each.member_id for each in standing}) if standing else {}
    found: dict[int, tuple[Finding, ...]] = {}
    for group in _by_member(standing):
        facts = _facts(session, now, group, cards, rows, members[group[0].member_id])
        found |= {each.id: tuple(_in_the_way(each, facts)) for each in group}
    for id_, finding in company.uncovered(session, now, found).items():
        found[id_] = (*found[id_], finding)
    return without_passed(session, found)


def held_by_key(session: Session, now: datetime, keys: Iterable[str]) -> dict[str, tuple[Finding, ...]]:
    """The same for bookings that are known by their public ids."""
    wanted = Booking.public_id.in_(sorted(set(keys)))
    found = on_hold(session, now, wanted)
    rows = session.execute(select(Booking.id, Booking.public_id).where(Booking.id.in_(sorted(found)))) if found else ()
    return {row.public_id: found[row.id] for row in rows}


def _asks(card: ResourceCard, rows: Rows) -> bool:
    """Whether anything about it can lapse, so that the many rooms cost nothing."""
    if card.calibration_due is not None:
        return True
    return any(row.rule in CAN_LAPSE for key in card.scopes for row in rows.get(key, ()))


def _by_member(standing: Iterable[StandingBooking]) -> Iterable[list[StandingBooking]]:
    alike: dict[tuple[int, int], list[StandingBooking]] = {}
    for each in standing:
        alike.setdefault((each.site_id, each.member_id), []).append(each)
    return alike.values()


def _facts(
    session: Session,
    now: datetime,
    group: list[StandingBooking],
    cards: Mapping[int, ResourceCard],
    rows: Rows,
    member: MemberFacts,
) -> Facts:
    """As much as these rules ask for: settings, and what the families of facts add; not what is taken."""
    wanted = {id_: cards[id_] for each in group for id_ in each.resource_ids}
    effective = {id_: settings.counting(card, rows, member.groups) for id_, card in wanted.items()}
    resources = {
        id_: ResourceFacts(id_, card.slug, card.name, settings=effective[id_], contact=card.contact or None)
        for id_, card in wanted.items()
    }
    window = TimeSpan(min(each.span.starts_at for each in group), max(each.span.ends_at for each in group))
    zone = next(iter(wanted.values())).zone
    facts = Facts(now, zone, resources, member, window)
    return with_families(Gathering(session, now, wanted, effective, window), facts)


def _in_the_way(booking: StandingBooking, facts: Facts) -> Iterator[Finding]:
    request = booking.request(facts.zone)
    for item in booking.items:
        resource = facts.resources[item.resource_id]
        for rule in (RULE_BY_CODE[code] for code in LEARNT):
            effective = resource.settings.get(rule.code) or rule.default()
            case = Case(request, booking.span, resource, item, facts, rule, effective)
            yield from (finding for finding in rule.test(case, effective.params) if finding.refuses)


def refresh(
    session: Session, now: datetime, *wanted: ColumnElement[bool], door: str = "form", quiet: bool = False
) -> Refreshed:
    """Brings the marks of these bookings in line with how things are; tells their holders, and the feeds.

    `quiet` is for whoever tells the holders in words of their own. Call it under the locks of the members, or of the
    units, so that no booking slips in meanwhile.
    """
    session.flush()
    found = on_hold(session, now, *wanted)
    query = select(BookingHold).join(Booking, Booking.id == BookingHold.booking_id).where(*wanted)
    marked = {mark.booking_id: mark for mark in session.scalars(query)}
    for id_ in found.keys() & marked.keys():
        marked[id_].codes = _codes(found[id_])
    new, gone = sorted(found.keys() - marked.keys()), sorted(marked.keys() - found.keys())
    session.add_all(BookingHold(booking_id=id_, codes=_codes(found[id_]), since=now) for id_ in new)
    for id_ in gone:
        session.delete(marked[id_])
    told = [_tell(session, now, id_, "on_hold", _codes(found[id_]), door, quiet=quiet) for id_ in new]
    freed = [_tell(session, now, id_, "released", marked[id_].codes, door, quiet=quiet) for id_ in gone]
    feed_fragments.changed(session, now, [id_ for id_ in (*told, *freed) if id_ is not None])
    return Refreshed(len(new), sum(id_ is not None for id_ in freed))


def _tell(
    session: Session, now: datetime, booking_id: int, kind: str, codes: list[str], door: str, *, quiet: bool
) -> int | None:
    """The holder and the journal; the booking, if calendars show it otherwise: not when it is over or given back."""
    row = session.get_one(Booking, booking_id)
    if not row.live or row.ends_at <= now:
        return None
    row.modified_at = max(now, row.modified_at + timedelta(seconds=1))
    journal.record(session, now, None, f"booking.{kind}", ("booking", row.id), door=door, after={"codes": codes})
    if not quiet:
        telling.tell(session, now, row.member_id, row.id, kind, None, {"codes": codes})
    return booking_id


def _codes(findings: Iterable[Finding]) -> list[str]:
    return sorted({finding.code for finding in findings})


__all__ = ["CAN_LAPSE", "Refreshed", "held_by_key", "on_hold", "refresh"]
