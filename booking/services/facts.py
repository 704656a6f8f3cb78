"""Gathers, in bulk and with few queries, everything the rules need to know before they judge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select, tuple_
from sqlalchemy.orm import Session

from booking.core.facts import Closed, Facts, MemberFacts, MembershipFacts, OwnBooking, ResourceFacts, Taken
from booking.core.kits import needs_of
from booking.core.opening import SpecialDay, open_spans
from booking.core.params import Closures, Hours, Longest, OwnClash
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Closure, Member, MemberGroup, MemberGroupEntry, Membership, Organisation
from booking.models import SpecialDay as SpecialDayRow
from booking.permissions import ScopeKey
from booking.services import catalogue, holidays, settings
from booking.services.actors import is_active, local_today
from booking.services.beside import names_of, own_bookings
from booking.services.catalogue import ResourceCard
from booking.services.fact_families import Gathering, with_families
from booking.services.outages_known import known_outages, with_outages
from booking.services.taken import taken_by_unit, taken_within

NOBODY = MemberFacts(id=0)
ELSEWHERE = "elsewhere"  # the state of what is booked with somebody else, whatever it is to them
REACH = timedelta(days=1)

# Built once: building a statement costs more than running it, and these run for every request.
SCOPES: BindParameter[Any] = bindparam("scopes", expanding=True)
SPECIAL_DAYS = select(
    SpecialDayRow.scope_kind, SpecialDayRow.scope_id, SpecialDayRow.day, SpecialDayRow.windows, SpecialDayRow.name
).where(
    tuple_(SpecialDayRow.scope_kind, SpecialDayRow.scope_id).in_(SCOPES),
    SpecialDayRow.day.between(bindparam("first"), bindparam("last")),
)
CLOSURES = select(Closure.scope_kind, Closure.scope_id, Closure.starts_at, Closure.ends_at, Closure.name).where(
    tuple_(Closure.scope_kind, Closure.scope_id).in_(SCOPES),
    Closure.starts_at < bindparam("window_to", type_=UTCDateTime),
    Closure.ends_at > bindparam("window_from", type_=UTCDateTime),
)
MEMBERSHIPS = (
    select(Membership.member_id, Membership.organisation_id, Membership.role, Membership.ends_on)
    .add_columns(Organisation.state, Organisation.ends_on.label("organisation_ends_on"))
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .where(Membership.member_id.in_(bindparam("members", expanding=True)))
)
MEMBERS = select(Member.id, Member.ends_on, Member.deactivated_at).where(
    Member.id.in_(bindparam("members", expanding=True))
)
ENTRIES = select(
    MemberGroupEntry.group_id, MemberGroupEntry.organisation_id, MemberGroupEntry.role, MemberGroupEntry.member_id
)
GROUP_NAMES = select(MemberGroup.id, MemberGroup.name)


def gather_facts(
    session: Session,
    now: datetime,
    *,
    member_id: int | None,
    resource_ids: Iterable[int],
    window: TimeSpan,
    without_booking_id: int | None = None,
) -> Facts:
    """What is known of these resources inside the window; resources that do not exist are left out.

    The member is the beneficiary, not necessarily who asks. Call it after the locks are taken when it is to decide.
    """
    cards = catalogue.resources_by_id(session, resource_ids)
    return facts_of(session, now, cards, member_id=member_id, window=window, without_booking_id=without_booking_id)


def facts_of(
    session: Session,
    now: datetime,
    cards: Mapping[int, ResourceCard],
    *,
    member_id: int | None,
    window: TimeSpan,
    without_booking_id: int | None = None,
    only: Sequence[TimeSpan] = (),
) -> Facts:
    """The same for cards that have been read already. All cards share one time zone (one booking has one site).

    With `only`, what is taken is read for these spans alone, for who asks about few days of a long window.
    """
    scopes = sorted({scope for card in cards.values() for scope in card.scopes})
    member = member_facts(session, now, member_id)
    rows = settings.rows_at(session, scopes, now)
    effective = {
        id_: settings.effective_settings(settings.settings_of(card, rows), member.groups, now)
        for id_, card in cards.items()
    }
    wide = window.padded(*(2 * [max([REACH, *map(_reach, effective.values())])]))
    units = catalogue.units_of(session, cards)
    unit_ids = {unit for each in units.values() for unit in each}
    if only:
        taken = taken_within(session, unit_ids, only)
    else:
        taken = taken_by_unit(session, unit_ids, wide, without_booking_id)
    special, closed = _special_days(session, scopes, wide), _closures(session, scopes, wide)
    out = known_outages(session, cards, wide)
    names = {card.id: card.name for card in cards.values()}
    names |= names_of(session, {id_ for pairs in taken.values() for id_, _ in pairs} - names.keys())
    resources = {
        id_: with_outages(
            _resource_facts(card, effective[id_], units.get(id_, ()), taken, names, special, closed, wide, member.id),
            out,
        )
        for id_, card in cards.items()
    }
    zone = next((card.zone for card in cards.values()), ZoneInfo("UTC"))
    needed = {id_ for resource in resources.values() for id_ in needs_of(resource)} - resources.keys()
    facts = Facts(
        now,
        zone,
        resources,
        member,
        window,
        _group_names(session),
        _companions(session, now, needed, member_id, window, without_booking_id),
        _own(session, effective, member.id, window, without_booking_id),
    )
    return with_families(Gathering(session, now, cards, effective, window, without_booking_id), facts)


def _companions(
    session: Session, now: datetime, needed: set[int], member_id: int | None, window: TimeSpan, without: int | None
) -> Mapping[int, ResourceFacts]:
    """What resources need beside them; what that needs in its turn is not looked at."""
    if not needed:
        return {}
    cards = catalogue.resources_by_id(session, needed)
    found = facts_of(session, now, cards, member_id=member_id, window=window, without_booking_id=without)
    return found.resources


def _own(
    session: Session,
    effective: Mapping[int, dict[str, Effective]],
    member_id: int,
    window: TimeSpan,
    without: int | None,
) -> tuple[OwnBooking, ...]:
    """The member's bookings of anything, where a rule asks for them."""
    modes = {each["R09"].params for each in effective.values()}
    if not member_id or all(isinstance(mode, OwnClash) and mode.mode == "off" for mode in modes):
        return ()
    return tuple(own_bookings(session, member_id, window, without))


def _reach(effective: Mapping[str, Effective]) -> timedelta:
    """How far bookings in a row may lie apart and still count as one."""
    longest = effective["R21"].params
    if not isinstance(longest, Longest) or longest.minutes is None:
        return timedelta(0)
    return timedelta(minutes=longest.minutes + longest.merge_gap_minutes)


def _resource_facts(
    card: ResourceCard,
    effective: dict[str, Effective],
    units: tuple[int, ...],
    taken: Mapping[int, list[tuple[int, Taken]]],
    names: Mapping[int, str],
    special: list[tuple[ScopeKey, SpecialDay]],
    closed: list[tuple[ScopeKey, Closed]],
    window: TimeSpan,
    member_id: int,
) -> ResourceFacts:
    scopes = settings.scopes_of(card)
    held = [pair for unit in units for pair in taken.get(unit, ())]
    hours = effective["R10"].params
    special_days = _nearest_first(special, scopes)
    return ResourceFacts(
        id=card.id,
        slug=card.slug,
        name=card.name,
        state=card.state if card.is_local else ELSEWHERE,
        units=units,
        is_pool=card.is_pool,
        settings=effective,
        open=open_spans(hours.weekly if isinstance(hours, Hours) else None, special_days, window, card.zone),
        special_days=special_days,
        closed=_closed_for(closed, effective, scopes, window, card.zone),
        taken=tuple(each if id_ == card.id else replace(each, through=names[id_]) for id_, each in held),
        same_party=tuple(
            sorted({each.span for resource_id, each in held if resource_id == card.id and each.member_id == member_id})
        ),
        contact=card.contact or None,
    )


def _nearest_first(
    special: list[tuple[ScopeKey, SpecialDay]], scopes: Mapping[ScopeKey, object]
) -> tuple[SpecialDay, ...]:
    """One special day a date: the one set nearest to the resource."""
    by_day = {each.day: each for key in reversed(list(scopes)) for scope, each in special if scope == key}
    return tuple(by_day[day] for day in sorted(by_day))


def _closed_for(
    closed: list[tuple[ScopeKey, Closed]],
    effective: Mapping[str, Effective],
    scopes: Mapping[ScopeKey, object],
    window: TimeSpan,
    zone: ZoneInfo,
) -> tuple[Closed, ...]:
    own = [replace(each, scope=scopes[key]) for key, each in closed if key in scopes]  # type: ignore[arg-type]
    law = effective["R11"].params
    if isinstance(law, Closures) and law.public_holidays:
        own += holidays.closed_days(law.public_holidays, window, zone, effective["R11"].scope_of("public_holidays"))
    return tuple(sorted(own, key=lambda each: each.span))


def member_facts(session: Session, now: datetime, member_id: int | None) -> MemberFacts:
    """The beneficiary as the rules see them; nobody in particular for None."""
    return members_facts(session, now, [member_id]).get(member_id, NOBODY) if member_id is not None else NOBODY


def members_facts(session: Session, now: datetime, member_ids: Iterable[int]) -> dict[int, MemberFacts]:
    """The same for many at once, in three queries; ids that do not exist are left out."""
    ids, today = sorted(set(member_ids)), local_today(now)
    memberships: dict[int, tuple[MembershipFacts, ...]] = {}
    for row in session.execute(MEMBERSHIPS, {"members": ids}):
        left_on = today - timedelta(days=1) if row.state == "left" else None
        ends = (row.ends_on, row.organisation_ends_on, left_on)
        ends_on = min((day for day in ends if day is not None), default=None)
        facts = MembershipFacts(row.organisation_id, row.role, ends_on)
        memberships[row.member_id] = (*memberships.get(row.member_id, ()), facts)
    entries = session.execute(ENTRIES).all()
    members: Iterable[Any] = session.execute(MEMBERS, {"members": ids})
    return {
        member.id: MemberFacts(
            member.id,
            is_active(member, now),
            _groups(entries, member.id, _lasting(memberships.get(member.id, ()), today)),
            memberships.get(member.id, ()),
            member.ends_on,
        )
        for member in members
    }


def _lasting(memberships: tuple[MembershipFacts, ...], today: date) -> tuple[MembershipFacts, ...]:
    """Those that have not ended: only they put somebody in a group."""
    return tuple(each for each in memberships if each.ends_on is None or today <= each.ends_on)


def _groups(entries: Iterable[Any], member_id: int, memberships: tuple[MembershipFacts, ...]) -> frozenset[int]:
    """The groups that name the member, an organisation of theirs, or a role they have."""
    pairs = {(each.organisation_id, each.role) for each in memberships}
    organisations, roles = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}

    def named(entry: Any) -> bool:
        if entry.member_id is not None:
            return bool(entry.member_id == member_id)
        if entry.organisation_id is not None and entry.role is not None:
            return (entry.organisation_id, entry.role) in pairs
        return entry.organisation_id in organisations if entry.organisation_id else entry.role in roles

    return frozenset(entry.group_id for entry in entries if named(entry))


def _group_names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(GROUP_NAMES)}


def _special_days(session: Session, scopes: list[ScopeKey], window: TimeSpan) -> list[tuple[ScopeKey, SpecialDay]]:
    first, last = window.starts_at.date() - timedelta(days=1), window.ends_at.date() + timedelta(days=1)
    rows = session.execute(SPECIAL_DAYS, {"scopes": scopes, "first": first, "last": last})
    return [((row.scope_kind, row.scope_id), special_day_of(row)) for row in rows]


def special_day_of(row: Any) -> SpecialDay:
    """The row as the core sees it."""
    weekday = row.day.weekday()
    windows = Hours.from_json({"windows": [{"weekday": weekday, **window} for window in row.windows]}).windows
    return SpecialDay(row.day, windows or (), row.name)


def _closures(session: Session, scopes: list[ScopeKey], window: TimeSpan) -> list[tuple[ScopeKey, Closed]]:
    rows = session.execute(CLOSURES, {"scopes": scopes, "window_from": window.starts_at, "window_to": window.ends_at})
    return [((row.scope_kind, row.scope_id), Closed(TimeSpan(row.starts_at, row.ends_at), row.name)) for row in rows]


__all__ = ["facts_of", "gather_facts", "member_facts", "members_facts", "special_day_of"]
